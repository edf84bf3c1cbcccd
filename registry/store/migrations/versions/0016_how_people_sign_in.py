"""One-time links, second factor and recovery codes, what is known of a session, given passwords, idle accounts.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def _of_a_person(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f(f"fk_{table}_person_id"))


def upgrade() -> None:
    op.create_table(
        "one_time_link",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("made", sa.DateTime(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.Column("used", sa.DateTime(), nullable=True),
        _of_a_person("one_time_link"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_link")),
        sa.UniqueConstraint("hash", name=op.f("uq_one_time_link_hash")),
    )
    op.create_table(
        "totp",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("secret_enc", sa.Text(), nullable=False),
        sa.Column("made", sa.DateTime(), nullable=False),
        sa.Column("confirmed", sa.DateTime(), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        _of_a_person("totp"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_totp")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("used", sa.DateTime(), nullable=True),
        _of_a_person("recovery_code"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    for table in ("one_time_link", "recovery_code"):
        op.create_index(op.f(f"ix_{table}_person_id"), table, ["person_id"])
    op.add_column("person", sa.Column("since", sa.DateTime(), nullable=True))
    op.add_column("password", sa.Column("given", sa.Boolean(), nullable=True))
    op.add_column("session", sa.Column("agent", sa.String(length=300), nullable=True))
    for name in ("half", "weak"):
        op.add_column("session", sa.Column(name, sa.Boolean(), nullable=True))
