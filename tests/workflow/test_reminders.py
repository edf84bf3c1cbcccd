"""When a unit is reminded: the steps of a deadline, and the one whose turn it is."""

from datetime import date, datetime, timedelta

import pytest

from registry.catalogue.model import Holiday
from registry.periods import WorkingCalendar
from registry.periods.deadline import LOCAL
from registry.workflow.reminders import BadReminders, ReminderRules

CALENDAR = WorkingCalendar([Holiday(date(2026, 11, 24), off=True, name="", decision="")])
DUE = datetime(2026, 11, 21, 0, 0, tzinfo=LOCAL)  # the end of Friday the 20th
OPENED = datetime(2026, 11, 1, tzinfo=LOCAL)


def at(day: int, hour: int = 8, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=LOCAL)


def test_a_deadline_at_midnight_belongs_to_the_day_before_and_days_after_are_worked() -> None:
    steps = [(one.name, one.at) for one in ReminderRules().steps(DUE, CALENDAR)]
    assert steps == [
        ("before-3", at(17)),
        ("before-1", at(19)),
        ("day", at(20)),
        ("after-1", at(23)),
        ("after-3", at(26)),  # the 24th is a holiday
    ]


@pytest.mark.parametrize(
    ("now", "name"),
    [
        (at(17, 7, 59), None),
        (at(17), "before-3"),
        (at(18, 7, 59), "before-3"),
        (at(18), None),  # long past: the server stood still, the next one comes soon enough
        (at(19, 12), "before-1"),
        (at(20, 9), "day"),
        (at(26, 23), "after-3"),
        (at(28), None),
    ],
)
def test_one_step_has_its_turn(now: datetime, name: str | None) -> None:
    step = ReminderRules().step_at(DUE, now, OPENED, CALENDAR)
    assert (step.name if step else None) == name


def test_what_was_opened_after_a_step_is_not_reminded_of_it() -> None:
    rules = ReminderRules()
    assert rules.step_at(DUE, at(19, 12), at(19, 10), CALENDAR) is None
    assert rules.step_at(DUE, at(20, 9), at(19, 10), CALENDAR) is not None


def test_days_are_put_in_order_and_bounds_are_kept() -> None:
    rules = ReminderRules.read({"before": ["1", "5"], "after": (4, 2, 4), "hour": 7, "unknown": 1})
    assert (rules.before, rules.after, rules.hour) == ((5, 1), (2, 4), 7)
    for bad in ({"before": [0]}, {"after": [31]}, {"hour": 24}, {"before": [1, 2, 3, 4, 5, 6]}):
        with pytest.raises(BadReminders):
            ReminderRules.read(bad)
    assert (
        ReminderRules.read({"before": [], "after": [], "on_day": False}).step_at(
            DUE, DUE + timedelta(hours=1), OPENED, CALENDAR
        )
        is None
    )
