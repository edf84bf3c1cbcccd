"""Notices: what waits for somebody, or was decided for him; sentences are the pages' business."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, desc, insert, select, update

from registry.store.tables import notice


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing somebody was told; ``object`` is named as in the audit log, ``read_at`` when he put it away."""

    id: int
    kind: str
    object: str
    values: Mapping[str, Any]
    at: datetime
    read_at: datetime | None = None


def put(
    connection: Connection, people: Iterable[int], kind: str, on: str, values: Mapping[str, Any], at: datetime
) -> None:
    """Tell several people of one thing."""
    rows = [{"person_id": one, "kind": kind, "object": on, "values": dict(values), "at": at} for one in set(people)]
    if rows:
        connection.execute(insert(notice), rows)


def unread(connection: Connection, person_id: int, limit: int = 20) -> list[Notice]:
    """What somebody has not put away yet, newest first."""
    return page(connection, person_id, limit, only_unread=True)


def page(
    connection: Connection, person_id: int, limit: int, before: int | None = None, *, only_unread: bool = False
) -> list[Notice]:
    """What somebody was told, read or not, newest first: those before a notice."""
    query = select(notice).where(notice.c.person_id == person_id).order_by(desc(notice.c.id)).limit(limit)
    if before is not None:
        query = query.where(notice.c.id < before)
    if only_unread:
        query = query.where(notice.c.read_at.is_(None))
    return [
        Notice(row.id, row.kind, row.object, row._mapping["values"], row.at, row.read_at)
        for row in connection.execute(query)
    ]


def put_away(connection: Connection, person_id: int, up_to: int, at: datetime, *, only: bool = False) -> None:
    """Somebody has read everything up to a notice, or only that one."""
    which = notice.c.id == up_to if only else notice.c.id <= up_to
    mine = (notice.c.person_id == person_id, which, notice.c.read_at.is_(None))
    connection.execute(update(notice).where(*mine).values(read_at=at))


def was_told(connection: Connection, kind: str, on: str) -> bool:
    """True when anybody was ever told this of an object."""
    query = select(notice.c.id).where(notice.c.kind == kind, notice.c.object == on).limit(1)
    return connection.execute(query).first() is not None


def settle(
    connection: Connection, kinds: Iterable[str], on: str, at: datetime, people: Collection[int] | None = None
) -> None:
    """What was waited for is done: nobody (of some people) needs to be told any more."""
    done = [notice.c.kind.in_(list(kinds)), notice.c.object == on, notice.c.read_at.is_(None)]
    done += [notice.c.person_id.in_(people)] if people is not None else []
    connection.execute(update(notice).where(*done).values(read_at=at))
