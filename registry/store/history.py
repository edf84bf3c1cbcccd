"""What went before: the openings whose deadlines lay in a span, and what was granted and sent back in them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, or_, select, union

from registry.store.instants import EXTEND, OUTAGE
from registry.store.tables import assignment, due_change, report, report_event
from registry.workflow.report import ReportStep


@dataclass(frozen=True, slots=True)
class Extension:
    """More time given in an opening, to one unit or (None) to all."""

    opening_id: int
    unit_id: int | None
    reason: str


def due_within(connection: Connection, since: datetime, until: datetime) -> list[int]:
    """Openings that had a deadline, as opened, as moved or with an outage given back, from ``since`` to ``until``."""
    asked = select(assignment.c.opening_id).where(
        or_(assignment.c.due_at_first.between(since, until), assignment.c.due_at.between(since, until))
    )
    credited = select(due_change.c.opening_id).where(
        due_change.c.kind == OUTAGE, due_change.c.new.between(since, until)
    )
    return sorted(connection.execute(union(asked, credited)).scalars())


def extensions(connection: Connection, openings: Collection[int]) -> list[Extension]:
    """Every time more time was given in some openings, the first one first."""
    query = (
        select(due_change.c.opening_id, due_change.c.unit_id, due_change.c.reason)
        .where(due_change.c.opening_id.in_(list(openings)), due_change.c.kind == EXTEND)
        .order_by(due_change.c.id)
    )
    return [Extension(*row) for row in connection.execute(query)]


def returns(connection: Connection, openings: Collection[int]) -> dict[tuple[int, int], int]:
    """By opening and unit how often a receiver sent its report back."""
    query = (
        select(report.c.opening_id, report.c.unit_id, func.count())
        .join(report_event, report_event.c.report_id == report.c.id)
        .where(report.c.opening_id.in_(list(openings)), report_event.c.action == ReportStep.SEND_BACK)
        .group_by(report.c.opening_id, report.c.unit_id)
    )
    return {(row[0], row[1]): row[2] for row in connection.execute(query)}
