"""Every writing of figures bears a mark of its own, by which the dense array knows changes a restore has lost.

Revision ID: 0050
Revises: 0049
"""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("figure_change", sa.Column("mark", sa.String(16), server_default="", nullable=False))
