"""The signed document a report came back as is recorded.

Revision ID: 0041
Revises: 0040
"""

import sqlalchemy as sa
from alembic import op

from registry.store.migrations.append_only import guard

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def _to(target: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_report_paper_{column}"))


def upgrade() -> None:
    op.create_table(
        "report_paper",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("report_version_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("capacity_id", sa.Integer(), nullable=False),
        sa.Column("recipients", sa.String(length=500), nullable=False),
        sa.Column("upload_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        _to("report_version", "report_version_id"),
        _to("capacity", "capacity_id"),
        _to("upload", "upload_id"),
        _to("person", "by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_paper")),
    )
    op.create_index(op.f("ix_report_paper_report_version_id"), "report_paper", ["report_version_id"])
    guard(("report_paper",))
