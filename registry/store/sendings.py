"""What units were to send and when they did: one query behind boards, annexes and histories (R29, R48)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, desc, func, literal, or_, select

from registry.store.instants import MOVING, OUTAGE, RETURN, TO_SEND_AGAIN, is_kept
from registry.store.reports import OWN
from registry.store.tables import (
    Moment,
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
from registry.workflow.report import ReportStep
from registry.workflow.timeliness import Sending

_NEVER = literal(datetime.max.replace(tzinfo=UTC), Moment())  # sorts behind every moment


def within(
    connection: Connection,
    scope: Scope,
    *,
    openings: Iterable[int] | None = None,
    periods: Iterable[str] | None = None,
    regime: str | None = None,
    unit_id: int | None = None,
    ended: bool = False,
) -> list[Sending]:
    """What each unit of a scope was to send in each opening: newest period first, units in the official order.

    With ``ended`` also of units nothing is asked of any more, if a deadline had passed when it was closed.
    """
    if scope.is_empty:
        return []
    conditions = [
        seen(scope, assignment.c.unit_id, opening.c.regime, assignment.c.form),
        _was_asked(assignment) if ended else assignment.c.closed_at.is_(None),
    ]
    if openings is not None:
        conditions.append(opening.c.id.in_(list(openings)))
    if periods is not None:
        conditions.append(period.c.code.in_(list(periods)))
    if regime is not None:
        conditions.append(opening.c.regime == regime)
    if unit_id is not None:
        conditions.append(assignment.c.unit_id == unit_id)
    rank = (
        select(func.min(unit_version.c.rank))
        .where(unit_version.c.unit_id == assignment.c.unit_id)
        .correlate(assignment)
        .scalar_subquery()
    )
    query = (
        of_units()
        .add_columns(opening.c.regime, period.c.code.label("period"))
        .where(*conditions)
        .group_by(opening.c.regime, period.c.code, period.c.ends)
        .order_by(desc(period.c.ends), opening.c.regime, rank)
    )
    return [made(row) for row in connection.execute(query)]


def of_units() -> Select[Any]:
    """One row of `columns` for each unit that was ever asked anything in an opening."""
    place = (assignment.c.opening_id, assignment.c.unit_id)
    return (
        select(*place, *columns(*place))
        .join(opening, opening.c.id == assignment.c.opening_id)
        .join(period, period.c.id == opening.c.period_id)
        .group_by(*place)
    )


def columns(opening_id: Any, unit_id: Any) -> list[Any]:
    """What `made` makes a sending of, beside the place, regime and period: labelled columns of a unit in an opening."""
    place = (opening_id, unit_id)
    asked = assignment.alias("asked")
    handed = (
        select(func.min(submission_event.c.at))
        .join(submission, submission.c.id == submission_event.c.submission_id)
        .where(submission.c.assignment_id == asked.c.id, submission_event.c.action == "submit")
        .correlate(asked)
        .scalar_subquery()
    )

    def of_forms(column: Any) -> Any:
        mine = (asked.c.opening_id == opening_id, asked.c.unit_id == unit_id, _was_asked(asked))
        return select(column).where(*mine).correlate_except(asked).scalar_subquery()

    returned = (
        select(func.max(due_change.c.at))
        .where(due_change.c.opening_id == opening_id, due_change.c.unit_id == unit_id, due_change.c.kind == RETURN)
        .correlate_except(due_change)
        .scalar_subquery()
    )
    sent, resent = first_sending(*place), first_sending(*place, report_event.c.at > returned)
    return [
        of_forms(func.max(asked.c.due_at)).label("due_now"),
        of_forms(func.max(asked.c.due_at_first)).label("due_first"),
        of_forms(func.nullif(func.max(func.coalesce(handed, _NEVER)), _NEVER, type_=Moment())).label("handed_at"),
        sent.label("sent_first"),
        *_moved("due_then", *place, *_in_force(sent)),
        *_moved("due_credited", *place, due_change.c.kind == OUTAGE, is_kept()),
        returned.label("returned_at"),
        resent.label("resent_at"),
        *_moved("due_again", *place, *_in_force(resent, (*MOVING, RETURN))),
        excused(*place).label("excused_at"),
    ]


def made(row: Any) -> Sending:
    """The sending of a unit in an opening from a row with all of `columns`."""
    due_first = latest(row.due_first, row.due_credited, row.due_credited_all)
    due_again = latest(due_first, row.due_again, row.due_again_all) if row.resent_at else row.due_now
    return Sending(
        row.unit_id,
        row.regime,
        row.period,
        row.opening_id,
        due_at=latest(due_first, row.due_then, row.due_then_all) if row.sent_first else row.due_now,
        due_first=due_first,
        first_sent_at=row.handed_at,
        sent_at=row.sent_first,
        given_until=due_again if row.returned_at else None,
        resent_at=row.resent_at,
        excused_at=row.excused_at,
    )


def _was_asked(one: Any) -> ColumnElement[bool]:
    """True of a form still asked, and of one whose deadline had passed when it was closed: a past stays as it was."""
    return or_(one.c.closed_at.is_(None), one.c.closed_at > one.c.due_at)


def first_sending(opening_id: Any, unit_id: Any, *conditions: ColumnElement[bool]) -> Any:
    """When a unit's report was sent first, of those events that meet conditions, as a column."""
    query = (
        select(func.min(report_event.c.at))
        .join(report, report.c.id == report_event.c.report_id)
        .where(report.c.opening_id == opening_id, report.c.unit_id == unit_id, report.c.kind == OWN)
        .where(report_event.c.action == ReportStep.SEND, *conditions)
    )
    return query.correlate_except(report, report_event).scalar_subquery()


