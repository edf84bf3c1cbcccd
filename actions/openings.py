"""Opening a period of a regime: assignments, deadlines, reports (R26, R27)."""

from __future__ import annotations

from datetime import datetime

from actions import measuring
from actions.desk import Change, Desk, NotNow, Refusal
from registry.catalogue.asked import reporters
from registry.catalogue.forms import View, row_set
from registry.catalogue.model import Deadline, Form, Regime, Unit
from registry.periods import BadPeriodCode, Period, PeriodKind, due_at, is_reported, parse, previous
from registry.store import openings
from registry.store.definitions import Snapshot
from registry.store.openings import NewAssignment
from registry.workflow.policy import Action

_YEARS_BACK, _YEARS_AHEAD = 2, 1


def open_period(desk: Desk, regime_code: str, period_code: str, due: datetime | None = None) -> int:
    """Open a period: one assignment for each unit and form with anything to fill; the opening's key.

    ``due`` is the requester's own moment for a regime asked for once, which has no other.
    Raises NotYours, Refusal (unknown period, not one of the regime's, nobody to ask), NotNow (already open).
    """
    desk.require(Action.OPEN_PERIOD)
    period = parsed(period_code)
    with desk.change(Action.OPEN_PERIOD, f"{regime_code} {period_code}") as change:
        snapshot = desk.snapshot(change.connection)
        regime = snapshot.regimes.get(regime_code)
        if regime is None:
            raise Refusal("unknown-regime", regime=regime_code)
        assert_reported(desk, regime, period)
        if openings.find(change.connection, regime_code, period_code) is not None:
            raise NotNow("already-open", regime=regime.name, period=period.label)
        opening_id = open_planned(desk, change, snapshot, regime, period, due)
        _measure_the_one_before(desk, change, regime, period)
        return opening_id


def _measure_the_one_before(desk: Desk, change: Change, regime: Regime, period: Period) -> None:
    """What was handed in for the period before says which checks are listened to in this one (PRACTICE F29)."""
    if period.a_year:
        before = previous(period, regime.frequency)
        for form in regime.forms:
            measuring.queue(desk, change.connection, form, before.code)


def open_planned(
    desk: Desk, change: Change, snapshot: Snapshot, regime: Regime, period: Period, due: datetime | None = None
) -> int:
    """Give out the work of a period inside an open transaction. Raises Refusal (nobody to ask, no deadline), NotNow."""
    if period.kind is PeriodKind.ONCE:
        assert_ahead(desk, due)
        holder = openings.once_codes(change.connection, period.year).get(period.code, regime.code)
        if holder != regime.code:
            raise NotNow("code-taken", period=period.code, regime=holder)
    asked = planned(snapshot, regime, period, due)
    if not asked:
        raise Refusal("nothing-to-ask", regime=regime.name, period=period.label)
    change.detail["assignments"] = len(asked)
    return openings.create(change.connection, regime.code, snapshot.regime_ids[regime.code], period, asked, desk.moment)


def assert_ahead(desk: Desk, due: datetime | None) -> None:
    """A requester names a moment that is still to come. Raises Refusal."""
    if due is None or due <= desk.moment:
        raise Refusal("due-needed")


def parsed(code: str) -> Period:
    """The period of a code; raises Refusal."""
    try:
        return parse(code)
    except BadPeriodCode:
        raise Refusal("unknown-period", period=code) from None


def assert_reported(desk: Desk, regime: Regime, period: Period) -> None:
    """The regime asks for this period, and it is not far off. Raises Refusal."""
    if not _is_near(regime, period, desk.day.year):
        raise Refusal("period-not-of-regime", period=period.label, regime=regime.name, frequency=regime.frequency)


def _is_near(regime: Regime, period: Period, this_year: int) -> bool:
    """True when the regime asks for this period, holds on its last day, and it is not far off."""
    if not this_year - _YEARS_BACK <= period.year <= this_year + _YEARS_AHEAD or not regime.holds_on(period.last):
        return False
    return is_reported(regime.frequency, period)


def planned(snapshot: Snapshot, regime: Regime, period: Period, due: datetime | None = None) -> list[NewAssignment]:
    """Who would be asked what, by when; ``due`` stands unshifted where the requester names it (Điều 14.3, F19)."""
    asked = []
    for code in regime.forms:
        version = snapshot.form_versions[code]
        for unit in reporters(regime, snapshot.catalogue.units):
            if cells_to_fill(snapshot, version.form, unit, period):
                until = due or due_at(deadline_of(regime, unit), period, snapshot.calendar)
                asked.append(NewAssignment(snapshot.unit_ids[unit.code], code, version.id, until))
    return asked


def cells_to_fill(snapshot: Snapshot, form: Form, unit: Unit, period: Period) -> int:
    """How many cells of a form a unit is asked to fill in a period; of a list, those of one line."""
    rows = row_set(form, unit, period.shape)
    key = ("to-fill", form.code, form.version, rows, period.shape)
    if key not in snapshot.memo:
        view = View(form, period.shape, rows, snapshot.definitions)
        snapshot.memo[key] = len(view.asked) + sum(len(line.typed) for line in view.lists.values())
    return int(snapshot.memo[key])


def deadline_of(regime: Regime, unit: Unit) -> Deadline:
    """The regime's deadline for the level a unit reports at."""
    level = "xã" if unit.kind.is_commune else "sở"
    for deadline in regime.deadlines:
        if deadline.level == level:
            return deadline
    raise Refusal("no-deadline", regime=regime.name, level=level)
