"""The parts of the stack, as data: what is started, how, and when it counts as ready."""

import re
import sys
from dataclasses import dataclass, field

from agent.local_stack.environment import child_environment
from agent.local_stack.failure import StackError
from agent.local_stack.keys import Keys
from agent.local_stack.livekit import WAYS_TO_GET_ONE, find_server, local_config
from agent.local_stack.ports import Port, reachable_at
from agent.settings import Settings


@dataclass(frozen=True, slots=True)
class Part:
    """A program of the stack."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(repr=False)
    ports: tuple[Port, ...] = ()
    ready_url: str | None = None
    """Answers 200 once the part is ready; None: nothing to ask."""
    ready_line: re.Pattern[str] | None = None
    """A line it must also have printed; None: the address is enough."""
    ready_within_s: float = 60
    grace_s: float = 4
    """Seconds between SIGTERM and SIGKILL."""
    stops_first: bool = False
    """Told to stop before the others, because its last words need them."""


def livekit_url(settings: Settings) -> str:
    """Return the address of the LiveKit server that is used: the user's, or ours."""
    own = f"ws://{reachable_at(settings.host)}:{settings.livekit_port}"
    return settings.livekit_url or own


def wanted_ports(settings: Settings) -> dict[str, tuple[Port, ...]]:
    """Return the ports that each part of the stack listens on, by the part's name."""

    def port(number: int, part: str, setting: str) -> Port:
        return Port(number, part, f"INTERLOCUTOR_{setting}", host=settings.host)

    first, who, setting = settings.livekit_port, "livekit-server", "INTERLOCUTOR_LIVEKIT_PORT"
    ports = {
        "livekit": (
            Port(first, who, setting, host=settings.host),
            # LiveKit has no way to bind its media over TCP to one address.
            Port(first + 1, f"{who} (media)", setting, host="0.0.0.0"),
            Port(first + 2, f"{who} (media)", setting, kind="UDP", host=settings.host),
        ),
        "models": (port(settings.models_port, "the local models", "MODELS_PORT"),),
        "worker": (port(settings.worker_port, "the worker", "WORKER_PORT"),),
        "token-server": (port(settings.port, "the token server", "PORT"),),
    }
    elsewhere = {"livekit": settings.livekit_url, "models": settings.models_url}
    return {name: wanted for name, wanted in ports.items() if not elsewhere.get(name)}


def parts_of(settings: Settings, keys: Keys) -> tuple[Part, ...]:
    """Return the parts that these settings ask for; raises `StackError` without livekit-server."""
    at = f"http://{reachable_at(settings.host)}"
    shared = child_environment(settings, keys, livekit_url=livekit_url(settings))
    ports = wanted_ports(settings)
    parts = [
        Part(
            "worker",
            (sys.executable, "-m", "agent", "--log-format", "colored"),
            shared,
            ports["worker"],
            # Its page says OK while it is still trying to register, hence the line; which is not
            # printed when only warnings are.
            ready_url=f"{at}:{settings.worker_port}/" if settings.worker_port else None,
            ready_line=(
                re.compile(r"registered worker")
                if settings.log_level in ("DEBUG", "INFO")
                else None
            ),
            grace_s=10,
            stops_first=True,
        ),
        Part(
            "token-server",
            (sys.executable, "-m", "token_server"),
            shared,
            ports["token-server"],
            ready_url=f"{at}:{settings.port}/readyz",
            grace_s=6,  # it gives open connections five
        ),
    ]
    if "models" in ports:
        models = Part(
            "models",
            (sys.executable, "-m", "agent.local_models"),
            shared,
            ports["models"],
            ready_url=f"{at}:{settings.models_port}/health",
            ready_within_s=120,
        )
        parts.insert(0, models)
    if "livekit" in ports:
        server = find_server()
        if server is None:
            raise StackError(f"there is no livekit-server on this machine: {WAYS_TO_GET_ONE}")
        livekit = Part(
            "livekit",
            (server,),
            {**shared, "LIVEKIT_CONFIG": local_config(settings, keys)},
            ports["livekit"],
            ready_url=f"{at}:{settings.livekit_port}/",
            ready_within_s=20,
            grace_s=2,  # it waits for participants to leave, and keeps nothing
        )
        parts.insert(0, livekit)
    return tuple(parts)
