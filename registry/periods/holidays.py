"""Working days: Saturdays and Sundays rest, catalogue rows take weekdays off and call Saturdays in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from registry.catalogue.model import Holiday

_DAY = timedelta(days=1)
_SATURDAY = 5


class WorkingCalendar:
    """Which days are worked, from the rows of the catalogue; a later row about a day wins."""

    __slots__ = ("_named", "_off")

    def __init__(self, holidays: Iterable[Holiday] = ()) -> None:
        self._named = {holiday.day: holiday for holiday in holidays}
        self._off = {day: holiday.off for day, holiday in self._named.items()}

    def is_working(self, day: date) -> bool:
        """True on a day offices are open."""
        return not self._off.get(day, day.weekday() >= _SATURDAY)

    def knows(self, year: int) -> bool:
        """True when the catalogue says anything of a year: no year passes without Tết."""
        return any(day.year == year for day in self._named)

    def told_of(self, day: date) -> Holiday | None:
        """What the catalogue says of a day; None of an ordinary one."""
        return self._named.get(day)

    def next_working(self, day: date) -> date:
        """The day itself when worked, else the first worked day after it."""
        while not self.is_working(day):
            day += _DAY
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day`` (before it when negative); 0 gives ``day`` itself."""
        step = _DAY if count > 0 else -_DAY
        left = abs(count)
        while left:
            day += step
            left -= self.is_working(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and including ``end``; 0 when ``end`` is not later."""
        days = max((end - start).days, 0)
        return sum(self.is_working(start + n * _DAY) for n in range(1, days + 1))
