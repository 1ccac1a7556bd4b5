"""Fixtures shared by all tests: free ports, and one real stack for those that need the whole."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from agent.local_stack.environment import ROOT
from agent.local_stack.keys import FILE, read_keys
from agent.local_stack.livekit import WAYS_TO_GET_ONE, find_server
from agent.local_stack.ports import Port, is_taken

OURS = ("LIVEKIT_", "OPENAI_", "DEEPGRAM_", "INTERLOCUTOR_", "DATABASE_URL")
STARTS_WITHIN_S = 150


@dataclass(frozen=True, slots=True)
class RunningStack:
    """A stack that `python -m agent.local_stack` brought up, with keys and data of its own."""

    url: str
    """Address of the token server."""
    livekit_url: str
    api_key: str
    api_secret: str = field(repr=False)
    data_dir: Path
    pid: int
    """The supervisor's."""
    log_file: Path

    def log(self) -> str:
        """Return all that its parts have printed so far."""
        return self.log_file.read_text(encoding="utf-8", errors="replace")


@pytest.fixture(scope="session")
def clean_environment() -> dict[str, str]:
    """Return this process's environment without anybody's keys, addresses and settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    path = os.pathsep.join(filter(None, [str(ROOT), kept.get("PYTHONPATH")]))
    return {**kept, "PYTHONPATH": path, "NO_COLOR": "1"}


@pytest.fixture(scope="session")
def free_ports() -> Callable[[int], int]:
    """Return a function that finds `count` free ports in a row and returns the first."""

    def find(count: int) -> int:
        for _ in range(200):
            # Below the range systems take outgoing ports from, so that none is lost before use.
            first = random.randrange(20_000, 32_000)
            row = range(first, first + count)
            if not any(
                is_taken(Port(number, "a test", "", kind=kind, host="0.0.0.0"))
                for number in row
                for kind in ("TCP", "UDP")
            ):
                return first
        pytest.fail(f"no {count} free ports in a row between 20000 and 32000")

    return find


@pytest.fixture(scope="session")
def stack(
    free_ports: Callable[[int], int],
    clean_environment: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[RunningStack]:
    """Have the whole stack running for the session, away from the developer's own."""
    if find_server() is None:
        pytest.fail(f"there is no livekit-server, which this test needs: {WAYS_TO_GET_ONE}")
    # A folder of its own keeps the developer's .env and keys out.
    folder = tmp_path_factory.mktemp("stack")
    first, data_dir, log_file = free_ports(6), folder / "data", folder / "stack.log"
    environment = {
        **clean_environment,
        "INTERLOCUTOR_LIVEKIT_PORT": str(first),
        "INTERLOCUTOR_PORT": str(first + 3),
        "INTERLOCUTOR_MODELS_PORT": str(first + 4),
        "INTERLOCUTOR_WORKER_PORT": str(first + 5),
        "INTERLOCUTOR_DATA_DIR": str(data_dir),
        # The room tests start six encounters at once.
        "INTERLOCUTOR_MAX_ENCOUNTERS": "8",
    }
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "agent.local_stack"],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_ready(process, log_file)
        keys = read_keys(data_dir / FILE)
        yield RunningStack(
            url=f"http://127.0.0.1:{first + 3}",
            livekit_url=f"ws://127.0.0.1:{first}",
            api_key=keys.api_key,
            api_secret=keys.api_secret,
            data_dir=data_dir,
            pid=process.pid,
            log_file=log_file,
        )
        assert process.poll() is None, f"the stack ended by itself:\n{_tail(log_file)}"
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            pytest.fail(f"the stack did not stop within 30 s:\n{_tail(log_file)}")


def _wait_until_ready(process: "subprocess.Popen[bytes]", log_file: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_S
    while "Ready in" not in log_file.read_text(encoding="utf-8", errors="replace"):
        if process.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"the stack did not start:\n{_tail(log_file)}")
        time.sleep(0.1)


def _tail(log_file: Path, count: int = 60) -> str:
    return "\n".join(log_file.read_text(encoding="utf-8", errors="replace").splitlines()[-count:])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: "pytest.CallInfo[None]"
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the stack's last lines under a failed test that used it."""
    report = yield
    if call.excinfo is not None and isinstance(item, pytest.Function):
        running = item.funcargs.get("stack")
        if isinstance(running, RunningStack):
            report.sections.append(("the stack's last lines", _tail(running.log_file)))
    return report
