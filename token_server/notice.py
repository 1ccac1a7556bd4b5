"""What the room itself says of an encounter, so that any client can see it.

It stands in the room's metadata as `{"interlocutor": {"status", "message"}}`, beside whatever
others put there.
"""

import json
from typing import Any

from agent.protocol import EncounterStatus

KEY = "interlocutor"


def noticed(metadata: str) -> str | None:
    """Return the status that a room's metadata tells, or None."""
    notice = _parsed(metadata).get(KEY)
    status = notice.get("status") if isinstance(notice, dict) else None
    return status if isinstance(status, str) else None


def with_notice(metadata: str, *, status: EncounterStatus, message: str) -> str:
    """Return a room's metadata with our part of it replaced."""
    notice = {"status": status.value, "message": message}
    return json.dumps({**_parsed(metadata), KEY: notice}, ensure_ascii=False)


def _parsed(metadata: str) -> dict[str, Any]:
    try:
        found = json.loads(metadata or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
