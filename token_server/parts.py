"""What routes get handed: the parts that live as long as the app."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request

from personas import Library
from token_server.rooms import Rooms
from token_server.settings import Settings
from token_server.store import Store


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything a route may use."""

    settings: Settings
    library: Library
    store: Store
    rooms: Rooms


def _parts(request: Request) -> Parts:
    parts: Parts = request.state.parts
    return parts


Use = Annotated[Parts, Depends(_parts)]


def utc_now() -> datetime:
    """Return the time; the one place where routes get it from."""
    return datetime.now(UTC)
