"""Opening a period of a regime: assignments, deadlines, reports (R26–R28)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from actions.cases import reporters
from actions.desk import Desk, NotNow, Refusal
from registry.catalogue.forms import RowSet, View, row_set
from registry.catalogue.model import Deadline, Frequency, Regime, Unit
from registry.periods import BadPeriodCode, Period, PeriodKind, due_at, parse
from registry.store import openings
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.openings import NewAssignment
from registry.workflow.policy import Action

_KINDS: Mapping[Frequency, frozenset[PeriodKind]] = {
    Frequency.MONTH: frozenset({PeriodKind.MONTH}),
    Frequency.QUARTERS_AND_YEAR: frozenset({PeriodKind.QUARTER, PeriodKind.YEAR}),
    Frequency.QUARTER: frozenset({PeriodKind.QUARTER}),
    Frequency.YEAR: frozenset({PeriodKind.YEAR}),
    Frequency.ONCE: frozenset({PeriodKind.ONCE}),
}
_YEARS_BACK, _YEARS_AHEAD = 2, 1


def open_period(desk: Desk, regime_code: str, period_code: str) -> int:
    """Open a period: one assignment for each unit and form with anything to fill; the opening's key.

    Raises NotYours, Refusal (unknown period, not one of the regime's, nobody to ask), NotNow (already open).
    """
    desk.require(Action.OPEN_PERIOD)
    period = _period(period_code)
    with desk.change(Action.OPEN_PERIOD, f"{regime_code} {period_code}") as change:
        snapshot = desk.snapshot(change.connection)
        regime = snapshot.regimes.get(regime_code)
        if regime is None:
            raise Refusal("unknown-regime", regime=regime_code)
        if not _is_reported(regime, period, desk.day.year):
            raise Refusal("period-not-of-regime", period=period.label, regime=regime.name, frequency=regime.frequency)
        if openings.find(change.connection, regime_code, period_code) is not None:
            raise NotNow("already-open", regime=regime.name, period=period.label)
        asked = planned(snapshot, regime, period)
        if not asked:
            raise Refusal("nothing-to-ask", regime=regime.name, period=period.label)
        change.detail["assignments"] = len(asked)
        return openings.create(
            change.connection, regime.code, snapshot.regime_ids[regime.code], period, asked, desk.moment
        )


def _period(code: str) -> Period:
    try:
        return parse(code)
    except BadPeriodCode:
        raise Refusal("unknown-period", period=code) from None


def _is_reported(regime: Regime, period: Period, this_year: int) -> bool:
    """True when the regime asks for this period, and it is not far off."""
    if not this_year - _YEARS_BACK <= period.year <= this_year + _YEARS_AHEAD:
        return False
    if regime.frequency is Frequency.QUARTERS_AND_YEAR and period.kind is PeriodKind.QUARTER and period.number == 4:
        return False
    return period.kind in _KINDS[regime.frequency]


def planned(snapshot: Snapshot, regime: Regime, period: Period) -> list[NewAssignment]:
    """Who would be asked what, by when."""
    asked = []
    for code in regime.forms:
        version = snapshot.form_versions[code]
        has_inputs: dict[RowSet, bool] = {}
        for unit in reporters(regime, snapshot.catalogue.units):
            rows = row_set(version.form, unit, period.shape)
            if rows not in has_inputs:
                has_inputs[rows] = bool(View(version.form, period.shape, rows, snapshot.definitions).asks)
            if has_inputs[rows]:
                due = due_at(deadline_of(regime, unit), period, snapshot.calendar)
                asked.append(NewAssignment(snapshot.unit_ids[unit.code], code, version.id, due))
    return asked


def deadline_of(regime: Regime, unit: Unit) -> Deadline:
    """The regime's deadline for the level a unit reports at."""
    level = "xã" if unit.kind.is_commune else "sở"
    for deadline in regime.deadlines:
        if deadline.level == level:
            return deadline
    raise Refusal("no-deadline", regime=regime.name, level=level)


def extend(desk: Desk, opening_id: int, due: datetime, reason: str, units: frozenset[int] | None = None) -> None:
    """Give all units (None) or some more time, with a reason; the first deadline stays recorded (R28)."""
    desk.require(Action.OPEN_PERIOD)
    if not reason.strip():
        raise Refusal("reason-needed")
    with desk.change(Action.OPEN_PERIOD, f"opening {opening_id}") as change:
        _existing(change.connection, opening_id)
        openings.extend(change.connection, opening_id, units, due, reason.strip(), desk.actor.person_id, desk.moment)
        change.detail |= {"due": due.isoformat(), "units": sorted(units) if units else "all", "reason": reason}


def set_reception(desk: Desk, opening_id: int, *, is_open: bool) -> None:
    """Close or reopen reception (mở, đóng nhận báo cáo)."""
    desk.require(Action.OPEN_PERIOD)
    with desk.change(Action.OPEN_PERIOD, f"opening {opening_id}") as change:
        _existing(change.connection, opening_id)
        openings.close_reception(change.connection, opening_id, None if is_open else desk.moment)
        change.detail["reception"] = "open" if is_open else "closed"


def _existing(connection: Connection, opening_id: int) -> None:
    if openings.get(connection, opening_id) is None:
        raise Refusal("not-found")
