"""What units were to send and when they did: one query behind boards, annexes and histories (R29, R48)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Subquery, and_, case, desc, func, or_, select

from registry.store.approvals import stands
from registry.store.instants import MOVING, OUTAGE, RETURN, TO_SEND_AGAIN, is_kept
from registry.store.tables import (
    assignment,
    due_change,
    opening,
    period,
    plea,
    report,
    report_event,
    submission,
    submission_event,
    unit_version,
)
from registry.store.within import within as seen
from registry.workflow.plea import PleaKind, PleaState
from registry.workflow.policy import Scope
from registry.workflow.submission import State
from registry.workflow.timeliness import Sending


def within(
    connection: Connection,
    scope: Scope,
    *,
    openings: Iterable[int] | None = None,
    periods: Iterable[str] | None = None,
    regime: str | None = None,
    unit_id: int | None = None,
) -> list[Sending]:
    """What each unit of a scope was to send in each opening: newest period first, units in the official order."""
    if scope.is_empty:
        return []
    conditions = [
        assignment.c.closed_at.is_(None),
        seen(scope, assignment.c.unit_id, opening.c.regime, assignment.c.form),
    ]
    if openings is not None:
        conditions.append(opening.c.id.in_(list(openings)))
    if periods is not None:
        conditions.append(period.c.code.in_(list(periods)))
    if regime is not None:
        conditions.append(opening.c.regime == regime)
    if unit_id is not None:
        conditions.append(assignment.c.unit_id == unit_id)
    return [_sending(row) for row in connection.execute(_of_units(_of_forms(and_(*conditions))))]


def in_force(opening_id: Any, unit_id: Any, moment: Any, kinds: Iterable[str] = MOVING) -> Any:
    """The last deadline of a unit in force at a moment, as a column; NULL where it never moved before."""
    query = select(func.max(due_change.c.new)).where(
        _about(opening_id, unit_id),
        due_change.c.kind.in_(list(kinds)),
        func.coalesce(due_change.c.since, due_change.c.at) <= moment,
        is_kept(moment),
    )
    return query.correlate_except(due_change).scalar_subquery()


def credited(opening_id: Any, unit_id: Any) -> Any:
    """The first deadline with the outages that touched it, as a column; NULL where none did."""
    mine = (_about(opening_id, unit_id), due_change.c.kind == OUTAGE, is_kept())
    query = select(func.max(due_change.c.new)).where(*mine)
    return query.correlate_except(due_change).scalar_subquery()


def to_send_again(opening_id: Any, unit_id: Any) -> Any:
    """Until when a unit may send again what was sent back to it, or opened, as a column; NULL where nothing was."""
    query = select(func.max(due_change.c.new)).where(
        due_change.c.opening_id == opening_id,
        due_change.c.unit_id == unit_id,
        due_change.c.kind.in_(TO_SEND_AGAIN),
    )
    return query.correlate_except(due_change).scalar_subquery()


def excused(opening_id: Any, unit_id: Any) -> Any:
    """True where a dispute about the unit's lateness was accepted, as a column."""
    accepted = (plea.c.kind == PleaKind.DISPUTE, plea.c.state == PleaState.AGREED)
    query = select(plea.c.id).where(plea.c.opening_id == opening_id, plea.c.unit_id == unit_id, *accepted)
    return query.correlate_except(plea).exists()


def _about(opening_id: Any, unit_id: Any) -> ColumnElement[bool]:
    here = due_change.c.opening_id == opening_id  # said in both arms: each is then found by the index
    return or_(and_(here, due_change.c.unit_id == unit_id), and_(here, due_change.c.unit_id.is_(None)))


def _of_forms(condition: ColumnElement[bool]) -> Subquery:
    """Of each form asked: when it was handed in and approved first, approved last, and whether it stands approved."""

    def at(condition: ColumnElement[bool], pick: Any) -> Any:
        return pick(case((condition, submission_event.c.at)))

    return (
        select(
            assignment.c.opening_id,
            assignment.c.unit_id,
            assignment.c.due_at,
            assignment.c.due_at_first,
            case((submission.c.state == State.APPROVED, 0), else_=1).label("is_open"),
            at(submission_event.c.action == "submit", func.min).label("handed"),
            at(stands(), func.min).label("approved"),
            at(stands(), func.max).label("approved_last"),
        )
        .join(opening, opening.c.id == assignment.c.opening_id)
        .join(period, period.c.id == opening.c.period_id)
        .join(submission, submission.c.assignment_id == assignment.c.id)
        .outerjoin(submission_event, submission_event.c.submission_id == submission.c.id)
        .where(condition)
        .group_by(assignment.c.id, submission.c.state)
        .subquery()
    )


def _of_units(forms: Subquery) -> Select[Any]:
    def when_all(column: Any) -> Any:
        return case((func.count() == func.count(column), func.max(column)))

    unit = (
        select(
            forms.c.opening_id,
            forms.c.unit_id,
            func.max(forms.c.due_at).label("due_at"),
            func.max(forms.c.due_at_first).label("due_first"),
            func.sum(forms.c.is_open).label("still_open"),
            when_all(forms.c.handed).label("first_sent_at"),
            when_all(forms.c.approved).label("sent_at"),
            func.max(forms.c.approved_last).label("approved_last"),
        )
        .group_by(forms.c.opening_id, forms.c.unit_id)
        .subquery()
    )
    place = (unit.c.opening_id, unit.c.unit_id)

    def returned(column: Any) -> Any:
        query = select(column).where(_about(*place), due_change.c.kind == RETURN).order_by(desc(due_change.c.id))
        return query.limit(1).correlate(unit).scalar_subquery()

    report_sent = (
        select(func.max(report_event.c.at))
        .join(report, report.c.id == report_event.c.report_id)
        .where(report.c.opening_id == place[0], report.c.unit_id == place[1], report_event.c.action == "send")
        .correlate(unit)
        .scalar_subquery()
    )
    rank = (
        select(func.min(unit_version.c.rank))
        .where(unit_version.c.unit_id == unit.c.unit_id)
        .correlate(unit)
        .scalar_subquery()
    )
    return (
        select(
            unit,
            opening.c.regime,
            period.c.code.label("period"),
            in_force(*place, unit.c.sent_at).label("due_then"),
            credited(*place).label("due_credited"),
            returned(due_change.c.new).label("given_until"),
            returned(due_change.c.at).label("returned_at"),
            report_sent.label("report_sent_at"),
            excused(*place).label("excused"),
        )
        .join(opening, opening.c.id == unit.c.opening_id)
        .join(period, period.c.id == opening.c.period_id)
        .order_by(desc(period.c.ends), opening.c.regime, rank)
    )


def _sending(row: Any) -> Sending:
    due_first = latest(row.due_first, row.due_credited)
    return Sending(
        row.unit_id,
        row.regime,
        row.period,
        row.opening_id,
        due_at=latest(due_first, row.due_then) if row.sent_at else row.due_at,
        due_first=due_first,
        first_sent_at=row.first_sent_at,
        sent_at=row.sent_at,
        given_until=row.given_until,
        resent_at=_resent(row),
        excused=row.excused,
    )


def latest(first: datetime, *others: datetime | None) -> datetime:
    """The latest of a moment and those there are beside it."""
    return max((first, *(one for one in others if one is not None)))


def _resent(row: Any) -> datetime | None:
    """A report that had been sent is sent again; where there was none, everything is approved again."""
    again = row.report_sent_at or (row.approved_last if not row.still_open else None)
    return again if row.returned_at is not None and again is not None and again > row.returned_at else None
