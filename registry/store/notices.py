"""Notices: what waits for somebody, or was decided for him; sentences are the pages' business."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, desc, func, insert, or_, select, update

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


@dataclass(frozen=True, slots=True)
class New:
    """One thing several people are told."""

    people: Collection[int]
    kind: str
    object: str
    values: Mapping[str, Any]


def put_all(connection: Connection, new: Iterable[New], at: datetime) -> None:
    """Tell people of several things: one statement."""
    rows = [
        {"person_id": person, "kind": one.kind, "object": one.object, "values": dict(one.values), "at": at}
        for one in new
        for person in one.people
    ]
    if rows:
        connection.execute(insert(notice), rows)


def last_told(connection: Connection, kind: str, objects: Collection[str]) -> dict[str, datetime]:
    """When somebody was told such a thing of each of these last."""
    query = select(notice.c.object, func.max(notice.c.at).label("at")).where(notice.c.kind == kind)
    rows = connection.execute(query.where(notice.c.object.in_(objects)).group_by(notice.c.object))
    return {row.object: row.at for row in rows}


def put(
    connection: Connection, people: Iterable[int], kind: str, on: str, values: Mapping[str, Any], at: datetime
) -> None:
    """Tell several people of one thing."""
    put_all(connection, [New(set(people), kind, on, values)], at)


def _older(notice_id: int) -> ColumnElement[bool]:
    """What was told before a notice; of one moment what was written before it."""
    other = notice.alias()
    when = select(other.c.at).where(other.c.id == notice_id).scalar_subquery()
    return or_(notice.c.at < when, and_(notice.c.at == when, notice.c.id < notice_id))


def unread(connection: Connection, person_id: int, limit: int = 20) -> list[Notice]:
    """What somebody has not put away yet, newest first."""
    return page(connection, person_id, limit, only_unread=True)


def page(
    connection: Connection, person_id: int, limit: int, before: int | None = None, *, only_unread: bool = False
) -> list[Notice]:
    """What somebody was told, read or not, newest first: those before a notice."""
    query = (
        select(notice)
        .where(notice.c.person_id == person_id)
        .order_by(desc(notice.c.at), desc(notice.c.id))
        .limit(limit)
    )
    if before is not None:
        query = query.where(_older(before))
    if only_unread:
        query = query.where(notice.c.read_at.is_(None))
    return [
        Notice(row.id, row.kind, row.object, row._mapping["values"], row.at, row.read_at)
        for row in connection.execute(query)
    ]


def put_away(connection: Connection, person_id: int, up_to: int, at: datetime, *, only: bool = False) -> None:
    """Somebody has read everything up to a notice, or only that one."""
    which = notice.c.id == up_to if only else or_(notice.c.id == up_to, _older(up_to))
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
    settle_all(connection, kinds, (on,), at, people)


def settle_all(
    connection: Connection,
    kinds: Iterable[str],
    objects: Collection[str],
    at: datetime,
    people: Collection[int] | None = None,
) -> None:
    """What was waited for of several things is done: one statement."""
    done = [notice.c.kind.in_(list(kinds)), notice.c.object.in_(objects), notice.c.read_at.is_(None)]
    done += [notice.c.person_id.in_(people)] if people is not None else []
    connection.execute(update(notice).where(*done).values(read_at=at))
