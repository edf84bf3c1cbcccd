"""Corrections of figures in locked periods (đính chính, PRACTICE F17), and the reports that rest on what was wrong."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, desc, func, insert, select, update

from registry.store.tables import (
    amendment,
    assignment,
    opening,
    period,
    person,
    report,
    report_event,
    report_input,
    report_version,
    submission,
    submission_version,
)
from registry.workflow.report import ReportStep


@dataclass(frozen=True, slots=True)
class Amendment:
    """One correction of one form; ``new_version_id`` None until the right figures are approved."""

    id: int
    n: int  # which of its period
    opening_id: int
    assignment_id: int
    unit_id: int
    form: str
    document: str
    reason: str
    by_name: str
    at: datetime
    old_version_id: int
    new_version_id: int | None
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Resting:
    """A version of a report that counted the wrong figures."""

    report_id: int
    unit_id: int  # whose report it is
    kind: str  # own | compiled
    n: int
    as_of: datetime
    by_id: int
    by_name: str
    anew: int | None  # the first later version of the report that counts the right ones


@dataclass(frozen=True, slots=True)
class Later:
    """The last version of a report of a month, which told a value to date with the wrong figure in it."""

    opening_id: int
    unit_id: int
    kind: str  # own | compiled
    regime: str
    period: str
    n: int


def put(
    connection: Connection,
    opening_id: int,
    assignment_id: int,
    old: int,
    document: str,
    reason: str,
    by: int,
    at: datetime,
) -> int:
    """Record a correction begun; its number in the period."""
    theirs = select(func.coalesce(func.max(amendment.c.n), 0)).where(amendment.c.opening_id == opening_id)
    n = int(connection.execute(theirs).scalar_one()) + 1
    values = {"opening_id": opening_id, "n": n, "assignment_id": assignment_id, "old_version_id": old}
    connection.execute(insert(amendment).values(**values, document=document, reason=reason, by_id=by, at=at))
    return n


def open_of(connection: Connection, assignment_id: int) -> Amendment | None:
    """The correction a form is under, if it is."""
    mine = (amendment.c.assignment_id == assignment_id, amendment.c.new_version_id.is_(None))
    return next(iter(_found(connection, _all().where(*mine))), None)


def opens_report(connection: Connection, report_id: int) -> bool:
    """True where a form of the report was corrected since it was sent: it is to be sent again, though locked."""
    theirs = and_(report.c.opening_id == amendment.c.opening_id, report.c.unit_id == assignment.c.unit_id)
    sent = select(func.max(report_event.c.at)).where(
        report_event.c.report_id == report_id, report_event.c.action == ReportStep.SEND
    )
    query = (
        select(amendment.c.id)
        .join(assignment, assignment.c.id == amendment.c.assignment_id)
        .join(report, theirs)
        .where(report.c.id == report_id, amendment.c.at >= func.coalesce(sent.scalar_subquery(), amendment.c.at))
    )
    return connection.execute(query.limit(1)).first() is not None


def of_assignment(connection: Connection, assignment_id: int) -> list[Amendment]:
    """Corrections of a form, newest first."""
    return _found(connection, _all().where(amendment.c.assignment_id == assignment_id))


def of_opening(connection: Connection, opening_id: int) -> list[Amendment]:
    """Corrections of a period, newest first."""
    return _found(connection, _all().where(amendment.c.opening_id == opening_id))


def finish(connection: Connection, amendment_id: int, new_version_id: int, at: datetime) -> None:
    """The right figures are approved."""
    done = {"new_version_id": new_version_id, "done_at": at}
    connection.execute(update(amendment).where(amendment.c.id == amendment_id).values(**done))


def resting_on(connection: Connection, old: int, new: int | None) -> list[Resting]:
    """Every report version that counted a version, in order, and whether its report counts the new one since."""
    again = report_version.alias("again")
    later = (
        select(func.min(again.c.n))
        .join(report_input, report_input.c.report_version_id == again.c.id)
        .where(again.c.report_id == report.c.id, again.c.n > report_version.c.n)
        .where(report_input.c.submission_version_id == (new or 0))
        .correlate(report, report_version)
        .scalar_subquery()
    )
    counted = report_input.alias("counted")
    query = (
        select(report_version, report.c.unit_id, report.c.kind, person.c.name, later.label("anew"))
        .join(report, report.c.id == report_version.c.report_id)
        .join(person, person.c.id == report_version.c.by_id)
        .join(counted, counted.c.report_version_id == report_version.c.id)
        .where(counted.c.submission_version_id == old)
        .order_by(report_version.c.id)
    )
    return [
        Resting(row.report_id, row.unit_id, row.kind, row.n, row.as_of, row.by_id, row.name, row.anew)
        for row in connection.execute(query)
    ]


def later(connection: Connection, unit_id: int, form: str, periods: Collection[str]) -> list[Later]:
    """The last version of every report of some periods that counted a unit's form, in order of periods: one query."""
    query = (
        select(
            report.c.opening_id,
            report.c.unit_id,
            report.c.kind,
            opening.c.regime,
            period.c.code,
            func.max(report_version.c.n).label("n"),
        )
        .select_from(report_input)
        .join(submission_version, submission_version.c.id == report_input.c.submission_version_id)
        .join(submission, submission.c.id == submission_version.c.submission_id)
        .join(assignment, assignment.c.id == submission.c.assignment_id)
        .join(report_version, report_version.c.id == report_input.c.report_version_id)
        .join(report, report.c.id == report_version.c.report_id)
        .join(opening, opening.c.id == report.c.opening_id)
        .join(period, period.c.id == opening.c.period_id)
        .where(assignment.c.unit_id == unit_id, assignment.c.form == form, period.c.code.in_(list(periods)))
        .group_by(report.c.id, report.c.opening_id, report.c.unit_id, report.c.kind, opening.c.regime, period.c.code)
        .order_by(period.c.code, report.c.id)
    )
    return [Later(*row) for row in connection.execute(query)]


def _all() -> Select[Any]:
    return (
        select(amendment, assignment.c.unit_id, assignment.c.form, person.c.name)
        .join(assignment, assignment.c.id == amendment.c.assignment_id)
        .join(person, person.c.id == amendment.c.by_id)
        .order_by(desc(amendment.c.id))
    )


def _found(connection: Connection, query: Select[Any]) -> list[Amendment]:
    return [
        Amendment(
            row.id,
            row.n,
            row.opening_id,
            row.assignment_id,
            row.unit_id,
            row.form,
            row.document,
            row.reason,
            row.name,
            row.at,
            row.old_version_id,
            row.new_version_id,
            row.done_at,
        )
        for row in connection.execute(query)
    ]
