"""Progress over encounters: as data, or as a page.

Everybody who may list the encounters may read it; a name only narrows it down.
"""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse

from agent.protocol import EncounterStatus, Outcome, Score, Skill, Wire
from token_server.admission import TraineeName
from token_server.parts import Use
from token_server.problems import RESPONSES
from token_server.progress import LATEST, Attempt, Progress, progress_of
from token_server.progress_page import render
from token_server.routes.reports import PAGE_CSP
from token_server.rows import EncounterRow
from token_server.store import Store

BATCH = 200
"""Encounters read at a time."""
router = APIRouter(tags=["reports"])
REFUSALS: dict[int | str, dict[str, Any]] = {status: RESPONSES[status] for status in (422, 503)}
Name = Annotated[
    TraineeName | None,
    Query(description="Exactly as given at POST /api/encounters; none or empty: everybody"),
]


class Scores(Wire):
    """What progress needs of a stored report: the whole is long, and they are many."""

    scenario_id: str
    title: str
    overall: Score | None
    skills: dict[Skill, Score]
    outcome: Outcome | None
    partial: bool = False


@router.get("/api/progress", summary="Read the progress over encounters", responses=REFUSALS)
async def get_progress(parts: Use, response: Response, trainee_name: Name = None) -> Progress:
    """Scores by skill and by scenario, oldest first, over the latest 500 finished encounters."""
    response.headers["Cache-Control"] = "no-store"
    return await _progress(parts.store, trainee_name)


@router.get(
    "/progress",
    summary="Read the progress as a page",
    response_class=HTMLResponse,
    responses=REFUSALS,
)
async def get_progress_page(parts: Use, trainee_name: Name = None) -> HTMLResponse:
    """One page without scripts, good for printing."""
    page = render(await _progress(parts.store, trainee_name), trainee_name=trainee_name)
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": PAGE_CSP}
    return HTMLResponse(page, headers=headers)


async def _progress(store: Store, trainee_name: str | None) -> Progress:
    attempts: dict[str, Attempt] = {}
    async for row in _scored(store, trainee_name):
        attempt = _attempt(row, await store.report(row.encounter_id))
        if attempt is not None:
            attempts[row.encounter_id] = attempt
        if len(attempts) == LATEST:
            break
    return progress_of(attempts.values())


async def _scored(store: Store, trainee_name: str | None) -> AsyncIterator[EncounterRow]:
    """Go through the encounters that count, newest first.

    What starts or is erased meanwhile moves the others, so that a row may come twice or be missed.
    """
    offset = 0
    while rows := await store.page(limit=BATCH, offset=offset):
        for row in rows:
            finished = row.status == EncounterStatus.REPORTED and row.overall is not None
            if finished and (not trainee_name or row.trainee_name == trainee_name):
                yield row
        offset += BATCH


def _attempt(row: EncounterRow, report: str | None) -> Attempt | None:
    """Return what counts, or None: the report may have gone or changed since it was listed."""
    scores = None if report is None else Scores.model_validate_json(report)
    if scores is None or scores.overall is None:
        return None
    return Attempt(
        encounter_id=row.encounter_id,
        at=row.created_at,
        scenario_id=scores.scenario_id,
        title=scores.title,
        overall=scores.overall,
        skills=scores.skills,
        outcome=scores.outcome,
        partial=scores.partial,
    )
