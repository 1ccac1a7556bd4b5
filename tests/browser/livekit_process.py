"""Runs a livekit-server of our own on free loopback ports."""

import contextlib
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from agent.local_stack.livekit import WAYS_TO_GET_ONE, find_server

KEY, SECRET = "browser-tests", "0123456789abcdef0123456789abcdef"


@dataclass(frozen=True, slots=True)
class LiveKit:
    """Where the server is and how to enter."""

    url: str
    key: str = KEY
    secret: str = SECRET


@contextlib.contextmanager
def livekit_server(folder: Path) -> Iterator[LiveKit]:
    """Give a running server; its configuration and log go to `folder`."""
    found = find_server()
    assert found, f"there is no livekit-server, which this test needs: {WAYS_TO_GET_ONE}"
    port, tcp, udp = _free(socket.SOCK_STREAM), _free(socket.SOCK_STREAM), _free(socket.SOCK_DGRAM)
    config = folder / "livekit.yaml"
    config.write_text(
        f"port: {port}\n"
        "bind_addresses: [127.0.0.1]\n"
        f"keys: {{{KEY}: {SECRET}}}\n"
        f"rtc: {{tcp_port: {tcp}, udp_port: {udp}, use_external_ip: false,"
        " node_ip: 127.0.0.1, enable_loopback_candidate: true, ips: {includes: [127.0.0.1/32]}}\n"
        "logging: {level: info}\n"
    )
    with (folder / "livekit.log").open("wb") as log:
        process = subprocess.Popen([found, "--config", str(config)], stdout=log, stderr=log)
    try:
        _await_ready(f"http://127.0.0.1:{port}/", process, folder / "livekit.log")
        yield LiveKit(url=f"ws://127.0.0.1:{port}")
    finally:
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            # It waits for rooms to empty, which a failed test may have left occupied.
            process.kill()
            process.wait()


def _free(kind: socket.SocketKind) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_ready(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(url, timeout=1).close()
            return
        time.sleep(0.05)
    raise AssertionError(f"livekit-server did not start:\n{log.read_text()[-2000:]}")
