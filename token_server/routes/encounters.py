"""Encounters: start one, see how it stands, list the past, delete."""

from datetime import datetime
from typing import Annotated

import structlog
from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from agent.protocol import EncounterStatus, Mode
from personas import Card
from token_server.admission import Wish, admit, find_scenario
from token_server.parts import Parts, Use, utc_now
from token_server.problems import RESPONSES, Problem
from token_server.rooms import LiveKitUnreachable
from token_server.rows import OPEN, EncounterRow

router = APIRouter(prefix="/api/encounters", tags=["encounters"])
log = structlog.get_logger(__name__)


class Created(BaseModel):
    """All a client needs to come in."""

    encounter_id: str
    room_name: str
    server_url: str
    """Address of the LiveKit server."""
    participant_token: str
    expires_at: datetime
    """Until when the token is good for a first connection."""
    card: Card


class EncounterView(BaseModel):
    """How an encounter stands."""

    encounter_id: str
    scenario_id: str
    title: str
    mode: Mode
    trainee_name: str | None
    status: EncounterStatus
    message: str
    """What to tell the trainee about the status; empty when it needs no words."""
    attempts: int
    """How often a persona was called."""
    created_at: datetime
    ended_at: datetime | None
    overall: int | None
    """Of the report, 1 to 100."""


@router.post(
    "",
    status_code=201,
    summary="Start an encounter",
    responses={422: RESPONSES[422], 503: RESPONSES[503]},
)
async def post_encounter(wish: Wish, response: Response, parts: Use) -> Created:
    """Make a room, call the persona and return a token for the trainee."""
    scenario = find_scenario(parts.library, wish.scenario_id, status=422, field="scenario_id")
    admitted = await admit(
        wish,
        scenario,
        settings=parts.settings,
        store=parts.store,
        rooms=parts.rooms,
        now=utc_now(),
    )
    response.headers["Cache-Control"] = "no-store"
    return Created(
        encounter_id=admitted.row.encounter_id,
        room_name=admitted.row.room_name,
        server_url=admitted.server_url,
        participant_token=admitted.participant_token,
        expires_at=admitted.expires_at,
        card=admitted.card,
    )


@router.get("", summary="List past and present encounters", responses={422: RESPONSES[422]})
async def list_encounters(
    parts: Use,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> list[EncounterView]:
    """Newest first."""
    return [_view(row) for row in await parts.store.page(limit=limit, offset=offset)]


@router.get(
    "/{encounter_id}", summary="See how an encounter stands", responses={404: RESPONSES[404]}
)
async def get_encounter(encounter_id: str, parts: Use, response: Response) -> EncounterView:
    """The status, and a sentence for the trainee when it needs one."""
    response.headers["Cache-Control"] = "no-store"
    return _view(await known_encounter(parts, encounter_id))


@router.delete(
    "/{encounter_id}",
    status_code=204,
    summary="End and erase an encounter",
    responses={404: RESPONSES[404], 503: RESPONSES[503]},
)
async def delete_encounter(encounter_id: str, parts: Use) -> None:
    """Close the room and erase everything said in it, for good."""
    row = await known_encounter(parts, encounter_id)
    try:
        await parts.rooms.end(row.room_name)
    except LiveKitUnreachable as error:
        # While people may still be talking, erasing would only hide the room from us.
        if row.status in OPEN:
            raise
        log.warning("room_not_ended", encounter_id=encounter_id, why=str(error))
    if not await parts.store.erase(encounter_id, now=utc_now()):
        raise _unknown(encounter_id)
    log.info("encounter_erased", encounter_id=encounter_id)


async def known_encounter(parts: Parts, encounter_id: str) -> EncounterRow:
    """Return an encounter; raises `Problem` 404 if there is none, or none any more."""
    row = await parts.store.get(encounter_id)
    if row is None:
        raise _unknown(encounter_id)
    return row


def _unknown(encounter_id: str) -> Problem:
    return Problem(
        404, "encounter_unknown", f"there is no encounter {encounter_id!r}, or it was deleted"
    )


def _view(row: EncounterRow) -> EncounterView:
    return EncounterView(
        encounter_id=row.encounter_id,
        scenario_id=row.scenario_id,
        title=row.title,
        mode=row.mode,
        trainee_name=row.trainee_name,
        status=row.status,
        message=row.message(),
        attempts=row.attempts,
        created_at=row.created_at,
        ended_at=row.ended_at,
        overall=row.overall,
    )
