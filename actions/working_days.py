"""Working days (ngày nghỉ, ngày làm bù): the office keeps the table by the decisions that announce them (R27)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from actions.desk import Desk, NotYours, Refusal, say
from registry.catalogue.model import Catalogue, Frequency, Holiday
from registry.periods import WorkingCalendar
from registry.store import definitions, dues
from registry.store.dues import Ahead
from registry.workflow.policy import Action
from vietnamese.dates import day_of_due

_SATURDAY = 5
YEARS = (2000, 2100)


@dataclass(frozen=True)
class Year:
    """The days of one year that are not as their weekday is, and those the seed proposes besides."""

    year: int
    days: tuple[Holiday, ...]
    proposed: tuple[Holiday, ...]
    resting: tuple[Ahead, ...]  # deadlines already given out that fall on a rest day


def year_of(desk: Desk, year: int) -> Year:
    """The table of a year. Raises NotYours, Refusal (a year the calendar does not reach)."""
    desk.require(Action.SEE_CATALOGUE)
    if not YEARS[0] <= year <= YEARS[1]:
        raise Refusal("year-out-of-reach", first=YEARS[0], last=YEARS[1])
    known = _known(desk)
    days = sorted((one for one in known if one.day.year == year), key=lambda one: one.day)
    told = {one.day for one in days}
    missing = tuple(one for one in seed(year) if one.day not in told)
    return Year(year, tuple(days), missing, _resting(desk, known))


def seed(year: int) -> tuple[Holiday, ...]:
    """What the ``holidays`` package knows of a year: weekdays off and Saturdays worked, for the office to check.

    Of years whose decision is not out yet it holds what the law says.
    """
    from holidays import country_holidays

    known = country_holidays("VN", years=year, language="vi")
    off = [Holiday(day, True, name) for day, name in known.items() if day.weekday() < _SATURDAY]
    worked = [Holiday(day, False, say("working-days.instead")) for day in known.weekend_workdays if day.year == year]
    return tuple(sorted([*off, *worked], key=lambda one: one.day))


def would_rest(desk: Desk, days: Collection[Holiday]) -> tuple[Ahead, ...]:
    """Deadlines already given out that these days would put on a rest day, where they are not on one yet."""
    desk.require(Action.CHANGE_CATALOGUE)
    known = _known(desk)
    changed = {one.day for one in days}
    before = set(_resting(desk, known))
    after = _resting(desk, [*(one for one in known if one.day not in changed), *days])
    return tuple(one for one in after if one not in before)


def put(desk: Desk, days: Collection[Holiday]) -> int:
    """Write days of the table, each new or instead of what it said; how many changed. Deadlines given out stay.

    Raises NotYours, Refusal (no name, no decision, a day that is so by its weekday).
    """
    desk.require(Action.CHANGE_CATALOGUE)
    for one in days:
        if not one.name.strip() or not one.decision.strip():
            raise Refusal("holiday-needs-decision")
        if one.off is (one.day.weekday() >= _SATURDAY):
            raise Refusal("holiday-by-weekday", day=f"{one.day:%d/%m/%Y}")
    with desk.change(Action.CHANGE_CATALOGUE, "working days") as change:
        written = definitions.load(
            change.connection, Catalogue(holidays=tuple(days)), desk.actor.signature, desk.moment
        )
        change.detail |= {"days": [one.code for one in written], "document": sorted({one.decision for one in days})}
    return len(written)


def remove(desk: Desk, day: date) -> None:
    """A day is as its weekday is again. Raises NotYours."""
    desk.require(Action.CHANGE_CATALOGUE)
    with desk.change(Action.CHANGE_CATALOGUE, "working days") as change:
        known = definitions.catalogue_of(change.connection, ("holiday",)).holidays
        found = [one for one in known if one.day == day]
        if not found:
            raise NotYours
        definitions.withdraw(change.connection, found, desk.actor.signature, desk.moment)
        change.detail["removed"] = day.isoformat()


def ordinary(day: date) -> Holiday:
    """A day as its weekday is: what `would_rest` asks before it is removed."""
    return Holiday(day, day.weekday() >= _SATURDAY, "")


def _known(desk: Desk) -> tuple[Holiday, ...]:
    with desk.read() as connection:
        return definitions.catalogue_of(connection, ("holiday",)).holidays


def _resting(desk: Desk, days: Collection[Holiday]) -> tuple[Ahead, ...]:
    """Deadlines to come of periodic regimes on rest days; what was asked once stands as the asker named it."""
    calendar = WorkingCalendar(days)
    with desk.read() as connection:
        regimes = desk.snapshot(connection).regimes
        ahead = dues.ahead(connection, desk.moment)
    return tuple(
        one
        for one in ahead
        if one.regime in regimes
        and regimes[one.regime].frequency is not Frequency.ONCE
        and not calendar.is_working(day_of_due(one.due_at))
    )
