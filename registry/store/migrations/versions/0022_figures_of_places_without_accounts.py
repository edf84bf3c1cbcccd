"""Sheets of figures collected from places without accounts.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

from registry.store.migrations.append_only import guard

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "collected_sheet",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        *(
            sa.ForeignKeyConstraint([f"{one}_id"], [f"{target}.id"], name=op.f(f"fk_collected_sheet_{one}_id"))
            for one, target in (("assignment", "assignment"), ("unit", "unit"), ("by", "person"))
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collected_sheet")),
    )
    op.create_index("ix_collected_sheet_assignment", "collected_sheet", ["assignment_id", "unit_id"])
    op.create_index(op.f("ix_collected_sheet_unit_id"), "collected_sheet", ["unit_id"])
    guard(("collected_sheet",))
