"""Documents behind requests have a number too, so that they can be destroyed by recorded minutes.

Revision ID: 0012
Revises: 0011
"""

from alembic import op

from registry.store.migrations.append_only import guard, release

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    named = "CONSTRAINT fk_request_letter_upload_id REFERENCES upload (id)"
    op.execute(f"ALTER TABLE request_letter ADD COLUMN upload_id INTEGER {named}")
    release("request_letter")
    # A letter is its sender's: the unit of the first role given to the person who laid it there.
    op.execute(
        """INSERT INTO upload (file_sha, kind, name, by_id, unit_id, channel, at, state)
        SELECT l.file_sha, 'letter', l.name, l.by_id,
            (SELECT g.unit_id FROM "grant" g WHERE g.person_id = l.by_id ORDER BY g.id LIMIT 1), 'web', l.at, 'received'
        FROM request_letter l WHERE EXISTS (SELECT 1 FROM "grant" g WHERE g.person_id = l.by_id) ORDER BY l.id"""
    )
    op.execute(
        """UPDATE request_letter SET upload_id = (SELECT min(u.id) FROM upload u
            WHERE u.kind = 'letter' AND u.file_sha = request_letter.file_sha AND u.by_id = request_letter.by_id
            AND u.at = request_letter.at AND u.name = request_letter.name)"""
    )
    guard(("request_letter",))
