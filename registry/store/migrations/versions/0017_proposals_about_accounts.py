"""Proposals about accounts and the steps taken with them; accounts made from a workbook.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

from registry.store.migrations.append_only import guard

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def _to(table: str, target: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        "account_import",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sha", sa.String(length=64), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        _to("account_import", "person", "by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_import")),
    )
    op.create_table(
        "account_request",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        _to("account_request", "unit", "unit_id"),
        _to("account_request", "person", "person_id"),
        _to("account_request", "account_import", "import_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_request")),
    )
    op.create_table(
        "account_step",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        _to("account_step", "account_request", "request_id"),
        _to("account_step", "person", "by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_step")),
    )
    for column in ("unit_id", "person_id", "import_id", "state"):
        op.create_index(op.f(f"ix_account_request_{column}"), "account_request", [column])
    op.create_index(op.f("ix_account_step_request_id"), "account_step", ["request_id"])
    guard(("account_import", "account_step"))
