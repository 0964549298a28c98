"""How technicians came, when they were seen, what they missed; the log of their states."""

import sqlalchemy as sa
from alembic import op

from ivr.store.types import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "technician_state_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("technician_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "offline",
                "available",
                "reserved",
                "on_call",
                "wrap_up",
                "on_break",
                name="technicianstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column(
            "came_by",
            sa.Enum(
                "console",
                "telephone",
                "command",
                name="cameby",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("idle_since", UtcDateTime(), nullable=False),
        sa.Column("available_until", UtcDateTime(), nullable=True),
        sa.Column("phone_busy_until", UtcDateTime(), nullable=True),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("products", sa.JSON(), nullable=False),
        sa.Column("regions", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("severities", sa.JSON(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["technician_id"],
            ["technician.id"],
            name=op.f("fk_technician_state_log_technician_id_technician"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_technician_state_log")),
    )
    op.create_index(
        "ix_technician_state_log_of", "technician_state_log", ["technician_id", "id"], unique=False
    )

    with op.batch_alter_table("technician", schema=None) as batch_op:
        batch_op.add_column(sa.Column("state_reason", sa.String(length=200), nullable=True))
        batch_op.add_column(
            sa.Column(
                "came_by",
                sa.Enum(
                    "console", "telephone", "command", name="cameby", native_enum=False, length=32
                ),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("seen_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("misses", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("phone_busy_until", UtcDateTime(), nullable=True))

    # The log begins with what everybody is by now.
    columns = "state, idle_since, available_until, enabled, products, regions, languages"
    columns += ", severities, level"
    op.execute(
        f"INSERT INTO technician_state_log (technician_id, at, {columns})"
        f" SELECT id, state_since, {columns} FROM technician"
    )


def downgrade() -> None:
    with op.batch_alter_table("technician", schema=None) as batch_op:
        batch_op.drop_column("phone_busy_until")
        batch_op.drop_column("misses")
        batch_op.drop_column("seen_at")
        batch_op.drop_column("came_by")
        batch_op.drop_column("state_reason")

    op.drop_table("technician_state_log")
