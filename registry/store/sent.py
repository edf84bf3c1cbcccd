"""What was sent to people on a day: notices by kind, and letters with how they fared; never what stands in them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, desc, func, or_, select

from registry.store.tables import grant, notice, outbox, person


@dataclass(frozen=True, slots=True)
class Search:
    """The notices and letters between two moments, to somebody (part of a login or name) or a unit's people."""

    since: datetime
    until: datetime
    who: str = ""
    unit_id: int | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as the log tells of it."""

    id: int
    at: datetime
    kind: str
    login: str
    name: str
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as the log tells of it."""

    id: int
    queued_at: datetime
    to: str
    subject: str
    tries: int
    sent_at: datetime | None


def kinds(connection: Connection, search: Search) -> list[tuple[str, int, int]]:
    """Kind, how many notices of it, how many of these were put away."""
    query = (
        select(notice.c.kind, func.count().label("n"), func.count(notice.c.read_at).label("read"))
        .join(person, person.c.id == notice.c.person_id)
        .where(*_notices(search))
        .group_by(notice.c.kind)
        .order_by(desc("n"), notice.c.kind)
    )
    return [(row.kind, row.n, row.read) for row in connection.execute(query)]


def notices(connection: Connection, search: Search, limit: int, before: int | None = None) -> list[Notice]:
    """The notices, newest first: those before one."""
    query = (
        select(notice.c.id, notice.c.at, notice.c.kind, person.c.login, person.c.name, notice.c.read_at)
        .join(person, person.c.id == notice.c.person_id)
        .where(*_notices(search))
        .order_by(desc(notice.c.id))
        .limit(limit)
    )
    if before is not None:
        query = query.where(notice.c.id < before)
    return [Notice(*row) for row in connection.execute(query)]


def letters(connection: Connection, search: Search, limit: int) -> list[Letter]:
    """The letters, newest first; of a person those to his address."""
    query = (
        select(outbox.c.id, outbox.c.queued_at, outbox.c.to, outbox.c.body, outbox.c.tries, outbox.c.sent_at)
        .where(outbox.c.queued_at >= search.since, outbox.c.queued_at < search.until)
        .order_by(desc(outbox.c.id))
        .limit(limit)
    )
    if search.who or search.unit_id is not None:
        address = or_(
            outbox.c.to.icontains(search.who, autoescape=True), outbox.c.to.in_(_people(search, person.c.email))
        )
        query = query.where(address if search.who else outbox.c.to.in_(_people(search, person.c.email)))
    return [
        Letter(row.id, row.queued_at, row.to, str(row.body["subject"]), row.tries, row.sent_at)
        for row in connection.execute(query)
    ]


def _notices(search: Search) -> list[ColumnElement[bool]]:
    found = [notice.c.at >= search.since, notice.c.at < search.until]
    return [*found, *_of(search)]


def _people(search: Search, column: Any) -> Any:
    return select(column).where(column != "", *_of(search))


def _of(search: Search) -> Collection[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if search.who:
        named = (one.icontains(search.who, autoescape=True) for one in (person.c.login, person.c.name))
        found.append(or_(*named))
    if search.unit_id is not None:
        held = select(grant.c.person_id).where(grant.c.unit_id == search.unit_id, grant.c.revoked_at.is_(None))
        found.append(person.c.id.in_(held))
    return found
