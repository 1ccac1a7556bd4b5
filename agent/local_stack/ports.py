"""Who may listen where, found out before anything is started.

A part that finds its port taken dies in the middle of the others' start; asked beforehand, all the
conflicts can be told at once, with the setting that moves each.
"""

import socket
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import psutil

LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Port:
    """A port that a part wants."""

    number: int
    part: str
    setting: str
    """Name in the environment of the setting that moves it."""
    kind: Literal["TCP", "UDP"] = "TCP"
    host: str = "127.0.0.1"


def problems(ports: Iterable[Port]) -> list[str]:
    """Return a sentence for each port that is taken or wanted twice; empty when all are free."""
    wanted = [port for port in ports if port.number]
    times = Counter((port.number, port.kind) for port in wanted)
    said: list[str] = []
    for port in wanted:
        if port.number > 65535:
            said.append(f"port {port.number} for {port.part} does not exist; lower {port.setting}")
        elif times[port.number, port.kind] > 1:
            said.append(
                f"port {port.number} ({port.kind}) is wanted by {port.part} and by another part; "
                f"set {port.setting} to another one"
            )
        elif is_taken(port):
            who = holder(port)
            said.append(
                f"port {port.number} ({port.kind}), wanted by {port.part}, is taken"
                f"{f' by {who}' if who else ''}; stop that, or set {port.setting} to a free port"
            )
    return said


def is_taken(port: Port) -> bool:
    """Tell whether binding the port fails."""
    family = socket.AF_INET6 if ":" in port.host else socket.AF_INET
    kind = socket.SOCK_STREAM if port.kind == "TCP" else socket.SOCK_DGRAM
    with socket.socket(family, kind) as probe:
        if port.kind == "TCP":
            # As servers do: connections that are still closing do not hold the port.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((port.host, port.number))
        except OSError:
            return True
    return False


def holder(port: Port) -> str | None:
    """Return who holds a port, as "name (pid 1)", or None where the system does not tell us."""
    try:
        for connection in psutil.net_connections("tcp" if port.kind == "TCP" else "udp"):
            listening = port.kind == "UDP" or connection.status == psutil.CONN_LISTEN
            at = connection.laddr.port if connection.laddr else None
            if listening and at == port.number and connection.pid:
                return f"{psutil.Process(connection.pid).name()} (pid {connection.pid})"
    except psutil.Error:
        return None
    return None


def reachable_at(host: str) -> str:
    """Return the address by which a part bound to `host` is reached from this machine."""
    if host in ("0.0.0.0", "::"):
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
