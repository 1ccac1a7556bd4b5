"""Looks at the open encounters every second and does what `attendance.decide` says.

The state is in the database, so a restart forgets nothing and two token servers may both watch:
storing the new generation is what gives the right to call.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog

from agent.protocol import EncounterRequest
from token_server.attendance import Actions, decide
from token_server.notice import with_notice
from token_server.rooms import LiveKitError, Rooms, RoomView
from token_server.rows import EncounterRow
from token_server.store import Store, StoreUnwritable

LOOK_EVERY_S = 1.0
log = structlog.get_logger(__name__)


def dispatch_metadata(row: EncounterRow) -> str:
    """Return what the called worker is told; a client may read it too."""
    return EncounterRequest(
        encounter_id=row.encounter_id, scenario_id=row.scenario_id, mode=row.mode
    ).model_dump_json()


class Watcher:
    """Keeps personas coming. `run` until cancelled."""

    def __init__(self, store: Store, rooms: Rooms, *, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._rooms = rooms
        self._clock = clock
        self._trouble = ""

    async def run(self) -> None:
        """Look again and again, whatever LiveKit or the database are up to."""
        while True:
            try:
                await self.look()
                self._note("")
            except (LiveKitError, StoreUnwritable) as error:
                self._note(str(error))
            except Exception as error:
                # A bug in one look must not leave every later trainee alone.
                if repr(error) != self._trouble:
                    log.exception("watch_failed")
                self._trouble = repr(error)
            await asyncio.sleep(LOOK_EVERY_S)

    async def look(self) -> None:
        """Look once; raises `LiveKitError` when nothing can be seen."""
        rows = await self._store.open_encounters()
        if not rows:
            return
        seen = await self._rooms.look([row.room_name for row in rows])
        for row in rows:
            if row.room_name not in seen:
                continue
            try:
                await self._care_for(row, seen[row.room_name])
            except LiveKitError as error:
                log.warning("watch_action_failed", encounter_id=row.encounter_id, why=str(error))

    async def _care_for(self, row: EncounterRow, room: RoomView | None) -> None:
        actions = decide(self._clock(), row, room)
        if actions.becomes != row and not await self._store.move(row, actions.becomes):
            return
        _tell_log(row, actions)
        if actions.notice is not None and room is not None:
            await self._rooms.describe(
                row.room_name,
                with_notice(
                    room.metadata, status=actions.notice.status, message=actions.notice.message
                ),
            )
        if actions.call:
            await self._rooms.call(row.room_name, dispatch_metadata(row))
            if await self._store.get(row.encounter_id) is None:
                # Deleted while we called; calling may have made the room anew.
                await self._rooms.end(row.room_name)

    def _note(self, trouble: str) -> None:
        if trouble and not self._trouble:
            log.warning("watch_interrupted", why=trouble)
        elif self._trouble and not trouble:
            log.info("watch_resumed")
        self._trouble = trouble


def _tell_log(row: EncounterRow, actions: Actions) -> None:
    after = actions.becomes
    if after.status != row.status:
        log.info("encounter_moved", encounter_id=row.encounter_id, status=after.status.value)
    if actions.call:
        log.info("persona_called_again", encounter_id=row.encounter_id, attempt=after.attempts)
