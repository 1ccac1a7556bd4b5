"""The watcher carries out what is decided, and outlives what it watches."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from token_server_world import ScriptedRooms

from agent.protocol import EncounterStatus
from token_server.database import migrate, open_engine
from token_server.rooms import LiveKitUnreachable, RoomView
from token_server.rows import EncounterRow
from token_server.store import Store
from token_server.watcher import Watcher

pytestmark = pytest.mark.unit
START = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
ALONE = RoomView(trainees=1, persona=False)


class Clock:
    """Shows the time it is set to."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def set(self, seconds: float) -> None:
        self.now = START + timedelta(seconds=seconds)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """A new database with one encounter in it, called once at second 0."""
    engine = open_engine(f"sqlite:///{tmp_path / 'x.db'}")
    await migrate(engine)
    made = Store(engine)
    await made.add(
        EncounterRow(
            encounter_id="e",
            room_name="enc_e",
            scenario_id="s",
            title="t",
            mode="exam",
            trainee_name=None,
            status=EncounterStatus.CREATED,
            created_at=START,
            attempts=1,
            called_at=START,
        )
    )
    yield made
    await made.close()


async def seen(store: Store) -> EncounterRow:
    row = await store.get("e")
    assert row is not None
    return row


async def test_a_trainee_nobody_comes_to_is_called_for_told_and_met(store: Store) -> None:
    rooms, clock = ScriptedRooms({"enc_e": ALONE}), Clock()
    watcher = Watcher(store, rooms, clock=clock)
    for second in range(1, 22):
        clock.set(second)
        await watcher.look()

    row = await seen(store)
    assert row.status is EncounterStatus.UNATTENDED
    assert rooms.views["enc_e"].noticed == "unattended"
    request = {"encounter_id": "e", "scenario_id": "s", "mode": "exam"}
    # Calls at 3, 6, 9, 12, 15, then every 5 s.
    assert rooms.calls == [("enc_e", request)] * 6
    assert row.attempts == 7

    rooms.views["enc_e"] = RoomView(
        1, True, metadata=rooms.views["enc_e"].metadata, noticed="unattended"
    )
    await watcher.look()
    assert (await seen(store)).status is EncounterStatus.ACTIVE
    assert rooms.views["enc_e"].noticed == "active"

    del rooms.views["enc_e"]
    await watcher.look()
    assert (await seen(store)).status is EncounterStatus.ENDED
    assert (await seen(store)).ended_at == clock.now


async def test_a_restart_forgets_nothing(store: Store) -> None:
    rooms, clock = ScriptedRooms({"enc_e": ALONE}), Clock()
    for second in range(1, 17):
        clock.set(second)
        await Watcher(store, rooms, clock=clock).look()

    assert (await seen(store)).status is EncounterStatus.UNATTENDED
    assert len(rooms.calls) == 5


async def test_two_watchers_make_one_call_a_generation(store: Store) -> None:
    rooms, clock = ScriptedRooms({"enc_e": ALONE}), Clock()
    clock.set(3)
    watchers = [Watcher(store, rooms, clock=clock) for _ in range(5)]

    await asyncio.gather(*(watcher.look() for watcher in watchers))

    assert len(rooms.calls) == 1


class Recovering(ScriptedRooms):
    """Fails in several ways before it works again."""

    def __init__(self) -> None:
        super().__init__({"enc_e": ALONE})
        gone = LiveKitUnreachable("ws://x", "no connection")
        self.troubles: list[Exception] = [gone, gone, ValueError("a bug"), gone]
        self.called = asyncio.Event()

    async def look(self, room_names: Iterable[str]) -> dict[str, RoomView | None]:
        if self.troubles:
            raise self.troubles.pop()
        return await super().look(room_names)

    async def call(self, room_name: str, metadata: str) -> None:
        await super().call(room_name, metadata)
        self.called.set()


async def test_livekit_out_of_reach_ends_no_encounter_and_not_the_watcher(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("token_server.watcher.LOOK_EVERY_S", 0.001)
    rooms, clock = Recovering(), Clock()
    clock.set(60)
    watching = asyncio.create_task(Watcher(store, rooms, clock=clock).run())

    await asyncio.wait_for(rooms.called.wait(), 10)

    assert rooms.troubles == []
    assert (await seen(store)).status is EncounterStatus.CREATED
    watching.cancel()


async def test_a_call_that_fails_is_repeated_as_the_next_generation(store: Store) -> None:
    rooms, clock = ScriptedRooms({"enc_e": ALONE}), Clock()
    rooms.fails_to_call = LiveKitUnreachable("ws://x", "no answer in 5 s")
    watcher = Watcher(store, rooms, clock=clock)
    clock.set(3)
    await watcher.look()
    rooms.fails_to_call = None
    clock.set(6)
    await watcher.look()

    assert len(rooms.calls) == 1
    assert (await seen(store)).attempts == 3


async def test_a_room_that_cannot_be_seen_is_left_as_it_is(store: Store) -> None:
    class Blind(ScriptedRooms):
        async def look(self, room_names: object) -> dict[str, RoomView | None]:
            return {}

    clock = Clock()
    clock.set(60)
    before = await seen(store)
    await Watcher(store, Blind(), clock=clock).look()

    assert await seen(store) == before


async def test_livekit_is_not_asked_while_no_encounter_is_open(store: Store) -> None:
    await store.erase("e", now=START)
    rooms = ScriptedRooms(fails=LiveKitUnreachable("ws://x", "no connection"))

    await Watcher(store, rooms, clock=Clock()).look()


async def test_a_room_deleted_during_a_call_is_not_left_behind(store: Store) -> None:
    class Deleting(ScriptedRooms):
        async def call(self, room_name: str, metadata: str) -> None:
            await store.erase("e", now=START)

    rooms, clock = Deleting({"enc_e": ALONE}), Clock()
    clock.set(3)
    await Watcher(store, rooms, clock=clock).look()

    assert rooms.ended == ["enc_e"]
