"""Decides what an encounter needs so that nobody waits in an empty room.

LiveKit calls a worker once: if none is free that second, the call is lost and nobody learns of it.
So somebody must look and call again. Pure: a table of what is seen, and what follows.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from agent.protocol import EncounterStatus
from token_server.rooms import RoomView
from token_server.rows import MESSAGES, EncounterRow

CALL_AGAIN_S = 3
"""A call nobody answered is repeated after this; so is that for a persona that vanished."""
ACCEPTED_S = 10
"""A call a worker accepted is repeated only after this: on a busy machine a job takes seconds to
start, and one more makes it no quicker."""
UNATTENDED_S = 15
"""A trainee alone for this long is told so."""
CALL_SLOWLY_S = 5
"""Between calls once the trainee has been told."""
YOUNG_S = 15
"""A room younger than this gets its persona even before the trainee comes."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What the room should tell its clients."""

    status: EncounterStatus
    message: str


@dataclass(frozen=True, slots=True)
class Actions:
    """What to do about one encounter."""

    becomes: EncounterRow
    """How to store it. With `call` it holds the new generation, so storing it claims the call."""
    call: bool = False
    notice: Notice | None = None


def decide(now: datetime, row: EncounterRow, room: RoomView | None) -> Actions:
    """Return what an open encounter needs; `room` is None when LiveKit no longer has it."""
    young = _since(now, row.created_at) < YOUNG_S
    if room is None:
        # The row is written before the room is made.
        being_made = row.attempts == 0 and young
        return Actions(row if being_made else replace(_over(row), ended_at=now))
    if room.persona:
        return Actions(
            replace(row, status=EncounterStatus.ACTIVE, waiting_since=None),
            notice=_notice(EncounterStatus.ACTIVE) if _stale(room) else None,
        )

    waiting_since = (row.waiting_since or now) if room.trainees else None
    row = replace(row, waiting_since=waiting_since)
    if waiting_since is not None and _since(now, waiting_since) >= UNATTENDED_S:
        row = replace(row, status=EncounterStatus.UNATTENDED)
    unattended = row.status is EncounterStatus.UNATTENDED
    notice = _notice(row.status) if unattended and room.noticed != row.status else None
    # Into an empty room only before the first persona came: later everybody has just left.
    wanted = room.trainees or (young and row.status is not EncounterStatus.ACTIVE)
    if wanted and _call_is_due(now, row, accepted=room.accepted):
        called = replace(row, attempts=row.attempts + 1, called_at=now)
        return Actions(called, call=True, notice=notice)
    return Actions(row, notice=notice)


def _call_is_due(now: datetime, row: EncounterRow, *, accepted: bool) -> bool:
    called_at = row.called_at or row.created_at
    if row.status is EncounterStatus.ACTIVE:
        # The persona came by the last call and vanished. It may have left because all is over and
        # its record is on the way here, so give that a moment.
        lost_at = row.waiting_since or called_at
        if lost_at > called_at:
            return _since(now, lost_at) >= CALL_AGAIN_S
    if accepted:
        return _since(now, called_at) >= ACCEPTED_S
    unattended = row.status is EncounterStatus.UNATTENDED
    return _since(now, called_at) >= (CALL_SLOWLY_S if unattended else CALL_AGAIN_S)


def _over(row: EncounterRow) -> EncounterRow:
    return replace(row, status=EncounterStatus.ENDED, waiting_since=None)


def _stale(room: RoomView) -> bool:
    return room.noticed == EncounterStatus.UNATTENDED


def _notice(status: EncounterStatus) -> Notice:
    return Notice(status, MESSAGES.get(status, ""))


def _since(now: datetime, then: datetime) -> float:
    return (now - then).total_seconds()
