"""A token server to test: real app, real SQLite file, and a LiveKit that follows a script."""

import json
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx

from agent.protocol import SIGNATURE_HEADER, sign
from token_server.app import create_app
from token_server.notice import noticed
from token_server.rooms import LiveKitError, RoomView
from token_server.settings import Settings

KEY = "testkey"
SECRET = "a-secret-of-more-than-thirty-two-bytes"
URL = "http://127.0.0.1:8000"


@dataclass
class ScriptedRooms:
    """Stands for LiveKit: remembers what was asked, shows the rooms it was told to show."""

    views: dict[str, RoomView] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    fails: LiveKitError | None = None
    """Raised by everything while set."""
    fails_to_call: LiveKitError | None = None

    async def create(self, room_name: str) -> None:
        self._fail()
        self.views[room_name] = RoomView(trainees=0, persona=False)

    async def call(self, room_name: str, metadata: str) -> None:
        self._fail(self.fails_to_call)
        self.calls.append((room_name, json.loads(metadata)))

    async def look(self, room_names: Iterable[str]) -> dict[str, RoomView | None]:
        self._fail()
        return {name: self.views.get(name) for name in room_names}

    async def describe(self, room_name: str, metadata: str) -> None:
        self._fail()
        before = self.views[room_name]
        self.views[room_name] = replace(before, metadata=metadata, noticed=noticed(metadata))

    async def end(self, room_name: str) -> None:
        self._fail()
        self.ended.append(room_name)
        self.views.pop(room_name, None)

    async def check(self) -> None:
        self._fail()

    async def close(self) -> None:
        raise AssertionError("what the app was given is not the app's to close")

    def _fail(self, also: LiveKitError | None = None) -> None:
        if self.fails or also:
            raise self.fails or also  # type: ignore[misc]


def make_settings(folder: Path, **given: Any) -> Settings:
    """Return settings that read no file and keep everything in `folder`."""
    values = {
        "livekit_url": "ws://127.0.0.1:18299",
        "livekit_api_key": KEY,
        "livekit_api_secret": SECRET,
        "data_dir": folder,
        "default_scenario": "chest-pain-nurse",
    }
    return Settings(_env_file=None, **{**values, **given})


@dataclass
class World:
    """A running token server and its surroundings."""

    client: httpx.AsyncClient
    rooms: ScriptedRooms
    settings: Settings

    async def start(self, **wish: Any) -> dict[str, Any]:
        """Start an encounter and return the answer."""
        body = {"scenario_id": "chest-pain-nurse", **wish}
        answer = await self.client.post("/api/encounters", json=body)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def put(self, record: dict[str, Any] | bytes, *, of: str, **how: Any) -> httpx.Response:
        """Hand in a record as a worker does."""
        body = record if isinstance(record, bytes) else json.dumps(record).encode()
        path = f"/api/records/{of}"
        at = int(how.get("at", time.time()))
        signature = sign(body, path=path, secret=how.get("secret", SECRET), at=at)
        return await self.client.put(
            path, content=body, headers={SIGNATURE_HEADER: how.get("signature", signature)}
        )


@asynccontextmanager
async def running(folder: Path, **given: Any) -> AsyncIterator[World]:
    """Run a token server with its database in `folder`."""
    settings = make_settings(folder, **given)
    rooms = ScriptedRooms()
    app = create_app(settings, livekit=rooms)
    async with app.router.lifespan_context(app) as state:
        transport = httpx.ASGITransport(app=_with_state(app, state), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=URL) as client:
            yield World(client=client, rooms=rooms, settings=settings)


def _with_state(app: Any, state: Any) -> Any:
    async def run(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, "state": dict(state)}, receive, send)

    return run


def make_record(encounter_id: str, **given: Any) -> dict[str, Any]:
    """Return a record of one exchange, still going on."""
    return {
        "encounter_id": encounter_id,
        "scenario_id": "chest-pain-nurse",
        "room_name": f"enc_{encounter_id}",
        "revision": 1,
        "phase": "active",
        "turns": [
            {
                "id": "t1",
                "speaker": "trainee",
                "text": "Good morning, my name is Maria.",
                "started_s": 1.0,
                "ended_s": 3.0,
            }
        ],
        **given,
    }


def make_report(encounter_id: str, **given: Any) -> dict[str, Any]:
    """Return a report of an encounter with one graded exchange."""
    return {
        "schema_version": 1,
        "encounter_id": encounter_id,
        "scenario_id": "chest-pain-nurse",
        "title": "Chest pain",
        "mode": "practice",
        "started_at": "2026-11-21T10:00:00Z",
        "duration_s": 61.5,
        "rubric": {"id": "r", "version": "1"},
        "grader": {"kind": "local", "model": "m", "version": "1"},
        "providers": {"hearing": "local"},
        "outcome": "resolution",
        "overall": 71,
        "skills": {"clear_communication": 71},
        "criteria": [],
        "exchanges": [
            {
                "index": 0,
                "persona_text": "",
                "reply_text": "Good morning, my name is Maria.",
                "started_s": 1.0,
                "ended_s": 3.0,
                "grade": {
                    "overall": 71,
                    "skills": {"clear_communication": 71},
                    "rationale": "clear introduction",
                    "advice": "ask an open question",
                },
                "delivery": {"spoken": True},
                "state": {"arousal": 2.0, "trust": 2.0},
            }
        ],
        "strengths": ["clear introduction"],
        "improvements": [],
        "ungraded_count": 0,
        "latency": {"p50_ms": 400, "p95_ms": 700},
        **given,
    }
