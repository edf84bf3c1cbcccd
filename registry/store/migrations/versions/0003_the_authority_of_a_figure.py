"""the authority of every vintage, so that what was known at an earlier moment can be told

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("figure", sa.Column("authority", sa.SmallInteger(), server_default="0", nullable=False))
