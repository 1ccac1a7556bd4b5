"""The LiveKit server of this stack: ours with `livekit.yaml`, or one that is already somewhere.

The configuration file is made for self-hosting, so a local start lays loopback addresses, ports and
keys over it. They travel as LIVEKIT_CONFIG in the environment: arguments could be read by others.
"""

import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from agent.local_stack.environment import ROOT
from agent.local_stack.failure import StackError
from agent.local_stack.keys import Keys
from agent.local_stack.ports import LOOPBACK
from agent.settings import Settings

VERSION = "1.13.5"
"""The livekit-server that `make install` builds when there is none."""
BUILT = ROOT / ".local" / "bin" / "livekit-server"
WAYS_TO_GET_ONE = (
    "install Go 1.24 or newer and run `make install` again (it builds livekit-server "
    f"{VERSION}), or install livekit-server so that it is on PATH (macOS: `brew install livekit`; "
    "Linux: a release of github.com/livekit/livekit), or set LIVEKIT_URL, LIVEKIT_API_KEY and "
    "LIVEKIT_API_SECRET to use a server you have"
)


def find_server() -> str | None:
    """Return the livekit-server on PATH, else the one built here, else None."""
    return shutil.which("livekit-server") or (str(BUILT) if BUILT.exists() else None)


def local_config(settings: Settings, keys: Keys, *, file: Path = ROOT / "livekit.yaml") -> str:
    """Return `livekit.yaml` with this machine's addresses, ports and keys laid over it."""
    try:
        config: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    except (OSError, yaml.YAMLError) as error:
        what = f"the LiveKit configuration {str(file)!r}"
        raise StackError(f"{what} cannot be read: {error}") from error
    rtc = config.setdefault("rtc", {})
    config["port"] = settings.livekit_port
    config["bind_addresses"] = [settings.host]
    config["keys"] = {keys.api_key: keys.api_secret}
    rtc["tcp_port"] = settings.livekit_port + 1
    rtc["udp_port"] = settings.livekit_port + 2
    for other in ("port_range_start", "port_range_end"):
        rtc.pop(other, None)
    if settings.host in LOOPBACK:
        rtc["use_external_ip"] = False
        rtc["node_ip"] = "127.0.0.1"
        # Without these two the server skips loopback, listens on every other address, and a
        # machine without a network has no media at all.
        rtc["enable_loopback_candidate"] = True
        rtc["ips"] = {"includes": ["127.0.0.1/32"]}
    return str(yaml.safe_dump(config))


async def check_server(url: str, keys: Keys) -> None:
    """Ask a LiveKit server for its rooms; raises `StackError` when it is not there or refuses."""
    parts = urlsplit(url)
    if parts.scheme not in ("ws", "wss", "http", "https") or not parts.hostname:
        raise StackError(
            f"LIVEKIT_URL is {url!r}, which is no LiveKit address; it looks like "
            "wss://project.livekit.cloud or ws://localhost:7880"
        )
    # Not at the top: they take as long to load as the rest of `make run`, which mostly starts a
    # server of its own and asks nobody.
    import aiohttp
    from livekit import api

    timeout = aiohttp.ClientTimeout(total=10)
    client = api.LiveKitAPI(url, keys.api_key, keys.api_secret, timeout=timeout, failover=False)
    try:
        await client.room.list_rooms(api.ListRoomsRequest())
    except api.ServerError as error:
        if error.status in (401, 403):
            raise StackError(
                f"the LiveKit server at {url!r} does not accept LIVEKIT_API_KEY "
                f"{keys.api_key!r} with its LIVEKIT_API_SECRET; check that both are this server's, "
                "and that this machine's clock is right"
            ) from error
        raise StackError(
            f"what answers at LIVEKIT_URL {url!r} is not a working LiveKit server "
            f"(HTTP {error.status}); check the address"
        ) from error
    except (TimeoutError, aiohttp.ClientError, OSError) as error:
        why = str(error) or "no answer in 10 s"
        raise StackError(
            f"no LiveKit server can be reached at LIVEKIT_URL {url!r} ({why}); start it, correct "
            "the address, or unset LIVEKIT_URL to have one started here"
        ) from error
    finally:
        await client.aclose()
