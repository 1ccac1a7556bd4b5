"""The outermost layer: what holds for every request, whatever the routes do.

Bodies are capped before anybody parses them, requests of foreign web pages are refused (there is no
login yet, so being on this machine is the permission, and any page in a browser on it could
otherwise act for the trainee), every answer carries the security headers, and an exception nobody
foresaw tells the client a request id and nothing else.
"""

import json
import secrets
import time
from collections.abc import Iterable
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from token_server.settings import is_loopback

BODY_MAX = 64 * 1024
RECORD_MAX = 4 * 1024 * 1024
"""Bytes of a worker's record: an hour of conversation has about 0.2 MB."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "media-src 'self' blob:; worker-src 'self' blob:; "
        "connect-src 'self' ws: wss: http: https:; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
    ),
}
log = structlog.get_logger(__name__)


class Guard:
    """ASGI middleware around the whole app."""

    def __init__(self, app: ASGIApp, *, allowed_origins: Iterable[str]) -> None:
        self._app = app
        self._origins = frozenset(allowed_origins)
        self._hosts = frozenset(_host(urlsplit(each).netloc) for each in self._origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = secrets.token_hex(6)
        started = time.perf_counter()
        status = 0

        async def send_guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                refusal = self._refusal(scope)
                body = b"" if refusal else await _whole_body(scope, receive)
                if refusal:
                    await _answer(send_guarded, *refusal)
                elif body is None:
                    limit = _limit(scope)
                    await _answer(
                        send_guarded, 413, "too_large", f"the body is larger than {limit} bytes"
                    )
                else:
                    await self._app(scope, _replay(body, receive), send_guarded)
            except Exception:
                log.exception("request_failed", method=scope["method"], path=scope["path"])
                if not status:
                    await _answer(
                        send_guarded,
                        500,
                        "internal",
                        f"something went wrong here; the log has it under request {request_id}",
                    )
            finally:
                _log_access(scope, status, time.perf_counter() - started)

    def _refusal(self, scope: Scope) -> tuple[int, str, str] | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not is_loopback(_host(host)) and _host(host) not in self._hosts:
            return (
                421,
                "unknown_host",
                f"this server is not {host!r}: open it as http://127.0.0.1 or http://localhost, "
                "or add its origin to INTERLOCUTOR_ALLOWED_ORIGINS",
            )
        origin = headers.get("origin")
        own = {f"{scheme}://{host}" for scheme in ("http", "https")}
        if origin is None or origin in own | self._origins:
            return None
        return (
            403,
            "foreign_origin",
            f"pages of {origin!r} may not use this server: add it to INTERLOCUTOR_ALLOWED_ORIGINS",
        )


def _host(netloc: str) -> str:
    return (urlsplit(f"//{netloc}").hostname or "") if netloc.count("[") <= 1 else ""


def _limit(scope: Scope) -> int:
    return RECORD_MAX if scope["path"].startswith("/api/records/") else BODY_MAX


async def _whole_body(scope: Scope, receive: Receive) -> bytes | None:
    """Return the body, or None when it is too large."""
    limit = _limit(scope)
    announced = Headers(scope=scope).get("content-length", "0")
    if announced.isdigit() and int(announced) > limit:
        return None
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > limit:
            return None
        if message["type"] != "http.request" or not message.get("more_body"):
            return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


async def _answer(send: Send, status: int, code: str, message: str) -> None:
    body = json.dumps({"code": code, "message": message}).encode()
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _log_access(scope: Scope, status: int, seconds: float) -> None:
    path = scope["path"]
    tell = (
        log.info
        if path.startswith("/api/") and scope["method"] not in ("GET", "HEAD")
        else log.debug
    )
    tell("request", method=scope["method"], path=path, status=status, ms=round(seconds * 1000))
