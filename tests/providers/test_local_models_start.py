"""Starting and stopping the server, and what it says when it cannot."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from local_models_process import start, wait_until_healthy

pytestmark = pytest.mark.providers


def test_a_taken_port_is_one_sentence(
    tmp_path: Path,
    clean_environment: dict[str, str],
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process, log = start(tmp_path, clean_environment, INTERLOCUTOR_MODELS_PORT=str(port))
        assert process.wait(30) == 1

    said = log.read_text().splitlines()
    assert len(said) == 1
    assert f"port {port} " in said[0]
    assert "INTERLOCUTOR_MODELS_PORT" in said[0]


def test_a_missing_model_is_one_sentence(
    tmp_path: Path,
    clean_environment: dict[str, str],
    free_ports: Callable[[int], int],
) -> None:
    process, log = start(
        tmp_path,
        clean_environment,
        "--port",
        str(free_ports(1)),
        INTERLOCUTOR_LOCAL_HEARING_MODEL="/nowhere/whisper",
    )

    assert process.wait(30) == 1
    said = log.read_text()
    assert "Traceback" not in said
    assert "local models: there is no Whisper model at '/nowhere/whisper'" in said


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_at_once(
    tmp_path: Path,
    clean_environment: dict[str, str],
    free_ports: Callable[[int], int],
    number: signal.Signals,
) -> None:
    port = free_ports(1)
    process, log = start(tmp_path, clean_environment, "--port", str(port))
    wait_until_healthy(port, process, log)

    os.kill(process.pid, number)

    assert process.wait(5) in (0, 130)
    assert "Traceback" not in log.read_text()


def test_help_names_the_settings() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "agent.local_models", "--help"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert "INTERLOCUTOR_MODELS_PORT" in shown
    assert "heart@<pitch" in shown
