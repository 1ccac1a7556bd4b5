"""The log of an encounter as the trainee saw it: one JSON object a line, as it happens.

Programs read it (tests, benchmarks, other people's), so types and fields are a contract:
`t` seconds since the start and `type` are always there; messages from the room carry their own
fields as `agent.protocol` defines them.
"""

import time
from collections.abc import Callable
from typing import Any, Literal

EventType = Literal[
    "joined",
    "greeting",
    "persona_line",
    "trainee_line",
    "grade",
    "state",
    "report",
    "error",
]
Event = dict[str, Any]
OnEvent = Callable[[Event], None]


class EventLog:
    """Keeps the events of one encounter and passes each on at once."""

    def __init__(self, on_event: OnEvent | None = None) -> None:
        self._started = time.monotonic()
        self._on_event = on_event
        self.events: list[Event] = []

    def add(self, kind: EventType, **fields: Any) -> None:
        """Log an event now."""
        event = {"t": self.second(time.monotonic()), "type": kind, **fields}
        self.events.append(event)
        if self._on_event is not None:
            self._on_event(event)

    def second(self, at: float) -> float:
        """Return a moment of the monotonic clock as seconds since the start, to the millisecond."""
        return round(at - self._started, 3)
