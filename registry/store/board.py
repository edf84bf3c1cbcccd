"""The board of a period in two queries: every form asked of every unit, how far it is, and the unit's report."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, Subquery, and_, case, func, select

from registry.store.approvals import stands
from registry.store.reports import OWN
from registry.store.sendings import made, of_units
from registry.store.tables import (
    assignment,
    behalf,
    delegation,
    due_change,
    opening,
    period,
    person,
    plea,
    reception,
    reception_event,
    report,
    report_event,
    report_version,
    submission,
    submission_event,
    submission_version,
    unit_label,
)
from registry.store.within import within
from registry.workflow.plea import PleaState
from registry.workflow.policy import Scope
from registry.workflow.report import ReceptionState, ReportStep
from registry.workflow.submission import State
from registry.workflow.timeliness import Sending


class Square(NamedTuple):
    """One form of one unit, with its unit's report beside it; moments are aware, None where it has not happened."""

    assignment_id: int
    unit_id: int
    form: str
    form_definition_id: int
    due_at: datetime
    due_at_first: datetime
    state: str  # of registry.workflow.submission.State
    submitted_at: datetime | None  # last put before the leader
    approved_at: datetime | None  # first approved
    own_entry: bool | None  # of the last approval: by who had a hand in the entry
    lender: str | None  # in whose name, by delegation, it was approved last
    behalf_number: str | None  # of the document by which the newest version was entered on the unit's behalf
    behalf_dated: date | None
    opening_id: int  # from here on what is of the unit, and asked once for all its squares
    regime: str
    period: str
    report_id: int | None
    report_state: str | None
    narrative_upload_id: int | None
    report_lender: str | None
    sent_at: datetime | None  # the last time
    receptions: str | None  # states at all receivers, "received,sent"
    reception_id: int | None  # at the receiver asked about
    reception_state: str | None
    received_at: datetime | None  # there, the first time this version was
    due_now: datetime  # what follows are the columns of registry.store.sendings
    due_first: datetime
    handed_at: datetime | None
    sent_first: datetime | None
    due_then: datetime | None
    due_then_all: datetime | None
    due_credited: datetime | None
    due_credited_all: datetime | None
    returned_at: datetime | None
    resent_at: datetime | None
    due_again: datetime | None
    due_again_all: datetime | None
    excused_at: datetime | None

    @property
    def counts(self) -> bool:
        """True when figures of it count for the receiver: approved once, the report not sent back."""
        return self.approved_at is not None and self.reception_state != ReceptionState.RETURNED

    @property
    def is_provisional(self) -> bool:
        """True when what counts was reopened and its successor is not approved yet ("tạm")."""
        return self.counts and self.state != State.APPROVED

    @property
    def sending(self) -> Sending:
        """What its unit was to send and when it did."""
        return made(self)


_OF_UNIT = Square._fields.index("opening_id")


def squares(connection: Connection, scope: Scope, opening_id: int, receiver_id: int) -> list[Square]:
    """Every square of an opening within a scope, as ``receiver_id`` has taken the reports: two queries."""
    if scope.is_empty:
        return []
    of_units = {row[0]: tuple(row[1:]) for row in connection.execute(_units(scope, opening_id, receiver_id)).all()}
    return [Square._make((*row, *of_units[row[1]])) for row in connection.execute(_forms(scope, opening_id)).all()]


_HAPPEN = (submission_event, report_event, reception_event, due_change, plea, unit_label, report_version, assignment)


def pulse(connection: Connection) -> tuple[int, ...]:
    """The last of everything that changes a board, of any period, and how many pleas (which are few) wait.

    Equal pulses, equal boards: but for the clock, and for what a new edition of the units and forms changes.
    """
    newest = (select(func.coalesce(func.max(one.c.id), 0)).scalar_subquery() for one in _HAPPEN)
    undecided = select(func.count()).where(plea.c.state == PleaState.ASKED).scalar_subquery()
    return tuple(connection.execute(select(*newest, undecided)).one())


@lru_cache(maxsize=256)
def _forms(scope: Scope, opening_id: int) -> Select[Any]:
    """What is of each form of each unit, unit by unit; a statement is put together once."""
    steps, approval, lent, lender = _steps(opening_id), submission_event.alias(), delegation.alias(), person.alias()
    newest = and_(submission_version.c.submission_id == submission.c.id, submission_version.c.n == submission.c.version)
    return (
        select(
            assignment.c.id,
            assignment.c.unit_id,
            assignment.c.form,
            assignment.c.form_definition_id,
            assignment.c.due_at,
            assignment.c.due_at_first,
            submission.c.state,
            steps.c.submitted_at,
            steps.c.approved_at,
            approval.c.own_entry,
            lender.c.name,
            behalf.c.number,
            behalf.c.dated,
        )
        .select_from(assignment)
        .join(opening, opening.c.id == assignment.c.opening_id)
        .join(submission, submission.c.assignment_id == assignment.c.id)
        .outerjoin(steps, steps.c.submission_id == submission.c.id)
        .outerjoin(approval, approval.c.id == steps.c.approval_id)
        .outerjoin(lent, lent.c.id == approval.c.delegation_id)
        .outerjoin(lender, lender.c.id == lent.c.from_id)
        .outerjoin(submission_version, newest)
        .outerjoin(behalf, behalf.c.id == submission_version.c.behalf_id)
        .where(*_seen(scope, opening_id))
        .order_by(assignment.c.unit_id, assignment.c.form)
    )


