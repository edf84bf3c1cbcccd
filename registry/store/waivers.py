"""Waivers of rules (miễn áp dụng quy tắc): an error under one in force no longer rejects, it is explained."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, and_, func, insert, select

from registry.catalogue.model import Unit
from registry.store.engine import inserted
from registry.store.tables import (
    assignment,
    person,
    submission,
    submission_version,
    waiver,
    waiver_end,
    waiver_use,
)


@dataclass(frozen=True, slots=True)
class NewWaiver:
    """What is waived, of whom, how long, and why."""

    form: str
    code: str  # of the finding: "rule-K08", "judge-required-cell"
    selector: str  # of units; empty: all
    valid_from: date
    valid_to: date
    reason: str
    document: str


@dataclass(frozen=True, slots=True)
class Waiver:
    """One of the register; it holds for periods that end within its days, until it is withdrawn."""

    id: int
    new: NewWaiver
    by_name: str
    at: datetime
    ended_by: str | None = None
    ended_at: datetime | None = None
    ended_reason: str | None = None

    @property
    def is_withdrawn(self) -> bool:
        """True once it was taken back."""
        return self.ended_at is not None

    def covers(self, unit: Unit) -> bool:
        """True for the units it was given to."""
        return not self.new.selector or unit.answers_to(self.new.selector)


def put(connection: Connection, new: NewWaiver, by_id: int, at: datetime) -> int:
    """Enter one into the register; its number."""
    values = {
        "form": new.form,
        "code": new.code,
        "selector": new.selector,
        "valid_from": new.valid_from,
        "valid_to": new.valid_to,
        "reason": new.reason,
        "document": new.document,
    }
    return inserted(connection, insert(waiver).values(**values, by_id=by_id, at=at))


def end(connection: Connection, waiver_id: int, reason: str, by_id: int, at: datetime) -> None:
    """Withdraw one."""
    connection.execute(insert(waiver_end).values(waiver_id=waiver_id, reason=reason, by_id=by_id, at=at))


def register(connection: Connection) -> list[Waiver]:
    """All of them, newest first."""
    return [_waiver(row) for row in connection.execute(_all().order_by(waiver.c.id.desc()))]


def get(connection: Connection, waiver_id: int) -> Waiver | None:
    """One by its number."""
    return next((_waiver(row) for row in connection.execute(_all().where(waiver.c.id == waiver_id))), None)


def in_force(connection: Connection, form: str, day: date) -> list[Waiver]:
    """Those of a form for periods that end on a day, oldest first: one query."""
    mine = and_(waiver.c.form == form, waiver.c.valid_from <= day, waiver.c.valid_to >= day)
    query = _all().where(mine, waiver_end.c.id.is_(None)).order_by(waiver.c.id)
    return [_waiver(row) for row in connection.execute(query)]


def _all() -> Any:
    ender = person.alias("ender")
    return (
        select(
            waiver,
            person.c.name.label("by_name"),
            ender.c.name.label("ended_by"),
            waiver_end.c.at.label("ended_at"),
            waiver_end.c.reason.label("ended_reason"),
        )
        .join(person, person.c.id == waiver.c.by_id)
        .outerjoin(waiver_end, waiver_end.c.waiver_id == waiver.c.id)
        .outerjoin(ender, ender.c.id == waiver_end.c.by_id)
    )


def _waiver(row: Any) -> Waiver:
    new = NewWaiver(row.form, row.code, row.selector, row.valid_from, row.valid_to, row.reason, row.document)
    return Waiver(row.id, new, row.by_name, row.at, row.ended_by, row.ended_at, row.ended_reason)


def use(connection: Connection, version_id: int, findings: Mapping[int, int]) -> None:
    """A version was handed in under waivers: how many findings each let pass. Handed in again it is no second use."""
    known = set(
        connection.execute(select(waiver_use.c.waiver_id).where(waiver_use.c.version_id == version_id)).scalars()
    )
    rows = [
        {"waiver_id": one, "version_id": version_id, "findings": n} for one, n in findings.items() if one not in known
    ]
    if rows:
        connection.execute(insert(waiver_use), rows)


def under(connection: Connection, version_id: int) -> set[str]:
    """The codes of what a version was let pass under a waiver when it was handed in."""
    mine = select(waiver.c.code).join(waiver_use, waiver_use.c.waiver_id == waiver.c.id)
    return set(connection.execute(mine.where(waiver_use.c.version_id == version_id)).scalars())


def used_by(connection: Connection, version_ids: Iterable[int]) -> dict[int, list[int]]:
    """Keys of the waivers each version was handed in under, in one query."""
    query = select(waiver_use.c.version_id, waiver_use.c.waiver_id).where(
        waiver_use.c.version_id.in_(list(version_ids))
    )
    found: dict[int, list[int]] = {}
    for row in connection.execute(query.order_by(waiver_use.c.waiver_id)):
        found.setdefault(row.version_id, []).append(row.waiver_id)
    return found


def uses(connection: Connection, waiver_ids: Iterable[int]) -> dict[int, Counter[int]]:
    """Of each waiver how many versions every unit handed in under it: one query."""
    query = (
        select(waiver_use.c.waiver_id, assignment.c.unit_id, func.count().label("n"))
        .join(submission_version, submission_version.c.id == waiver_use.c.version_id)
        .join(submission, submission.c.id == submission_version.c.submission_id)
        .join(assignment, assignment.c.id == submission.c.assignment_id)
        .where(waiver_use.c.waiver_id.in_(list(waiver_ids)))
        .group_by(waiver_use.c.waiver_id, assignment.c.unit_id)
    )
    found: dict[int, Counter[int]] = {}
    for row in connection.execute(query):
        found.setdefault(row.waiver_id, Counter())[row.unit_id] = row.n
    return found
