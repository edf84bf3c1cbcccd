"""Rows of a unit's form put in charge of its divisions; parts confirmed by their heads, and put together.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

from registry.store.migrations.append_only import guard

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def _to(table: str, target: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.add_column("upload", sa.Column("is_part", sa.Boolean(), nullable=True))
    op.create_table(
        "division_row",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("row", sa.String(length=40), nullable=False),
        sa.Column("division_id", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        *(_to("division_row", "unit", column) for column in ("unit_id", "division_id")),
        _to("division_row", "person", "by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_division_row")),
    )
    op.create_index("ix_division_row_unit", "division_row", ["unit_id", "form"])
    op.create_index(op.f("ix_division_row_division_id"), "division_row", ["division_id"])
    op.create_table(
        "part_confirmation",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        _to("part_confirmation", "upload", "upload_id"),
        _to("part_confirmation", "person", "by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_part_confirmation")),
    )
    op.create_index(op.f("ix_part_confirmation_upload_id"), "part_confirmation", ["upload_id"])
    op.create_table(
        "assembled_part",
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        *(_to("assembled_part", "upload", column) for column in ("upload_id", "part_id")),
        sa.PrimaryKeyConstraint("upload_id", "part_id", name=op.f("pk_assembled_part")),
    )
    op.create_index(op.f("ix_assembled_part_part_id"), "assembled_part", ["part_id"])
    guard(("division_row", "part_confirmation", "assembled_part"))
