"""Labels watchers put on units of a period.

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

from registry.store.migrations.append_only import guard

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unit_label",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(100), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        *(
            sa.ForeignKeyConstraint([f"{one}_id"], [f"{target}.id"], name=op.f(f"fk_unit_label_{one}_id"))
            for one, target in (("opening", "opening"), ("unit", "unit"), ("by", "person"))
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_label")),
    )
    op.create_index("ix_unit_label_opening", "unit_label", ["opening_id", "unit_id"])
    guard(("unit_label",))
