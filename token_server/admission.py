"""Lets a trainee in: one new encounter, its room, a persona called, a token.

The row comes first and is taken back if LiveKit refuses: a room without a row would never be
watched, and a trainee in it would wait for ever.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

import structlog
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from agent.protocol import EncounterStatus, Mode
from personas import Card, Library, Scenario, ScenarioError, UnknownScenario
from token_server.problems import Problem
from token_server.rooms import LiveKitError, Rooms
from token_server.rows import EncounterRow
from token_server.settings import Settings
from token_server.store import Store, StoreUnwritable
from token_server.tokens import VALID_FOR, mint_token
from token_server.watcher import dispatch_metadata

log = structlog.get_logger(__name__)

TraineeName = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)]


class Wish(BaseModel):
    """What a trainee wants to practise."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    scenario_id: str = Field(max_length=64)
    """Id of a scenario, as listed by GET /api/scenarios."""
    trainee_name: TraineeName | None = None
    """Shown in the history and in the room."""
    mode: Mode = "practice"
    """practice: grades as they come; exam: grades only in the report."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """A trainee may now come in."""

    row: EncounterRow
    card: Card
    server_url: str
    participant_token: str
    expires_at: datetime
    """When the token stops being good for a first connection."""


def find_scenario(library: Library, scenario_id: str, *, status: int, field: str = "") -> Scenario:
    """Return a scenario; raises `Problem` with `status` if there is none, 500 if it is broken."""
    try:
        return library.get(scenario_id)
    except UnknownScenario as error:
        raise Problem(status, error.code, f"{field}{': ' if field else ''}{error}") from error
    except ScenarioError as error:
        # The problems quote the file, and the file holds what a trainee must not know.
        log.error("scenario_broken", scenario_id=scenario_id, problems=error.problems)
        raise Problem(
            500,
            error.code,
            f"the file of scenario {scenario_id!r} is broken and cannot be played; the token "
            "server's log says what is wrong in which line",
        ) from error


async def admit(
    wish: Wish, scenario: Scenario, *, settings: Settings, store: Store, rooms: Rooms, now: datetime
) -> Admitted:
    """Create an encounter; raises `LiveKitError` or `StoreUnwritable` and then leaves nothing."""
    encounter_id = secrets.token_hex(10)
    row = EncounterRow(
        encounter_id=encounter_id,
        room_name=f"enc_{encounter_id}",
        scenario_id=scenario.id,
        title=scenario.card.title,
        mode=wish.mode,
        trainee_name=wish.trainee_name or None,
        status=EncounterStatus.CREATED,
        created_at=now,
    )
    await store.add(row)
    try:
        await rooms.create(row.room_name)
        called = replace(row, attempts=1, called_at=now)
        if await store.move(row, called):
            await rooms.call(row.room_name, dispatch_metadata(row))
    except (LiveKitError, StoreUnwritable):
        await _take_back(row, store=store, rooms=rooms)
        raise
    log.info("encounter_created", encounter_id=encounter_id, scenario_id=scenario.id)
    return Admitted(
        row=called,
        card=scenario.card,
        server_url=settings.livekit_public_address(),
        participant_token=mint_token(settings, row, dispatch_metadata=dispatch_metadata(row)),
        expires_at=(now + VALID_FOR).replace(microsecond=0),
    )


async def _take_back(row: EncounterRow, *, store: Store, rooms: Rooms) -> None:
    for step in (store.discard(row.encounter_id), rooms.end(row.room_name)):
        try:
            await step
        except (LiveKitError, StoreUnwritable) as error:
            # The watcher ends the row and LiveKit the empty room, a little later.
            log.warning("take_back_failed", encounter_id=row.encounter_id, why=str(error))
