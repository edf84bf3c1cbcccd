"""Closing windows (thời gian chốt số liệu) by calendar (NĐ 09/2019, Điều 12; REQUIREMENTS: Facts about periods)."""

from __future__ import annotations

from datetime import date, timedelta

from registry.periods.period import Period, PeriodKind

CLOSING_15_14 = "15-14"
CIVIL = "dương lịch"

_BY_CLOSING_DAY = (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.HALF, PeriodKind.NINE, PeriodKind.YEAR)


class UnknownCalendar(ValueError):
    """A regime names a calendar that is neither ``15-14`` nor ``dương lịch``."""


def window(period: Period, calendar: str) -> tuple[date, date]:
    """First and last day whose figures a report of the period holds, both included; raises UnknownCalendar.

    Under ``15-14`` a period runs from the 15th of the month before it to the 14th of its last month; weeks
    and reports asked for once keep their civil days.
    """
    if calendar not in (CLOSING_15_14, CIVIL):
        raise UnknownCalendar(calendar)
    if calendar == CIVIL or period.kind not in _BY_CLOSING_DAY:
        return period.first, period.last
    return (period.first - timedelta(days=1)).replace(day=15), period.last.replace(day=14)
