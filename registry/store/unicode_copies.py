"""Unicode copies of narratives typed in old fonts: the original stays, the copy is what is read and compiled."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select

from registry.store.files import Stored
from registry.store.tables import unicode_copy
from registry.store.uploads import put_file


def put(connection: Connection, upload_id: int, stored: Stored | None, changes: bytes, at: datetime) -> None:
    """Keep what an upload became, and the packed list of its changes; None when nothing but doubts was found."""
    if stored is not None:
        put_file(connection, stored, at)
    values = {"upload_id": upload_id, "file_sha": stored and stored.sha, "changes": changes, "at": at}
    connection.execute(insert(unicode_copy).values(**values))


def changes(connection: Connection, upload_id: int) -> bytes | None:
    """The packed list of the changes of an upload, None where there were none."""
    query = select(unicode_copy.c.changes).where(unicode_copy.c.upload_id == upload_id)
    return connection.execute(query).scalar()


def sha_of(connection: Connection, upload_id: int) -> str | None:
    """The hash of the copy, None where the narrative was Unicode already."""
    return connection.execute(select(unicode_copy.c.file_sha).where(unicode_copy.c.upload_id == upload_id)).scalar()
