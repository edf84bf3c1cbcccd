"""How much units use the system (mức độ sử dụng, R29): counted in as many queries for all units as for one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, select, true

from registry.catalogue.model import Role
from registry.store.approvals import stands
from registry.store.rights import in_force
from registry.store.tables import (
    assignment,
    audit,
    grant,
    person,
    submission,
    submission_event,
    submission_version,
    upload,
    verdict,
)
from registry.store.uploads import ANSWERS, WORKBOOK

_AT_A_UNIT = (Role.CLERK, Role.LEADER, Role.UNIT_ADMIN, Role.RECEIVER)
_ACCEPTED = ("accepted", "accepted_with_warnings")


@dataclass(frozen=True, slots=True)
class Usage:
    """What the people of a unit did in a span of time."""

    accounts: int = 0  # people with an account at its end
    active: int = 0  # of them signed in
    sign_ins: int = 0
    uploads: int = 0  # of figures, in whatever way
    first_files: int = 0  # forms whose first workbook was sent
    accepted_first: int = 0  # of them accepted at once
    approvals: int = 0  # of figures
    own_entries: int = 0  # of them by who had a hand in the entry
    delegated: int = 0  # of them by delegation
    on_behalf: int = 0  # of them entered for the unit by a document


def of_units(
    connection: Connection, units: Collection[int] | None, since: datetime, until: datetime, day: date
) -> dict[int, Usage]:
    """Of each unit (of some, None: of all) that has anything: from ``since`` to ``until``, accounts on a day."""
    found: dict[int, dict[str, int]] = {}
    for query in (
        _accounts(day),
        _sign_ins(since, until, day),
        _uploads(since, until),
        _first_files(since, until),
        _approvals(since, until),
    ):
        unit = query.selected_columns[0]
        wanted = query.where(true() if units is None else unit.in_(list(units)))
        for row in connection.execute(wanted).mappings():
            told = {name: int(row[name] or 0) for name in row if name != "unit_id"}
            found.setdefault(row["unit_id"], {}).update(told)
    return {unit_id: Usage(**told) for unit_id, told in found.items()}


def _accounts(day: date) -> Select[Any]:
    return (
        select(grant.c.unit_id, func.count(grant.c.person_id.distinct()).label("accounts"))
        .join(person, person.c.id == grant.c.person_id)
        .where(person.c.state == "active", grant.c.role.in_(_AT_A_UNIT), in_force(grant, day))
        .group_by(grant.c.unit_id)
    )


def _sign_ins(since: datetime, until: datetime, day: date) -> Select[Any]:
    return (
        select(
            grant.c.unit_id,
            func.count(audit.c.person_id.distinct()).label("active"),
            func.count(audit.c.seq.distinct()).label("sign_ins"),
        )
        .join(audit, audit.c.person_id == grant.c.person_id)
        .where(audit.c.action == "sign-in", audit.c.at.between(since, until))
        .where(grant.c.role.in_(_AT_A_UNIT), in_force(grant, day))
        .group_by(grant.c.unit_id)
    )


def _uploads(since: datetime, until: datetime) -> Select[Any]:
    return (
        select(upload.c.unit_id, func.count().label("uploads"))
        .where(upload.c.kind.in_(ANSWERS), upload.c.at.between(since, until))
        .group_by(upload.c.unit_id)
    )


def _first_files(since: datetime, until: datetime) -> Select[Any]:
    first = (
        select(func.min(upload.c.id).label("id"))
        .where(upload.c.kind == WORKBOOK, upload.c.assignment_id.is_not(None))
        .group_by(upload.c.assignment_id)
        .subquery()
    )
    judged = select(verdict.c.upload_id, func.min(verdict.c.id).label("id")).group_by(verdict.c.upload_id).subquery()
    return (
        select(
            assignment.c.unit_id,
            func.count().label("first_files"),
            _sum(verdict.c.status.in_(_ACCEPTED)).label("accepted_first"),
        )
        .join(upload, upload.c.assignment_id == assignment.c.id)
        .join(first, first.c.id == upload.c.id)
        .join(judged, judged.c.upload_id == upload.c.id)
        .join(verdict, verdict.c.id == judged.c.id)
        .where(upload.c.at.between(since, until))
        .group_by(assignment.c.unit_id)
    )


def _approvals(since: datetime, until: datetime) -> Select[Any]:
    version = and_(
        submission_version.c.submission_id == submission_event.c.submission_id,
        submission_version.c.n == submission_event.c.n,
    )
    return (
        select(
            assignment.c.unit_id,
            func.count().label("approvals"),
            _sum(submission_event.c.own_entry.is_(True)).label("own_entries"),
            _sum(submission_event.c.delegation_id.is_not(None)).label("delegated"),
            _sum(submission_version.c.behalf_id.is_not(None)).label("on_behalf"),
        )
        .join(submission, submission.c.assignment_id == assignment.c.id)
        .join(submission_event, submission_event.c.submission_id == submission.c.id)
        .outerjoin(submission_version, version)
        .where(stands(), submission_event.c.at.between(since, until))
        .group_by(assignment.c.unit_id)
    )


def _sum(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.sum(case((condition, 1), else_=0))
