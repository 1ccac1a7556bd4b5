"""Is it alive, and could it start an encounter this second?"""

from fastapi import APIRouter
from pydantic import BaseModel

from token_server.parts import Use
from token_server.problems import RESPONSES

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """A yes; a no is an error."""

    status: str = "ok"


@router.get("/healthz", summary="Say whether the process is alive")
async def healthz() -> Health:
    """The process answers."""
    return Health()


@router.get(
    "/readyz", summary="Say whether an encounter could start now", responses={503: RESPONSES[503]}
)
async def readyz(parts: Use) -> Health:
    """The database can be written and LiveKit answers to our keys."""
    await parts.store.check()
    await parts.rooms.check()
    return Health()
