"""Nobody's room is opened by keys that everybody knows."""

import stat
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from agent.local_stack.environment import child_environment, user_settings
from agent.local_stack.failure import StackError
from agent.local_stack.keys import FILE, Keys, keys_for, make_keys, read_keys
from agent.settings import Settings

pytestmark = pytest.mark.unit


def settings(tmp_path: Path, **given: Any) -> Settings:
    return Settings(_env_file=None, data_dir=tmp_path / "data", **given)


@pytest.fixture(autouse=True)
def _no_keys_around(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LIVEKIT_URL", "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET"):
        monkeypatch.delenv(name, raising=False)


def test_the_first_start_makes_keys_only_the_owner_can_read(tmp_path: Path) -> None:
    keys = keys_for(settings(tmp_path))

    path = tmp_path / "data" / FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert keys.api_key.startswith("API")
    assert len(keys.api_secret) >= 32
    assert [each.name for each in path.parent.iterdir()] == [FILE]


def test_later_starts_use_the_same_keys(tmp_path: Path) -> None:
    assert keys_for(settings(tmp_path)) == keys_for(settings(tmp_path))


def test_two_starts_at_once_agree_on_one_pair(tmp_path: Path) -> None:
    path = tmp_path / FILE
    first = make_keys(path)

    assert make_keys(path) == first


def test_a_key_file_open_to_others_is_closed(tmp_path: Path) -> None:
    path = tmp_path / FILE
    make_keys(path)
    path.chmod(0o644)

    read_keys(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_keys_of_the_user_win(tmp_path: Path) -> None:
    given = settings(tmp_path, livekit_api_key="mine", livekit_api_secret=SecretStr("hidden"))

    assert keys_for(given) == Keys("mine", "hidden")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        pytest.param({"livekit_api_key": "a"}, "LIVEKIT_API_SECRET is not", id="no secret"),
        pytest.param({"livekit_api_secret": "b"}, "LIVEKIT_API_KEY is not", id="no key"),
        pytest.param(
            {"livekit_url": "wss://x.example"},
            "LIVEKIT_API_KEY and LIVEKIT_API_SECRET of that server must be set",
            id="a server of one's own without keys",
        ),
    ],
)
def test_half_a_pair_is_a_sentence_that_names_the_other(
    tmp_path: Path, given: dict[str, str], missing: str
) -> None:
    with pytest.raises(StackError, match=missing):
        keys_for(settings(tmp_path, **given))


@pytest.mark.parametrize(
    "text", ["", "LIVEKIT_API_KEY=a\n", "LIVEKIT_API_KEY=a\nLIVEKIT_API_SECRET=short\n"]
)
def test_a_broken_key_file_is_a_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)

    with pytest.raises(StackError, match="delete it and new keys are made"):
        read_keys(tmp_path / FILE)


def test_a_data_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")

    with pytest.raises(StackError, match="set INTERLOCUTOR_DATA_DIR"):
        keys_for(settings(tmp_path))


def test_a_key_from_dotenv_is_not_paired_with_a_secret_of_our_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    make_keys(tmp_path / ".local" / FILE)
    (tmp_path / ".env").write_text("LIVEKIT_API_KEY=mine\n")

    with pytest.raises(StackError, match="LIVEKIT_API_SECRET is not"):
        keys_for(user_settings())


def test_a_secret_is_in_no_repr_and_reaches_children_by_environment_only(tmp_path: Path) -> None:
    given = settings(tmp_path, openai_api_key="sk-provider", port=18400)
    keys = Keys("APIx", "very-secret")

    made = child_environment(given, keys, livekit_url="ws://here", base={"PATH": "/bin"})

    assert "very-secret" not in repr(keys)
    assert made["LIVEKIT_API_SECRET"] == "very-secret"
    assert made["OPENAI_API_KEY"] == "sk-provider"
    assert made["INTERLOCUTOR_PORT"] == "18400"
    assert Path(made["INTERLOCUTOR_DATA_DIR"]).is_absolute()
    assert "INTERLOCUTOR_SCENARIOS_DIR" not in made
