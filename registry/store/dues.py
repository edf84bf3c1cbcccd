"""The deadlines that were given out, over all openings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from registry.store.tables import assignment, opening, period


@dataclass(frozen=True, slots=True)
class Ahead:
    """A deadline that is still to come, and for how many units."""

    regime: str
    period: str
    due_at: datetime
    units: int


def ahead(connection: Connection, moment: datetime) -> list[Ahead]:
    """Every deadline after a moment, earliest first: one query."""
    query = (
        select(
            opening.c.regime,
            period.c.code.label("period"),
            assignment.c.due_at,
            func.count(assignment.c.unit_id.distinct()).label("units"),
        )
        .join(opening, opening.c.id == assignment.c.opening_id)
        .join(period, period.c.id == opening.c.period_id)
        .where(assignment.c.due_at > moment, assignment.c.closed_at.is_(None))
        .group_by(opening.c.regime, period.c.code, assignment.c.due_at)
        .order_by(assignment.c.due_at, opening.c.regime)
    )
    return [Ahead(**row._mapping) for row in connection.execute(query)]


@dataclass(frozen=True, slots=True)
class Given:
    """A deadline of an open period as it is in force, the one first given, and for how many units."""

    regime: str
    period: str
    due_at: datetime
    due_at_first: datetime
    closes_on: date | None
    units: int


def given(connection: Connection, first: datetime, last: datetime, unit_id: int | None = None) -> list[Given]:
    """The deadlines after one moment and up to another (of a unit), earliest first: one query."""
    query = (
        select(
            opening.c.regime,
            period.c.code.label("period"),
            assignment.c.due_at,
            assignment.c.due_at_first,
            opening.c.closes_on,
            func.count(assignment.c.unit_id.distinct()).label("units"),
        )
        .join(opening, opening.c.id == assignment.c.opening_id)
        .join(period, period.c.id == opening.c.period_id)
        .where(assignment.c.due_at > first, assignment.c.due_at <= last, assignment.c.closed_at.is_(None))
        .group_by(opening.c.regime, period.c.code, assignment.c.due_at, assignment.c.due_at_first, opening.c.closes_on)
        .order_by(assignment.c.due_at, opening.c.regime)
    )
    if unit_id is not None:
        query = query.where(assignment.c.unit_id == unit_id)
    return [Given(**row._mapping) for row in connection.execute(query)]
