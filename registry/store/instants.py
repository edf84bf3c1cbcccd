"""The instants of a period's life, each change of them on record: deadlines, reception, closing, locking (R28, R47)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, desc, func, insert, select, update

from registry.store.tables import assignment, due_change, opening, period, person, year_lock

EXTEND = "extend"  # more time, for everybody or some
OUTAGE = "outage"  # of a first deadline: the minutes the server was not ready
OUTAGE_EXTENDED = "outage-extended"  # the same of a deadline that had been extended
RETURN = "return"  # the receiver sent a report back and named a moment for it
FIGURES_REOPENED = "figures-reopened"  # figures were opened again: until when they are taken
TO_SEND_AGAIN = (RETURN, FIGURES_REOPENED)
CLOSE, REOPEN = "close", "reopen"  # of reception
MOVING = (EXTEND, OUTAGE, OUTAGE_EXTENDED)  # what moves the deadline a first sending is measured by


@dataclass(frozen=True, slots=True)
class Change:
    """One change of an instant, to be kept for ever; ``unit_id`` None: everybody's."""

    kind: str
    new: datetime
    reason: str
    at: datetime
    by_id: int | None = None
    unit_id: int | None = None
    old: datetime | None = None
    since: datetime | None = None  # in force from then on; None: from ``at``


@dataclass(frozen=True, slots=True)
class Kept:
    """A change on record, and who made it."""

    change: Change
    by_name: str | None


@dataclass(frozen=True, slots=True)
class Dues:
    """The deadlines of one unit in an opening."""

    now: datetime
    first: datetime
    credited: datetime  # the first with the outages that touched it


def record(connection: Connection, opening_id: int, changes: Iterable[Change]) -> None:
    """Keep changes."""
    rows = [
        {
            "opening_id": opening_id,
            "unit_id": one.unit_id,
            "kind": one.kind,
            "new": one.new,
            "reason": one.reason,
            "by_id": one.by_id,
            "at": one.at,
            "old": one.old,
            "since": one.since,
        }
        for one in changes
    ]
    if rows:
        connection.execute(insert(due_change), rows)


def record_each(
    connection: Connection, opening_id: int, changes: Mapping[int, Collection[Change]], *, everybody: bool
) -> None:
    """Keep changes of several units; those alike that touch everybody as one."""
    alike: dict[Change, list[int]] = {}
    for unit_id, its in changes.items():
        for one in its:
            alike.setdefault(one, []).append(unit_id)
    for one, units in alike.items():
        is_one = everybody and len(units) == len(changes)
        record(connection, opening_id, [one] if is_one else [replace(one, unit_id=unit_id) for unit_id in units])


def history(connection: Connection, opening_id: int, unit_id: int | None = None) -> list[Kept]:
    """Every change of an opening's instants, newest first; of one unit's, when told, those that touched it."""
    query = (
        select(due_change, person.c.name)
        .outerjoin(person, person.c.id == due_change.c.by_id)
        .where(due_change.c.opening_id == opening_id)
        .order_by(desc(due_change.c.id))
    )
    if unit_id is not None:
        query = query.where(func.coalesce(due_change.c.unit_id, unit_id) == unit_id)
    return [
        Kept(Change(row.kind, row.new, row.reason, row.at, row.by_id, row.unit_id, row.old, row.since), row.name)
        for row in connection.execute(query)
    ]


def dues(connection: Connection, opening_id: int) -> dict[int, Dues]:
    """The deadlines in force and the first ones, by unit."""
    given_back = _given_back(connection, opening_id)
    query = (
        select(assignment.c.unit_id, func.max(assignment.c.due_at), func.max(assignment.c.due_at_first))
        .where(assignment.c.opening_id == opening_id, assignment.c.closed_at.is_(None))
        .group_by(assignment.c.unit_id)
    )
    return {
        unit_id: Dues(now, first, max([first, *(given_back[one] for one in (unit_id, None) if one in given_back)]))
        for unit_id, now, first in connection.execute(query)
    }


def _given_back(connection: Connection, opening_id: int) -> dict[int | None, datetime]:
    query = (
        select(due_change.c.unit_id, func.max(due_change.c.new))
        .where(due_change.c.opening_id == opening_id, due_change.c.kind == OUTAGE)
        .group_by(due_change.c.unit_id)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def move(connection: Connection, opening_id: int, unit_ids: Collection[int] | None, due: datetime) -> None:
    """Move the deadline of all units (None) or of some; who has more time keeps it."""
    mine = and_(assignment.c.opening_id == opening_id, assignment.c.due_at < due)
    if unit_ids is not None:
        mine = and_(mine, assignment.c.unit_id.in_(unit_ids))
    connection.execute(update(assignment).where(mine).values(due_at=due))


def close_reception(connection: Connection, opening_id: int, at: datetime | None) -> None:
    """No upload is taken from ``at`` on; None takes uploads again."""
    connection.execute(update(opening).where(opening.c.id == opening_id).values(reception_closed_at=at))


def set_state(
    connection: Connection,
    opening_id: int,
    known: tuple[datetime | None, datetime | None],
    wanted: tuple[datetime | None, datetime | None],
) -> bool:
    """Write (closed, locked); False when they are no longer as ``known``."""

    def is_still(column: Any, moment: datetime | None) -> Any:
        return column.is_(None) if moment is None else column == moment

    mine = and_(
        opening.c.id == opening_id, is_still(opening.c.closed_at, known[0]), is_still(opening.c.locked_at, known[1])
    )
    changed = update(opening).where(mine).values(closed_at=wanted[0], locked_at=wanted[1])
    return connection.execute(changed).rowcount == 1


@dataclass(frozen=True, slots=True)
class YearLock:
    """A year of a regime was locked, or unlocked, by a document."""

    regime: str
    year: int
    is_locked: bool
    document: str
    by_name: str
    at: datetime


def put_year(
    connection: Connection, regime: str, year: int, *, is_locked: bool, document: str, by_id: int, at: datetime
) -> None:
    """Keep that a year was locked or unlocked."""
    connection.execute(
        insert(year_lock).values(regime=regime, year=year, is_locked=is_locked, document=document, by_id=by_id, at=at)
    )


def years(connection: Connection, regime: str | None = None) -> dict[tuple[str, int], YearLock]:
    """What holds for each year anybody decided on, by regime and year: the newest decision."""
    query = select(year_lock, person.c.name).join(person, person.c.id == year_lock.c.by_id).order_by(year_lock.c.id)
    if regime is not None:
        query = query.where(year_lock.c.regime == regime)
    return {
        (row.regime, row.year): YearLock(row.regime, row.year, row.is_locked, row.document, row.name, row.at)
        for row in connection.execute(query)
    }


def of_year(connection: Connection, regime: str, year: int) -> list[int]:
    """The openings of a regime's year that are not locked yet."""
    query = (
        select(opening.c.id)
        .join(period, period.c.id == opening.c.period_id)
        .where(opening.c.regime == regime, period.c.code.like(f"{year}%"), opening.c.locked_at.is_(None))
    )
    return list(connection.execute(query).scalars())
