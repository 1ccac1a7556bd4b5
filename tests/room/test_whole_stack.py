"""`make run` for real: every part up, and failures told by the part that failed."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

pytestmark = pytest.mark.room


def test_every_part_is_up_and_says_so(stack: Any) -> None:
    assert httpx.get(f"{stack.url}/readyz").status_code == 200
    assert httpx.get(stack.livekit_url.replace("ws", "http", 1)).status_code == 200
    for part in ("livekit", "models", "worker", "token-server"):
        assert f"{part} ready after" in stack.log()
    assert f"Open {stack.url}/" in stack.log()


def test_no_secret_is_in_any_log_or_command(stack: Any) -> None:
    supervisor = psutil.Process(stack.pid)

    commands = [
        word
        for process in (supervisor, *supervisor.children(recursive=True))
        for word in process.cmdline()
    ]

    assert stack.api_secret not in stack.log()
    assert not any(stack.api_secret in word for word in commands)


def test_a_second_start_on_the_same_ports_says_which_and_how_to_move_them(
    stack: Any, clean_environment: dict[str, str], tmp_path: Path
) -> None:
    first = int(stack.livekit_url.rsplit(":", 1)[1])

    done = start(clean_environment, first, tmp_path)

    assert done.returncode == 1
    assert f"port {first} (TCP), wanted by livekit-server, is taken by" in done.stdout
    assert f"port {first + 3} (TCP), wanted by the token server, is taken by" in done.stdout
    assert "set INTERLOCUTOR_PORT to a free port" in done.stdout


def test_a_database_that_cannot_be_written_is_the_last_thing_said(
    free_ports: Callable[[int], int], clean_environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "letter.txt").write_text("this is a letter, not a database " * 50)
    environment = {**clean_environment, "DATABASE_URL": f"sqlite:///{tmp_path / 'letter.txt'}"}

    done = start(environment, free_ports(6), tmp_path)

    assert done.returncode == 1
    assert "cannot go on: token-server ended with exit code 1" in done.stdout
    assert "DATABASE_URL" in done.stdout.strip().splitlines()[-1]


def start(
    environment: dict[str, str], first: int, folder: Path
) -> "subprocess.CompletedProcess[str]":
    """Run `python -m agent.local_stack` with ports from `first` on until it ends by itself."""
    return subprocess.run(
        [sys.executable, "-m", "agent.local_stack"],
        cwd=folder,
        env={
            **environment,
            "INTERLOCUTOR_LIVEKIT_PORT": str(first),
            "INTERLOCUTOR_PORT": str(first + 3),
            "INTERLOCUTOR_MODELS_PORT": str(first + 4),
            "INTERLOCUTOR_WORKER_PORT": str(first + 5),
            "INTERLOCUTOR_DATA_DIR": str(folder / "data"),
        },
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
