"""Openings of periods, their assignments, and the one query behind boards and work lists."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, case, desc, exists, func, insert, null, or_, select, type_coerce

from registry.periods import Period, PeriodKind, parse
from registry.store.approvals import stands
from registry.store.engine import asked_once, inserted
from registry.store.sendings import columns, made, to_send_again
from registry.store.tables import (
    Moment,
    amendment,
    assignment,
    opening,
    period,
    report,
    submission,
    submission_event,
    unit_version,
)
from registry.store.within import within
from registry.workflow.period import PeriodState, state_of
from registry.workflow.policy import Scope
from registry.workflow.report import ReportState
from registry.workflow.submission import State
from registry.workflow.timeliness import Sending


@dataclass(frozen=True, slots=True)
class Opening:
    """A period of a regime that is or was open."""

    id: int
    regime: str
    period: str
    opened_at: datetime
    reception_closed_at: datetime | None
    closes_on: date | None = None  # figures are closed earlier than the regime says (PRACTICE F19)
    closed_at: datetime | None = None
    locked_at: datetime | None = None

    def is_open_at(self, moment: datetime) -> bool:
        """True while uploads are taken."""
        return not self.is_locked and (self.reception_closed_at is None or moment < self.reception_closed_at)

    @property
    def state(self) -> PeriodState:
        """Đang mở, đã chốt, đã khóa."""
        return state_of(self.closed_at, self.locked_at)

    @property
    def is_locked(self) -> bool:
        """True when only a correction (đính chính) changes it."""
        return self.state is PeriodState.LOCKED


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an opening is: how many of the forms asked within a scope stand in each state."""

    opening: Opening
    counts: dict[State, int]
    due_at: datetime  # the last deadline in force

    @property
    def asked(self) -> int:
        """Forms asked of units."""
        return sum(self.counts.values())

    @property
    def approved(self) -> int:
        """Forms approved by their unit's leader."""
        return self.counts.get(State.APPROVED, 0)

    def owed_at(self, moment: datetime) -> int:
        """Forms not approved though every deadline is past."""
        return self.asked - self.approved if moment > self.due_at else 0


@dataclass(frozen=True, slots=True)
class NewAssignment:
    """A form asked of a unit."""

    unit_id: int
    form: str
    form_definition_id: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Work:
    """A form asked of a unit in an opening, and how far it is."""

    assignment_id: int
    submission_id: int
    opening_id: int
    regime: str
    period: str
    unit_id: int
    form: str
    form_definition_id: int
    due_at: datetime
    due_at_first: datetime
    opened_at: datetime
    reception_closed_at: datetime | None  # for the unit: later where it may send again what was sent back to it
    state: State
    version: int
    lock: int
    submitted_at: datetime | None
    approved_at: datetime | None  # first approved
    sending: Sending  # what its unit was to send of the opening and when it did: what lateness is judged by
    closes_on: date | None = None  # of the opening
    closed_at: datetime | None = None  # the period is closed (đã chốt)
    locked_at: datetime | None = None  # None too while the form is under a correction (đính chính), as is the one above
    asked_until: datetime | None = None  # the form was closed: its unit ended

    def is_open_at(self, moment: datetime) -> bool:
        """True while uploads are taken."""
        return not self.is_locked and (self.reception_closed_at is None or moment < self.reception_closed_at)

    @property
    def is_locked(self) -> bool:
        """True when only a correction (đính chính) changes its period."""
        return self.locked_at is not None

    @property
    def came_after_closing(self) -> bool:
        """Handed in, or approved first, after its period was closed: taken, and marked (gửi sau khi chốt)."""
        came = self.approved_at or self.submitted_at
        return self.closed_at is not None and came is not None and came > self.closed_at


def put_period(connection: Connection, when: Period) -> int:
    """The key of a period, made when new."""
    known = connection.execute(select(period.c.id).where(period.c.code == when.code)).scalar()
    if known is not None:
        return int(known)
    row = insert(period).values(code=when.code, starts=when.first, ends=when.last)
    return inserted(connection, row)


def find(connection: Connection, regime: str, period_code: str) -> Opening | None:
    """The opening of a regime's period, if it was opened."""
    query = _openings().where(opening.c.regime == regime, period.c.code == period_code)
    return next((_opening(row) for row in connection.execute(query)), None)


def get(connection: Connection, opening_id: int) -> Opening | None:
    """An opening by its key."""
    return next((_opening(row) for row in connection.execute(_openings().where(opening.c.id == opening_id))), None)


def hold(connection: Connection, opening_id: int) -> Opening:
    """An opening as it is, and stays until the commit: nobody locks it meanwhile (SQLite has but one writer)."""
    query = _openings().where(opening.c.id == opening_id).with_for_update(read=True, of=opening)
    return _opening(connection.execute(query).one())


def before(connection: Connection, opening_id: int) -> int | None:
    """The key of the opening of the same regime that was made last before one."""
    regime = select(opening.c.regime).where(opening.c.id == opening_id).scalar_subquery()
    earlier = select(func.max(opening.c.id)).where(opening.c.regime == regime, opening.c.id < opening_id)
    return connection.execute(earlier).scalar()


