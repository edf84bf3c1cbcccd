"""Moments are named for reports to be made as of them; a compiled report says what it was made from.

Revision ID: 0043
Revises: 0042
"""

import sqlalchemy as sa
from alembic import op

from registry.store.migrations.append_only import guard

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "freeze",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("fold", sa.String(length=100), nullable=False),
        sa.Column("as_of", sa.DateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["opening_id"], ["opening.id"], name=op.f("fk_freeze_opening_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_freeze_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_freeze")),
        sa.UniqueConstraint("opening_id", "fold", name=op.f("uq_freeze_opening_id")),
    )
    guard(("freeze",))
    op.add_column("report_version", sa.Column("made_from", sa.JSON(), nullable=True))
