"""Unicode copies of narratives typed in old fonts.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unicode_copy",
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.Column("file_sha", sa.String(length=64), nullable=True),
        sa.Column("changes", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("fk_unicode_copy_upload_id")),
        sa.ForeignKeyConstraint(["file_sha"], ["file.sha"], name=op.f("fk_unicode_copy_file_sha")),
        sa.PrimaryKeyConstraint("upload_id", name=op.f("pk_unicode_copy")),
    )
    op.create_index("ix_unicode_copy_file_sha", "unicode_copy", ["file_sha"])
