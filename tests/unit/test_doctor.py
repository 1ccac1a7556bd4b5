"""The doctor tells what is wrong and what to do, and never what is secret."""

import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from agent.local_stack.doctor import configuration, machine, network
from agent.local_stack.doctor.check import Check
from agent.local_stack.environment import environment_name
from agent.local_stack.keys import FILE, Keys, make_keys
from agent.local_stack.ports import Port
from agent.settings import Settings

pytestmark = pytest.mark.unit
LOCK = """\
# made by make lock
aiofiles==25.1.0 \\
    --hash=sha256:aa
    # via livekit
winonly==1.0 ; sys_platform == 'win32' \\
    --hash=sha256:bb
"""
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
LONG = "0123456789abcdef0123456789abcdef"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in Settings.model_fields:
        monkeypatch.delenv(environment_name(field), raising=False)


def settings(tmp_path: Path, **given: Any) -> Settings:
    return Settings(_env_file=None, data_dir=tmp_path, **given)


@pytest.mark.parametrize(
    ("check", "verdict", "says"),
    [
        pytest.param(machine.python((3, 11, 7)), "ok", "3.11.7", id="python"),
        pytest.param(machine.python((3, 10, 9)), "bad", "3.11 or newer", id="old python"),
        pytest.param(machine.node("v20.20.2\n"), "ok", "20.20.2", id="node"),
        pytest.param(machine.node("v18.1.0"), "warn", "Node 20 or newer", id="old node"),
        pytest.param(machine.node(None), "warn", "none on PATH", id="no node"),
        pytest.param(
            machine.livekit_server("/x", "livekit-server version 1.13.5", needed=True, go=None),
            "ok",
            "1.13.5 (/x)",
            id="livekit-server",
        ),
        pytest.param(
            machine.livekit_server("/x", "livekit-server version 1.9.0", needed=True, go=None),
            "warn",
            "tried with 1.13.5",
            id="another livekit-server",
        ),
        pytest.param(
            machine.livekit_server("/x", "", needed=True, go="/go"),
            "bad",
            "does not tell its version",
            id="something else of that name",
        ),
        pytest.param(
            machine.livekit_server(None, "", needed=True, go="/go"),
            "bad",
            "make install",
            id="none, but Go",
        ),
        pytest.param(
            machine.livekit_server(None, "", needed=True, go=None),
            "bad",
            "install Go",
            id="none and no Go",
        ),
        pytest.param(
            machine.livekit_server(None, "", needed=False, go=None),
            "ok",
            "LIVEKIT_URL",
            id="none needed",
        ),
        pytest.param(
            network.clock(NOON, theirs=None, at_least=NOON - timedelta(days=9)),
            "ok",
            "2026-11-21 12:00:00",
            id="clock",
        ),
        pytest.param(
            network.clock(NOON, theirs=None, at_least=NOON + timedelta(days=9)),
            "bad",
            "before this program was written",
            id="clock long ago",
        ),
        pytest.param(
            network.clock(NOON, theirs=NOON + timedelta(minutes=2), at_least=NOON),
            "bad",
            "-120 s from the LiveKit server's",
            id="clock unlike the server's",
        ),
        pytest.param(configuration.agent_name("interlocutor"), "ok", "interlocutor", id="name"),
        pytest.param(configuration.agent_name(" "), "bad", "every room", id="no name"),
    ],
)
def test_a_check_finds_what_is_there(check: Check, verdict: str, says: str) -> None:
    assert check.verdict == verdict
    assert says in f"{check.what} {check.fix}"
    assert check.verdict == "ok" or check.fix


@pytest.mark.parametrize(
    ("installed", "optional", "verdict", "says"),
    [
        pytest.param("25.1.0", False, "ok", "1 packages", id="as locked"),
        pytest.param("24.0.0", False, "warn", "aiofiles 24.0.0", id="another version"),
        pytest.param(None, False, "bad", "missing: aiofiles", id="missing"),
        pytest.param(None, True, "warn", "make test", id="missing, for tests only"),
    ],
)
def test_packages_are_compared_with_the_lock_of_this_machine(
    installed: str | None, optional: bool, verdict: str, says: str
) -> None:
    check = machine.packages("packages", LOCK, installed=lambda _: installed, optional=optional)

    assert check.verdict == verdict
    assert says in f"{check.what} {check.fix}"


def test_a_missing_lock_is_not_all_well() -> None:
    assert machine.packages("packages", "", installed=lambda _: None).verdict == "bad"


