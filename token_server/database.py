"""Opens the database and brings it to our version.

SQLite gets what makes it safe for one busy process: a write-ahead log, waiting for locks instead
of failing, foreign keys, and content overwritten when deleted. Whatever else is SQL works on
PostgreSQL too.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

MIGRATIONS = Path(__file__).parent / "migrations"
DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
}
BUSY_MS = 5000
"""How long SQLite waits for another writer."""


class DatabaseError(Exception):
    """The database cannot be used; the message is one sentence naming DATABASE_URL."""


def open_engine(address: str, *, busy_ms: int = BUSY_MS) -> AsyncEngine:
    """Return an engine for `address`; raises `DatabaseError` when it is no usable address."""
    try:
        url = make_url(address)
    except ArgumentError:
        raise DatabaseError(
            "DATABASE_URL is no database address: write it like sqlite:///interlocutor.db or "
            "postgresql://user:password@host/name"
        ) from None
    url = url.set(drivername=DRIVERS.get(url.drivername, url.drivername))
    shown = url.render_as_string(hide_password=True)
    is_file = url.drivername.startswith("sqlite") and url.database not in (None, "", ":memory:")
    if is_file and not str(url.database).startswith("file:"):
        folder = Path(str(url.database)).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseError(
                f"the folder {str(folder)!r} of the database cannot be made ({error.strerror}): "
                "set DATABASE_URL or INTERLOCUTOR_DATA_DIR to a place that can be written"
            ) from None
    try:
        engine = create_async_engine(
            url,
            pool_pre_ping=not url.drivername.startswith("sqlite"),
            # Else an error's text would carry what trainees said into the log.
            hide_parameters=True,
        )
    except (ImportError, SQLAlchemyError) as error:
        raise DatabaseError(
            f"DATABASE_URL is {shown!r}, and its driver cannot be loaded ({error}): install the "
            "driver (for PostgreSQL: asyncpg) or use sqlite:///…"
        ) from None
    if engine.dialect.name == "sqlite":
        _make_safe(engine, busy_ms)
    return engine


def _make_safe(engine: AsyncEngine, busy_ms: int) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def _on_connect(connection: Any, _record: object) -> None:
        # The driver's own transactions begin late; with them off, BEGIN is ours (below).
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={busy_ms}",
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "secure_delete=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _on_begin(connection: Connection) -> None:
        # A transaction that reads and then writes must take the write lock at once: SQLite does
        # not wait for a lock asked for later.
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


async def migrate(engine: AsyncEngine) -> None:
    """Bring the database to our version; raises `DatabaseError` if it is newer or unwritable."""
    shown = engine.url.render_as_string(hide_password=True)
    try:
        async with engine.execution_options(writes=True).begin() as connection:
            await connection.run_sync(_upgrade(shown))
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        cause = getattr(error, "orig", None) or error
        raise DatabaseError(
            f"the database {shown!r} cannot be opened and written ({cause}): set DATABASE_URL or "
            "INTERLOCUTOR_DATA_DIR to one that can"
        ) from error


def _upgrade(shown: str) -> Callable[[Connection], None]:
    def run(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        config.attributes["connection"] = connection
        known = {each.revision for each in ScriptDirectory.from_config(config).walk_revisions()}
        current = set(MigrationContext.configure(connection).get_current_heads())
        if current - known:
            raise DatabaseError(
                f"the database {shown!r} was written by a newer version of Interlocutor "
                f"(revision {min(current - known)!r}): update this installation, or set "
                "DATABASE_URL to another database"
            )
        if current != set(ScriptDirectory.from_config(config).get_heads()):
            command.upgrade(config, "head")

    return run
