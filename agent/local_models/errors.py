"""What can go wrong, in the shape OpenAI's clients read: {"error": {"message", "type", "code"}}."""

from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

DEFAULT_CODES: Mapping[int, str] = {404: "not_found", 405: "method_not_allowed"}


class ModelMissing(Exception):
    """A model cannot be loaded; the message says which one and what to do."""


class RequestError(Exception):
    """The client asked for something we cannot do; answered with `status` and `code`."""

    def __init__(self, message: str, *, code: str, param: str | None = None, status: int = 400):
        super().__init__(message)
        self.code = code
        self.param = param
        self.status = status


class BrokenAudio(RequestError):
    """The uploaded bytes are not audio we can read."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="invalid_audio", param="file")


def answer_errors(app: FastAPI) -> None:
    """Make every error of the app leave in OpenAI's shape."""

    @app.exception_handler(RequestError)
    async def refused(_: Request, error: RequestError) -> JSONResponse:
        return _answer(error.status, str(error), error.code, error.param)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        fault = error.errors()[0]
        field = ".".join(str(part) for part in fault["loc"][1:]) or "body"
        message = str(fault["msg"]).removeprefix("Value error, ").lower()
        return _answer(400, f"{field}: {message}", "invalid_value", field)

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> JSONResponse:
        code = DEFAULT_CODES.get(error.status_code, "invalid_request")
        message = f"{error.detail.lower()}: {request.method} {request.url.path}"
        return _answer(error.status_code, message, code)

    @app.exception_handler(Exception)
    async def failed(_: Request, error: Exception) -> JSONResponse:
        return _answer(500, f"the local model failed: {type(error).__name__}", "model_failed")


def _answer(status: int, message: str, code: str, param: str | None = None) -> JSONResponse:
    kind = "server_error" if status >= 500 else "invalid_request_error"
    error = {"message": message, "type": kind, "param": param, "code": code}
    return JSONResponse({"error": error}, status_code=status)
