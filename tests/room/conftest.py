"""A real livekit-server and a real token server."""

import secrets
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from waiting_room import AGENT, LiveKit

from agent.local_stack.livekit import WAYS_TO_GET_ONE, find_server
from token_server.app import create_app
from token_server.settings import Settings


@pytest.fixture(scope="session")
def livekit(
    free_ports: Callable[[int], int], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveKit]:
    """Have a livekit-server running on loopback for the session."""
    program = find_server()
    assert program is not None, f"there is no livekit-server: {WAYS_TO_GET_ONE}"
    folder, port = tmp_path_factory.mktemp("livekit"), free_ports(3)
    key, secret = "room-test", secrets.token_hex(24)
    config = {
        "port": port,
        "bind_addresses": ["127.0.0.1"],
        "keys": {key: secret},
        "logging": {"level": "warn"},
        "rtc": {
            "tcp_port": port + 1,
            "udp_port": port + 2,
            "node_ip": "127.0.0.1",
            "use_external_ip": False,
            "enable_loopback_candidate": True,
            "ips": {"includes": ["127.0.0.1/32"]},
        },
    }
    (folder / "livekit.yaml").write_text(yaml.safe_dump(config))
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [program, "--config", str(folder / "livekit.yaml")], stdout=log, stderr=log
        )
    try:
        deadline = time.monotonic() + 20
        while not _answers(port):
            assert process.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < deadline, "livekit-server did not start within 20 s"
            time.sleep(0.05)
        yield LiveKit(url=f"ws://127.0.0.1:{port}", key=key, secret=secret)
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
async def token_server(livekit: LiveKit, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Have a token server for that livekit-server, watching, with a database of its own."""
    settings = Settings(
        _env_file=None,
        livekit_url=livekit.url,
        livekit_api_key=livekit.key,
        livekit_api_secret=livekit.secret,
        data_dir=tmp_path,
        agent_name=AGENT,
    )
    app = create_app(settings)
    async with app.router.lifespan_context(app) as state:

        async def run(scope: Any, receive: Any, send: Any) -> None:
            await app({**scope, "state": dict(state or {})}, receive, send)

        transport = httpx.ASGITransport(app=run)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1:8000"
        ) as client:
            yield client


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", port)) == 0
