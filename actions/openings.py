"""Opening a period of a regime: assignments, deadlines, reports (R26, R27)."""

from __future__ import annotations

from datetime import date, datetime

from actions import measuring
from actions.desk import Change, Desk, NotNow, Refusal
from actions.instants import assert_year_open
from registry.catalogue.asked import reporters
from registry.catalogue.forms import View, row_set
from registry.catalogue.model import Form, Regime, Role, Unit
from registry.periods import (
    BadPeriodCode,
    Due,
    Period,
    PeriodKind,
    Timetable,
    is_reported,
    parse,
    previous,
    proposal,
    timetable,
    window,
)
from registry.store import addressees, notices, openings
from registry.store.definitions import Snapshot
from registry.store.openings import NewAssignment
from registry.workflow.policy import Action
from vietnamese.dates import day_of_due, format_date, format_due

OPENED, OPENED_EARLY = "period-opened", "period-opened-early"  # kinds of notice
UNDECIDED = "period-undecided"  # to the office: a period that opens by itself waits for a decision
TOLD = (Role.CLERK, Role.LEADER, Role.UNIT_ADMIN)
_YEARS_BACK, _YEARS_AHEAD = 2, 1


def open_period(
    desk: Desk, regime_code: str, period_code: str, due: datetime | None = None, *, as_proposed: bool = False
) -> int:
    """Open a period: one assignment for each unit and form with anything to fill; the opening's key.

    ``due`` is the requester's own moment for a regime asked for once, which has no other. ``as_proposed`` takes the
    closing and the deadlines of `proposal` instead of the regime's (PRACTICE F19).
    Raises NotYours, Refusal (unknown period, not one of the regime's, nobody to ask), NotNow (already open, its year
    locked, levels that collide and nobody said what to do).
    """
    desk.require(Action.OPEN_PERIOD)
    period = parsed(period_code)
    with desk.change(Action.OPEN_PERIOD, f"{regime_code} {period_code}") as change:
        snapshot = desk.snapshot(change.connection)
        regime = snapshot.regimes.get(regime_code)
        if regime is None:
            raise Refusal("unknown-regime", regime=regime_code)
        assert_reported(desk, regime, period)
        assert_year_open(desk, change.connection, regime_code, period_code)
        if openings.find(change.connection, regime_code, period_code) is not None:
            raise NotNow("already-open", regime=regime.name, period=period.label)
        dates = None if due else _dates(desk, snapshot, regime, period, as_proposed=as_proposed)
        opening_id = open_planned(desk, change, snapshot, regime, period, due, dates)
        notices.settle(change.connection, (UNDECIDED,), f"{regime_code} {period_code}", desk.moment)
        _measure_the_one_before(desk, change, regime, period)
        return opening_id


def _dates(desk: Desk, snapshot: Snapshot, regime: Regime, period: Period, *, as_proposed: bool) -> Timetable:
    """The dates a period is opened with. Raises NotNow while levels collide and what is proposed can still be kept."""
    stated, offered = dates_of(desk, snapshot, regime, period)
    if as_proposed:
        return offered or stated
    if stated.collides and offered is not None:
        raise NotNow("deadlines-collide", regime=regime.name, period=period.label)
    return stated


def dates_of(desk: Desk, snapshot: Snapshot, regime: Regime, period: Period) -> tuple[Timetable, Timetable | None]:
    """The dates a regime states for a period, and those proposed instead where these collide or come too soon.

    Nothing is proposed once it is too late to keep it.
    """
    stated = timetable(regime, period, snapshot.calendar)
    offered = None if stated.is_sound else proposal(regime, period, snapshot.calendar)
    return stated, offered if offered and is_ahead(offered, desk.moment) else None


def is_ahead(dates: Timetable, moment: datetime) -> bool:
    """True while every level can still keep its deadline."""
    return all(moment < due.moment for due in dates.dues)


