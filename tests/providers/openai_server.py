"""A server on loopback that speaks as much of OpenAI's API as the persona uses, from a script.

It writes down what it was asked, so that a test can say what really went over the wire, and it can
fail the way providers fail: by status, by hanging, by breaking off, by talking nonsense.
"""

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

OPENAI_KEY = "sk-scripted-0123456789"
Answer = Callable[["OpenAIServer", web.Request], Awaitable[web.StreamResponse]]
"""What the server does with one request."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came over the wire."""

    authorization: str
    body: dict[str, Any]
    """The JSON document, or the fields of the form; an uploaded file is its bytes."""


@dataclass
class OpenAIServer:
    """Answers each request to a route with the next of its answers; the last one stays."""

    url: str = ""
    """Base address, ending in /v1; known once it listens."""
    chat: list[Answer] = field(default_factory=list)
    transcriptions: list[Answer] = field(default_factory=list)
    speech: list[Answer] = field(default_factory=list)
    asked: dict[str, list[Asked]] = field(default_factory=dict)
    """Requests by route, in order."""
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the test is over, so that what hangs lets go."""

    def app(self) -> web.Application:
        """Return the routes, ready to be served."""
        app = web.Application()
        for name, path in (
            ("chat", "/v1/chat/completions"),
            ("transcriptions", "/v1/audio/transcriptions"),
            ("speech", "/v1/audio/speech"),
        ):
            self.asked[name] = []
            app.router.add_post(path, self._route(name))
        app.router.add_get("/v1/models", _models)
        return app

    def _route(self, name: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            self.asked[name].append(await _written_down(request))
            script: list[Answer] = getattr(self, name)
            answer = script.pop(0) if len(script) > 1 else script[0]
            return await answer(self, request)

        return handle


def says(*words: str) -> Answer:
    """Return a completion streamed in the pieces given."""
    return _chat([*map(_delta, words), _delta(None, finish="stop"), "[DONE]"])


def garbles(*words: str) -> Answer:
    """Return a completion whose next piece is no JSON."""
    return _chat([*map(_delta, words), '{"id": "chatcmpl-1", "choices": [{'])


def breaks_off(*words: str) -> Answer:
    """Return a completion whose connection is reset after the pieces given."""
    return _chat([*map(_delta, words)], then=_reset)


def transcribes(text: str) -> Answer:
    """Return a transcription."""
    return _json({"text": text})


def talks_nonsense() -> Answer:
    """Return a body that claims to be JSON and is not."""

    async def answer(_: OpenAIServer, __: web.Request) -> web.StreamResponse:
        return web.Response(text='{"text": ', content_type="application/json")

    return answer


def speaks_events(*chunks: bytes) -> Answer:
    """Return speech as OpenAI's own servers stream it: PCM in base64, an event a chunk."""
    events = [
        json.dumps({"type": "speech.audio.delta", "audio": base64.b64encode(chunk).decode()})
        for chunk in chunks
    ]
    return _chat([*events, json.dumps({"type": "speech.audio.done"})])


def speaks_bytes(*chunks: bytes) -> Answer:
    """Return speech as compatible servers do: raw PCM in chunks."""

    async def answer(_: OpenAIServer, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "audio/pcm"})
        await response.prepare(request)
        for chunk in chunks:
            await response.write(chunk)
        await response.write_eof()
        return response

    return answer


def fails(status: int, message: str = "no") -> Answer:
    """Return an error in OpenAI's shape."""
    return _json({"error": {"message": message, "type": "error", "code": None}}, status=status)


def hangs() -> Answer:
    """Take the request and say nothing."""

    async def answer(server: OpenAIServer, request: web.Request) -> web.StreamResponse:
        await server.closing.wait()
        return _reset(request)

    return answer


def resets() -> Answer:
    """Cut the connection instead of answering."""

    async def answer(_: OpenAIServer, request: web.Request) -> web.StreamResponse:
        return _reset(request)

    return answer


def _chat(events: list[str], then: Callable[[web.Request], Any] | None = None) -> Answer:
    async def answer(_: OpenAIServer, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for event in events:
            await response.write(f"data: {event}\n\n".encode())
        if then is not None:
            then(request)
        else:
            await response.write_eof()
        return response

    return answer


def _delta(words: str | None, finish: str | None = None) -> str:
    return json.dumps(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion.chunk",
            "created": 0,
            "model": "scripted",
            "choices": [{"index": 0, "delta": {"content": words}, "finish_reason": finish}],
        }
    )


def _json(document: dict[str, Any], status: int = 200) -> Answer:
    async def answer(_: OpenAIServer, __: web.Request) -> web.StreamResponse:
        return web.json_response(document, status=status)

    return answer


def _reset(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _written_down(request: web.Request) -> Asked:
    body: dict[str, Any]
    if request.content_type == "multipart/form-data":
        body = {}
        for name, value in (await request.post()).items():
            body[name] = value.file.read() if isinstance(value, web.FileField) else value
    else:
        body = await request.json()
    return Asked(request.headers.get("Authorization", ""), body)


async def _models(_: web.Request) -> web.StreamResponse:
    return web.json_response({"object": "list", "data": []})
