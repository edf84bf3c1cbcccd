"""What was typed in a training is gone when it ends, its steps' words too; who tried what stays.

Revision ID: 0024
Revises: 0023
"""

from alembic import op

from registry.store.migrations.append_only import guard_but_emptied, release

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    release("practice_step")
    op.execute(
        "UPDATE practice_step SET text = '' WHERE practice_id IN (SELECT practice.id FROM practice"
        " JOIN training ON training.id = practice.training_id WHERE training.ended_at IS NOT NULL)"
    )
    guard_but_emptied("practice_step", "text", ("id", "practice_id", "step", "by_id", "at"))
