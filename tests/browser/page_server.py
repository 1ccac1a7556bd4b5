"""Serves the real page over scripted API answers, so that the page is tested against every answer
a token server may give, without one."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, Response
from scripted_persona import ScriptedPersona

from personas.model import Card, PublicScenario
from token_server import report_page

WEB = Path(__file__).parents[2] / "token_server" / "web"
LIVEKIT_CLIENT = WEB / "node_modules" / "livekit-client" / "dist" / "livekit-client.esm.mjs"
SECURITY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self' ws: wss: http: https:; media-src 'self' blob:; base-uri 'none'; "
    "form-action 'none'"
)


def scenario(scenario_id: str, kind: str, title: str) -> PublicScenario:
    """Return a scenario as the page gets it."""
    return PublicScenario(
        id=scenario_id,
        kind=kind,
        difficulty="medium",
        language="en",
        card=Card(
            title=title,
            profession="Nursing",
            setting="Emergency department, triage room 2",
            role="You are the triage nurse on the late shift.",
            background=(
                "A 58-year-old person walked in ten minutes ago. The desk noted “tight chest” and "
                "nothing else.\n\nThe waiting room is full. You have not met before."
            ),
            tasks=(
                "Introduce yourself and find out why they came.",
                "Learn enough about the pain to judge how urgent it is.",
                "Explain what happens next and check that it was understood.",
            ),
        ),
    )


class PageServer:
    """One server for one test. Attributes are its script; `requests` is what it was asked."""

    def __init__(self, persona: ScriptedPersona) -> None:
        self.persona = persona
        self.scenarios = [
            scenario("chest-pain-nurse", "patient", "Chest pain at triage"),
            scenario("angry-visitor", "subject", "An angry visitor at the desk"),
        ]
        self.creation_error: tuple[int, dict[str, str], dict[str, str]] | None = None
        self.client_installed = True
        self.makes_pdfs = False
        self.status: dict[str, Any] = {"status": "created"}
        self.on_create: Callable[[], Awaitable[None]] = persona.join
        self.requests: list[tuple[str, Any]] = []
        self.url = ""
        self.port = 0

    def app(self) -> FastAPI:
        """Return the application."""
        app = FastAPI()

        @app.middleware("http")
        async def secure(
            request: Request, go: Callable[[Request], Awaitable[Response]]
        ) -> Response:
            response = await go(request)
            response.headers.setdefault("Content-Security-Policy", SECURITY)
            return response

        @app.get("/")
        async def page() -> FileResponse:
            return FileResponse(WEB / "index.html")

        @app.get("/framed")
        async def framed() -> HTMLResponse:
            # Another origin than the frame's, and no allow="microphone".
            frame = f'<iframe src="http://localhost:{self.port}/" width=800 height=900></iframe>'
            policy = {"Content-Security-Policy": "frame-src *"}
            return HTMLResponse(f"<!doctype html><title>Course</title>{frame}", headers=policy)

        @app.get("/assets/{name}")
        async def asset(name: str) -> FileResponse:
            return FileResponse(WEB / name)

        @app.get("/vendor/livekit-client.esm.mjs")
        async def client() -> Response:
            if not self.client_installed:
                return PlainTextResponse("livekit-client is not installed", 503)
            return FileResponse(LIVEKIT_CLIENT, media_type="text/javascript")

        @app.get("/api/scenarios")
        async def scenarios() -> list[PublicScenario]:
            return self.scenarios

        @app.post("/api/encounters", status_code=201)
        async def create(request: Request) -> Response:
            self.requests.append(("create", await request.json()))
            if self.creation_error:
                status, body, headers = self.creation_error
                return JSONResponse(body, status, headers)
            await self.on_create()
            return JSONResponse(
                {
                    "encounter_id": self.persona.encounter_id,
                    "room_name": self.persona.room_name,
                    "server_url": self.persona.livekit_url,
                    "participant_token": self.persona.trainee_token(),
                    "expires_at": "2030-01-01T00:00:00Z",
                },
                201,
            )

        @app.get("/api/encounters/{encounter_id}")
        async def status(encounter_id: str) -> dict[str, Any]:
            self.requests.append(("status", encounter_id))
            return {"encounter_id": encounter_id, **self.status}

        @app.get("/api/encounters/{encounter_id}/report.json")
        async def report(encounter_id: str) -> Response:
            if self.persona.report is None:
                message = {"code": "no_report", "message": "the report is not there yet"}
                return JSONResponse(message | self.status, 404)
            return Response(self.persona.report.model_dump_json(), media_type="application/json")

        @app.get("/api/encounters/{encounter_id}/report.html")
        async def report_html(encounter_id: str) -> HTMLResponse:
            assert self.persona.report is not None
            policy = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
            return HTMLResponse(report_page.render(self.persona.report), headers=policy)

        @app.head("/api/encounters/{encounter_id}/report.pdf")
        async def report_pdf(encounter_id: str) -> Response:
            return Response(status_code=200 if self.makes_pdfs else 501)

        return app


@contextlib.asynccontextmanager
async def serving(pages: PageServer) -> AsyncIterator[PageServer]:
    """Serve on a free loopback port until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        pages.port = listener.getsockname()[1]
        pages.url = f"http://127.0.0.1:{pages.port}"
        config = uvicorn.Config(pages.app(), log_level="warning", lifespan="off")
        server = uvicorn.Server(config)
        running = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield pages
        finally:
            server.should_exit = True
            await running
