"""A receiver that sends a report back may say when it wants it again.

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("reception", "reception_event"):
        op.add_column(table, sa.Column("resend_by", sa.DateTime(), nullable=True))
