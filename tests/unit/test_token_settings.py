"""The token server's settings: what stops the start, and in which words."""

from pathlib import Path

import pytest
from token_server_world import KEY, SECRET, make_settings

from agent.settings import Settings as WorkerSettings
from token_server.settings import Settings, SettingsError, check, read_settings

pytestmark = pytest.mark.unit


@pytest.fixture
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An environment and a folder without settings."""
    for name in ("LIVEKIT_URL", "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET", "LIVEKIT_PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        pytest.param(
            {"livekit_api_key": None, "livekit_api_secret": None},
            "LIVEKIT_API_KEY and LIVEKIT_API_SECRET are not set: put the keys",
            id="no keys",
        ),
        pytest.param(
            {"livekit_api_secret": None}, "LIVEKIT_API_SECRET is not set", id="half the keys"
        ),
        pytest.param(
            {"livekit_url": "localhost:7880"},
            "LIVEKIT_URL is 'localhost:7880', which is no address",
            id="no scheme",
        ),
        pytest.param(
            {"livekit_public_url": "ftp://x"}, "LIVEKIT_PUBLIC_URL is 'ftp://x'", id="wrong scheme"
        ),
        pytest.param(
            {"livekit_url": "ws://x:99999"}, "LIVEKIT_URL is 'ws://x:99999'", id="no such port"
        ),
        pytest.param(
            {"host": "0.0.0.0"},
            "INTERLOCUTOR_HOST is '0.0.0.0', but nobody has to log in",
            id="open to the network",
        ),
        pytest.param({"host": "example.org"}, "INTERLOCUTOR_HOST is 'example.org'", id="a name"),
        pytest.param(
            {"allowed_origins": "https://a.example,b.example"},
            "INTERLOCUTOR_ALLOWED_ORIGINS holds 'b.example'",
            id="no origin",
        ),
        pytest.param(
            {"scenarios_dir": Path("/nowhere")},
            "INTERLOCUTOR_SCENARIOS_DIR is '/nowhere', and there is no such folder",
            id="no folder",
        ),
    ],
)
def test_what_cannot_work_is_said_in_one_sentence_naming_the_keys(
    tmp_path: Path, given: dict[str, object], sentence: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        check(make_settings(tmp_path, **given))

    assert str(caught.value).startswith(sentence)
    assert SECRET not in str(caught.value)


@pytest.mark.usefixtures("_clean")
def test_a_value_of_the_wrong_kind_is_named_as_it_stands_in_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("INTERLOCUTOR_PORT", "eighty")
    with pytest.raises(SettingsError, match=r"^INTERLOCUTOR_PORT: .*, not 'eighty'$"):
        read_settings()


@pytest.mark.usefixtures("_clean")
def test_keys_of_make_run_are_found_and_those_in_the_dotenv_file_go_before_them() -> None:
    Path(".local").mkdir()
    Path(".local/keys.env").write_text(f"LIVEKIT_API_KEY={KEY}\nLIVEKIT_API_SECRET={SECRET}\n")
    assert read_settings().api_key() == KEY

    Path(".env").write_text(
        "LIVEKIT_API_KEY=mine\nINTERLOCUTOR_ALLOWED_ORIGINS=https://a.b/, null\n"
    )
    settings = read_settings()
    assert (settings.api_key(), settings.api_secret()) == ("mine", SECRET)
    assert settings.allowed_origins == ("https://a.b", "null")
    assert SECRET not in repr(settings)


def test_the_names_are_those_of_the_worker(tmp_path: Path) -> None:
    ours, theirs = Settings.model_fields, WorkerSettings.model_fields
    for name in set(ours) & set(theirs):
        assert ours[name].validation_alias == theirs[name].validation_alias, name
        assert ours[name].default == theirs[name].default, name
    assert Settings.model_config["env_file"] == WorkerSettings.model_config["env_file"]
    assert Settings.model_config["env_prefix"] == WorkerSettings.model_config["env_prefix"]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "localhost", "::1"])
def test_every_loopback_address_will_do(tmp_path: Path, host: str) -> None:
    check(make_settings(tmp_path, host=host))


def test_without_addresses_livekit_and_the_database_are_on_this_machine(tmp_path: Path) -> None:
    settings = make_settings(tmp_path, livekit_url=None, livekit_port=7000)
    assert settings.livekit_address() == "ws://127.0.0.1:7000"
    assert settings.livekit_public_address() == "ws://127.0.0.1:7000"
    assert settings.database_address() == f"sqlite+aiosqlite:///{tmp_path / 'interlocutor.db'}"
