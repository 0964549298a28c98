"""Checks of technicians' phones."""

import sqlalchemy as sa
from alembic import op

from ivr.store.types import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "phone_check",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("technician_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "reachable",
                "no_key",
                "no_answer",
                "busy",
                "unreachable",
                "unknown",
                name="checkstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("said", sa.String(length=300), nullable=False),
        sa.Column("leg_sid", sa.String(length=64), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["technician_id"],
            ["technician.id"],
            name=op.f("fk_phone_check_technician_id_technician"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_check")),
    )
    op.create_index(
        "ix_phone_check_technician", "phone_check", ["technician_id", "asked_at"], unique=False
    )
    op.create_index(
        "uq_phone_check_pending",
        "phone_check",
        ["technician_id"],
        unique=True,
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )


def downgrade() -> None:
    op.drop_table("phone_check")