def period_of(connection: Connection, regime: str, opening_id: int, code: str) -> Period:
    """The period of an opening (0: not open yet); one asked for once knows the rounds of its regime before it."""
    found = parse(code)
    if found.kind is not PeriodKind.ONCE:
        return found
    earlier = (
        select(period.c.code)
        .join(opening, opening.c.period_id == period.c.id)
        .where(opening.c.regime == regime)
        .order_by(desc(opening.c.id))
    )
    if opening_id:
        earlier = earlier.where(opening.c.id < opening_id)
    return replace(found, before=tuple(connection.execute(earlier).scalars()))


def once_codes(connection: Connection, year: int) -> dict[str, str]:
    """The regime each code of a report asked for once in a year was opened for."""
    query = (
        select(period.c.code, opening.c.regime)
        .join(opening, opening.c.period_id == period.c.id)
        .where(period.c.code.like(f"{year}DX%"))
    )
    return {row.code: row.regime for row in connection.execute(query)}


def all_openings(connection: Connection) -> list[Opening]:
    """Every opening, newest period first."""
    query = _openings().order_by(desc(period.c.ends), opening.c.regime)
    return [_opening(row) for row in connection.execute(query)]


def _openings() -> Select[Any]:
    return select(opening, period.c.code).join(period, period.c.id == opening.c.period_id)


def _opening(row: Any) -> Opening:
    moments = (row.opened_at, row.reception_closed_at, row.closes_on, row.closed_at, row.locked_at)
    return Opening(row.id, row.regime, row.code, *moments)


def create(
    connection: Connection,
    regime: str,
    regime_definition_id: int,
    when: Period,
    asked: Sequence[NewAssignment],
    at: datetime,
    closes_on: date | None = None,
) -> int:
    """Open a period: its assignments, their empty submissions, one report per reporting unit."""
    values = {
        "regime": regime,
        "regime_definition_id": regime_definition_id,
        "period_id": put_period(connection, when),
        "opened_at": at,
        "closes_on": closes_on,
    }
    opening_id = inserted(connection, insert(opening).values(**values))
    rows = [
        {
            "opening_id": opening_id,
            "unit_id": one.unit_id,
            "form": one.form,
            "form_definition_id": one.form_definition_id,
            "due_at": one.due_at,
            "due_at_first": one.due_at,
        }
        for one in asked
    ]
    connection.execute(insert(assignment), rows)
    made = connection.execute(select(assignment.c.id).where(assignment.c.opening_id == opening_id)).scalars()
    empty = {"state": State.EMPTY, "version": 0, "lock": 0}
    connection.execute(insert(submission), [{"assignment_id": one, **empty} for one in made])
    reporters = sorted({one.unit_id for one in asked})
    draft = {"opening_id": opening_id, "state": ReportState.DRAFT, "version": 0, "lock": 0, "kind": "own"}
    connection.execute(insert(report), [{"unit_id": unit_id, **draft} for unit_id in reporters])
    return opening_id


@dataclass(frozen=True, slots=True)
class Pinned:
    """An opening that asks a version of a form, and of how many units; it keeps that version to its end."""

    opening: Opening
    form_definition_id: int
    units: int


def pinned(connection: Connection, form: str) -> list[Pinned]:
    """The openings that ask a form, newest period first, each with the version it keeps: two queries."""
    query = (
        select(assignment.c.opening_id, assignment.c.form_definition_id, func.count().label("units"))
        .where(assignment.c.form == form, assignment.c.closed_at.is_(None))
        .group_by(assignment.c.opening_id, assignment.c.form_definition_id)
    )
    held = {row.opening_id: row for row in connection.execute(query)}
    return [
        Pinned(one, held[one.id].form_definition_id, held[one.id].units)
        for one in all_openings(connection)
        if one.id in held
    ]


def progress(connection: Connection, scope: Scope) -> list[Progress]:
    """How far every opening with work in a scope is, newest period first: two queries."""
    if scope.is_empty:
        return []
    query = (
        select(
            assignment.c.opening_id,
            submission.c.state,
            func.count().label("n"),
            func.max(assignment.c.due_at).label("due_at"),
        )
        .join(submission, submission.c.assignment_id == assignment.c.id)
        .join(opening, opening.c.id == assignment.c.opening_id)
        .where(
            within(scope, assignment.c.unit_id, opening.c.regime, assignment.c.form), assignment.c.closed_at.is_(None)
        )
        .group_by(assignment.c.opening_id, submission.c.state)
    )
    counts: dict[int, dict[State, int]] = {}
    due: dict[int, datetime] = {}
    for row in connection.execute(query):
        counts.setdefault(row.opening_id, {})[State(row.state)] = row.n
        due[row.opening_id] = max(row.due_at, due.get(row.opening_id, row.due_at))
    return [Progress(one, counts[one.id], due[one.id]) for one in all_openings(connection) if one.id in counts]


