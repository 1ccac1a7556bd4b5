"""First tables: encounters, their records, and what was erased."""

import sqlalchemy as sa
from alembic import op

from token_server.tables import Utc

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "encounters",
        sa.Column("encounter_id", sa.String(64), primary_key=True),
        sa.Column("room_name", sa.Text, nullable=False),
        sa.Column("scenario_id", sa.String(64), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("mode", sa.String(16), nullable=False),
        sa.Column("trainee_name", sa.Text),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("created_at", Utc, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("called_at", Utc),
        sa.Column("waiting_since", Utc),
        sa.Column("ended_at", Utc),
        sa.Column("overall", sa.Integer),
    )
    op.create_index("ix_encounters_created_at", "encounters", ["created_at"])
    op.create_index("ix_encounters_status", "encounters", ["status"])
    op.create_table(
        "records",
        sa.Column(
            "encounter_id",
            sa.String(64),
            sa.ForeignKey(
                "encounters.encounter_id", ondelete="CASCADE", name="fk_records_encounter_id"
            ),
            primary_key=True,
        ),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("received_at", Utc, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("report", sa.Text),
    )
    op.create_table(
        "erased",
        sa.Column("encounter_id", sa.String(64), primary_key=True),
        sa.Column("erased_at", Utc, nullable=False),
    )


def downgrade() -> None:
    for table in ("erased", "records", "encounters"):
        op.drop_table(table)
