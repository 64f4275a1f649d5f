"""Removal receipts with the host's signature; what the app found when it refused."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("refusal_detail", sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column("removal_signature", sa.LargeBinary(length=64), nullable=True))


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.drop_column("removal_signature")
        batch_op.drop_column("refusal_detail")
