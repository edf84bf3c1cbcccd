"""Proposals about indicators and their steps.

Revision ID: 0039
Revises: 0038
"""

import sqlalchemy as sa
from alembic import op

from registry.store.migrations.append_only import guard

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def _to(table: str, target: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        "indicator_proposal",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("regime", sa.String(length=40), nullable=False),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("indicator", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        _to("indicator_proposal", "unit", "unit_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_proposal")),
    )
    op.create_table(
        "indicator_step",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        _to("indicator_step", "indicator_proposal", "proposal_id"),
        _to("indicator_step", "person", "by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_step")),
    )
    op.create_index(op.f("ix_indicator_proposal_unit_id"), "indicator_proposal", ["unit_id"])
    op.create_index(op.f("ix_indicator_step_proposal_id"), "indicator_step", ["proposal_id"])
    guard(("indicator_step",))
