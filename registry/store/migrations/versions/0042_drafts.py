"""Reports are written at the editing desk.

Revision ID: 0042
Revises: 0041
"""

import sqlalchemy as sa
from alembic import op

from registry.store.migrations.append_only import guard

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def _key() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), autoincrement=True, nullable=False)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _to(table: str, target: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        "draft",
        _key(),
        _number("opening_id"),
        _number("unit_id"),
        _number("chief_id"),
        _number("with_id", nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        _number("lock"),
        _to("draft", "opening", "opening_id"),
        _to("draft", "unit", "unit_id"),
        _to("draft", "person", "chief_id"),
        _to("draft", "person", "with_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("opening_id", "unit_id", name=op.f("uq_draft_opening_id")),
    )
    op.create_index(op.f("ix_draft_unit_id"), "draft", ["unit_id"])
    op.create_index(op.f("ix_draft_with_id"), "draft", ["with_id"])
    op.create_table(
        "draft_heading",
        _key(),
        _number("draft_id"),
        _number("n"),
        sa.Column("tag", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        _number("level"),
        sa.Column("is_written", sa.Boolean(), nullable=False),
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column("units", sa.JSON(), nullable=False),
        _number("owner_id", nullable=True),
        _number("lock"),
        _to("draft_heading", "draft", "draft_id"),
        _to("draft_heading", "person", "owner_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_heading")),
        sa.UniqueConstraint("draft_id", "n", name=op.f("uq_draft_heading_draft_id")),
    )
    op.create_index(op.f("ix_draft_heading_owner_id"), "draft_heading", ["owner_id"])
    op.create_table(
        "draft_text",
        _key(),
        _number("heading_id"),
        _number("n"),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=False),
        _number("from_id", nullable=True),
        _number("by_id"),
        sa.Column("at", sa.DateTime(), nullable=False),
        _to("draft_text", "draft_heading", "heading_id"),
        _to("draft_text", "unit", "from_id"),
        _to("draft_text", "person", "by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_text")),
        sa.UniqueConstraint("heading_id", "n", name=op.f("uq_draft_text_heading_id")),
    )
    op.create_table(
        "draft_step",
        _key(),
        _number("draft_id"),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        _number("heading_id", nullable=True),
        _number("to_id", nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        _number("by_id"),
        sa.Column("at", sa.DateTime(), nullable=False),
        _to("draft_step", "draft", "draft_id"),
        _to("draft_step", "draft_heading", "heading_id"),
        _to("draft_step", "person", "to_id"),
        _to("draft_step", "person", "by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_step")),
    )
    op.create_index(op.f("ix_draft_step_draft_id"), "draft_step", ["draft_id"])
    guard(("draft_text", "draft_step"))
