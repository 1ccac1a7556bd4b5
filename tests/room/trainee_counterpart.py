"""Where the trainee meets the persona of tones: a token server of four routes and a voice."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import uvicorn
from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse
from tone_persona import RATE, REPORT, TonePersona, token, tone

from agent.trainee import Line, TraineeResult, run_trainee
from agent.trainee.waiting import until

if TYPE_CHECKING:
    from conftest import LiveKit

LINES = [Line("first", tone(1.0)), Line("second", tone(0.7)), Line("third", tone(1.2))]


@asynccontextmanager
async def small_token_server(
    livekit: "LiveKit", *, room_name: str, kind: str = "patient"
) -> AsyncIterator[str]:
    """Serve the routes the trainee uses, and a voice that says everything in tones."""
    app = FastAPI()

    @app.get("/api/scenarios/{scenario_id}")
    async def scenario(scenario_id: str) -> Any:
        if scenario_id == "tones":
            return {"id": "tones", "kind": kind}
        message = f"no scenario named {scenario_id!r}; known: tones"
        return JSONResponse({"code": "scenario_unknown", "message": message}, 404)

    @app.post("/api/encounters", status_code=201)
    async def create(body: dict[str, Any]) -> Any:
        return {
            "encounter_id": "e1",
            "room_name": room_name,
            "server_url": livekit.url,
            "participant_token": token(livekit, "trainee", room_name),
        }

    @app.get("/api/encounters/e1")
    async def status() -> Any:
        return {"status": "unattended", "message": "all personas are busy"}

    @app.get("/api/encounters/e1/report.json")
    async def report() -> Any:
        return REPORT

    @app.post("/v1/audio/speech")
    async def speech(body: dict[str, Any]) -> Response:
        padding = np.zeros(RATE // 5, dtype=np.int16)
        said = np.concatenate([padding, tone(0.2 + len(body["input"]) / 50), padding])
        return Response(said.tobytes(), media_type="audio/pcm")

    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    serving = asyncio.create_task(server.serve())
    assert await until(lambda: server.started, 10), "the small token server did not start"
    try:
        [listening] = server.servers[0].sockets
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving


class Meeting:
    """A room with the tone persona in it, and a token server that leads there."""

    def __init__(self, livekit: "LiveKit", *, kind: str = "patient", **script: Any) -> None:
        self._kind = kind
        self._livekit = livekit
        self.room_name = f"enc_{uuid.uuid4().hex[:8]}"
        self.persona = TonePersona(livekit, self.room_name, **script)
        self._after = AsyncExitStack()

    async def __aenter__(self) -> "Meeting":
        self.url = await self._after.enter_async_context(
            small_token_server(self._livekit, room_name=self.room_name, kind=self._kind)
        )
        await self._after.enter_async_context(self.persona)
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._after.aclose()

    async def run(self, lines: list[Line] = LINES, **options: Any) -> TraineeResult:
        return await run_trainee(self.url, "tones", lines, models_url=f"{self.url}/v1", **options)


def of_type(result: TraineeResult, kind: str) -> list[dict[str, Any]]:
    return [event for event in result.events if event["type"] == kind]
