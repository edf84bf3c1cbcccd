"""Closing and locking of periods; what a deadline was before it moved, and since when the new one was in force.

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table, columns in (("opening", ("closed_at", "locked_at")), ("due_change", ("old", "since"))):
        for name in columns:
            op.add_column(table, sa.Column(name, sa.DateTime(), nullable=True))
    op.create_index(op.f("ix_due_change_opening_id"), "due_change", ["opening_id", "unit_id"])
