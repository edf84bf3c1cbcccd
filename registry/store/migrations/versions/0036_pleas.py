"""What units ask about their deadlines.

Revision ID: 0036
Revises: 0035
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_KEYS = {"opening_id": "opening", "unit_id": "unit", "by_id": "person", "decided_by_id": "person"}


def upgrade() -> None:
    op.create_table(
        "plea",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("wanted", sa.DateTime(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("given", sa.DateTime(), nullable=True),
        *(sa.ForeignKeyConstraint([one], [f"{to}.id"], name=op.f(f"fk_plea_{one}")) for one, to in _KEYS.items()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plea")),
    )
    op.create_index(op.f("ix_plea_opening_id"), "plea", ["opening_id", "unit_id"])
