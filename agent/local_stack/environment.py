"""Settings on their way to child processes.

Secrets reach a child by its environment only: arguments can be read by every user of the machine.
Everything is passed on explicitly, so that a child started in another folder decides alike.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import SecretStr

from agent.local_stack.keys import Keys
from agent.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
"""The checkout: its packages, `livekit.yaml` and locks."""


def environment_name(field: str) -> str:
    """Return the name by which a field of `Settings` is set in the environment."""
    alias = Settings.model_fields[field].validation_alias
    return alias if isinstance(alias, str) else f"INTERLOCUTOR_{field.upper()}"


def settings_environment(settings: Settings) -> dict[str, str]:
    """Return the settings that have a value as environment variables, paths made absolute."""
    made: dict[str, str] = {}
    for field in Settings.model_fields:
        value = getattr(settings, field)
        if value is None:
            continue
        if isinstance(value, SecretStr):
            value = value.get_secret_value()
        if isinstance(value, Path):
            value = value.absolute()
        made[environment_name(field)] = str(value)
    return made


def child_environment(
    settings: Settings, keys: Keys, *, livekit_url: str, base: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """Return the environment of a part: `base`, then the settings, then address and keys."""
    path = os.pathsep.join(filter(None, [str(ROOT), base.get("PYTHONPATH")]))
    return {
        **base,
        **settings_environment(settings),
        "LIVEKIT_URL": livekit_url,
        "LIVEKIT_API_KEY": keys.api_key,
        "LIVEKIT_API_SECRET": keys.api_secret,
        "PYTHONPATH": path,
        "PYTHONUNBUFFERED": "1",
    }


def user_settings() -> Settings:
    """Return what the user set, in the environment or `.env`; our own key file is left out.

    A key from `.env` must not be paired with a secret from the key file, so `keys_for` is the only
    reader of that file here.
    """
    return Settings(_env_file=".env")