def test_the_page_needs_its_livekit_client(tmp_path: Path) -> None:
    assert machine.page(tmp_path).verdict == "warn"


def test_keys_that_will_be_made_are_well_and_the_doctor_makes_none(tmp_path: Path) -> None:
    check = configuration.keys(settings(tmp_path))

    assert (check.verdict, list(tmp_path.iterdir())) == ("ok", [])


def test_own_keys_are_found_and_not_shown(tmp_path: Path) -> None:
    keys = make_keys(tmp_path / FILE)

    check = configuration.keys(settings(tmp_path))

    assert check.verdict == "ok"
    assert keys.api_secret not in check.what
    assert keys.api_key not in check.what


@pytest.mark.parametrize(
    ("key", "secret", "verdict", "says"),
    [
        pytest.param("devkey", "secret", "bad", "anyone knows", id="the keys of --dev"),
        pytest.param("APIx", "short", "warn", "5 characters", id="a short secret"),
        pytest.param("APIx", None, "bad", "LIVEKIT_API_SECRET is not", id="half a pair"),
        pytest.param("APIx", LONG, "ok", "32 characters", id="a good pair"),
    ],
)
def test_keys_of_the_user_are_judged(
    tmp_path: Path, key: str, secret: str | None, verdict: str, says: str
) -> None:
    hidden = SecretStr(secret) if secret else None

    check = configuration.keys(settings(tmp_path, livekit_api_key=key, livekit_api_secret=hidden))

    assert check.verdict == verdict
    assert says in check.what


def test_a_taken_port_is_bad_unless_our_own_stack_holds_it(
    free_ports: Callable[[int], int],
) -> None:
    number = free_ports(1)
    port = Port(number, "the token server", "INTERLOCUTOR_PORT")
    with socket.socket() as other:
        other.bind(("127.0.0.1", number))
        other.listen()
        strange = configuration.ports([port], running=False)
        ours = configuration.ports([port], running=True)

    assert (strange.verdict, ours.verdict) == ("bad", "ok")
    assert str(number) in strange.what
    assert "INTERLOCUTOR_PORT" in strange.fix


def test_provider_keys_are_named_and_never_printed(tmp_path: Path) -> None:
    given = settings(tmp_path, openai_api_key="sk-abcdef", deepgram_api_key="dg-ghijkl")

    check = configuration.providers(given)

    assert "OPENAI_API_KEY, DEEPGRAM_API_KEY set" in check.what
    assert not any(part in check.what for part in ("sk-", "abc", "dg-", "jkl"))


def test_a_broken_scenario_is_told_by_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("id: mine\nkind: robot\n")

    check = configuration.scenarios([tmp_path], "chest-pain-nurse")

    assert check.verdict == "bad"
    assert "mine.yaml:2: kind" in check.what


def test_a_default_scenario_that_is_not_there_is_told(tmp_path: Path) -> None:
    check = configuration.scenarios([tmp_path], "no-such")

    assert (check.verdict, "chest-pain-nurse" in check.fix) == ("bad", True)


def test_a_data_folder_that_cannot_be_made_is_bad(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    assert configuration.data_dir(tmp_path / "file" / "data").verdict == "bad"
    assert configuration.data_dir(tmp_path / "new").verdict == "ok"
    assert not (tmp_path / "new").exists()


async def test_a_database_that_cannot_be_opened_is_bad_and_its_password_hidden(
    tmp_path: Path,
) -> None:
    file = tmp_path / "not-a-database.db"
    file.write_text("this is a letter, not a database " * 50)

    broken = await network.database(f"sqlite:///{file}", own=tmp_path / "own.db")
    away = await network.database(
        "postgresql://user:hush@127.0.0.1:9/name", own=tmp_path / "own.db"
    )

    assert (broken.verdict, away.verdict) == ("bad", "bad")
    assert str(file) in broken.what
    assert "hush" not in away.what


async def test_a_database_that_can_be_written_is_left_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "own.db"
    file.touch()

    for _ in range(2):
        check = await network.database(None, own=file)
        assert check.verdict == "ok", check.what


async def test_livekit_that_cannot_be_reached_is_bad(free_ports: Callable[[int], int]) -> None:
    check = await network.livekit(f"ws://127.0.0.1:{free_ports(1)}", Keys("APIx", LONG))

    assert check.verdict == "bad"
    assert "LIVEKIT_URL" in check.what
