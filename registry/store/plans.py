"""Plans with their decisions (F6): what is in force on a day, and what stood before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from registry.catalogue.model import PlanFigure
from registry.rules.background import Need
from registry.store.codec import revive
from registry.store.tables import (
    assignment,
    definition,
    figure,
    import_batch,
    period,
    series,
    submission,
    submission_version,
)
from vietnamese.dates import civil


@dataclass(frozen=True, slots=True)
class Plan:
    """One version of a plan. ``document`` is the decision it was loaded by, ``form`` what it was given by instead."""

    mantissa: int
    document: str
    form: str
    decided_on: date | None  # as loaded
    valid_from: date  # of a form's: the day of its approval
    known_at: datetime


@dataclass(frozen=True, slots=True)
class InForce:
    """The plan of a day, and those it replaced, oldest first (a mid-year adjustment)."""

    plan: Plan
    former: tuple[Plan, ...]

    @property
    def was_adjusted(self) -> bool:
        """True when it replaced one of another amount."""
        return any(one.mantissa != self.plan.mantissa for one in self.former)


def in_force(connection: Connection, subject_id: int, code: str, need: Need, moment: datetime) -> InForce | None:
    """The plan of a unit, by the store's key and its code, as known at a moment and valid by its day; None: none yet.

    A decision loaded before its day holds from that day on. Two queries.
    """
    day = civil(moment).date()
    dated = _decisions(connection, code, need)
    known = [_plan(row, dated) for row in connection.execute(_vintages(subject_id, need, moment))]
    valid = sorted((one for one in known if one.valid_from <= day), key=lambda one: (one.valid_from, one.known_at))
    return InForce(valid[-1], tuple(valid[:-1])) if valid else None


def _vintages(subject_id: int, need: Need, moment: datetime) -> Select[Any]:
    key = need.series
    return (
        select(figure.c.mantissa, figure.c.approved_at, import_batch.c.document, assignment.c.form)
        .join(series, series.c.id == figure.c.series_id)
        .join(period, period.c.id == figure.c.period_id)
        .outerjoin(import_batch, import_batch.c.id == figure.c.import_id)
        .outerjoin(submission_version, submission_version.c.id == figure.c.version_id)
        .outerjoin(submission, submission.c.id == submission_version.c.submission_id)
        .outerjoin(assignment, assignment.c.id == submission.c.assignment_id)
        .where(series.c.indicator == key.indicator, series.c.aspect == key.aspect, series.c.members == key.members)
        .where(period.c.code == need.period, figure.c.subject_id == subject_id, figure.c.approved_at <= moment)
        .order_by(figure.c.vintage)
    )


def _decisions(connection: Connection, unit: str, need: Need) -> dict[str, PlanFigure]:
    """The plan as each decision gave it last, by the decision."""
    code = f"{need.series.indicator}|{need.series.aspect}|{unit}|{need.period}|"
    query = select(definition.c.body).where(
        definition.c.kind == "plan", definition.c.code.startswith(code, autoescape=True)
    )
    bodies = (revive(PlanFigure, body) for body in connection.execute(query.order_by(definition.c.n)).scalars() if body)
    return {one.decision: one for one in bodies}


def _plan(row: Any, dated: dict[str, PlanFigure]) -> Plan:
    decision = dated.get(row.document or "")
    return Plan(
        row.mantissa,
        row.document or "",
        row.form or "",
        decision.decided_on if decision else None,
        decision.valid_from if decision else civil(row.approved_at).date(),
        row.approved_at,
    )
