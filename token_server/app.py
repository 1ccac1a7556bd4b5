"""Puts the token server together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import TypedDict

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from personas import Library
from token_server import routes
from token_server.database import migrate, open_engine
from token_server.description import describe
from token_server.guard import Guard
from token_server.parts import Parts, utc_now
from token_server.problems import install
from token_server.rooms import LiveKitRooms, Rooms
from token_server.settings import Settings
from token_server.store import Store
from token_server.watcher import Watcher

ABOUT = """Practise a difficult conversation by voice with an AI patient or de-escalation subject.

Start an encounter, join its LiveKit room with the token you get, talk, and read the report.
Errors are always `{"code", "message"}`."""
TAGS = [
    {"name": "scenarios", "description": "What can be practised"},
    {"name": "encounters", "description": "One practice run each"},
    {"name": "reports", "description": "What came of a finished encounter"},
    {"name": "token", "description": "The way in for any LiveKit client"},
    {"name": "records", "description": "For workers: what they recorded"},
    {"name": "health", "description": "For whoever runs this"},
]


class State(TypedDict):
    """What the app carries while it runs."""

    parts: Parts


def create_app(
    settings: Settings, *, livekit: Rooms | None = None, library: Library | None = None
) -> FastAPI:
    """Return the app. It opens the database, migrates it and starts watching when it starts.

    Args:
        settings: checked by `settings.check`.
        livekit: what stands for the LiveKit server; None: the one the settings name.
        library: the scenarios; None: the bundled ones and those of `scenarios_dir`.
    """
    own = () if settings.scenarios_dir is None else (settings.scenarios_dir,)
    shelf = library or Library(*own)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[State]:
        engine = open_engine(settings.database_address())
        store = Store(engine)
        rooms: Rooms | None = None
        watching: asyncio.Task[None] | None = None
        try:
            await migrate(engine)
            rooms = livekit or LiveKitRooms(
                settings.livekit_address(),
                settings.api_key(),
                settings.api_secret(),
                agent_name=settings.agent_name,
            )
            watching = asyncio.create_task(Watcher(store, rooms, clock=utc_now).run())
            yield State(parts=Parts(settings=settings, library=shelf, store=store, rooms=rooms))
        finally:
            if watching is not None:
                watching.cancel()
                with suppress(asyncio.CancelledError):
                    await watching
            if rooms is not None and livekit is None:
                await rooms.close()
            await store.close()

    app = FastAPI(
        title="Interlocutor",
        version="0.1.0",
        description=ABOUT,
        openapi_tags=TAGS,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.openapi = partial(describe, app, routes.BODIES)  # type: ignore[method-assign]
    install(app)
    for router in routes.ALL:
        app.include_router(router)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=list(settings.allowed_origins),
        allow_methods=["GET", "POST", "PUT", "DELETE"],
        allow_headers=["Content-Type", "Authorization", "X-Sandbox-ID"],
    )
    app.add_middleware(Guard, allowed_origins=settings.allowed_origins)
    return app
