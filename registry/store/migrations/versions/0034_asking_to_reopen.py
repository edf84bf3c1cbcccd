"""Units ask for approved figures to be open again, and are answered.

Revision ID: 0034
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def _to(target: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_reopening_{column}"))


def upgrade() -> None:
    op.create_table(
        "reopening",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        _to("assignment", "assignment_id"),
        _to("person", "by_id"),
        _to("person", "answered_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reopening")),
    )
    op.create_index(op.f("ix_reopening_assignment_id"), "reopening", ["assignment_id"])
    op.create_index(op.f("ix_reopening_answer"), "reopening", ["answer"])
