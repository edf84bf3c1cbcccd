"""The headings of drafts, who owns them, and every text ever saved under one (R42)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Select, and_, desc, insert, select, update

from registry.store.tables import draft_heading, draft_text, person


class Origin(StrEnum):
    """How a text came under its heading."""

    TYPED = "typed"
    BEFORE = "before"  # the text the last report ended with
    TAKEN = "taken"  # a unit's contribution was copied into it
    DOCUMENT = "document"  # came back in an edited docx


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with its newest text; ``lock`` is that text's number, 0 while there is none."""

    id: int
    draft_id: int
    n: int
    tag: str
    title: str
    level: int
    is_written: bool
    instruction: str
    units: tuple[str, ...]
    owner_id: int | None
    owner: str | None
    lock: int
    body: str
    origin: Origin | None
    by_name: str | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Text:
    """One saved text."""

    n: int
    body: str
    origin: Origin
    from_id: int | None
    by_name: str
    at: datetime


def headings(connection: Connection, draft_id: int) -> list[Heading]:
    """The headings of a draft in order, each with its newest text."""
    return _headings(connection, _newest().where(draft_heading.c.draft_id == draft_id).order_by(draft_heading.c.n))


def save(
    connection: Connection,
    heading_id: int,
    seen: int,
    body: str,
    origin: Origin,
    by_id: int,
    at: datetime,
    from_id: int | None = None,
) -> bool:
    """Keep a text as the next after the one that was ``seen``; False when somebody saved another meanwhile."""
    unmoved = and_(draft_heading.c.id == heading_id, draft_heading.c.lock == seen)
    if connection.execute(update(draft_heading).where(unmoved).values(lock=seen + 1)).rowcount != 1:
        return False
    values = {"heading_id": heading_id, "n": seen + 1, "body": body, "origin": origin, "from_id": from_id}
    connection.execute(insert(draft_text).values(**values, by_id=by_id, at=at))
    return True


def texts(connection: Connection, heading_id: int) -> list[Text]:
    """Every text saved under a heading, newest first."""
    query = (
        select(draft_text, person.c.name)
        .join(person, person.c.id == draft_text.c.by_id)
        .where(draft_text.c.heading_id == heading_id)
        .order_by(desc(draft_text.c.n))
    )
    return [
        Text(row.n, row.body, Origin(row.origin), row.from_id, row.name, row.at) for row in connection.execute(query)
    ]


def name_owner(connection: Connection, heading_id: int, owner_id: int | None) -> None:
    """Say who writes a heading."""
    connection.execute(update(draft_heading).where(draft_heading.c.id == heading_id).values(owner_id=owner_id))


def _newest() -> Select[Any]:
    owner = person.alias("owner")
    newest = and_(draft_text.c.heading_id == draft_heading.c.id, draft_text.c.n == draft_heading.c.lock)
    return (
        select(
            draft_heading,
            draft_text.c.body,
            draft_text.c.origin,
            draft_text.c.at,
            person.c.name.label("by_name"),
            owner.c.name.label("owner"),
        )
        .outerjoin(draft_text, newest)
        .outerjoin(person, person.c.id == draft_text.c.by_id)
        .outerjoin(owner, owner.c.id == draft_heading.c.owner_id)
    )


def _headings(connection: Connection, query: Select[Any]) -> list[Heading]:
    return [
        Heading(
            row.id,
            row.draft_id,
            row.n,
            row.tag,
            row.title,
            row.level,
            row.is_written,
            row.instruction,
            tuple(row.units),
            row.owner_id,
            row.owner,
            row.lock,
            row.body or "",
            Origin(row.origin) if row.origin else None,
            row.by_name,
            row.at,
        )
        for row in connection.execute(query)
    ]