def _measure_the_one_before(desk: Desk, change: Change, regime: Regime, period: Period) -> None:
    """What was handed in for the period before says which checks are listened to in this one (PRACTICE F29)."""
    if period.a_year:
        before = previous(period, regime.frequency)
        for form in regime.forms:
            measuring.queue(desk, change.connection, form, before.code)


def open_planned(
    desk: Desk,
    change: Change,
    snapshot: Snapshot,
    regime: Regime,
    period: Period,
    due: datetime | None = None,
    dates: Timetable | None = None,
) -> int:
    """Give out the work of a period inside an open transaction, and tell whoever is asked (Điều 14.4).

    Raises Refusal (nobody to ask, no deadline), NotNow.
    """
    if period.kind is PeriodKind.ONCE:
        assert_ahead(desk, due)
        holder = openings.once_codes(change.connection, period.year).get(period.code, regime.code)
        if holder != regime.code:
            raise NotNow("code-taken", period=period.code, regime=holder)
    asked = planned(snapshot, regime, period, due, dates)
    if not asked:
        raise Refusal("nothing-to-ask", regime=regime.name, period=period.label)
    change.detail["assignments"] = len(asked)
    early = dates.closes if dates and dates.closes != window(period, regime.calendar)[1] else None
    if early:
        change.detail["closes"] = early.isoformat()
    definition_id = snapshot.regime_ids[regime.code]
    opening_id = openings.create(change.connection, regime.code, definition_id, period, asked, desk.moment, early)
    _tell(desk, change, opening_id, regime, period, asked, early)
    return opening_id


def _tell(
    desk: Desk,
    change: Change,
    opening_id: int,
    regime: Regime,
    period: Period,
    asked: list[NewAssignment],
    early: date | None,
) -> None:
    """Everybody who works on what was asked is told by when; of figures closed earlier than usual too.

    What was told of the regime's opening before this one is put away.
    """
    before = openings.before(change.connection, opening_id)
    if before is not None:
        notices.settle(change.connection, (OPENED, OPENED_EARLY), f"opening {before}", desk.moment)
    due: dict[int, datetime] = {}
    for one in asked:
        due[one.unit_id] = min(one.due_at, due.get(one.unit_id, one.due_at))
    people: dict[datetime, set[int]] = {}
    for unit_id, its in addressees.of_units(change.connection, TOLD, due, desk.day, regime.code).items():
        people.setdefault(due[unit_id], set()).update(its)
    kind = OPENED_EARLY if early else OPENED
    closing = {"closes": format_date(early)} if early else {}
    for moment, told in people.items():
        values = {"name": regime.name, "period": period.code, "due": format_due(moment), **closing}
        values["month"] = f"{day_of_due(moment):%Y-%m}"
        notices.put(change.connection, told, kind, f"opening {opening_id}", values, desk.moment)


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


def planned(
    snapshot: Snapshot,
    regime: Regime,
    period: Period,
    due: datetime | None = None,
    dates: Timetable | None = None,
) -> list[NewAssignment]:
    """Who would be asked what, by when; ``due`` stands unshifted where the requester names it (Điều 14.3, F19).

    ``dates`` are the regime's own for the period unless others are given. Raises Refusal (no deadline of a level).
    """
    asked = []
    levels = dates or timetable(regime, period, snapshot.calendar)
    for code in regime.forms:
        version = snapshot.form_versions[code]
        for unit in reporters(regime, snapshot.catalogue.units):
            if cells_to_fill(snapshot, version.form, unit, period):
                until = due or due_of(regime, unit, levels).moment
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


def level_of(unit: Unit) -> str:
    """The level of a regime's chain a unit reports at."""
    return "xã" if unit.kind.is_commune else "sở"


def due_of(regime: Regime, unit: Unit, dates: Timetable) -> Due:
    """When the level a unit reports at is due. Raises Refusal."""
    found = dates.of(level_of(unit))
    if found is None:
        raise Refusal("no-deadline", regime=regime.name, level=level_of(unit))
    return found
