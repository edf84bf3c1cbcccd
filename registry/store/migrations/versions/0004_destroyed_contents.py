"""contents destroyed by a recorded act, the rows that speak of them kept

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

from registry.store.migrations.append_only import guard, guard_but_emptied, release

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_KEPT = ("id", "submission_id", "n", "kind", "cells_sha", "upload_id", "verdict_id", "by_id", "at")


def upgrade() -> None:
    op.create_table(
        "destruction_step",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("record", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("fk_destruction_step_upload_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_destruction_step_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destruction_step")),
    )
    op.create_index(op.f("ix_destruction_step_upload_id"), "destruction_step", ["upload_id"])
    op.create_index(op.f("ix_upload_file_sha"), "upload", ["file_sha"])
    op.create_index(op.f("ix_submission_version_upload_id"), "submission_version", ["upload_id"])
    guard(("destruction_step",))
    release("submission_version")
    guard_but_emptied("submission_version", "cells", _KEPT)
