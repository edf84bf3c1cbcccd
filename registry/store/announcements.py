"""What the office announces to everybody for a time, and who has put it away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, desc, exists, insert, select, update

from registry.store.engine import inserted
from registry.store.tables import announcement, announcement_seen, person


@dataclass(frozen=True, slots=True)
class New:
    """Words to everybody, from one moment until another; ``tone`` names a colour of the style sheet."""

    text: str
    tone: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Announcement:
    """One as it stands."""

    id: int
    text: str
    tone: str
    starts_at: datetime
    ends_at: datetime
    by_name: str
    at: datetime
    withdrawn_at: datetime | None

    def is_shown_at(self, moment: datetime) -> bool:
        """True while it stands on top of pages."""
        return self.withdrawn_at is None and self.starts_at <= moment < self.ends_at


def put(connection: Connection, new: New, by_id: int, at: datetime) -> int:
    """Announce; its number."""
    values = {"text": new.text, "tone": new.tone, "starts_at": new.starts_at, "ends_at": new.ends_at}
    return inserted(connection, insert(announcement).values(**values, by_id=by_id, at=at))


def withdraw(connection: Connection, key: int, at: datetime) -> bool:
    """Show it no longer; False when there is none, or it was withdrawn before."""
    mine = (announcement.c.id == key, announcement.c.withdrawn_at.is_(None))
    return connection.execute(update(announcement).where(*mine).values(withdrawn_at=at)).rowcount == 1


def listing(connection: Connection, limit: int = 100) -> list[Announcement]:
    """All of them, newest first."""
    return _found(connection, limit)


def unseen(connection: Connection, person_id: int, at: datetime) -> list[Announcement]:
    """What is shown to somebody now, newest first."""
    return _found(connection, 20, is_unseen(person_id, at))


def is_unseen(person_id: Any, at: datetime) -> ColumnElement[bool]:
    """True of what is announced at a moment and not put away by a person (a key, or a column of keys)."""
    mine = (announcement_seen.c.announcement_id == announcement.c.id, announcement_seen.c.person_id == person_id)
    seen = exists().where(*mine).correlate_except(announcement_seen)
    shown = and_(announcement.c.starts_at <= at, announcement.c.ends_at > at, announcement.c.withdrawn_at.is_(None))
    return and_(shown, ~seen)


def put_away(connection: Connection, key: int, person_id: int, at: datetime) -> None:
    """Somebody has read it; a second time, and one that is not there, change nothing."""
    mine = (announcement_seen.c.announcement_id == key, announcement_seen.c.person_id == person_id)
    is_there = connection.execute(select(announcement.c.id).where(announcement.c.id == key)).first() is not None
    if is_there and connection.execute(select(announcement_seen.c.person_id).where(*mine)).first() is None:
        connection.execute(insert(announcement_seen).values(announcement_id=key, person_id=person_id, at=at))


def _found(connection: Connection, limit: int, *conditions: ColumnElement[bool]) -> list[Announcement]:
    query = (
        select(announcement, person.c.name.label("by_name"))
        .join(person, person.c.id == announcement.c.by_id)
        .where(*conditions)
        .order_by(desc(announcement.c.id))
        .limit(limit)
    )
    return [
        Announcement(row.id, row.text, row.tone, row.starts_at, row.ends_at, row.by_name, row.at, row.withdrawn_at)
        for row in connection.execute(query)
    ]
