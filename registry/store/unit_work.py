"""What hangs on units that end: forms asked of them and not sent, grants of their people; nothing gets lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, and_, insert, or_, select, true, update

from registry.catalogue.model import Role
from registry.store import grants as grants_on_record
from registry.store.grants import NewGrant
from registry.store.tables import assignment, due_change, grant, opening, period, person, plea, report, submission
from registry.workflow.plea import PleaKind, PleaState
from registry.workflow.report import ReportState
from registry.workflow.submission import State


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A form asked of a unit, and not both approved and sent; ``ends`` is its period's last day."""

    assignment_id: int
    opening_id: int
    regime: str
    period: str
    ends: date
    unit_id: int
    form: str
    state: State


@dataclass(frozen=True, slots=True)
class HeldGrant:
    """A role somebody holds in a unit."""

    id: int
    person_id: int
    name: str
    login: str
    role: Role
    unit_id: int
    valid_from: date
    valid_to: date | None


def open_forms(connection: Connection, unit_ids: frozenset[int]) -> list[OpenForm]:
    """The forms asked of units that are neither closed nor approved and sent, oldest period first."""
    query = (
        select(
            assignment.c.id.label("assignment_id"),
            assignment.c.opening_id,
            opening.c.regime,
            period.c.code.label("period"),
            period.c.ends,
            assignment.c.unit_id,
            assignment.c.form,
            submission.c.state,
        )
        .join(submission, submission.c.assignment_id == assignment.c.id)
        .join(opening, opening.c.id == assignment.c.opening_id)
        .join(period, period.c.id == opening.c.period_id)
        .outerjoin(report, _own_report(assignment.c.opening_id, assignment.c.unit_id))
        .where(
            assignment.c.unit_id.in_(unit_ids),
            assignment.c.closed_at.is_(None),
            or_(submission.c.state != State.APPROVED, report.c.state != ReportState.SENT),
        )
        .order_by(period.c.ends, assignment.c.id)
    )
    return [OpenForm(**{**row._mapping, "state": State(row.state)}) for row in connection.execute(query)]


def grants(connection: Connection, unit_ids: frozenset[int]) -> list[HeldGrant]:
    """The roles of active people in units, also those over by now."""
    query = (
        select(
            grant.c.id,
            grant.c.person_id,
            person.c.name,
            person.c.login,
            grant.c.role,
            grant.c.unit_id,
            grant.c.valid_from,
            grant.c.valid_to,
        )
        .join(person, person.c.id == grant.c.person_id)
        .where(
            grant.c.unit_id.in_(unit_ids),
            person.c.state == "active",
            grant.c.revoked_at.is_(None),
        )
        .order_by(grant.c.id)
    )
    return [HeldGrant(**{**row._mapping, "role": Role(row.role)}) for row in connection.execute(query)]


@dataclass(frozen=True, slots=True)
class Asked:
    """A form a unit has, or had, of an opening."""

    assignment_id: int
    is_empty: bool


def asked(connection: Connection, opening_id: int, unit_id: int, form: str) -> Asked | None:
    """The unit's form of the opening, also when it is closed."""
    query = (
        select(assignment.c.id, submission.c.state)
        .join(submission, submission.c.assignment_id == assignment.c.id)
        .where(assignment.c.opening_id == opening_id, assignment.c.unit_id == unit_id, assignment.c.form == form)
    )
    row = connection.execute(query).first()
    return Asked(row.id, row.state == State.EMPTY) if row else None


def move_form(
    connection: Connection, one: OpenForm, unit_id: int, at: datetime, *, instead_of: int | None = None
) -> None:
    """Another unit answers the form, with whatever was entered; it has a report of the period to send it in.

    The time that was given for it goes with it: the other unit is measured by the same deadlines.

    ``instead_of`` is that unit's own empty form: it is closed and stays with the unit that gave the other.
    """
    if instead_of is not None:  # no unit has a form twice, not even meanwhile
        connection.execute(update(assignment).where(assignment.c.id == instead_of).values(form="", closed_at=at))
    connection.execute(update(assignment).where(assignment.c.id == one.assignment_id).values(unit_id=unit_id))
    if instead_of is not None:
        given = update(assignment).where(assignment.c.id == instead_of)
        connection.execute(given.values(form=one.form, unit_id=one.unit_id))
    _carry_time(connection, one.opening_id, one.unit_id, unit_id)
    mine = select(report.c.id).where(_own_report(one.opening_id, unit_id))
    if connection.execute(mine).first() is None:
        draft = {"opening_id": one.opening_id, "state": ReportState.DRAFT, "version": 0, "lock": 0, "kind": "own"}
        connection.execute(insert(report).values(unit_id=unit_id, **draft))


def _carry_time(connection: Connection, opening_id: int, giver: int, heir: int) -> None:
    """What was recorded of the giver's deadline, and a dispute it won, is recorded of the heir too, once."""
    won = and_(plea.c.kind == PleaKind.DISPUTE, plea.c.state == PleaState.AGREED)
    for table, condition in ((due_change, true()), (plea, won)):
        what = [column for column in table.c if column.name not in ("id", "unit_id")]
        kept = select(*what).where(table.c.opening_id == opening_id, condition).order_by(table.c.id)
        given, held = (
            [dict(row) for row in connection.execute(kept.where(table.c.unit_id == unit_id)).mappings()]
            for unit_id in (giver, heir)
        )
        if missing := [row | {"unit_id": heir} for row in given if row not in held]:
            connection.execute(insert(table), missing)


def _own_report(opening_id: ColumnElement[int] | int, unit_id: ColumnElement[int] | int) -> ColumnElement[bool]:
    return and_(report.c.opening_id == opening_id, report.c.unit_id == unit_id, report.c.kind == "own")


def close_form(connection: Connection, assignment_id: int, at: datetime) -> None:
    """Nobody answers the form any more; what was entered stays."""
    connection.execute(update(assignment).where(assignment.c.id == assignment_id).values(closed_at=at))


def move_grant(connection: Connection, grant_id: int, unit_id: int, since: date) -> None:
    """The role goes on in another unit from a day, or its own first one, unless all of it is held there already or was
    taken back there since.
    """
    held = grants_on_record.get(connection, grant_id)
    assert held is not None
    begins = max(since, held.valid_from)
    new = NewGrant(held.person_id, held.role, unit_id, held.below, held.regime, held.form, begins, held.valid_to)
    known = grants_on_record.of_person(connection, held.person_id)
    if not any(one.covers(new) for one in known if one.revoked_at is None or one.revoked_at.date() >= since):
        grants_on_record.put(connection, new, held.by)
