"""Units ask things of others with their reports, and are answered.

Revision ID: 0048
Revises: 0047
"""

import sqlalchemy as sa
from alembic import op

from registry.store.migrations.append_only import guard

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def _to(table: str, target: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        "petition",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("addressee_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        _to("petition", "opening", "opening_id"),
        _to("petition", "unit", "unit_id"),
        _to("petition", "unit", "addressee_id"),
        _to("petition", "person", "by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_petition")),
    )
    op.create_index(op.f("ix_petition_opening_id"), "petition", ["opening_id"])
    op.create_index(op.f("ix_petition_addressee_id"), "petition", ["addressee_id"])
    op.create_table(
        "petition_answer",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        _to("petition_answer", "petition", "petition_id"),
        _to("petition_answer", "person", "by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_petition_answer")),
    )
    op.create_index(op.f("ix_petition_answer_petition_id"), "petition_answer", ["petition_id"])
    guard(("petition", "petition_answer"))
