"""Starting and stopping the process: sentences instead of tracebacks, and a quick end."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.unit
ROOT = Path(__file__).parents[2]
SECRET = "a-secret-of-more-than-thirty-two-bytes"
NOWHERE = "ws://127.0.0.1:9"
"""A port nothing listens on."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start(folder: Path, *arguments: str, **environment: str) -> "subprocess.Popen[str]":
    """Start a token server that sees no settings but these."""
    kept = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    keys = {"LIVEKIT_API_KEY": "key", "LIVEKIT_API_SECRET": SECRET, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-m", "token_server", *arguments],
        cwd=folder,
        env={**kept, **keys, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def refusal(folder: Path, *arguments: str, **environment: str) -> str:
    """Return the one line a token server that cannot start ends with."""
    process = start(folder, *arguments, **environment)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1, err
    assert out == ""
    assert "Traceback" not in err
    (line,) = err.strip().splitlines()
    return line.removeprefix("token server: ")


@contextmanager
def listening() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield taken.getsockname()[1]


def test_missing_keys_are_said_in_one_sentence(tmp_path: Path) -> None:
    line = refusal(tmp_path, LIVEKIT_API_KEY="", LIVEKIT_API_SECRET="")
    assert line.startswith("LIVEKIT_API_KEY and LIVEKIT_API_SECRET are not set: ")
    assert "make run" in line


def test_a_port_that_is_taken_is_said_with_the_setting_that_moves_it(tmp_path: Path) -> None:
    with listening() as port:
        line = refusal(tmp_path, INTERLOCUTOR_PORT=str(port))
    assert line.startswith(f"port {port} is taken: ")
    assert "INTERLOCUTOR_PORT" in line


def test_another_host_than_loopback_is_refused(tmp_path: Path) -> None:
    line = refusal(tmp_path, "--host", "0.0.0.0")
    assert line.startswith("INTERLOCUTOR_HOST is '0.0.0.0', but nobody has to log in")


def test_an_unknown_default_scenario_is_said_with_those_there_are(tmp_path: Path) -> None:
    line = refusal(tmp_path, INTERLOCUTOR_DEFAULT_SCENARIO="nope")
    assert line.startswith(
        "INTERLOCUTOR_DEFAULT_SCENARIO: no scenario named 'nope'; known: anxious-parent-fever"
    )


def test_a_database_that_cannot_be_made_is_said_with_the_setting(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    line = refusal(tmp_path, INTERLOCUTOR_DATA_DIR="file/data")
    assert "cannot be made" in line
    assert "INTERLOCUTOR_DATA_DIR" in line


def test_a_database_that_may_only_be_read_is_said(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "ro.db").execute("CREATE TABLE x (y)").connection.close()
    line = refusal(tmp_path, DATABASE_URL="sqlite:///file:ro.db?mode=ro&uri=true")
    assert "cannot be opened and written" in line
    assert "DATABASE_URL" in line


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("not a database, by any means " * 100)
    line = refusal(tmp_path, DATABASE_URL="sqlite:///x.db")
    assert "file is not a database" in line


def test_a_missing_driver_is_said_without_the_password(tmp_path: Path) -> None:
    line = refusal(tmp_path, DATABASE_URL="mysql+nothing://user:hunter2@host/x")
    assert "DATABASE_URL is 'mysql+nothing://user:***@host/x'" in line
    assert "hunter2" not in line


def test_sigterm_ends_it_at_once_with_a_connection_still_open(tmp_path: Path) -> None:
    port = free_port()
    process = start(tmp_path, "--port", str(port), LIVEKIT_URL=NOWHERE)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
            wait_until_up(client, process)
            down = client.get("/readyz")
            assert (down.status_code, down.json()["code"]) == (503, "livekit_unreachable")
            assert f"'{NOWHERE}'" in down.json()["message"]

            asked_at = time.monotonic()
            process.send_signal(signal.SIGTERM)
            _, err = process.communicate(timeout=10)

        assert process.returncode == 0, err
        assert time.monotonic() - asked_at < 3
        assert "Traceback" not in err
        assert SECRET not in err
    finally:
        process.kill()
        process.wait()


def wait_until_up(client: httpx.Client, process: "subprocess.Popen[str]") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, process.stderr.read() if process.stderr else ""
        try:
            client.get("/healthz")
            return
        except httpx.ConnectError:
            time.sleep(0.1)
    raise AssertionError("the token server did not come up within 60 s")


def test_the_token_server_does_not_carry_the_weight_of_the_worker() -> None:
    code = (
        "import sys, token_server.app, token_server.__main__, personas, agent.protocol; "
        "sys.exit('livekit.agents' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
