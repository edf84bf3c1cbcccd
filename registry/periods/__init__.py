"""Periods, closing windows, holidays and deadlines."""

from registry.periods.deadline import Due, Timetable, proposal, timetable
from registry.periods.holidays import WorkingCalendar
from registry.periods.period import (
    BadPeriodCode,
    NoSuchPeriod,
    Period,
    PeriodKind,
    is_reported,
    months_to_date,
    parse,
    periods_about,
    periods_of,
    periods_to_date,
    previous,
    quarter_of,
    year_before,
    year_named,
    year_of,
)
from registry.periods.windows import CIVIL, CLOSING_15_14, UnknownCalendar, window

__all__ = [
    "CIVIL",
    "CLOSING_15_14",
    "BadPeriodCode",
    "Due",
    "NoSuchPeriod",
    "Period",
    "PeriodKind",
    "Timetable",
    "UnknownCalendar",
    "WorkingCalendar",
    "is_reported",
    "months_to_date",
    "parse",
    "periods_about",
    "periods_of",
    "periods_to_date",
    "previous",
    "proposal",
    "quarter_of",
    "timetable",
    "window",
    "year_before",
    "year_named",
    "year_of",
]
