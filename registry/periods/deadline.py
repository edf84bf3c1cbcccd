"""Deadlines (hạn gửi) of a periodic regime (NĐ 09/2019; PRACTICE F19)."""

from __future__ import annotations

import calendar as months
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, timezone

from registry.catalogue.model import Deadline
from registry.periods.holidays import WorkingCalendar
from registry.periods.period import Period

LOCAL = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")  # one offset since 1975; needs no time zone files


class DeadlinesCollide(ValueError):
    """Keeping the levels apart would pass the last deadline: the lead unit must propose other dates."""


def due_at(deadline: Deadline, period: Period, calendar: WorkingCalendar) -> datetime:
    """The moment a report is due, local time; a rest day moves it to the next working day.

    Without an hour the day counts to its end: the moment is midnight of the day after.
    """
    return _moment(calendar.next_working(_named_day(deadline, period)), deadline.at)


def due_dates(
    deadlines: Sequence[Deadline], period: Period, calendar: WorkingCalendar, spacing: int = 1
) -> dict[str, datetime]:
    """Moments by level, in the order given, kept at least ``spacing`` working days apart (F19 b).

    A level that shifting would bring upon the one before it is pushed; raises DeadlinesCollide when that
    would bring the last level past its own day.
    """
    moments: dict[str, datetime] = {}
    day: date | None = None
    for index, deadline in enumerate(deadlines):
        own = calendar.next_working(_named_day(deadline, period))
        earliest = own if day is None else calendar.add_working_days(day, spacing)
        day = max(own, earliest)
        if index == len(deadlines) - 1 and day > own:
            raise DeadlinesCollide(deadline.level)
        moments[deadline.level] = _moment(day, deadline.at)
    return moments


def _named_day(deadline: Deadline, period: Period) -> date:
    """The day as the regime names it, cut to the month's length."""
    year, month = divmod(period.last.year * 12 + period.last.month - 1 + deadline.month_shift, 12)
    return date(year, month + 1, min(deadline.day, months.monthrange(year, month + 1)[1]))


def _moment(day: date, at: time | None) -> datetime:
    if at is None:
        return datetime.combine(day + timedelta(days=1), time(), LOCAL)
    return datetime.combine(day, at, LOCAL)
