"""Dates and remaining time as Vietnamese offices write them, in the civil time of Asia/Ho_Chi_Minh."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from vietnamese.copydeck import deck

HO_CHI_MINH = ZoneInfo("Asia/Ho_Chi_Minh")

_copy = deck(Path(__file__).parent / "copy.toml")
_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


class NaiveMoment(ValueError):
    """A moment was given without its time zone: a fault of ours."""


def civil(moment: datetime) -> datetime:
    """The moment on Vietnamese clocks. Raises NaiveMoment."""
    if moment.tzinfo is None:
        raise NaiveMoment(moment.isoformat())
    return moment.astimezone(HO_CHI_MINH)


def format_date(day: date) -> str:
    """``05/02/2026``; a moment is taken on Vietnamese clocks."""
    if isinstance(day, datetime):
        day = civil(day).date()
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def format_moment(moment: datetime) -> str:
    """``17:00 ngày 05/02/2026`` on Vietnamese clocks."""
    local = civil(moment)
    return _copy("date.moment", time=f"{local:%H:%M}", date=format_date(local))


def format_due(due: datetime) -> str:
    """A deadline: midnight is written as 24:00 of the day before it (``24:00 ngày 02/11/2026``)."""
    local = civil(due)
    if (local.hour, local.minute, local.second, local.microsecond) != (0, 0, 0, 0):
        return format_moment(due)
    return _copy("date.moment", time="24:00", date=format_date(local.date() - _DAY))


def days_left(now: datetime, due: datetime) -> str:
    """Time to or since a deadline: ``còn 3 ngày``, ``còn 5 giờ``, ``còn 12 phút``, ``quá hạn 2 ngày``.

    Within 24 hours it counts full hours, within one hour full minutes; else the days between the two civil
    dates, a deadline at midnight belonging to the day it ends.
    """
    gap = civil(due) - civil(now)
    side = "left" if gap >= timedelta(0) else "late"
    length = abs(gap)
    if length < _MINUTE:
        return _copy("left.now")
    if length < _HOUR:
        return _copy(f"{side}.minutes", n=length // _MINUTE)
    if length < _DAY:
        return _copy(f"{side}.hours", n=length // _HOUR)
    return _copy(f"{side}.days", n=max(1, abs((day_of_due(due) - civil(now).date()).days)))


def day_of_due(due: datetime) -> date:
    """The day a deadline belongs to on Vietnamese clocks: midnight ends the day before. Raises NaiveMoment."""
    return (civil(due) - timedelta(microseconds=1)).date()
