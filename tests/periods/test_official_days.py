"""The calendar against the official decisions of 2023-2026, and against what the ``holidays`` package knows of them."""

import csv
from datetime import date, timedelta
from importlib import resources

import pytest

from actions.working_days import seed
from registry.catalogue.model import Holiday
from registry.periods import WorkingCalendar
from registry.sample import catalogue

UNKNOWN_TO_THE_PACKAGE = {date(2026, 1, 2): True, date(2026, 1, 10): False}  # swapped by a late announcement


def official() -> dict[date, bool]:
    """Day by day of the checked file: True where offices are shut."""
    text = (resources.files("registry.sample") / "data" / "holidays_vn.csv").read_text("utf-8")
    return {date.fromisoformat(row["date"]): row["kind"] == "off" for row in csv.DictReader(text.splitlines())}


def test_the_catalogue_says_of_every_day_what_the_decisions_say() -> None:
    assert {one.day: one.off for one in catalogue().holidays} == official()
    calendar = WorkingCalendar(catalogue().holidays)
    for n in range((date(2027, 1, 1) - date(2023, 1, 1)).days):
        day = date(2023, 1, 1) + timedelta(n)
        assert calendar.is_working(day) is not official().get(day, day.weekday() >= 5)


@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026])
def test_the_seed_is_what_was_decided_but_for_the_swap_of_the_new_year_of_2026(year: int) -> None:
    decided = {day: off for day, off in official().items() if day.year == year}
    lacking = {day: off for day, off in UNKNOWN_TO_THE_PACKAGE.items() if day.year == year}
    assert {one.day: one.off for one in seed(year)} | lacking == decided
    assert all(one.name for one in seed(year))


def test_the_seed_of_a_year_to_come_is_what_the_law_says() -> None:
    days = {f"{one.day:%d/%m}" for one in seed(2027)}
    assert {"01/01", "16/04", "30/04", "03/05", "02/09", "03/09", "24/11"} <= days
    assert all(one.day.weekday() < 5 for one in seed(2027))


def test_a_day_is_told_with_its_name() -> None:
    calendar = WorkingCalendar([Holiday(date(2026, 11, 24), True, "Ngày Văn hóa Việt Nam", "NQ 80-NQ/TW")])
    told = calendar.told_of(date(2026, 11, 24))
    assert told is not None
    assert told.name == "Ngày Văn hóa Việt Nam"
    assert calendar.told_of(date(2026, 11, 25)) is None
