"""Starts the local models server as its users do."""

import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

STARTS_WITHIN_S = 60


def start(
    folder: Path, environment: dict[str, str], *arguments: str, **settings: str
) -> tuple["subprocess.Popen[bytes]", Path]:
    """Start the server in a folder of its own; return the process and where it logs to."""
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "agent.local_models", *arguments],
            cwd=folder,
            env={**environment, **settings},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    return process, log


def wait_until_healthy(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/health").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    pytest.fail(f"the server did not start:\n{log.read_text()}")
