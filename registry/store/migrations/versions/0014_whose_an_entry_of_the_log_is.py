"""Entries of the audit log say whose they are and can be searched; checkpoints sign the chain.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

from registry.store.migrations.append_only import guard, guard_against_replacing

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_SEARCHED = {
    "ix_audit_object": ("object", "seq"),
    "ix_audit_actor": ("actor", "seq"),
    "ix_audit_person": ("person_id", "seq"),
    "ix_audit_unit": ("unit_id", "seq"),
    "ix_audit_action": ("action", "seq"),
    "ix_audit_at": ("at",),
}


def upgrade() -> None:
    for column in ("person_id", "unit_id"):
        op.add_column("audit", sa.Column(column, sa.Integer()))
    op.drop_index("ix_audit_object", "audit")
    for name, columns in _SEARCHED.items():
        op.create_index(name, "audit", columns, postgresql_ops={"object": "varchar_pattern_ops"})
    op.create_table(
        "checkpoint",
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("reason", sa.String(length=100), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_checkpoint")),
    )
    op.create_index(op.f("ix_checkpoint_seq"), "checkpoint", ["seq"])
    guard(("checkpoint",))
    guard_against_replacing({"audit": "seq", "audit_detail": "seq", "checkpoint": "n"})
