"""Cells a form is returned for, and words on cells.

Revision ID: 0031
Revises: 0030
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from registry.store.migrations.append_only import guard

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make("returned_cell", {"event": "submission_event"}, "event_id")
    more: list[sa.Column[Any]] = [
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
    ]
    _make("cell_remark", {"submission": "submission", "by": "person"}, "submission_id", *more)
    guard(("returned_cell", "cell_remark"))


def _make(table: str, points_at: dict[str, str], index: str, *more: sa.Column[Any]) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("row", sa.String(40), nullable=False),
        sa.Column("column", sa.String(40), nullable=False),
        sa.Column("line", sa.Integer()),
        sa.Column("text", sa.Text(), nullable=False),
        *(sa.Column(f"{one}_id", sa.Integer(), nullable=False) for one in points_at),
        *more,
        *(
            sa.ForeignKeyConstraint([f"{one}_id"], [f"{target}.id"], name=op.f(f"fk_{table}_{one}_id"))
            for one, target in points_at.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_{index}"), table, [index])
