"""Looking things up in the audit log: by person, unit, action, object and time, a page at a time (R06, R55)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Date, Interval, and_, cast, desc, func, literal, or_, select, true

from registry.store.audit import Entry, entry_of
from registry.store.tables import audit, audit_detail, submission
from registry.workflow.policy import Scope
from vietnamese.dates import HO_CHI_MINH

_AHEAD = timedelta(hours=7)  # of UTC, all year, as clocks in Viet Nam have been since 1975


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; None and empty: anything."""

    people: frozenset[int] | None = None
    logins: frozenset[str] = frozenset()  # of those people, for entries of before migration 0014; or as it was typed
    unit_id: int | None = None
    actions: frozenset[str] = frozenset()
    object: str = ""  # and what begins with it and a space
    since: datetime | None = None
    until: datetime | None = None


def search(connection: Connection, scope: Scope, wanted: Wanted, limit: int, before: int | None = None) -> list[Entry]:
    """The newest entries within a scope that are wanted, older than number ``before``."""
    query = (
        select(audit, audit_detail.c.body)
        .join(audit_detail, audit_detail.c.seq == audit.c.seq)
        .where(*_conditions(connection, scope, wanted))
        .order_by(desc(audit.c.seq))
        .limit(limit)
    )
    if before is not None:
        query = query.where(audit.c.seq < before)
    return [entry_of(row) for row in connection.execute(query)]


def _conditions(connection: Connection, scope: Scope, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [true() if scope.units is None else audit.c.unit_id.in_(scope.units)]
    if wanted.people is not None:
        signatures = {*wanted.logins, *(f"operator for {login}" for login in wanted.logins)}
        found.append(or_(audit.c.person_id.in_(wanted.people), audit.c.actor.in_(signatures)))
    if wanted.unit_id is not None:
        found.append(audit.c.unit_id == wanted.unit_id)
    if wanted.actions:
        found.append(audit.c.action.in_(wanted.actions))
    if wanted.object:
        found.append(or_(audit.c.object == wanted.object, _begins(connection, f"{wanted.object} ")))
    if wanted.since is not None:
        found.append(audit.c.at >= wanted.since)
    if wanted.until is not None:
        found.append(audit.c.at < wanted.until)
    return found


def _begins(connection: Connection, text: str) -> ColumnElement[bool]:
    """By the index of each database: SQLite compares bytes, PostgreSQL's index is made for patterns."""
    if connection.dialect.name == "postgresql":
        return audit.c.object.startswith(text, autoescape=True)
    return and_(audit.c.object >= text, audit.c.object < text[:-1] + chr(ord(text[-1]) + 1))


def by_day(
    connection: Connection, actions: Collection[str], since: datetime, until: datetime
) -> dict[tuple[date, str], int]:
    """How many entries of each action there are on each day in Viet Nam."""
    if connection.dialect.name == "postgresql":
        day: Any = cast(audit.c.at + literal(_AHEAD, Interval()), Date)
    else:
        day = func.date(audit.c.at, "+7 hours")
    query = (
        select(day.label("day"), audit.c.action, func.count())
        .where(audit.c.action.in_(actions), audit.c.at >= since, audit.c.at < until)
        .group_by("day", audit.c.action)
    )
    return {
        (found if isinstance(found, date) else date.fromisoformat(found), action): count
        for found, action, count in connection.execute(query)
    }


def assignments(connection: Connection, submissions: Collection[int]) -> dict[int, int]:
    """Which assignment each submission answers: the page an entry about it leads to."""
    query = select(submission.c.id, submission.c.assignment_id).where(submission.c.id.in_(submissions))
    return {row.id: row.assignment_id for row in connection.execute(query)}


def span(first: date, last: date) -> tuple[datetime, datetime]:
    """From the start of a day to the end of another, in Viet Nam."""
    starts = datetime(first.year, first.month, first.day, tzinfo=HO_CHI_MINH)
    return starts, datetime(last.year, last.month, last.day, tzinfo=HO_CHI_MINH) + timedelta(days=1)
