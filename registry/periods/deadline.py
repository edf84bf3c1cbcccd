"""Deadlines (hạn gửi) of the levels of a regime in one period (NĐ 09/2019; PRACTICE F19)."""

from __future__ import annotations

import calendar as months
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, timezone

from registry.catalogue.model import DayCount, Deadline, Frequency, Regime
from registry.periods.holidays import WorkingCalendar
from registry.periods.period import Period
from registry.periods.windows import window

LOCAL = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")  # one offset since 1975; needs no time zone files
_DAY = timedelta(days=1)
_FIRST_AFTER_CLOSING = 2  # the second working day after closing leaves one working day in between


@dataclass(frozen=True, slots=True)
class Due:
    """When the reports of one level are due in a period, and the day the regime itself names.

    ``behind`` is the level it was pushed behind to keep the levels in order, empty when it was not.
    """

    level: str
    named: date
    day: date
    at: time | None
    behind: str = ""

    @property
    def moment(self) -> datetime:
        """The moment in local time; without an hour the day counts to its end: midnight of the day after."""
        if self.at is None:
            return datetime.combine(self.day + _DAY, time(), LOCAL)
        return datetime.combine(self.day, self.at, LOCAL)


@dataclass(frozen=True, slots=True)
class Timetable:
    """The closing window of a period, both days included, and when each level is due, in the order of the levels."""

    opens: date
    closes: date
    dues: tuple[Due, ...]
    collides: bool = False  # keeping the levels apart passes the day of the last one
    is_hasty: bool = False  # no working day strictly between closing and the first deadline

    @property
    def is_sound(self) -> bool:
        """True when nobody has to decide anything before the period is opened."""
        return not (self.collides or self.is_hasty)

    def of(self, level: str) -> Due | None:
        """When a level is due; None when the regime says nothing of it."""
        return next((due for due in self.dues if due.level == level), None)


def timetable(regime: Regime, period: Period, calendar: WorkingCalendar) -> Timetable:
    """Closing and deadlines of a period as the regime states them (R26, R27).

    Of a periodic regime a rest day moves a deadline to the next working day, and a level that would fall upon the
    one before it is pushed the regime's ``spacing`` of working days behind it. A report asked for once keeps the
    days as they are named (Điều 14.3).
    """
    opens, closes = window(period, regime.calendar)
    named = [(one, _named_day(one, period, closes, calendar)) for one in regime.deadlines]
    if regime.frequency is Frequency.ONCE:
        return Timetable(opens, closes, tuple(Due(one.level, day, day, one.at) for one, day in named))
    own = [Due(one.level, day, calendar.next_working(day), one.at) for one, day in named]
    dues = _in_order(own, calendar, regime.spacing)
    is_after = bool(own) and closes < own[0].named  # a plan, or an estimate, is due before its year closes
    hasty = is_after and calendar.working_days_between(closes, dues[0].day - _DAY) < 1
    return Timetable(opens, closes, dues, _passes(dues, own), hasty)


def proposal(regime: Regime, period: Period, calendar: WorkingCalendar) -> Timetable:
    """The nearest dates at which every level keeps its distance and has a working day after closing (F19).

    Lower levels get later days as far as the last level's own day allows; where it does not, closing and deadlines
    come earlier ("gửi trước Tết") and the last level keeps its day. What is due before its window closes anyway, a
    plan or an estimate, leaves closing where it is.
    """
    stated = timetable(regime, period, calendar)
    if stated.is_sound:
        return stated
    own = [replace(due, day=calendar.next_working(due.named), behind="") for due in stated.dues]
    begun = calendar.add_working_days(stated.closes, _FIRST_AFTER_CLOSING)
    later = own if not stated.is_hasty else [replace(own[0], day=max(own[0].day, begun)), *own[1:]]
    pushed = _in_order(later, calendar, regime.spacing)
    if not _passes(pushed, own):
        return replace(stated, dues=pushed, collides=False, is_hasty=False)
    dues: list[Due] = []
    latest = own[-1].day
    for due in reversed(pushed):
        dues.insert(0, replace(due, day=min(due.day, latest), behind=due.behind if due.day <= latest else ""))
        latest = calendar.add_working_days(dues[0].day, -regime.spacing)
    closes = stated.closes
    if closes < dues[0].named:
        closes = min(closes, calendar.add_working_days(dues[0].day, -1) - _DAY)
    return Timetable(stated.opens, closes, tuple(dues))


def _named_day(deadline: Deadline, period: Period, closes: date, calendar: WorkingCalendar) -> date:
    """The day as the regime names it: of a month, cut to the month's length, or counted from closing."""
    if deadline.after is not None:
        if deadline.counted is DayCount.WORKING:
            return calendar.add_working_days(closes, deadline.after)
        return closes + deadline.after * _DAY
    assert deadline.day is not None  # the catalogue's check
    year, month = divmod(period.last.year * 12 + period.last.month - 1 + deadline.month_shift, 12)
    return date(year, month + 1, min(deadline.day, months.monthrange(year, month + 1)[1]))


def _in_order(own: Sequence[Due], calendar: WorkingCalendar, spacing: int) -> tuple[Due, ...]:
    dues: list[Due] = []
    for due in own:
        earliest = calendar.add_working_days(dues[-1].day, spacing) if dues else due.day
        dues.append(replace(due, day=earliest, behind=dues[-1].level) if earliest > due.day else due)
    return tuple(dues)


def _passes(dues: Sequence[Due], own: Sequence[Due]) -> bool:
    return bool(own) and dues[-1].day > own[-1].day