def _moved(name: str, opening_id: Any, unit_id: Any, *conditions: ColumnElement[bool]) -> list[Any]:
    """The latest moment that changes of a unit's deadline set, and that those of every unit's did: two columns.

    One column of both would have each unit walk every change of the opening.
    """

    def latest_of(whose: ColumnElement[bool]) -> Any:
        query = select(func.max(due_change.c.new)).where(due_change.c.opening_id == opening_id, whose, *conditions)
        return query.correlate_except(due_change).scalar_subquery()

    own, all_units = due_change.c.unit_id == unit_id, due_change.c.unit_id.is_(None)
    return [latest_of(own).label(name), latest_of(all_units).label(f"{name}_all")]


def _in_force(moment: Any, kinds: Iterable[str] = MOVING) -> tuple[ColumnElement[bool], ...]:
    """Of changes of a deadline those in force at a moment."""
    since = func.coalesce(due_change.c.since, due_change.c.at) <= moment
    return due_change.c.kind.in_(list(kinds)), since, is_kept(moment)


def to_send_again(opening_id: Any, unit_id: Any) -> Any:
    """Until when a unit may send again what was sent back to it, or opened, as a column; NULL where nothing was."""
    query = select(func.max(due_change.c.new)).where(
        due_change.c.opening_id == opening_id,
        due_change.c.unit_id == unit_id,
        due_change.c.kind.in_(TO_SEND_AGAIN),
    )
    return query.correlate_except(due_change).scalar_subquery()


def excused(opening_id: Any, unit_id: Any) -> Any:
    """When the last dispute about the unit's lateness that was accepted was raised, as a column."""
    accepted = (plea.c.kind == PleaKind.DISPUTE, plea.c.state == PleaState.AGREED)
    query = select(func.max(plea.c.at)).where(plea.c.opening_id == opening_id, plea.c.unit_id == unit_id, *accepted)
    return query.correlate_except(plea).scalar_subquery()


def latest(first: datetime, *others: datetime | None) -> datetime:
    """The latest of a moment and those there are beside it."""
    return max((first, *(one for one in others if one is not None)))
