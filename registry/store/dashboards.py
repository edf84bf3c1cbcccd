"""Dashboards (bảng điều hành) of units: the newest version is what is shown, the earlier ones stay."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, exists, func, insert, select, update

from registry.catalogue.dashboards import Dashboard, kept, revived
from registry.store.engine import inserted
from registry.store.tables import (
    assignment,
    dashboard,
    dashboard_version,
    opening,
    period,
    person,
    submission,
    submission_event,
)
from registry.store.within import within
from registry.workflow.policy import Action, Scope
from registry.workflow.submission import State


@dataclass(frozen=True, slots=True)
class Known:
    """A dashboard as it is shown now."""

    id: int
    unit_id: int
    version: int
    definition: Dashboard
    by_name: str
    at: datetime


def of_scope(connection: Connection, scope: Scope) -> list[Known]:
    """Those of the units of a scope, in the order they were made: one query."""
    shown = _shown().where(within(scope, dashboard.c.unit_id)).order_by(dashboard.c.id)
    return [_known(row) for row in connection.execute(shown)]


def one(connection: Connection, dashboard_id: int) -> Known | None:
    """One that is still shown."""
    row = connection.execute(_shown().where(dashboard.c.id == dashboard_id)).one_or_none()
    return None if row is None else _known(row)


def standing(connection: Connection, unit_id: int, at: datetime) -> list[Dashboard]:
    """What the dashboards of a unit showed at a moment, in the order they were made."""
    newest = (
        select(dashboard_version.c.dashboard_id, func.max(dashboard_version.c.version).label("version"))
        .where(dashboard_version.c.at <= at)
        .group_by(dashboard_version.c.dashboard_id)
        .subquery()
    )
    query = (
        select(dashboard_version.c.body)
        .join(
            newest,
            (newest.c.dashboard_id == dashboard_version.c.dashboard_id)
            & (newest.c.version == dashboard_version.c.version),
        )
        .join(dashboard, dashboard.c.id == dashboard_version.c.dashboard_id)
        .where(dashboard.c.unit_id == unit_id, dashboard.c.ended_at.is_(None) | (dashboard.c.ended_at > at))
        .order_by(dashboard.c.id)
    )
    return [revived(json.loads(body)) for body in connection.execute(query).scalars()]


def reopened(connection: Connection) -> list[tuple[str, int, str]]:
    """(period, unit, form) of what was approved once and is open again: its figures stand until their successor."""
    was_approved = exists().where(
        submission_event.c.submission_id == submission.c.id, submission_event.c.action == Action.APPROVE.value
    )
    query = (
        select(period.c.code, assignment.c.unit_id, assignment.c.form)
        .join(submission, submission.c.assignment_id == assignment.c.id)
        .join(opening, opening.c.id == assignment.c.opening_id)
        .join(period, period.c.id == opening.c.period_id)
        .where(submission.c.version > 0, submission.c.state != State.APPROVED.value, was_approved)
    )
    return [(row.code, row.unit_id, row.form) for row in connection.execute(query)]


def count(connection: Connection, unit_id: int) -> int:
    """How many a unit has."""
    query = select(func.count()).where(dashboard.c.unit_id == unit_id, dashboard.c.ended_at.is_(None))
    return connection.execute(query).scalar_one()


def put(connection: Connection, unit_id: int, definition: Dashboard, by_id: int, at: datetime) -> int:
    """A new one; its number."""
    made = inserted(connection, insert(dashboard).values(unit_id=unit_id, version=1))
    _write(connection, made, 1, definition, by_id, at)
    return made


def change(connection: Connection, known: Known, definition: Dashboard, by_id: int, at: datetime) -> bool:
    """The next version; False when somebody else made it meanwhile."""
    taken = (
        update(dashboard)
        .where(dashboard.c.id == known.id, dashboard.c.version == known.version, dashboard.c.ended_at.is_(None))
        .values(version=known.version + 1)
    )
    if connection.execute(taken).rowcount != 1:
        return False
    _write(connection, known.id, known.version + 1, definition, by_id, at)
    return True


def end(connection: Connection, dashboard_id: int, at: datetime) -> None:
    """Show it no more."""
    connection.execute(update(dashboard).where(dashboard.c.id == dashboard_id).values(ended_at=at))


def _write(connection: Connection, key: int, version: int, definition: Dashboard, by_id: int, at: datetime) -> None:
    values = {"dashboard_id": key, "version": version, "by_id": by_id, "at": at}
    body = json.dumps(kept(definition), ensure_ascii=False)
    connection.execute(insert(dashboard_version).values(**values, body=body))


def _shown() -> Select[Any]:
    latest = (dashboard_version.c.dashboard_id == dashboard.c.id) & (dashboard_version.c.version == dashboard.c.version)
    return (
        select(dashboard, dashboard_version.c.body, dashboard_version.c.at, person.c.name)
        .join(dashboard_version, latest)
        .join(person, person.c.id == dashboard_version.c.by_id)
        .where(dashboard.c.ended_at.is_(None))
    )


def _known(row: Any) -> Known:
    return Known(row.id, row.unit_id, row.version, revived(json.loads(row.body)), row.name, row.at)
