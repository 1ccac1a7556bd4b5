"""LiveKit's standard token endpoint, so that any LiveKit client can start an encounter.

The client may say who it is called and which scenario it wants (in the metadata of our own agent);
room, identity and everything else about the room are decided here.
"""

import json
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agent.protocol import Mode
from token_server.admission import TraineeName, Wish, admit, find_scenario
from token_server.description import body_schema
from token_server.parts import Use, utc_now
from token_server.problems import RESPONSES, ErrorBody, Problem

router = APIRouter(tags=["token"])
Model = TypeVar("Model", bound=BaseModel)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AgentChoice(_Strict):
    """Whom the client asks for."""

    agent_name: str = ""
    """Our agent's name, or empty."""
    metadata: str = ""
    """JSON `{"scenario_id": …, "mode": …}`, both optional."""


class RoomConfig(_Strict):
    """The only part of LiveKit's room configuration a client may set."""

    agents: Annotated[list[AgentChoice], Field(max_length=1)] = []


class TokenRequest(_Strict):
    """The request of LiveKit's `TokenSource.endpoint`; every field is optional."""

    participant_name: TraineeName | None = None
    room_config: RoomConfig = RoomConfig()


class AgentMetadata(_Strict):
    """What the agent's metadata may say."""

    scenario_id: str | None = Field(default=None, max_length=64)
    mode: Mode = "practice"


class TokenResponse(BaseModel):
    """Where to connect, and with what."""

    server_url: str
    participant_token: str


_BODY = {
    "requestBody": {
        "required": False,
        "content": {"application/json": {"schema": body_schema(TokenRequest)}},
    }
}


@router.post(
    "/api/token",
    status_code=201,
    summary="Get a token with any LiveKit client",
    responses={400: {"model": ErrorBody, "description": "Not yours to set"}, 503: RESPONSES[503]},
    openapi_extra=_BODY,
)
async def post_token(request: Request, response: Response, parts: Use) -> TokenResponse:
    """Create an encounter and return a token for its room. `{}` works: the default scenario."""
    asked = _read(TokenRequest, await request.body(), field="")
    chosen = asked.room_config.agents[0] if asked.room_config.agents else AgentChoice()
    field = "room_config.agents.0"
    ours = parts.settings.agent_name
    if chosen.agent_name not in ("", ours):
        raise _refused(
            f"{field}.agent_name",
            f"is {chosen.agent_name!r}, and the only agent here is {ours!r}: say that or nothing",
        )
    details = _read(AgentMetadata, chosen.metadata.encode(), field=f"{field}.metadata")
    scenario_id = details.scenario_id or parts.settings.default_scenario
    scenario = find_scenario(
        parts.library, scenario_id, status=400, field=f"{field}.metadata.scenario_id"
    )
    wish = Wish(scenario_id=scenario_id, trainee_name=asked.participant_name, mode=details.mode)
    admitted = await admit(
        wish,
        scenario,
        settings=parts.settings,
        store=parts.store,
        rooms=parts.rooms,
        now=utc_now(),
    )
    response.headers["Cache-Control"] = "no-store"
    return TokenResponse(
        server_url=admitted.server_url, participant_token=admitted.participant_token
    )


def _read(model: type[Model], text: bytes, *, field: str) -> Model:
    try:
        data = json.loads(text or b"{}")
    except (ValueError, RecursionError):
        raise _refused(field or "body", "is not JSON: send an object, or nothing") from None
    try:
        return model.model_validate(_without_empty(data) or {})
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join([*([field] if field else []), *map(str, fault["loc"])]) or "body"
        if fault["type"] == "extra_forbidden":
            raise _refused(place, "is decided by this server: leave it out") from None
        message = str(fault["msg"])
        raise _refused(place, f"{message[:1].lower()}{message[1:]}") from None


def _without_empty(data: Any) -> Any:
    """Drop what says nothing: clients send fields they do not mean as empty text or null."""
    if isinstance(data, dict):
        kept = {key: _without_empty(value) for key, value in data.items()}
        return {key: value for key, value in kept.items() if value not in (None, "", {}, [])}
    if isinstance(data, list):
        return [_without_empty(value) for value in data]
    return data


def _refused(field: str, why: str) -> Problem:
    return Problem(400, "field_refused", f"{field}: {why}")
