"""The day the figures of an opening are closed where it is earlier than the regime says (PRACTICE F19).

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("opening", sa.Column("closes_on", sa.Date(), nullable=True))
