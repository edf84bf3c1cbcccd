"""When a unit that has not sent is reminded: days before its deadline, on the day, working days after (16, 19.3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from registry.periods.deadline import LOCAL
from registry.periods.holidays import WorkingCalendar
from vietnamese.dates import day_of_due

MOST_STEPS, MOST_DAYS = 5, 30
_STALE = timedelta(days=1)  # a step missed for longer (a server that stood still) is left out


class BadReminders(ValueError):
    """Days or an hour outside their bounds."""


class StepKind(StrEnum):
    """Where a reminder stands to the deadline."""

    BEFORE = "before"
    DAY = "day"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Step:
    """One reminder of a deadline: ``before-3``, ``day``, ``after-1``, and its moment."""

    kind: StepKind
    days: int
    at: datetime

    @property
    def name(self) -> str:
        """As it is kept."""
        return f"{self.kind}-{self.days}" if self.days else self.kind.value


@dataclass(frozen=True, slots=True)
class ReminderRules:
    """The office's schedule for a regime; days before are calendar days, after working ones."""

    before: tuple[int, ...] = (3, 1)
    on_day: bool = True
    after: tuple[int, ...] = (1, 3)
    hour: int = 8
    leader: bool = True  # after the deadline the leader is reminded too

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> ReminderRules:
        """From what is kept or was sent; raises BadReminders."""
        known = {one.name for one in fields(cls)}
        given = {name: value for name, value in kept.items() if name in known}
        for name in ("before", "after"):
            if name in given:
                given[name] = tuple(sorted({int(day) for day in given[name]}, reverse=name == "before"))
        rules = cls(**given)
        days = (*rules.before, *rules.after)
        if any(not 1 <= day <= MOST_DAYS for day in days) or not 0 <= rules.hour <= 23:
            raise BadReminders
        if max(len(rules.before), len(rules.after)) > MOST_STEPS:
            raise BadReminders
        return rules

    def steps(self, due_at: datetime, calendar: WorkingCalendar) -> Iterator[Step]:
        """All of a deadline, in order."""
        day = day_of_due(due_at)
        for days in self.before:
            yield Step(StepKind.BEFORE, days, self._at(day - timedelta(days=days)))
        if self.on_day:
            yield Step(StepKind.DAY, 0, self._at(day))
        for days in self.after:
            yield Step(StepKind.AFTER, days, self._at(calendar.add_working_days(day, days)))

    def step_at(self, due_at: datetime, now: datetime, opened_at: datetime, calendar: WorkingCalendar) -> Step | None:
        """The step whose turn it is: the last one begun, unless it is long past or lay before the opening."""
        begun = [one for one in self.steps(due_at, calendar) if one.at <= now]
        last = begun[-1] if begun else None
        return last if last is not None and last.at > opened_at and now - last.at < _STALE else None

    def _at(self, day: date) -> datetime:
        return datetime.combine(day, time(self.hour), LOCAL)
