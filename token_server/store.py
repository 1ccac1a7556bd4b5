"""What the token server keeps: encounters, their records, and which were erased.

Every write is one short transaction that either happens or leaves things as they were, so that the
watcher, the worker's records and a trainee's deletion cannot undo each other.
"""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from agent.protocol import EncounterStatus, Record
from token_server.rows import OPEN, EncounterRow
from token_server.tables import encounters, erased, records


class StoreUnwritable(Exception):
    """The database cannot be read or written; nothing was changed."""

    code = "store_unwritable"

    def __init__(self, cause: object) -> None:
        super().__init__(
            f"the database cannot be read or written ({cause}); nothing was changed: check that "
            "the place named by DATABASE_URL exists, has room and may be written, then try again"
        )


class Erased(Exception):
    """The encounter was deleted and stays deleted."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is stored after a record came in."""

    revision: int
    status: EncounterStatus


class Store:
    """The database behind one engine."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._writer = engine.execution_options(writes=True)

    async def close(self) -> None:
        """Let go of the database."""
        await self._engine.dispose()

    async def add(self, row: EncounterRow) -> None:
        """Store a new encounter."""
        async with self._writing() as connection:
            await connection.execute(insert(encounters).values(asdict(row)))

    async def get(self, encounter_id: str) -> EncounterRow | None:
        """Return an encounter, or None."""
        query = select(encounters).where(encounters.c.encounter_id == encounter_id)
        async with self._reading() as connection:
            found = (await connection.execute(query)).one_or_none()
        return None if found is None else _row(found)

    async def page(self, *, limit: int, offset: int) -> list[EncounterRow]:
        """Return encounters, newest first."""
        order = (encounters.c.created_at.desc(), encounters.c.encounter_id)
        query = select(encounters).order_by(*order).limit(limit).offset(offset)
        return await self._rows(query)

    async def open_encounters(self) -> list[EncounterRow]:
        """Return the encounters in which somebody may be waiting, oldest first."""
        query = select(encounters).where(encounters.c.status.in_(OPEN))
        return await self._rows(query.order_by(encounters.c.created_at))

    async def move(self, before: EncounterRow, after: EncounterRow) -> bool:
        """Replace `before` by `after` unless somebody else moved it on in between.

        Two watchers that decide to call the same generation cannot both get True.
        """
        same = (
            encounters.c.encounter_id == before.encounter_id,
            encounters.c.status == before.status,
            encounters.c.attempts == before.attempts,
        )
        async with self._writing() as connection:
            done = await connection.execute(update(encounters).where(*same).values(asdict(after)))
        return done.rowcount == 1

    async def discard(self, encounter_id: str) -> None:
        """Forget an encounter that never came to be."""
        async with self._writing() as connection:
            await connection.execute(
                delete(encounters).where(encounters.c.encounter_id == encounter_id)
            )

    async def erase(self, encounter_id: str, *, now: datetime) -> bool:
        """Delete an encounter with all that was said in it, for good; False if there is none."""
        one = encounters.c.encounter_id == encounter_id
        async with self._writing() as connection:
            gone = await connection.execute(delete(encounters).where(one))
            if gone.rowcount == 0:
                return False
            await connection.execute(
                insert(erased).values(encounter_id=encounter_id, erased_at=now)
            )
        await self._forget_log()
        return True

    async def keep(self, record: Record, raw: bytes, *, title: str, now: datetime) -> Kept:
        """Store a worker's record if it is newer than what is there; raises `Erased`.

        `raw` is the record as it came. An encounter nobody created here (a stock client's) gets
        its row, with `title`.
        """
        one = encounters.c.encounter_id == record.encounter_id
        async with self._writing() as connection:
            tomb = select(erased.c.encounter_id).where(erased.c.encounter_id == record.encounter_id)
            if (await connection.execute(tomb)).one_or_none() is not None:
                raise Erased
            locked = select(encounters).where(one).with_for_update()
            found = (await connection.execute(locked)).one_or_none()
            row = _first_seen(record, title=title, now=now) if found is None else _row(found)
            if found is None:
                await connection.execute(insert(encounters).values(asdict(row)))
            mine = records.c.encounter_id == record.encounter_id
            known = (
                await connection.execute(select(records.c.revision).where(mine))
            ).scalar_one_or_none()
            if known is not None and known >= record.revision:
                return Kept(known, row.status)
            values = {
                "revision": record.revision,
                "received_at": now,
                "record": raw.decode(),
                "report": None if record.report is None else _raw_report(raw),
            }
            if known is None:
                values["encounter_id"] = record.encounter_id
                await connection.execute(insert(records).values(values))
            else:
                await connection.execute(update(records).where(mine).values(values))
            moved = _moved_by(record, row, now=now)
            await connection.execute(update(encounters).where(one).values(moved))
        return Kept(record.revision, moved["status"])

    async def report(self, encounter_id: str) -> str | None:
        """Return the report as the worker wrote it, or None when there is none yet."""
        query = select(records.c.report).where(records.c.encounter_id == encounter_id)
        async with self._reading() as connection:
            found: str | None = (await connection.execute(query)).scalar_one_or_none()
        return found

    async def check(self) -> None:
        """Write and take it back; raises `StoreUnwritable`."""
        probe = insert(erased).values(encounter_id="", erased_at=datetime.now(UTC))
        with _refusing():
            async with self._writer.connect() as connection:
                await connection.execute(probe)
                await connection.rollback()

    async def _rows(self, query: Any) -> list[EncounterRow]:
        async with self._reading() as connection:
            return [_row(each) for each in (await connection.execute(query)).all()]

    async def _forget_log(self) -> None:
        if self._engine.dialect.name != "sqlite":
            return
        async with self._engine.connect() as connection:
            driver = await connection.get_raw_connection()
            # What was deleted still stands in the write-ahead log until that is emptied.
            await driver.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[AsyncConnection]:
        with _refusing():
            async with self._engine.connect() as connection:
                yield connection

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[AsyncConnection]:
        with _refusing():
            async with self._writer.begin() as connection:
                yield connection


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise StoreUnwritable(getattr(error, "orig", None) or error) from error


def _row(found: Row[Any]) -> EncounterRow:
    values = dict(found._mapping)
    return EncounterRow(**{**values, "status": EncounterStatus(values["status"])})


def _first_seen(record: Record, *, title: str, now: datetime) -> EncounterRow:
    return EncounterRow(
        encounter_id=record.encounter_id,
        room_name=record.room_name,
        scenario_id=record.scenario_id,
        title=title,
        mode=record.report.mode if record.report else "practice",
        trainee_name=None,
        status=EncounterStatus.ACTIVE,
        created_at=now,
        attempts=1,
        called_at=now,
    )


def _moved_by(record: Record, row: EncounterRow, *, now: datetime) -> dict[str, Any]:
    """Return the columns a newer record changes. Only forward: what has ended stays ended."""
    over = record.phase == "ended" or record.report is not None
    status = EncounterStatus.ENDED if over and row.status in OPEN else row.status
    if record.report is not None:
        status = EncounterStatus.REPORTED
    return {
        "status": status,
        "overall": record.report.overall if record.report else row.overall,
        "ended_at": row.ended_at or (now if over else None),
        "waiting_since": None if over else row.waiting_since,
    }


def _raw_report(raw: bytes) -> str:
    return json.dumps(json.loads(raw)["report"], ensure_ascii=False)
