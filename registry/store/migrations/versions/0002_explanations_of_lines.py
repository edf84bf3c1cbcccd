"""An explanation may be about a line of a list table.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("explanation", sa.Column("line", sa.Integer(), nullable=True))
