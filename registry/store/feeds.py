"""Secret addresses of calendars: one for a person, kept as a hash."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from registry.store.tables import calendar_feed as feed


def put(connection: Connection, person_id: int, hashed: str, made: datetime) -> None:
    """A person's address; the one before is good no more."""
    connection.execute(delete(feed).where(feed.c.person_id == person_id))
    connection.execute(insert(feed).values(person_id=person_id, hash=hashed, made=made))


def owner(connection: Connection, hashed: str) -> int | None:
    """Whose address it is."""
    return connection.execute(select(feed.c.person_id).where(feed.c.hash == hashed)).scalar()


def made_at(connection: Connection, person_id: int) -> datetime | None:
    """When the person's address was made; None when there is none."""
    return connection.execute(select(feed.c.made).where(feed.c.person_id == person_id)).scalar()
