"""Nobody waits in an empty room: real rooms, real dispatch, and a worker that comes or does not."""

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from livekit import rtc
from waiting_room import LiveKit, a_trainee, a_worker, until

from token_server.rooms import LiveKitRefused, LiveKitRooms, LiveKitUnreachable

pytestmark = pytest.mark.room


async def start(token_server: httpx.AsyncClient) -> dict[str, Any]:
    answer = await token_server.post("/api/encounters", json={"scenario_id": "chest-pain-nurse"})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def see(token_server: httpx.AsyncClient, made: dict[str, Any]) -> dict[str, Any]:
    view: dict[str, Any] = (
        await token_server.get(f"/api/encounters/{made['encounter_id']}")
    ).json()
    return view


async def wait_for(
    token_server: httpx.AsyncClient, made: dict[str, Any], status: str, *, within_s: float
) -> float:
    async def reached() -> bool:
        return bool((await see(token_server, made))["status"] == status)

    return await until(reached, within_s=within_s)


async def met(room: rtc.Room) -> bool:
    """Tell whether somebody else is in the room."""
    return len(room.remote_participants) == 1


async def test_a_created_encounter_gets_its_persona(
    livekit: LiveKit, token_server: httpx.AsyncClient
) -> None:
    async with a_worker(livekit) as told:
        made = await start(token_server)
        async with a_trainee(made) as room:
            await wait_for(token_server, made, "active", within_s=10)

            await until(lambda: met(room), within_s=3)
            (persona,) = room.remote_participants.values()
            assert persona.kind == rtc.ParticipantKind.PARTICIPANT_KIND_AGENT
            assert room.local_participant.identity.startswith("trainee-")
            (request,) = map(json.loads, told)
            assert request["encounter_id"] == made["encounter_id"]
            assert request["scenario_id"] == "chest-pain-nurse"


async def test_any_livekit_client_gets_its_persona_through_the_standard_endpoint(
    livekit: LiveKit, token_server: httpx.AsyncClient
) -> None:
    async with a_worker(livekit):
        made = (await token_server.post("/api/token", json={})).json()
        async with a_trainee(made) as room:
            await until(lambda: met(room), within_s=10)


async def test_a_worker_that_starts_five_seconds_late_is_still_found(
    livekit: LiveKit, token_server: httpx.AsyncClient
) -> None:
    made = await start(token_server)
    created_at = time.monotonic()
    async with a_trainee(made):

        async def five_seconds_passed() -> bool:
            return time.monotonic() - created_at >= 5

        await until(five_seconds_passed, within_s=6)
        assert (await see(token_server, made))["status"] == "created"
        async with a_worker(livekit) as told:
            took = await wait_for(token_server, made, "active", within_s=10)

            print(f"persona found {took:.1f} s after the late worker registered")
            assert len(await livekit.personas(made["room_name"])) == 1
            assert (await see(token_server, made))["attempts"] >= 2
            assert len(told) == 1


async def test_when_no_persona_is_to_be_had_the_trainee_and_the_room_are_told(
    livekit: LiveKit, token_server: httpx.AsyncClient
) -> None:
    made = await start(token_server)
    async with a_trainee(made) as room:
        took = await wait_for(token_server, made, "unattended", within_s=20)

        assert took >= 14
        view = await see(token_server, made)
        assert "you may wait, or leave" in view["message"]

        async def told() -> bool:
            return "interlocutor" in room.metadata

        await until(told, within_s=3)
        notice = json.loads(room.metadata)["interlocutor"]
        assert notice == {"status": "unattended", "message": view["message"]}

        async with a_worker(livekit):
            await wait_for(token_server, made, "active", within_s=15)

            async def untold() -> bool:
                return bool(json.loads(room.metadata)["interlocutor"]["status"] == "active")

            await until(untold, within_s=3)
    # Once both have left LiveKit closes the room, and the encounter is over.
    await wait_for(token_server, made, "ended", within_s=30)


async def test_six_encounters_within_five_seconds_all_get_exactly_one_persona(
    livekit: LiveKit, token_server: httpx.AsyncClient
) -> None:
    async with a_worker(livekit) as told:
        started = time.monotonic()
        made = []
        for number in range(6):

            async def its_turn(number: int = number) -> bool:
                return time.monotonic() - started >= number * 0.9

            await until(its_turn, within_s=5)
            made.append(await start(token_server))
        assert time.monotonic() - started < 6

        took = await asyncio.gather(
            *(wait_for(token_server, each, "active", within_s=15) for each in made)
        )

        attempts = [(await see(token_server, each))["attempts"] for each in made]
        print(f"calls {attempts}, slowest {max(took):.1f} s after the last was created")
        # Longer than the watcher waits: a second persona would have been called by now.
        settled = time.monotonic() + 4
        while time.monotonic() < settled:
            for each in made:
                assert len(await livekit.personas(each["room_name"])) == 1
            await asyncio.sleep(0.5)
        called = {json.loads(request)["encounter_id"] for request in told}
        assert called == {each["encounter_id"] for each in made}


async def test_a_persona_that_vanishes_is_replaced(
    livekit: LiveKit, token_server: httpx.AsyncClient
) -> None:
    made = await start(token_server)
    async with a_trainee(made) as room:
        async with a_worker(livekit):
            await wait_for(token_server, made, "active", within_s=10)

        async def alone() -> bool:
            return not room.remote_participants

        await until(alone, within_s=20)
        async with a_worker(livekit):
            await until(lambda: met(room), within_s=10)
            assert (await see(token_server, made))["attempts"] >= 2


async def test_deleting_ends_the_room_for_everybody_in_it(
    livekit: LiveKit, token_server: httpx.AsyncClient
) -> None:
    async with a_worker(livekit):
        made = await start(token_server)
        async with a_trainee(made) as room:
            await wait_for(token_server, made, "active", within_s=10)
            gone = asyncio.Event()
            room.on("disconnected", lambda *_: gone.set())

            deleted = await token_server.delete(f"/api/encounters/{made['encounter_id']}")

            assert deleted.status_code == 204
            await asyncio.wait_for(gone.wait(), 5)
            assert await livekit.metadata(made["room_name"]) is None
            assert (
                await token_server.get(f"/api/encounters/{made['encounter_id']}")
            ).status_code == 404


async def test_a_server_that_does_not_know_our_keys_is_told_apart_from_none(
    livekit: LiveKit, free_ports: Any, tmp_path: Path
) -> None:
    for url, key, secret, refusal in (
        (livekit.url, livekit.key, "x" * 40, LiveKitRefused),
        (livekit.url, "unknown", livekit.secret, LiveKitRefused),
        (f"ws://127.0.0.1:{free_ports(1)}", livekit.key, livekit.secret, LiveKitUnreachable),
    ):
        rooms = LiveKitRooms(url, key, secret, agent_name="a")
        for ask in (rooms.check(), rooms.create("r"), rooms.look(["r"]), rooms.call("r", "{}")):
            with pytest.raises(refusal, match=url):
                await ask
        await rooms.close()


async def test_readiness_is_about_a_livekit_that_answers_to_our_keys(
    token_server: httpx.AsyncClient,
) -> None:
    assert (await token_server.get("/readyz")).json() == {"status": "ok"}
