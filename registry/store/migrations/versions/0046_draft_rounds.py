"""Drafts go out as files and come back, are asked about, and are issued.

Revision ID: 0046
Revises: 0045
"""

import sqlalchemy as sa
from alembic import op

from registry.store.migrations.append_only import guard

revision = "0046"
down_revision = "0045"
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
        "draft_copy",
        _key(),
        _number("draft_id"),
        sa.Column("is_back", sa.Boolean(), nullable=False),
        _number("n"),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("file_sha", sa.String(length=64), nullable=False),
        sa.Column("held", sa.JSON(), nullable=False),
        _number("by_id"),
        sa.Column("at", sa.DateTime(), nullable=False),
        _to("draft_copy", "draft", "draft_id"),
        sa.ForeignKeyConstraint(["file_sha"], ["file.sha"], name=op.f("fk_draft_copy_file_sha")),
        _to("draft_copy", "person", "by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_copy")),
        sa.UniqueConstraint("draft_id", "is_back", "n", name=op.f("uq_draft_copy_draft_id")),
    )
    op.create_table(
        "draft_issue",
        _key(),
        _number("draft_id"),
        _number("n"),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        _number("by_id"),
        sa.Column("at", sa.DateTime(), nullable=False),
        _to("draft_issue", "draft", "draft_id"),
        _to("draft_issue", "person", "by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_issue")),
        sa.UniqueConstraint("draft_id", "n", name=op.f("uq_draft_issue_draft_id")),
    )
    op.create_table(
        "draft_ask",
        _key(),
        _number("draft_id"),
        _number("unit_id"),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        _number("by_id"),
        sa.Column("at", sa.DateTime(), nullable=False),
        _to("draft_ask", "draft", "draft_id"),
        _to("draft_ask", "unit", "unit_id"),
        _to("draft_ask", "person", "by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_ask")),
    )
    op.create_index(op.f("ix_draft_ask_draft_id"), "draft_ask", ["draft_id"])
    op.create_index(op.f("ix_draft_ask_unit_id"), "draft_ask", ["unit_id"])
    op.create_table(
        "draft_opinion",
        _key(),
        _number("ask_id"),
        _number("heading_id", nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        _number("by_id"),
        sa.Column("at", sa.DateTime(), nullable=False),
        _to("draft_opinion", "draft_ask", "ask_id"),
        _to("draft_opinion", "draft_heading", "heading_id"),
        _to("draft_opinion", "person", "by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_opinion")),
    )
    op.create_index(op.f("ix_draft_opinion_ask_id"), "draft_opinion", ["ask_id"])
    op.create_table(
        "draft_ruling",
        _number("opinion_id"),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        _number("by_id"),
        sa.Column("at", sa.DateTime(), nullable=False),
        _to("draft_ruling", "draft_opinion", "opinion_id"),
        _to("draft_ruling", "person", "by_id"),
        sa.PrimaryKeyConstraint("opinion_id", name=op.f("pk_draft_ruling")),
    )
    guard(("draft_copy", "draft_issue", "draft_ask", "draft_opinion", "draft_ruling"))
