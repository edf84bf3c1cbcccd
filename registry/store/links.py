"""One-time links with which people set their own passwords; only a hash of each is kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from registry.store.tables import one_time_link as link


def put(connection: Connection, person_id: int, hashed: str, made: datetime, until: datetime) -> None:
    """Keep a new link; the person's earlier ones are good no more."""
    spend(connection, person_id, made)
    connection.execute(insert(link).values(person_id=person_id, hash=hashed, made=made, until=until))


def owner(connection: Connection, hashed: str, moment: datetime) -> int | None:
    """The person whose link it is; None when there is none, or it is used or too old."""
    query = select(link.c.person_id).where(link.c.hash == hashed, link.c.used.is_(None), link.c.until > moment)
    return connection.execute(query).scalar()


def spend(connection: Connection, person_id: int, moment: datetime) -> None:
    """No link of the person is good any more."""
    connection.execute(update(link).where(link.c.person_id == person_id, link.c.used.is_(None)).values(used=moment))
