"""The tables, in words that SQLite and PostgreSQL share."""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

metadata = MetaData(
    naming_convention={"ix": "ix_%(column_0_label)s", "fk": "fk_%(table_name)s_%(column_0_name)s"}
)


class Utc(TypeDecorator[datetime]):
    """A time in UTC. SQLite forgets the zone, so it is put back when reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


encounters = Table(
    "encounters",
    metadata,
    Column("encounter_id", String(64), primary_key=True),
    Column("room_name", Text, nullable=False),
    Column("scenario_id", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("mode", String(16), nullable=False),
    Column("trainee_name", Text),
    Column("status", String(16), nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("called_at", Utc),
    Column("waiting_since", Utc),
    Column("ended_at", Utc),
    Column("overall", Integer),
    Index("ix_encounters_created_at", "created_at"),
    Index("ix_encounters_status", "status"),
)

records = Table(
    "records",
    metadata,
    Column(
        "encounter_id",
        String(64),
        ForeignKey("encounters.encounter_id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("revision", BigInteger, nullable=False),
    Column("received_at", Utc, nullable=False),
    # The worker's JSON, byte for byte: newer workers may know fields that we do not.
    Column("record", Text, nullable=False),
    Column("report", Text),
)

erased = Table(
    "erased",
    metadata,
    # Nothing is kept of an erased encounter but that it must not come back from an outbox.
    Column("encounter_id", String(64), primary_key=True),
    Column("erased_at", Utc, nullable=False),
)
