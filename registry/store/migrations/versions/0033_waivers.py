"""Waivers of rules, their withdrawal, and who handed in under them.

Revision ID: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op

from registry.store.migrations.append_only import guard

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def _to(table: str, target: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        "waiver",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("selector", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        _to("waiver", "person", "by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiver")),
    )
    op.create_table(
        "waiver_end",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("waiver_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        _to("waiver_end", "waiver", "waiver_id"),
        _to("waiver_end", "person", "by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiver_end")),
        sa.UniqueConstraint("waiver_id", name=op.f("uq_waiver_end_waiver_id")),
    )
    op.create_table(
        "waiver_use",
        sa.Column("waiver_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("findings", sa.Integer(), nullable=False),
        _to("waiver_use", "waiver", "waiver_id"),
        _to("waiver_use", "submission_version", "version_id"),
        sa.PrimaryKeyConstraint("waiver_id", "version_id", name=op.f("pk_waiver_use")),
    )
    op.create_index(op.f("ix_waiver_form"), "waiver", ["form"])
    op.create_index(op.f("ix_waiver_use_version_id"), "waiver_use", ["version_id"])
    guard(("waiver", "waiver_end", "waiver_use"))
