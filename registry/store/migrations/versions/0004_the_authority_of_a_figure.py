"""the authority of every vintage, so that what was known at an earlier moment can be told

Revision ID: 0004
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("figure", sa.Column("authority", sa.SmallInteger(), server_default="0", nullable=False))
