"""Years of regimes that are locked.

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

from registry.store.migrations.append_only import guard

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "year_lock",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("regime", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("is_locked", sa.Boolean(), nullable=False),
        sa.Column("document", sa.String(length=300), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_year_lock_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_year_lock")),
    )
    guard(("year_lock",))
