"""The API key and secret that LiveKit, worker and token server share.

Made at the first start, never `devkey`/`secret`: anyone who knows those can join any room that can
be reached. They live in `keys.env` of the data folder, readable by its owner only.
"""

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from dotenv import dotenv_values

from agent.local_stack.failure import StackError
from agent.settings import Settings

FILE = "keys.env"
MIN_SECRET = 32
"""Bytes below which LiveKit calls a secret too short."""


@dataclass(frozen=True, slots=True)
class Keys:
    """A LiveKit API key with its secret."""

    api_key: str
    api_secret: str = field(repr=False)


def keys_for(settings: Settings) -> Keys:
    """Return the keys the user set, else our own, made now if need be; raises `StackError`."""
    key, secret = settings.livekit_api_key, settings.livekit_api_secret
    if key and secret:
        return Keys(key, secret.get_secret_value())
    if key or secret:
        there, missing = (
            ("LIVEKIT_API_KEY", "LIVEKIT_API_SECRET")
            if key
            else ("LIVEKIT_API_SECRET", "LIVEKIT_API_KEY")
        )
        raise StackError(f"{there} is set but {missing} is not: set both, or neither")
    if settings.livekit_url:
        raise StackError(
            f"LIVEKIT_URL is set to {settings.livekit_url!r}, so LIVEKIT_API_KEY and "
            "LIVEKIT_API_SECRET of that server must be set too (environment or .env)"
        )
    path = settings.data_dir / FILE
    return read_keys(path) if path.is_file() else make_keys(path)


def read_keys(path: Path) -> Keys:
    """Read a key file and close it to others; raises `StackError` when it is not one."""
    try:
        values = dotenv_values(path)
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
    except (OSError, UnicodeDecodeError) as error:
        raise StackError(f"the key file {str(path)!r} cannot be used: {error}") from error
    key, secret = values.get("LIVEKIT_API_KEY"), values.get("LIVEKIT_API_SECRET")
    if not key or not secret or len(secret) < MIN_SECRET:
        raise StackError(
            f"the key file {str(path)!r} does not hold a LIVEKIT_API_KEY and a LIVEKIT_API_SECRET "
            f"of {MIN_SECRET} characters or more; delete it and new keys are made"
        )
    return Keys(key, secret)


def make_keys(path: Path) -> Keys:
    """Write new keys to `path`; two starts at once agree on one pair. Raises `StackError`."""
    keys = Keys("API" + secrets.token_hex(6), secrets.token_urlsafe(36))
    text = (
        "# Made by `make run` for the livekit-server it starts. Delete this file to get new keys.\n"
        f"LIVEKIT_API_KEY={keys.api_key}\nLIVEKIT_API_SECRET={keys.api_secret}\n"
    )
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
        try:
            os.link(draft, path)  # unlike a rename, it fails when another start was faster
        except FileExistsError:
            return read_keys(path)
        finally:
            draft.unlink()
    except OSError as error:
        raise StackError(
            f"own keys cannot be written to {str(path)!r}: {error.strerror}; make the folder "
            "writable or set INTERLOCUTOR_DATA_DIR to one that is"
        ) from error
    return keys
