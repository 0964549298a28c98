"""Rooms: stepping out of them, guests, callers who are sent on, further tickets."""

import sqlalchemy as sa
from alembic import op

from ivr.store.types import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "call_ticket",
        sa.Column("call_sid", sa.String(length=64), nullable=False),
        sa.Column("ticket", sa.String(length=32), nullable=False),
        sa.Column("technician_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["call_sid"], ["call.call_sid"], name=op.f("fk_call_ticket_call_sid_call")
        ),
        sa.ForeignKeyConstraint(
            ["technician_id"],
            ["technician.id"],
            name=op.f("fk_call_ticket_technician_id_technician"),
        ),
        sa.PrimaryKeyConstraint("call_sid", "ticket", name=op.f("pk_call_ticket")),
    )
    op.create_table(
        "guest",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("offer_id", sa.String(length=32), nullable=False),
        sa.Column("call_sid", sa.String(length=64), nullable=False),
        sa.Column("technician_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "duty_manager",
                "join",
                "whisper",
                "listen",
                name="guestrole",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "accepted",
                "refused",
                "timed_out",
                "withdrawn",
                name="offerstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("leg_sid", sa.String(length=64), nullable=True),
        sa.Column("checked_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["call_sid"], ["call.call_sid"], name=op.f("fk_guest_call_sid_call")
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_guest_offer_id_offer")),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["technician.id"], name=op.f("fk_guest_technician_id_technician")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest")),
    )
    with op.batch_alter_table("guest", schema=None) as batch_op:
        batch_op.create_index("ix_guest_call_sid", ["call_sid"], unique=False)
        batch_op.create_index("ix_guest_live", ["live", "expires_at"], unique=False)
        batch_op.create_index("ix_guest_offer", ["offer_id", "role"], unique=False)
        batch_op.create_index(
            "uq_guest_live_technician",
            ["technician_id"],
            unique=True,
            sqlite_where=sa.text("live"),
            postgresql_where=sa.text("live"),
        )

    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_sid", sa.String(length=64), nullable=False),
        sa.Column("offer_id", sa.String(length=32), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "queue",
                "target",
                "lost",
                name="handoverkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["call_sid"], ["call.call_sid"], name=op.f("fk_handover_call_sid_call")
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offer.id"], name=op.f("fk_handover_offer_id_offer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    with op.batch_alter_table("handover", schema=None) as batch_op:
        batch_op.create_index("ix_handover_call_sid", ["call_sid", "id"], unique=False)
        batch_op.create_index(
            "uq_handover_pending",
            ["call_sid"],
            unique=True,
            sqlite_where=sa.text("taken_at IS NULL"),
            postgresql_where=sa.text("taken_at IS NULL"),
        )

    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "place",
                sa.Enum(
                    "in_room",
                    "stepping_out",
                    "in_menu",
                    name="offerplace",
                    native_enum=False,
                    length=32,
                ),
                nullable=True,
            )
        )

    with op.batch_alter_table("queued_call", schema=None) as batch_op:
        batch_op.add_column(sa.Column("entered_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("queued_call", schema=None) as batch_op:
        batch_op.drop_column("entered_at")

    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.drop_column("place")

    with op.batch_alter_table("handover", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_handover_pending",
            sqlite_where=sa.text("taken_at IS NULL"),
            postgresql_where=sa.text("taken_at IS NULL"),
        )
        batch_op.drop_index("ix_handover_call_sid")

    op.drop_table("handover")
    with op.batch_alter_table("guest", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_guest_live_technician",
            sqlite_where=sa.text("live"),
            postgresql_where=sa.text("live"),
        )
        batch_op.drop_index("ix_guest_offer")
        batch_op.drop_index("ix_guest_live")
        batch_op.drop_index("ix_guest_call_sid")

    op.drop_table("guest")
    op.drop_table("call_ticket")
