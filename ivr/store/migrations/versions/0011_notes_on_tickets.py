"""Notes on tickets: those to be delivered, and the embedded help desk's own."""

import sqlalchemy as sa
from alembic import op

from ivr.store.types import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ticket_note",
        sa.Column("note_id", sa.String(length=128), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("note_id", name=op.f("pk_ticket_note")),
    )
    with op.batch_alter_table("ticket_note", schema=None) as batch_op:
        batch_op.create_index("ix_ticket_note_number", ["number"], unique=False)

    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.String(length=128), nullable=False),
        sa.Column("call_sid", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("delivered_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["call_sid"], ["call.call_sid"], name=op.f("fk_note_call_sid_call")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
        sa.UniqueConstraint("note_id", name=op.f("uq_note_note_id")),
    )
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.create_index("ix_note_due", ["due_at"], unique=False)
        batch_op.create_index("ix_note_number", ["number"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.drop_index("ix_note_number")
        batch_op.drop_index("ix_note_due")

    op.drop_table("note")
    with op.batch_alter_table("ticket_note", schema=None) as batch_op:
        batch_op.drop_index("ix_ticket_note_number")

    op.drop_table("ticket_note")
