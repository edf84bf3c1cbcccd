"""What stood open when a compiled report left the house is signed and kept.

Revision ID: 0047
Revises: 0046
"""

import sqlalchemy as sa
from alembic import op

from registry.store.migrations.append_only import guard

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_release",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("report_version_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=10), nullable=False),
        sa.Column("stood", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_version_id"], ["report_version.id"], name=op.f("fk_report_release_report_version_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_report_release_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_release")),
    )
    op.create_index(op.f("ix_report_release_report_version_id"), "report_release", ["report_version_id"])
    guard(("report_release",))
