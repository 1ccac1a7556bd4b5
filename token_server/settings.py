"""The token server's settings, read once.

The names in the environment are those of `agent.settings`, so that one `.env` serves both; the
class is our own because the token server must start without the worker's packages and needs the
LiveKit keys, which the worker's settings may leave out.
"""

import ipaddress
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from agent.protocol import AGENT_NAME


class SettingsError(Exception):
    """The settings cannot be used; the message is one sentence naming the keys and the way out."""


class Settings(BaseSettings):
    """Everything that can be set. Names in the environment are the fields' in capitals; those
    without an alias are under `INTERLOCUTOR_`."""

    model_config = SettingsConfigDict(
        env_file=(".local/keys.env", ".env"),
        env_prefix="INTERLOCUTOR_",
        extra="ignore",
        env_ignore_empty=True,
        populate_by_name=True,
    )

    livekit_url: str | None = Field(default=None, validation_alias="LIVEKIT_URL")
    """WebSocket address of the LiveKit server. None: the one on this machine at `livekit_port`."""
    livekit_public_url: str | None = Field(default=None, validation_alias="LIVEKIT_PUBLIC_URL")
    """The address browsers use, when it is not `livekit_url`."""
    livekit_api_key: str | None = Field(default=None, validation_alias="LIVEKIT_API_KEY")
    livekit_api_secret: SecretStr | None = Field(
        default=None, validation_alias="LIVEKIT_API_SECRET"
    )
    database_url: SecretStr | None = Field(default=None, validation_alias="DATABASE_URL")
    """SQLAlchemy address of the database; it may hold a password. None: SQLite in `data_dir`."""

    agent_name: str = Field(default=AGENT_NAME, min_length=1)
    """Name the worker registers for explicit dispatch."""
    data_dir: Path = Path(".local")
    """Where the default database lives."""
    scenarios_dir: Path | None = None
    """A folder of your own scenarios, beside the bundled ones."""
    default_scenario: str = "chest-pain-nurse"
    """Played when a client asks for none."""
    host: str = "127.0.0.1"
    """Address to bind to: loopback only, as long as nobody has to log in."""
    port: int = Field(default=8000, ge=1, le=65535)
    livekit_port: int = Field(default=7880, ge=1, le=65535)
    """Port of the livekit-server that `make run` starts."""
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = ()
    """Web origins besides our own that may call the API, separated by commas."""

    @field_validator("allowed_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip().rstrip("/") for part in value.split(",") if part.strip())
        return value

    def livekit_address(self) -> str:
        """Return the address at which we reach LiveKit."""
        return self.livekit_url or f"ws://127.0.0.1:{self.livekit_port}"

    def livekit_public_address(self) -> str:
        """Return the address at which a client reaches LiveKit, always ws:// or wss://."""
        address = self.livekit_public_url or self.livekit_address()
        return "ws" + address.removeprefix("http") if address.startswith("http") else address

    def database_address(self) -> str:
        """Return the SQLAlchemy address of the database, with its password."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite+aiosqlite:///{self.data_dir / 'interlocutor.db'}"

    def api_key(self) -> str:
        """Return the LiveKit API key; `check` has seen that there is one."""
        return self.livekit_api_key or ""

    def api_secret(self) -> str:
        """Return the LiveKit API secret; `check` has seen that there is one."""
        return self.livekit_api_secret.get_secret_value() if self.livekit_api_secret else ""


def read_settings(**given: object) -> Settings:
    """Read the settings; raises `SettingsError` when they are wrong or contradict each other."""
    try:
        settings = Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        fault = error.errors()[0]
        raise SettingsError(f"{_env_name(str(fault['loc'][0]))}: {_say(fault)}") from None
    check(settings)
    return settings


def check(settings: Settings) -> None:
    """Raise `SettingsError` for the first thing that cannot work."""
    _check_keys(settings)
    for name in ("livekit_url", "livekit_public_url"):
        address = getattr(settings, name)
        if address is not None and not _is_address(address, ("ws", "wss", "http", "https")):
            raise SettingsError(
                f"{_env_name(name)} is {address!r}, which is no address of a LiveKit server: "
                "write it like wss://example.org or ws://127.0.0.1:7880"
            )
    for origin in settings.allowed_origins:
        if origin != "null" and not _is_address(origin, ("http", "https")):
            raise SettingsError(
                f"INTERLOCUTOR_ALLOWED_ORIGINS holds {origin!r}, which is no web origin: "
                "write them like https://example.org, separated by commas"
            )
    if not is_loopback(settings.host):
        raise SettingsError(
            f"INTERLOCUTOR_HOST is {settings.host!r}, but nobody has to log in, so only this "
            "machine may reach the token server: set INTERLOCUTOR_HOST to 127.0.0.1 and put a "
            "proxy that authenticates in front of it"
        )
    if settings.scenarios_dir is not None and not settings.scenarios_dir.is_dir():
        raise SettingsError(
            f"INTERLOCUTOR_SCENARIOS_DIR is {str(settings.scenarios_dir)!r}, and there is no such "
            "folder: create it or leave the setting out"
        )


def _check_keys(settings: Settings) -> None:
    missing = [
        name
        for name, value in (
            ("LIVEKIT_API_KEY", settings.api_key()),
            ("LIVEKIT_API_SECRET", settings.api_secret()),
        )
        if not value
    ]
    if missing:
        raise SettingsError(
            f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set: put the keys "
            "of your LiveKit server into .env, or use `make run`, which makes its own"
        )


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach a server bound to `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _is_address(text: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in schemes and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False


def _env_name(location: str) -> str:
    field = Settings.model_fields.get(location.lower())
    if field is None:
        return location
    alias = field.validation_alias
    return alias if isinstance(alias, str) else f"INTERLOCUTOR_{location.upper()}"


def _say(fault: object) -> str:
    assert isinstance(fault, dict)
    message = str(fault["msg"]).removeprefix("Value error, ")
    return f"{message[:1].lower()}{message[1:]}, not {fault.get('input')!r}"
