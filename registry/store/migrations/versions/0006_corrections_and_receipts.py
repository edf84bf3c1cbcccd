"""An upload may correct cells of another; receipts look up their entry of the audit log.

Revision ID: 0006
Revises: 0005
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE upload ADD COLUMN base_id INTEGER CONSTRAINT fk_upload_base_id REFERENCES upload (id)")
    op.create_index(op.f("ix_upload_base_id"), "upload", ["base_id"])
    op.create_index("ix_audit_object", "audit", ["object"])
