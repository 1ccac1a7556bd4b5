"""Where workers hand in what they recorded.

A record comes whole, again and again, from an outbox that stops only at a final answer: so it is
idempotent, an older revision changes nothing, and one for an erased encounter is answered 410.
"""

from fastapi import APIRouter, Request
from pydantic import BaseModel, ValidationError

from agent.protocol import SIGNATURE_HEADER, EncounterStatus, Record, verify
from personas import Library, ScenarioError
from token_server.description import body_schema
from token_server.parts import Parts, Use, utc_now
from token_server.problems import RESPONSES, ErrorBody, Problem
from token_server.store import Erased

router = APIRouter(tags=["records"])


class Kept(BaseModel):
    """What is stored now."""

    encounter_id: str
    revision: int
    """The highest that ever came."""
    status: EncounterStatus


@router.put(
    "/api/records/{encounter_id}",
    summary="Hand in a worker's record",
    responses={
        401: {"model": ErrorBody, "description": "Not signed by a worker of ours"},
        410: {"model": ErrorBody, "description": "Deleted; do not send it again"},
        413: {"model": ErrorBody, "description": "Larger than 4 MB"},
        422: RESPONSES[422],
        503: RESPONSES[503],
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": body_schema(Record)}},
        },
        "parameters": [
            {
                "name": SIGNATURE_HEADER,
                "in": "header",
                "required": True,
                "schema": {"type": "string"},
                "description": "t=<unix seconds>,v1=<HMAC of time, path and body>",
            }
        ],
    },
)
async def put_record(encounter_id: str, request: Request, parts: Use) -> Kept:
    """Keep the record if it is newer than what is there. Signed over the raw body and the path."""
    raw = await request.body()
    _check_signature(request, raw, parts)
    try:
        record = Record.model_validate_json(raw)
    except ValidationError as error:
        fault = error.errors()[0]
        field = ".".join(map(str, fault["loc"])) or "body"
        raise Problem(422, "record_invalid", f"{field}: {fault['msg'].lower()}") from None
    if record.encounter_id != encounter_id:
        raise Problem(
            422,
            "record_misaddressed",
            f"the record is of encounter {record.encounter_id!r}, not of {encounter_id!r}",
        )
    title = _title(parts.library, record)
    try:
        kept = await parts.store.keep(record, raw, title=title, now=utc_now())
    except Erased:
        raise Problem(
            410, "encounter_erased", f"encounter {encounter_id!r} was deleted and stays deleted"
        ) from None
    return Kept(encounter_id=encounter_id, revision=kept.revision, status=kept.status)


def _check_signature(request: Request, raw: bytes, parts: Parts) -> None:
    header = request.headers.get(SIGNATURE_HEADER)
    if header is None:
        raise Problem(
            401, "signature_missing", f"a record must be signed in the header {SIGNATURE_HEADER}"
        )
    # A worker signs the path it wrote or the one its HTTP client made of it: the same resource.
    paths = {request.url.path, request.scope.get("raw_path", b"").decode("ascii", "replace")}
    secret = parts.settings.api_secret()
    now = utc_now().timestamp()
    if not any(verify(header, raw, path=path, secret=secret, now=now) for path in paths):
        raise Problem(
            401,
            "signature_wrong",
            "the signature does not fit: worker and token server need the same LIVEKIT_API_SECRET "
            "and clocks less than five minutes apart",
        )


def _title(library: Library, record: Record) -> str:
    if record.report is not None:
        return record.report.title
    try:
        return library.get(record.scenario_id).card.title
    except ScenarioError:
        return record.scenario_id
