"""Whether the next key of a technician on their line is a break's reason."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("staff_call", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("asks_reason", sa.Boolean(), server_default=sa.false(), nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("staff_call", schema=None) as batch_op:
        batch_op.drop_column("asks_reason")
