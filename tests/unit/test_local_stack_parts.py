"""What is started, on which ports, under which LiveKit configuration."""

import re
import socket
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from agent.local_stack import livekit, parts
from agent.local_stack.environment import ROOT, environment_name
from agent.local_stack.failure import StackError
from agent.local_stack.keys import Keys
from agent.local_stack.parts import parts_of, wanted_ports
from agent.local_stack.ports import Port, problems
from agent.settings import Settings
from token_server.settings import Settings as ServerSettings

pytestmark = pytest.mark.unit
KEYS = Keys("APIx", "0123456789abcdef0123456789abcdef")


def settings(**given: Any) -> Settings:
    return Settings(_env_file=None, **given)


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in Settings.model_fields:
        monkeypatch.delenv(environment_name(field), raising=False)


def names(given: Settings) -> list[str]:
    return [part.name for part in parts_of(given, KEYS)]


def test_with_nothing_set_everything_is_started_here() -> None:
    assert names(settings()) == ["livekit", "models", "worker", "token-server"]


def test_a_livekit_server_or_models_server_of_ones_own_is_used_instead() -> None:
    given = settings(livekit_url="wss://x.example", models_url="http://gpu.example/v1")

    assert names(given) == ["worker", "token-server"]


def test_no_secret_is_in_any_command() -> None:
    for part in parts_of(settings(openai_api_key="sk-1"), KEYS):
        assert KEYS.api_secret not in " ".join(part.command)
        assert KEYS.api_secret not in repr(part)


def test_without_livekit_server_the_ways_to_get_one_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(parts, "find_server", lambda: None)

    with pytest.raises(StackError, match=r"install Go .* or set LIVEKIT_URL"):
        parts_of(settings(), KEYS)


def test_a_taken_port_is_told_with_the_part_and_the_setting(
    free_ports: Callable[[int], int],
) -> None:
    number = free_ports(1)
    with socket.socket() as other:
        other.bind(("127.0.0.1", number))
        other.listen()
        said = problems([Port(number, "the token server", "INTERLOCUTOR_PORT")])

    assert len(said) == 1
    assert re.match(
        rf"port {number} \(TCP\), wanted by the token server, is taken by .*\(pid \d+\); "
        r"stop that, or set INTERLOCUTOR_PORT to a free port",
        said[0],
    )


def test_a_taken_media_port_is_found_too(free_ports: Callable[[int], int]) -> None:
    number = free_ports(1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", number))
        said = problems([Port(number, "livekit-server", "INTERLOCUTOR_LIVEKIT_PORT", kind="UDP")])

    assert f"port {number} (UDP), wanted by livekit-server, is taken" in said[0]


def test_two_parts_that_want_one_port_are_told_apart() -> None:
    every = [port for row in wanted_ports(settings(port=7881)).values() for port in row]

    said = [each for each in problems(every) if "7881" in each]

    assert len(said) == 2
    assert "INTERLOCUTOR_LIVEKIT_PORT" in said[0]
    assert "INTERLOCUTOR_PORT" in said[1]


def test_the_local_server_listens_on_loopback_with_the_ports_and_keys_of_the_settings() -> None:
    config = yaml.safe_load(livekit.local_config(settings(livekit_port=18410), KEYS))

    assert config["bind_addresses"] == ["127.0.0.1"]
    assert (config["port"], config["rtc"]["tcp_port"], config["rtc"]["udp_port"]) == (
        18410,
        18411,
        18412,
    )
    assert config["rtc"]["ips"] == {"includes": ["127.0.0.1/32"]}
    assert config["keys"] == {KEYS.api_key: KEYS.api_secret}


def test_livekit_yaml_holds_no_keys_and_passes_the_servers_own_strict_check() -> None:
    server = livekit.find_server()
    assert server, f"there is no livekit-server: {livekit.WAYS_TO_GET_ONE}"
    file = ROOT / "livekit.yaml"
    assert "keys" not in yaml.safe_load(file.read_text())

    def ports_of(config: str) -> str:
        command = subprocess.run(
            [server, "ports"],
            env={"LIVEKIT_CONFIG": config},
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
        return command.stdout + command.stderr

    # Our overlay keeps every key of the file; as it stands, the server would ask the internet for
    # its public address.
    config = livekit.local_config(settings(livekit_port=18413), KEYS, file=file)

    assert "18415" in ports_of(config)
    assert "no_such_setting" in ports_of(f"no_such_setting: 1\n{config}")


@pytest.mark.parametrize("url", ["localhost:7880", "ftp://x.example", "wss://"])
async def test_an_address_that_is_none_is_told_before_anything_is_asked(url: str) -> None:
    with pytest.raises(StackError, match="is no LiveKit address"):
        await livekit.check_server(url, KEYS)


async def test_a_server_that_is_not_there_is_a_sentence(free_ports: Callable[[int], int]) -> None:
    with pytest.raises(StackError, match=r"no LiveKit server can be reached .* unset LIVEKIT_URL"):
        await livekit.check_server(f"ws://127.0.0.1:{free_ports(1)}", KEYS)


def test_env_example_names_every_setting_and_no_other() -> None:
    known = {environment_name(field) for field in Settings.model_fields}
    for field, info in ServerSettings.model_fields.items():
        alias = info.validation_alias
        known.add(alias if isinstance(alias, str) else f"INTERLOCUTOR_{field.upper()}")
    text = (ROOT / ".env.example").read_text()

    named = re.findall(r"^#?([A-Z][A-Z0-9_]+)=", text, re.MULTILINE)

    assert sorted(named) == sorted(known)


def test_env_example_shows_the_real_defaults() -> None:
    text = (ROOT / ".env.example").read_text()
    shown = dict(re.findall(r"^#(INTERLOCUTOR_[A-Z0-9_]+)=(.+)$", text, re.MULTILINE))

    real = {
        environment_name(field): str(info.default)
        for field, info in Settings.model_fields.items()
        if environment_name(field) in shown
    }

    assert shown == real


def test_locks_name_no_registry_and_hash_everything() -> None:
    for lock in sorted(ROOT.glob("requirements*.lock")):
        text = lock.read_text()
        pinned = re.findall(r"^[a-z0-9].*==.*$", text, re.MULTILINE)
        assert pinned
        assert all(line.endswith("\\") for line in pinned), lock.name
        assert not re.search(r"https?://|--index|--extra-index|--find-links", text), lock.name
