"""The instants of a period's life, each change of them on record: deadlines, reception, closing, locking (R28, R47)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, desc, func, insert, or_, select, update

from registry.store.tables import assignment, due_change, opening, period, person, year_lock

EXTEND = "extend"  # more time, for everybody or some
OUTAGE = "outage"  # of a first deadline: the minutes the server was not ready
OUTAGE_EXTENDED = "outage-extended"  # the same of a deadline that had been extended
TAKEN_BACK = "outage-back"  # an outage was no outage: what it moved is as if it never had
RETURN = "return"  # the receiver sent a report back and named a moment for it
FIGURES_REOPENED = "figures-reopened"  # figures were opened again: until when they are taken
TO_SEND_AGAIN = (RETURN, FIGURES_REOPENED)
CLOSE, REOPEN = "close", "reopen"  # of reception
CREDITS = (OUTAGE, OUTAGE_EXTENDED)
MOVING = (EXTEND, *CREDITS)  # what moves the deadline a first sending is measured by
OF_DEADLINES = (*MOVING, TAKEN_BACK, *TO_SEND_AGAIN)


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
    given_back = _latest(connection, opening_id, (OUTAGE,))
    query = (
        select(assignment.c.unit_id, func.max(assignment.c.due_at), func.max(assignment.c.due_at_first))
        .where(assignment.c.opening_id == opening_id, assignment.c.closed_at.is_(None))
        .group_by(assignment.c.unit_id)
    )
    return {
        unit_id: Dues(now, first, max([first, *(given_back[one] for one in (unit_id, None) if one in given_back)]))
        for unit_id, now, first in connection.execute(query)
    }


def is_kept(moment: Any = None) -> ColumnElement[bool]:
    """True of a change that was not taken back: when told, not by a moment at which it was on record already."""
    back = due_change.alias("back")
    here, for_all = back.c.opening_id == due_change.c.opening_id, due_change.c.unit_id.is_(None)
    taken = [
        back.c.kind == TAKEN_BACK,
        or_(and_(here, back.c.unit_id == due_change.c.unit_id), and_(here, back.c.unit_id.is_(None), for_all)),
        back.c.id > due_change.c.id,
        back.c.old == due_change.c.new,
        back.c.since == due_change.c.since,
    ]
    if moment is not None:
        taken.append(or_(back.c.at <= moment, due_change.c.at > moment))
    return ~select(back.c.id).where(*taken).correlate_except(back).exists()


def _latest(connection: Connection, opening_id: int, kinds: Collection[str]) -> dict[int | None, datetime]:
    query = (
        select(due_change.c.unit_id, func.max(due_change.c.new))
        .where(due_change.c.opening_id == opening_id, due_change.c.kind.in_(kinds), is_kept())
        .group_by(due_change.c.unit_id)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def credits_of(connection: Connection, opening_id: int, began: datetime) -> list[Change]:
    """What an outage that began then moved of deadlines and was not taken back."""
    query = (
        select(due_change)
        .where(due_change.c.opening_id == opening_id, due_change.c.kind.in_(CREDITS), is_kept())
        .where(due_change.c.since == began)
        .order_by(due_change.c.id)
    )
    return [
        Change(row.kind, row.new, row.reason, row.at, row.by_id, row.unit_id, row.old, row.since)
        for row in connection.execute(query)
    ]


def credited_by(connection: Connection, began: datetime) -> list[int]:
    """The openings in which an outage that began then moved deadlines and was not taken back."""
    its = (due_change.c.kind.in_(CREDITS), due_change.c.since == began, is_kept())
    return sorted(set(connection.execute(select(due_change.c.opening_id).where(*its)).scalars()))


def is_built_on(connection: Connection, opening_id: int, credits: Collection[Change]) -> bool:
    """True when the minutes of another outage were given upon where these moved a deadline to."""
    ends, begun = ({getattr(one, name) for one in credits} for name in ("new", "since"))
    query = select(due_change.c.id).where(
        due_change.c.opening_id == opening_id, due_change.c.kind.in_(CREDITS), is_kept(), due_change.c.old.in_(ends)
    )
    return connection.execute(query.where(due_change.c.since.not_in(begun)).limit(1)).first() is not None


def settle(connection: Connection, opening_id: int, units: Mapping[int, Dues]) -> dict[int, datetime]:
    """Move the deadlines of units back to the latest that stands on record; by unit those that changed."""
    latest = _latest(connection, opening_id, (*MOVING, *TO_SEND_AGAIN))
    changed = {}
    for unit_id, old in units.items():
        due = max([old.first, *(latest[one] for one in (unit_id, None) if one in latest)])
        if due < old.now:
            mine = and_(assignment.c.opening_id == opening_id, assignment.c.unit_id == unit_id)
            connection.execute(update(assignment).where(mine, assignment.c.due_at > due).values(due_at=due))
            changed[unit_id] = due
    return changed


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
