"""Wrong enrolment codes are counted, so that guessing is locked out."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "enrolment_guess",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("window_began_at", sa.Text(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source", name="pk_enrolment_guess"),
    )
