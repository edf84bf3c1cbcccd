"""Delegations of approval, signing capacities, own entry and own approval, the unit a session acts in.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

from registry.store.migrations.append_only import guard

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def _to(table: str, target: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        "delegation",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("forms", sa.JSON(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        *(_to("delegation", "person", column) for column in ("from_id", "to_id", "by_id")),
        _to("delegation", "unit", "unit_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
    )
    op.create_table(
        "capacity",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("standing", sa.String(length=20), nullable=False),
        sa.Column("head", sa.String(length=200), nullable=False),
        sa.Column("field", sa.String(length=200), nullable=False),
        sa.Column("forms", sa.JSON(), nullable=True),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("document_date", sa.Date(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        *(_to("capacity", "person", column) for column in ("person_id", "by_id")),
        _to("capacity", "unit", "unit_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capacity")),
    )
    op.create_table(
        "own_approval",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        _to("own_approval", "person", "by_id"),
        _to("own_approval", "unit", "unit_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_approval")),
    )
    for table, columns in (
        ("delegation", ("from_id", "to_id", "unit_id")),
        ("capacity", ("person_id", "unit_id")),
        ("own_approval", ("unit_id",)),
        ("grant", ("unit_id",)),
    ):
        for column in columns:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    for table in ("submission_event", "report_event"):
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN delegation_id INTEGER"
            f" CONSTRAINT fk_{table}_delegation_id REFERENCES delegation (id)"
        )
    op.add_column("submission_event", sa.Column("own_entry", sa.Boolean(), nullable=True))
    op.execute(
        "ALTER TABLE session ADD COLUMN acting_unit_id INTEGER"
        " CONSTRAINT fk_session_acting_unit_id REFERENCES unit (id)"
    )
    guard(("own_approval",))
