"""Dashboards (bảng điều hành) of units, each change a version.

Revision ID: 0045
Revises: 0044
"""

import sqlalchemy as sa
from alembic import op

from registry.store.migrations.append_only import guard

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dashboard",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_dashboard_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dashboard")),
    )
    op.create_index(op.f("ix_dashboard_unit_id"), "dashboard", ["unit_id"])
    op.create_table(
        "dashboard_version",
        sa.Column("dashboard_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["dashboard_id"], ["dashboard.id"], name=op.f("fk_dashboard_version_dashboard_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_dashboard_version_by_id")),
        sa.PrimaryKeyConstraint("dashboard_id", "version", name=op.f("pk_dashboard_version")),
    )
    guard(("dashboard_version",))
