"""Who in a division fills in its rows and who checks them; units whose clerks may divide the work.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

from registry.store.migrations.append_only import guard

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def _to(table: str, target: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        "division_duty",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("division_id", sa.Integer(), nullable=False),
        sa.Column("clerk_id", sa.Integer(), nullable=True),
        sa.Column("checker_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        *(_to("division_duty", "unit", column) for column in ("unit_id", "division_id")),
        *(_to("division_duty", "person", column) for column in ("clerk_id", "checker_id", "by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_division_duty")),
    )
    op.create_index("ix_division_duty_unit", "division_duty", ["unit_id", "form"])
    op.create_table(
        "dividing_leave",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        _to("dividing_leave", "unit", "unit_id"),
        _to("dividing_leave", "person", "by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dividing_leave")),
    )
    op.create_index(op.f("ix_dividing_leave_unit_id"), "dividing_leave", ["unit_id"])
    guard(("division_duty", "dividing_leave"))
