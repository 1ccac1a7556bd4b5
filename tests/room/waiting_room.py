"""A LiveKit server to look into, workers that only show up, and trainees that only wait."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from livekit import api, rtc

AGENT = "interlocutor"


@dataclass(frozen=True, slots=True)
class LiveKit:
    """A livekit-server with keys of its own."""

    url: str
    key: str
    secret: str = field(repr=False)

    @asynccontextmanager
    async def api(self) -> AsyncIterator[api.LiveKitAPI]:
        """Give its API for a moment."""
        async with api.LiveKitAPI(self.url, self.key, self.secret, failover=False) as client:
            yield client

    async def personas(self, room_name: str) -> list[str]:
        """Return the identities of the agents in a room."""
        async with self.api() as client:
            inside = await client.room.list_participants(
                api.ListParticipantsRequest(room=room_name)
            )
        agent = api.ParticipantInfo.Kind.AGENT
        return [each.identity for each in inside.participants if each.kind == agent]

    async def metadata(self, room_name: str) -> str | None:
        """Return the metadata of a room, None if it is gone."""
        async with self.api() as client:
            found = await client.room.list_rooms(api.ListRoomsRequest(names=[room_name]))
        return found.rooms[0].metadata if found.rooms else None


@asynccontextmanager
async def a_worker(livekit: LiveKit) -> AsyncIterator[list[str]]:
    """Have a worker registered that joins whatever it is called to; gives what it was told."""
    told: list[str] = []
    registered = asyncio.Event()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(Path(__file__).parent / "bare_worker.py"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={
            **os.environ,
            "LIVEKIT_URL": livekit.url,
            "LIVEKIT_API_KEY": livekit.key,
            "LIVEKIT_API_SECRET": livekit.secret,
            "BARE_WORKER_NAME": AGENT,
        },
    )
    assert process.stdout is not None
    lines = process.stdout

    async def listen() -> None:
        async for line in lines:
            if line.strip() == b"registered":
                registered.set()
            elif line.startswith(b"{"):
                told.append(line.decode())

    listening = asyncio.create_task(listen())
    try:
        await asyncio.wait_for(registered.wait(), 60)
        yield told
    finally:
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), 20)
        except TimeoutError:
            process.kill()
            await process.wait()
        await listening


@asynccontextmanager
async def a_trainee(made: dict[str, Any]) -> AsyncIterator[rtc.Room]:
    """Join the room of a created encounter, as the page does."""
    room = rtc.Room()
    await room.connect(made["server_url"], made["participant_token"])
    try:
        yield room
    finally:
        await room.disconnect()


async def until(condition: Callable[[], Awaitable[bool]], *, within_s: float) -> float:
    """Wait until a condition holds; return how many seconds it took."""
    started = time.monotonic()
    while not await condition():
        assert time.monotonic() - started < within_s, f"not within {within_s} s"
        await asyncio.sleep(0.1)
    return time.monotonic() - started
