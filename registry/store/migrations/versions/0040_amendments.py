"""Figures of locked periods are corrected by a document.

Revision ID: 0040
Revises: 0039
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def _to(target: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_amendment_{column}"))


def upgrade() -> None:
    op.create_table(
        "amendment",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("old_version_id", sa.Integer(), nullable=False),
        sa.Column("new_version_id", sa.Integer(), nullable=True),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        _to("opening", "opening_id"),
        _to("assignment", "assignment_id"),
        _to("submission_version", "old_version_id"),
        _to("submission_version", "new_version_id"),
        _to("person", "by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment")),
        sa.UniqueConstraint("opening_id", "n", name=op.f("uq_amendment_opening_id")),
    )
    op.create_index(op.f("ix_amendment_assignment_id"), "amendment", ["assignment_id"])
