"""Deadlines in words: what rolled over which rest days, and why a level comes later or earlier than its regime says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

from registry.periods.deadline import Due, Timetable
from registry.periods.holidays import WorkingCalendar
from vietnamese.copydeck import deck

_copy = deck(Path(__file__).parent / "copy.toml")
_DAY = timedelta(days=1)


def why(due: Due, calendar: WorkingCalendar) -> str:
    """Why a deadline is on another day than the regime names; empty when it is not."""
    passed = [due.named + n * _DAY for n in range((due.day - due.named).days)]
    rest = [day for day in passed if not calendar.is_working(day)]
    told = []
    if rest:
        what = dict.fromkeys(rest_name(day, calendar) for day in rest)
        told.append(_copy("timetable.rest", days=_span(rest), what=", ".join(what)))
    if not due.behind and due.day > calendar.next_working(due.named):
        told.append(_copy("timetable.later"))
    if due.behind:
        told.append(_copy("timetable.behind", level=due.behind))
    if due.day < due.named:
        told.append(_copy("timetable.earlier", day=f"{due.named:%d/%m}"))
    return " ".join(told)


def unknown_years(dates: Iterable[Timetable], calendar: WorkingCalendar) -> list[int]:
    """The years of some deadlines of which the calendar holds no holiday yet."""
    years = {due.day.year for table in dates for due in table.dues}
    return sorted(year for year in years if not calendar.knows(year))


def rest_name(day: date, calendar: WorkingCalendar) -> str:
    """What makes a day one of rest: its holiday, else its weekday."""
    told = calendar.told_of(day)
    return told.name if told is not None and told.off else weekday(day)


def weekday(day: date) -> str:
    """``Thứ Hai`` … ``Chủ nhật``."""
    return _copy(f"weekday.{day.isoweekday()}")


def _span(days: list[date]) -> str:
    if len(days) > 1 and days[-1] - days[0] == (len(days) - 1) * _DAY:
        return f"{days[0]:%d/%m}–{days[-1]:%d/%m}"
    return ", ".join(f"{day:%d/%m}" for day in days)
