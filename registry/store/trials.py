"""Trial workbooks lying with units until their period is opened or they are taken back, and the units' remarks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, insert, select, update

from registry.store.engine import Connection, inserted
from registry.store.files import Stored
from registry.store.tables import opening, period, person, trial, trial_remark
from registry.store.uploads import put_file
from registry.store.within import within
from registry.workflow.policy import Scope


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody of the unit says of a trial."""

    text: str
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial workbook of one form for one unit."""

    id: int
    regime: str
    period: str
    form: str
    unit_id: int
    sha: str
    name: str
    at: datetime
    withdrawn_at: datetime | None
    remarks: list[Remark] = field(default_factory=list)  # oldest first


@dataclass(frozen=True, slots=True)
class About:
    """What a trial is of."""

    regime: str
    period: str
    form: str
    unit_id: int


def put(connection: Connection, about: About, stored: Stored, name: str, by_id: int, at: datetime) -> int:
    """Lay a trial with its unit, in place of an earlier one of the same form and period."""
    put_file(connection, stored, at)
    same = [getattr(trial.c, key) == getattr(about, key) for key in ("regime", "period", "form", "unit_id")]
    connection.execute(update(trial).where(*same, trial.c.withdrawn_at.is_(None)).values(withdrawn_at=at))
    row = insert(trial).values(
        regime=about.regime,
        period=about.period,
        form=about.form,
        unit_id=about.unit_id,
        file_sha=stored.sha,
        name=name[:300],
        by_id=by_id,
        at=at,
    )
    return inserted(connection, row)


def withdraw(connection: Connection, trial_id: int, at: datetime) -> None:
    """Take a trial back; its remarks stay with whoever sent it."""
    connection.execute(update(trial).where(trial.c.id == trial_id).values(withdrawn_at=at))


def remark(connection: Connection, trial_id: int, text: str, by_id: int, at: datetime) -> None:
    """Keep what the unit says of a trial."""
    connection.execute(insert(trial_remark).values(trial_id=trial_id, text=text, by_id=by_id, at=at))


def lying(connection: Connection, scope: Scope, trial_id: int | None = None) -> list[Trial]:
    """Trials lying with the units of a scope: neither taken back, nor of a period opened since; two queries."""
    if scope.is_empty:
        return []
    is_its_period = (opening.c.regime == trial.c.regime) & (period.c.code == trial.c.period)
    opened = select(opening.c.id).join(period).where(is_its_period)
    seen = within(scope, trial.c.unit_id, trial.c.regime, trial.c.form)
    conditions = [trial.c.withdrawn_at.is_(None), ~opened.exists(), seen]
    if trial_id is not None:
        conditions.append(trial.c.id == trial_id)
    return _trials(connection, *conditions)


def of_period(connection: Connection, regime: str, period_code: str) -> list[Trial]:
    """Every trial ever sent for a period, taken back or not; two queries."""
    return _trials(connection, trial.c.regime == regime, trial.c.period == period_code)


def _trials(connection: Connection, *conditions: ColumnElement[bool]) -> list[Trial]:
    rows = connection.execute(select(trial).where(*conditions).order_by(trial.c.id))
    found = {
        row.id: Trial(
            row.id,
            row.regime,
            row.period,
            row.form,
            row.unit_id,
            row.file_sha,
            row.name,
            row.at,
            row.withdrawn_at,
        )
        for row in rows
    }
    said = (
        select(trial_remark, person.c.name.label("by_name"))
        .join(person, person.c.id == trial_remark.c.by_id)
        .where(trial_remark.c.trial_id.in_(found))
        .order_by(trial_remark.c.id)
    )
    for row in connection.execute(said) if found else ():
        found[row.trial_id].remarks.append(Remark(row.text, row.by_name, row.at))
    return list(found.values())