def work(
    connection: Connection,
    scope: Scope,
    *,
    opening_id: int | None = None,
    assignment_id: int | None = None,
    assignment_ids: Collection[int] | None = None,
    regime: str | None = None,
    period_code: str | None = None,
    unit_id: int | None = None,
    form: str | None = None,
) -> list[Work]:
    """Assignments within a scope, by deadline and the official order of units: one query."""
    if scope.is_empty:
        return []
    query = _work().where(within(scope, assignment.c.unit_id, opening.c.regime, assignment.c.form))
    for condition in (
        assignment.c.closed_at.is_(None),
        opening.c.id == opening_id if opening_id is not None else None,
        assignment.c.id == assignment_id if assignment_id is not None else None,
        assignment.c.id.in_(assignment_ids) if assignment_ids is not None else None,
        opening.c.regime == regime if regime is not None else None,
        period.c.code == period_code if period_code is not None else None,
        assignment.c.unit_id == unit_id if unit_id is not None else None,
        assignment.c.form == form if form is not None else None,
    ):
        if condition is not None:
            query = query.where(condition)
    return [_made(row) for row in connection.execute(query)]


def asked_at(connection: Connection, opening_id: int, moment: datetime, counted: Collection[int]) -> list[Work]:
    """What an opening asked at a moment of anybody, and the forms closed by then of which a version still counts
    (keys of assignments): one query.
    """
    is_asked = or_(assignment.c.closed_at.is_(None), assignment.c.closed_at > moment, assignment.c.id.in_(counted))
    query = _work().where(assignment.c.opening_id == opening_id, is_asked)
    return [_made(row) for row in connection.execute(query)]


def asked_units(connection: Connection, opening_id: int) -> set[int]:
    """The units an opening asks anything of."""
    query = select(assignment.c.unit_id).where(assignment.c.opening_id == opening_id, assignment.c.closed_at.is_(None))
    return set(connection.execute(query.distinct()).scalars())


def all_work(connection: Connection, scope: Scope) -> list[Work]:
    """All `work` of a scope, asked once in a look: a page counts and lists it."""
    found: list[Work] = asked_once(connection, ("all work", scope), lambda: work(connection, scope))
    return found


def form_asked(connection: Connection, regime: str, period_code: str, form: str) -> int | None:
    """The form definition a regime's period asked; None when it asked none, or was never open."""
    query = (
        select(assignment.c.form_definition_id)
        .join(opening, opening.c.id == assignment.c.opening_id)
        .join(period, period.c.id == opening.c.period_id)
        .where(opening.c.regime == regime, period.c.code == period_code, assignment.c.form == form)
        .limit(1)
    )
    return connection.execute(query).scalar()


_MEASURED = columns(assignment.c.opening_id, assignment.c.unit_id)
_MEASURED_NAMES = frozenset(one.name for one in _MEASURED)


def _made(row: Any) -> Work:
    plain = {name: value for name, value in row._mapping.items() if name not in _MEASURED_NAMES}
    return Work(**{**plain, "state": State(row.state), "sending": made(row)})


def _work() -> Select[Any]:
    approved = (
        select(func.min(submission_event.c.at))
        .where(submission_event.c.submission_id == submission.c.id, stands())
        .scalar_subquery()
    )
    rank = select(func.min(unit_version.c.rank)).where(unit_version.c.unit_id == assignment.c.unit_id).scalar_subquery()
    submitted = (
        select(func.max(submission_event.c.at))
        .where(submission_event.c.submission_id == submission.c.id, submission_event.c.action == "submit")
        .scalar_subquery()
    )
    corrected = exists().where(amendment.c.assignment_id == assignment.c.id, amendment.c.new_version_id.is_(None))
    closes, again = opening.c.reception_closed_at, to_send_again(opening.c.id, assignment.c.unit_id)
    shut = case((corrected, null()), (closes.is_(None), null()), (again > closes, again), else_=closes)
    locked = case((corrected, null()), else_=opening.c.locked_at)
    return (
        select(
            assignment.c.id.label("assignment_id"),
            submission.c.id.label("submission_id"),
            opening.c.id.label("opening_id"),
            opening.c.regime,
            period.c.code.label("period"),
            assignment.c.unit_id,
            assignment.c.form,
            assignment.c.form_definition_id,
            assignment.c.due_at,
            assignment.c.due_at_first,
            opening.c.opened_at,
            type_coerce(shut, Moment()).label("reception_closed_at"),
            opening.c.closes_on,
            submission.c.state,
            submission.c.version,
            submission.c.lock,
            submitted.label("submitted_at"),
            approved.label("approved_at"),
            opening.c.closed_at,
            type_coerce(locked, Moment()).label("locked_at"),
            assignment.c.closed_at.label("asked_until"),
            *_MEASURED,
        )
        .join(submission, submission.c.assignment_id == assignment.c.id)
        .join(opening, opening.c.id == assignment.c.opening_id)
        .join(period, period.c.id == opening.c.period_id)
        .order_by(desc(period.c.ends), assignment.c.due_at, rank, assignment.c.form)
    )
