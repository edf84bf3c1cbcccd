"""Plans with their decisions (F6): what is in force on a day, and what stood before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, select

from registry.catalogue.model import PlanFigure
from registry.rules.background import Need
from registry.store.codec import revive
from registry.store.standing import WITHDRAWN, day_of, standing
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
    """The plan of a unit, by the store's key and its code, as known and in force at a moment; None: none yet.

    A decision loaded before its day holds from that day on. Two queries.
    """
    decided = _decisions(connection, code, need)
    rows = connection.execute(_vintages(subject_id, need, moment)).all()
    best = max((row for row in rows if row.stands), key=lambda row: row.nature, default=None)
    if best is None:
        return None
    former = [row for row in rows[: rows.index(best)] if row.state != WITHDRAWN]
    return InForce(_plan(best, decided), tuple(_plan(row, decided) for row in former))


def _vintages(subject_id: int, need: Need, moment: datetime) -> Select[Any]:
    """Those in force by a moment, in the order in which they replaced one another; ``stands`` of what counts."""
    key, day = need.series, day_of(moment, need.period)
    of_series = (series.c.indicator == key.indicator, series.c.aspect == key.aspect, series.c.members == key.members)
    heard = and_(
        figure.c.period_id == select(period.c.id).where(period.c.code == need.period).scalar_subquery(),
        figure.c.series_id == select(series.c.id).where(*of_series).scalar_subquery(),
        figure.c.subject_id == subject_id,
        figure.c.approved_at <= moment,
        figure.c.valid_from <= day,
    )
    counts = standing(heard)
    same = [counts.c[name] == figure.c[name] for name in ("nature", "vintage")]
    return (
        select(
            figure.c.mantissa,
            figure.c.state,
            figure.c.nature,
            figure.c.valid_from,
            figure.c.approved_at,
            counts.c.vintage.is_not(None).label("stands"),
            import_batch.c.document,
            assignment.c.form,
        )
        .outerjoin(counts, and_(*same))
        .outerjoin(import_batch, import_batch.c.id == figure.c.import_id)
        .outerjoin(submission_version, submission_version.c.id == figure.c.version_id)
        .outerjoin(submission, submission.c.id == submission_version.c.submission_id)
        .outerjoin(assignment, assignment.c.id == submission.c.assignment_id)
        .where(heard)
        .order_by(figure.c.valid_from, figure.c.vintage)
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
        row.valid_from,
        row.approved_at,
    )
