"""Migrations: from nothing, again and again, and never on a database from the future."""

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from token_server.database import DatabaseError, migrate, open_engine
from token_server.tables import metadata

pytestmark = pytest.mark.unit


async def test_the_migrations_lead_to_the_tables_the_code_knows(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'x.db'}")
    await migrate(engine)

    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


async def test_a_database_that_is_up_to_date_keeps_what_is_in_it(tmp_path: Path) -> None:
    for _ in range(2):
        engine = open_engine(f"sqlite:///{tmp_path / 'x.db'}")
        await migrate(engine)
        await engine.dispose()
        with sqlite3.connect(tmp_path / "x.db") as file:
            file.execute("INSERT INTO erased VALUES (hex(randomblob(4)), '2026-01-01')")
            count = file.execute("SELECT count(*) FROM erased").fetchone()[0]
        file.close()
    assert count == 2


async def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'x.db'}")
    await migrate(engine)
    with sqlite3.connect(tmp_path / "x.db") as file:
        file.execute("UPDATE alembic_version SET version_num = '9999'")
    file.close()

    with pytest.raises(DatabaseError, match=r"newer version of Interlocutor \(revision '9999'\)"):
        await migrate(engine)
    await engine.dispose()


async def test_sqlite_waits_for_other_writers_and_overwrites_what_is_deleted(
    tmp_path: Path,
) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'x.db'}")
    async with engine.connect() as connection:
        for pragma, value in (
            ("journal_mode", "wal"),
            ("busy_timeout", 5000),
            ("foreign_keys", 1),
            ("secure_delete", 1),
        ):
            found = await connection.exec_driver_sql(f"PRAGMA {pragma}")
            assert found.scalar_one() == value
    await engine.dispose()


@pytest.mark.parametrize("address", ["", "nonsense", "sqlite"])
def test_what_is_no_address_is_refused_with_an_example(address: str) -> None:
    with pytest.raises(DatabaseError, match="DATABASE_URL is no database address: write it like"):
        open_engine(address)
