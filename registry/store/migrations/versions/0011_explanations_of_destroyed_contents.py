"""What was written to explain a destroyed content is emptied with it.

Revision ID: 0011
Revises: 0010
"""

from registry.store.migrations.append_only import guard_but_emptied, release

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_KEPT = ("id", "version_id", "code", "row", "column", "by_id", "line")


def upgrade() -> None:
    release("explanation")
    guard_but_emptied("explanation", "text", _KEPT)
