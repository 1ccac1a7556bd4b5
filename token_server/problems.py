"""What goes wrong becomes `{"code", "message"}`, whoever noticed it.

The code is for programs and never changes; the message is a sentence for a person and names the
way out. Unknown exceptions are not handled here but in `guard`, which tells the client nothing.
"""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from token_server.rooms import LiveKitError
from token_server.store import StoreUnwritable


class ErrorBody(BaseModel):
    """What every error looks like."""

    code: str
    """For programs; it never changes."""
    message: str
    """For people; it names what was wrong and the way out."""


class Problem(Exception):
    """Something the client is told."""

    def __init__(self, http_status: int, code: str, message: str, **more: Any) -> None:
        self.http_status = http_status
        self.body = {"code": code, "message": message, **more}
        super().__init__(message)


def install(app: FastAPI) -> None:
    """Make every refusal of the app an `ErrorBody`."""

    @app.exception_handler(Problem)
    async def _problem(request: Request, error: Problem) -> JSONResponse:
        return JSONResponse(error.body, error.http_status)

    @app.exception_handler(LiveKitError)
    async def _livekit(request: Request, error: LiveKitError) -> JSONResponse:
        return _answer(503, error.code, str(error), {"Retry-After": "5"})

    @app.exception_handler(StoreUnwritable)
    async def _store(request: Request, error: StoreUnwritable) -> JSONResponse:
        return _answer(503, error.code, str(error), {"Retry-After": "5"})

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        return _answer(422, "invalid_request", "; ".join(_say(each) for each in error.errors()))

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> JSONResponse:
        path = request.url.path
        code, message = {
            404: ("not_found", f"there is nothing at {path!r}; the routes are listed at /docs"),
            405: ("method_not_allowed", f"{request.method} does not work at {path!r}; see /docs"),
        }.get(error.status_code, ("refused", str(error.detail)))
        return _answer(error.status_code, code, message, error.headers)


def _answer(
    status: int, code: str, message: str, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    return JSONResponse({"code": code, "message": message}, status, headers=headers)


def _say(fault: Any) -> str:
    place = [str(part) for part in fault["loc"] if part not in ("body", "query", "path")]
    field = ".".join(place) or "body"
    if fault["type"] == "json_invalid":
        return "the body is not JSON"
    if fault["type"] == "missing":
        return f"{field}: is missing"
    if fault["type"] == "extra_forbidden":
        return f"{field}: is not a known field"
    message = str(fault["msg"]).removeprefix("Value error, ")
    return f"{field}: {message[:1].lower()}{message[1:]}"


RESPONSES: dict[int | str, dict[str, Any]] = {
    404: {"model": ErrorBody, "description": "No such thing"},
    422: {"model": ErrorBody, "description": "The request says something impossible"},
    503: {"model": ErrorBody, "description": "LiveKit or the database cannot be used right now"},
}
"""The refusals of most routes, for the API's description."""
