"""A server on loopback that speaks Deepgram's streaming protocol, from a script.

Audio comes in as binary messages, control as JSON; results go out in the shape of /v1/listen. What
is said when depends on how much audio has come, as with the real one, so no clock is needed.
"""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

DEEPGRAM_KEY = "dg-scripted-0123456789"
BYTES_PER_S = 16000 * 2
"""16 kHz, 16 bit, mono: what the plugin sends unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A message to send once so much audio has come."""

    after_s: float
    message: dict[str, Any] | str | None
    """None: cut the connection."""


@dataclass
class Connection:
    """One WebSocket as the server saw it."""

    query: dict[str, str]
    audio_bytes: int = 0
    control: list[str] = field(default_factory=list)
    """Types of the control messages, in order."""


@dataclass
class DeepgramServer:
    """Plays the next script to each connection; the last one stays."""

    scripts: list[Sequence[Heard]] = field(default_factory=list)
    refuse_with: list[int] = field(default_factory=list)
    """Statuses to refuse the next connections with."""
    url: str = ""
    """Address of /v1/listen; known once it listens."""
    attempts: list[str] = field(default_factory=list)
    """The Authorization header of each attempt to connect."""
    connections: list[Connection] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def app(self) -> web.Application:
        """Return the route, ready to be served."""
        app = web.Application()
        app.router.add_get("/v1/listen", self._listen)
        return app

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until what came over the wire meets a condition; the caller sets the deadline."""
        while not condition():
            self._news.clear()
            await self._news.wait()

    async def _listen(self, request: web.Request) -> web.StreamResponse:
        self.attempts.append(request.headers.get("Authorization", ""))
        if self.refuse_with:
            return web.json_response({"err_msg": "refused"}, status=self.refuse_with.pop(0))
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        connection = Connection(dict(request.query))
        self.connections.append(connection)
        self._news.set()
        script = list(self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0])
        async for message in socket:
            if message.type == WSMsgType.BINARY:
                connection.audio_bytes += len(message.data)
            elif message.type == WSMsgType.TEXT:
                kind = json.loads(message.data)["type"]
                connection.control.append(kind)
                self._news.set()
                if kind == "CloseStream":
                    break
            while script and connection.audio_bytes >= script[0].after_s * BYTES_PER_S:
                due = script.pop(0).message
                if due is None:
                    assert request.transport is not None
                    request.transport.abort()
                    return socket
                await socket.send_str(due if isinstance(due, str) else json.dumps(due))
        await socket.send_json({"type": "Metadata", "request_id": "r1", "duration": 0.0})
        await socket.close()
        return socket


def started() -> dict[str, Any]:
    """Return the message that speech was noticed."""
    return {"type": "SpeechStarted", "channel": [0, 1], "timestamp": 0.0}


def interim(text: str) -> dict[str, Any]:
    """Return a result that may still change."""
    return _results(text, is_final=False, speech_final=False)


def final(text: str, *, endpoint: bool = True) -> dict[str, Any]:
    """Return a result that stands; `endpoint`: a pause followed it."""
    return _results(text, is_final=True, speech_final=endpoint)


def _results(text: str, *, is_final: bool, speech_final: bool) -> dict[str, Any]:
    words = [
        {
            "word": word.lower(),
            "punctuated_word": word,
            "start": 0.2 * number,
            "end": 0.2 * number + 0.2,
            "confidence": 0.97,
        }
        for number, word in enumerate(text.split())
    ]
    return {
        "type": "Results",
        "channel_index": [0, 1],
        "duration": 0.2 * len(words),
        "start": 0.0,
        "is_final": is_final,
        "speech_final": speech_final,
        "channel": {"alternatives": [{"transcript": text, "confidence": 0.97, "words": words}]},
        "metadata": {"request_id": "r1", "model_uuid": "m1"},
    }
