"""The calendar of deadlines (lịch hạn gửi): what is given out, what regimes will ask, what rolled and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from actions.desk import Desk, NotYours
from actions.openings import cells_to_fill, level_of
from registry.catalogue.model import Regime, Unit
from registry.periods import Due, Period, parse, periods_of, proposal, timetable
from registry.periods.deadline import LOCAL
from registry.periods.told import why
from registry.store import dues, openings
from registry.store.definitions import Snapshot
from registry.store.dues import Given
from registry.workflow.policy import Action
from vietnamese.dates import day_of_due

_OF_UNITS = ("xã", "sở")  # the levels periods are opened for


@dataclass(frozen=True, slots=True)
class Entry:
    """One deadline: of a level as its regime will have it, or as it was given out (to so many units)."""

    regime: str
    name: str
    period: Period
    level: str  # empty where what was given out is no level's own
    moment: datetime
    why: str = ""  # it is not on the day the regime names
    first: datetime | None = None  # the moment first given out, where it was moved since
    is_open: bool = False
    units: int = 0

    @property
    def day(self) -> date:
        """The day it falls on."""
        return day_of_due(self.moment)


@dataclass(frozen=True)
class Calendar:
    """The deadlines of some days, and which of the days offices are shut, by name."""

    first: date
    last: date
    entries: tuple[Entry, ...]
    rest: dict[date, str]
    unit: Unit | None  # None: of all

    def on(self, day: date) -> tuple[Entry, ...]:
        """Those of one day."""
        return tuple(entry for entry in self.entries if entry.day == day)


def own(desk: Desk, first: date, last: date) -> Calendar:
    """The deadlines of the unit the person acts in. Raises NotYours."""
    if desk.actor.home is None:
        raise NotYours
    desk.require(Action.SEE_WORK, desk.actor.home)
    return _calendar(desk, first, last, desk.actor.home)


def everything(desk: Desk, first: date, last: date) -> Calendar:
    """The deadlines of every level. Raises NotYours."""
    desk.require(Action.SEE_BOARD)
    return _calendar(desk, first, last, None)


def _calendar(desk: Desk, first: date, last: date, unit_id: int | None) -> Calendar:
    begin, end = (datetime.combine(day, time(), LOCAL) for day in (first, last + timedelta(days=1)))
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        given = dues.given(connection, begin, end, unit_id)
        known = {(one.regime, one.period): one.closes_on for one in openings.all_openings(connection)}
    unit = None if unit_id is None else snapshot.units_by_id.get(unit_id)
    if unit_id is not None and unit is None:
        raise NotYours
    entries = [_given(snapshot, one) for one in given]
    for regime in snapshot.catalogue.regimes:
        entries += _coming(snapshot, regime, unit, first, last, known)
    shown = sorted((one for one in entries if first <= one.day <= last), key=lambda one: (one.moment, one.name))
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    rest = {
        day: told.name
        for day in days
        if (told := snapshot.calendar.told_of(day)) is not None and told.off and day.weekday() < 5
    }
    return Calendar(first, last, tuple(shown), rest, unit)


def _given(snapshot: Snapshot, one: Given) -> Entry:
    regime, period = snapshot.regimes.get(one.regime), parse(one.period)
    due = None
    if regime is not None and regime.deadlines:
        due = _levels(snapshot, regime, period, early=one.closes_on is not None).get(one.due_at_first)
    return Entry(
        one.regime,
        regime.name if regime else one.regime,
        period,
        due.level if due else "",
        one.due_at,
        why(due, snapshot.calendar) if due else "",
        one.due_at_first if one.due_at_first != one.due_at else None,
        is_open=True,
        units=one.units,
    )


def _levels(snapshot: Snapshot, regime: Regime, period: Period, *, early: bool) -> dict[datetime, Due]:
    """The levels of units by the moment they may have been given: stated, or proposed instead."""
    offered = proposal(regime, period, snapshot.calendar)
    stated = timetable(regime, period, snapshot.calendar)
    known = offered.dues if early else (*offered.dues, *stated.dues)
    return {due.moment: due for due in known if due.level in _OF_UNITS}


def _coming(
    snapshot: Snapshot,
    regime: Regime,
    unit: Unit | None,
    first: date,
    last: date,
    known: dict[tuple[str, str], date | None],
) -> Iterator[Entry]:
    """What the regime will ask; of open periods the levels above the units."""
    if not regime.deadlines or (unit is not None and not any(unit.answers_to(one) for one in regime.reporters)):
        return
    for year in range(first.year - 1, last.year + 2):
        for period in periods_of(regime.frequency, year):
            is_open = (regime.code, period.code) in known
            if not regime.holds_on(period.last) or (is_open and unit is not None):
                continue
            early = known.get((regime.code, period.code)) is not None
            dates = (proposal if early else timetable)(regime, period, snapshot.calendar)
            for due in dates.dues:
                is_meant = due.level not in _OF_UNITS if is_open else unit is None or due.level == level_of(unit)
                if is_meant and first <= due.day <= last and (unit is None or _asks(snapshot, regime, unit, period)):
                    because = why(due, snapshot.calendar)
                    yield Entry(regime.code, regime.name, period, due.level, due.moment, because, is_open=is_open)


def _asks(snapshot: Snapshot, regime: Regime, unit: Unit, period: Period) -> bool:
    return any(cells_to_fill(snapshot, snapshot.form_versions[code].form, unit, period) for code in regime.forms)
