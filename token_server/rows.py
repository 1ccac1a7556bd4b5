"""An encounter as the token server knows it: plain data, as the database holds it."""

from dataclasses import dataclass
from datetime import datetime

from agent.protocol import EncounterStatus, Mode

OPEN = (EncounterStatus.CREATED, EncounterStatus.ACTIVE, EncounterStatus.UNATTENDED)
"""The states in which somebody may still be waiting for a persona."""

MESSAGES = {
    EncounterStatus.UNATTENDED: (
        "Nobody has come to play this conversation yet. We keep calling; you may wait, "
        "or leave and try again later."
    ),
}
"""What the trainee is told in a state that needs an explanation."""


@dataclass(frozen=True, slots=True)
class EncounterRow:
    """One encounter. Times are UTC."""

    encounter_id: str
    room_name: str
    scenario_id: str
    title: str
    """The card's title, as it was at the time."""
    mode: Mode
    trainee_name: str | None
    status: EncounterStatus
    created_at: datetime
    attempts: int = 0
    """How often a persona was called; each call is one generation."""
    called_at: datetime | None = None
    """The last call."""
    waiting_since: datetime | None = None
    """When a trainee was first seen alone in the room; None while a persona is there."""
    ended_at: datetime | None = None
    overall: int | None = None
    """Of the report, 1 to 100."""

    def message(self) -> str:
        """Return what the trainee is told about the state, empty when it needs no words."""
        return MESSAGES.get(self.status, "")
