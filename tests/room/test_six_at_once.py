"""Six encounters started within five seconds all get their persona, from the worker that ships."""

import asyncio
import time
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from livekit import rtc
from waiting_room import a_trainee, until

if TYPE_CHECKING:
    from conftest import RunningStack

pytestmark = pytest.mark.room

READY = ("listening", "thinking", "speaking")


def personas(room: rtc.Room) -> list[str]:
    """Return the identities of the personas in a room that are ready to talk."""
    return [
        each.identity
        for each in room.remote_participants.values()
        if each.attributes.get("lk.agent.state") in READY
    ]


async def test_six_encounters_within_five_seconds_get_one_persona_each(stack: "RunningStack"):
    scenarios = ("chest-pain-nurse", "hospital-visitor")
    rooms: list[rtc.Room] = []
    made: list[dict[str, Any]] = []
    begun = time.monotonic()

    async with httpx.AsyncClient(base_url=stack.url, timeout=20) as http, AsyncExitStack() as open_:
        for number in range(6):
            answer = await http.post("/api/encounters", json={"scenario_id": scenarios[number % 2]})
            assert answer.status_code == 201, answer.text
            made.append(answer.json())
        created_s = time.monotonic() - begun
        for encounter in made:
            rooms.append(await open_.enter_async_context(a_trainee(encounter)))

        async def all_attended() -> bool:
            return all(personas(room) for room in rooms)

        await until(all_attended, within_s=30)
        # Long enough for a persona called once too often to show up.
        await asyncio.sleep(4)
        attended = [len(personas(room)) for room in rooms]
        for encounter in made:
            await http.delete(f"/api/encounters/{encounter['encounter_id']}")

    assert created_s < 5
    assert attended == [1] * 6