@lru_cache(maxsize=256)
def _units(scope: Scope, opening_id: int, receiver_id: int) -> Select[Any]:
    """What is of each unit with a form on the board: its key, then the columns of a square from ``opening_id`` on."""
    sent, taken = _sendings(opening_id), _receptions(opening_id, receiver_id)
    last_sending, lent, lender = report_event.alias(), delegation.alias(), person.alias()
    measured = (
        of_units()
        .add_columns(opening.c.regime, period.c.code)
        .where(*_seen(scope, opening_id))
        .group_by(opening.c.regime, period.c.code)
        .subquery("measured")
    )
    own_report = and_(
        report.c.opening_id == measured.c.opening_id,
        report.c.unit_id == measured.c.unit_id,
        report.c.kind == OWN,
    )
    placed = ("opening_id", "unit_id", "regime", "code")
    return (
        select(
            measured.c.unit_id,
            measured.c.opening_id,
            measured.c.regime,
            measured.c.code,
            report.c.id,
            report.c.state,
            report.c.narrative_upload_id,
            lender.c.name,
            sent.c.sent_at,
            taken.c.states,
            taken.c.reception_id,
            taken.c.state,
            taken.c.received_at,
            *(one for one in measured.c if one.name not in placed),
        )
        .select_from(measured)
        .outerjoin(report, own_report)
        .outerjoin(sent, sent.c.report_id == report.c.id)
        .outerjoin(last_sending, last_sending.c.id == sent.c.event_id)
        .outerjoin(lent, lent.c.id == last_sending.c.delegation_id)
        .outerjoin(lender, lender.c.id == lent.c.from_id)
        .outerjoin(taken, taken.c.report_id == report.c.id)
    )


def _seen(scope: Scope, opening_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        assignment.c.opening_id == opening_id,
        assignment.c.closed_at.is_(None),
        within(scope, assignment.c.unit_id, opening.c.regime, assignment.c.form),
    )


def _at(event: Any, action: str, column: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((event.c.action == action, column))


def _steps(opening_id: int) -> Subquery:
    """Of each submission when it was put forward last and approved first, and the last approval's key."""
    return (
        select(
            submission_event.c.submission_id,
            func.max(_at(submission_event, "submit", submission_event.c.at)).label("submitted_at"),
            func.min(case((stands(), submission_event.c.at))).label("approved_at"),
            func.max(case((stands(), submission_event.c.id))).label("approval_id"),
        )
        .join(submission, submission.c.id == submission_event.c.submission_id)
        .join(assignment, assignment.c.id == submission.c.assignment_id)
        .where(assignment.c.opening_id == opening_id)
        .group_by(submission_event.c.submission_id)
        .subquery("steps")
    )


def _sendings(opening_id: int) -> Subquery:
    """Of each report when it was sent last, and that sending's key."""
    return (
        select(
            report_event.c.report_id,
            func.max(report_event.c.at).label("sent_at"),
            func.max(report_event.c.id).label("event_id"),
        )
        .join(report, report.c.id == report_event.c.report_id)
        .where(report.c.opening_id == opening_id, report_event.c.action == ReportStep.SEND)
        .group_by(report_event.c.report_id)
        .subquery("sent")
    )


def _receptions(opening_id: int, receiver_id: int) -> Subquery:
    """Of each report's newest version the states at all receivers, and how one of them took it."""
    mine = reception.c.receiver_id == receiver_id
    settled = (ReceptionState.RECEIVED, ReceptionState.COMPILED)
    received = (
        select(func.min(reception_event.c.at))
        .where(reception_event.c.reception_id == reception.c.id, reception_event.c.state.in_(settled))
        .scalar_subquery()
    )
    each = (
        select(
            report.c.id.label("report_id"),
            reception.c.state,
            case((mine, reception.c.id)).label("mine_id"),
            case((mine, reception.c.state)).label("mine_state"),
            case((mine, received)).label("mine_received"),
        )
        .join(report_version, report_version.c.id == reception.c.report_version_id)
        .join(report, and_(report.c.id == report_version.c.report_id, report.c.version == report_version.c.n))
        .where(report.c.opening_id == opening_id, report.c.kind == OWN)
        .subquery("each_reception")
    )
    return (
        select(
            each.c.report_id,
            func.aggregate_strings(each.c.state, ",").label("states"),
            func.max(each.c.mine_id).label("reception_id"),
            func.max(each.c.mine_state).label("state"),
            func.max(each.c.mine_received).label("received_at"),
        )
        .group_by(each.c.report_id)
        .subquery("taken")
    )
