"""Forms entered on behalf of a unit, by the document it answered with.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

from registry.store.migrations.append_only import guard

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def _to(target: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_behalf_{column}"))


def upgrade() -> None:
    op.create_table(
        "behalf",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("from_unit_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("summary", sa.String(length=500), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        _to("assignment", "assignment_id"),
        _to("unit", "from_unit_id"),
        _to("person", "by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_behalf")),
    )
    op.create_index(op.f("ix_behalf_assignment_id"), "behalf", ["assignment_id"])
    for table in ("upload", "submission_version"):
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN behalf_id INTEGER CONSTRAINT fk_{table}_behalf_id REFERENCES behalf (id)"
        )
    op.create_index(op.f("ix_upload_behalf_id"), "upload", ["behalf_id"])
    guard(("behalf",))
