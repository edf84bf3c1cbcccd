from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.catalogue.model import Deadline, Holiday
from registry.periods import DeadlinesCollide, WorkingCalendar, due_at, due_dates, parse

OFF = [  # data from the announced holidays 2025-2026, and Giỗ Tổ 2027
    "2025-01-01",
    "2025-01-27",
    "2025-01-28",
    "2025-01-29",
    "2025-01-30",
    "2025-01-31",
    "2025-04-07",
    "2025-04-30",
    "2025-05-01",
    "2025-05-02",
    "2025-09-01",
    "2025-09-02",
    "2026-01-01",
    "2026-01-02",
    "2026-02-16",
    "2026-02-17",
    "2026-02-18",
    "2026-02-19",
    "2026-02-20",
    "2026-04-27",
    "2026-04-30",
    "2026-05-01",
    "2026-08-31",
    "2026-09-01",
    "2026-09-02",
    "2026-11-24",
    "2027-04-16",
]
WORKED = ["2025-04-26", "2026-01-10", "2026-08-22"]
CALENDAR = WorkingCalendar(
    [Holiday(date.fromisoformat(day), True, "nghỉ") for day in OFF]
    + [Holiday(date.fromisoformat(day), False, "làm bù") for day in WORKED]
)
COMMUNE, DEPARTMENT = Deadline("xã", 16, time(17)), Deadline("sở", 18)
OFFICE, GOVERNMENT = Deadline("VP UBND", 22), Deadline("cấp trên", 25)
LEVELS = (COMMUNE, DEPARTMENT, Deadline("chủ trì", 20), OFFICE, GOVERNMENT)


def day_due(deadline: Deadline, code: str) -> date:
    return due_at(Deadline(deadline.level, deadline.day, time(17)), parse(code), CALENDAR).date()


def test_a_deadline_on_tet_moves_to_the_first_working_day():
    assert {day_due(level, "202602") for level in (COMMUNE, DEPARTMENT, OFFICE)} == {date(2026, 2, 23)}
    assert day_due(GOVERNMENT, "202602") == date(2026, 2, 25)


def test_a_working_saturday_keeps_its_deadline():
    assert date(2026, 8, 22).weekday() == 5
    assert day_due(OFFICE, "202608") == date(2026, 8, 22)


def test_the_new_day_of_culture_lies_between_the_office_and_the_government():
    assert day_due(OFFICE, "202611") == date(2026, 11, 23)
    assert not CALENDAR.is_working(date(2026, 11, 24))
    assert day_due(GOVERNMENT, "202611") == date(2026, 11, 25)


def test_three_rest_days_in_april_move_the_government_to_the_28th():
    assert day_due(GOVERNMENT, "202604") == date(2026, 4, 28)


def test_commune_and_department_fall_on_one_day_in_six_of_thirty_six_months():
    months = [f"{year}{month:02d}" for year in (2025, 2026, 2027) for month in range(1, 13)]
    same = [code for code in months if day_due(COMMUNE, code) == day_due(DEPARTMENT, code)]
    assert same == ["202508", "202602", "202605", "202701", "202704", "202710"]


def test_the_hour_is_local_time():
    due = due_at(COMMUNE, parse("202610"), CALENDAR)
    assert due.isoformat() == "2026-10-16T17:00:00+07:00"
    assert due.tzname() == "Asia/Ho_Chi_Minh"
    assert due == datetime(2026, 10, 16, 10, tzinfo=UTC)


def test_without_an_hour_the_whole_day_counts():
    assert due_at(DEPARTMENT, parse("202609"), CALENDAR).isoformat() == "2026-09-19T00:00:00+07:00"
    assert due_at(Deadline("x", 31), parse("202612"), WorkingCalendar()).isoformat() == "2027-01-01T00:00:00+07:00"


def test_a_day_of_the_next_month_and_a_day_no_month_has():
    assert due_at(Deadline("KBNN", 5, time(17), 1), parse("202612"), CALENDAR).date() == date(2027, 1, 5)
    assert due_at(Deadline("x", 31, time(17)), parse("202602"), WorkingCalendar()).date() == date(2026, 3, 2)


def test_a_quarter_and_a_year_are_due_in_their_last_month():
    assert day_due(COMMUNE, "20263") == date(2026, 9, 16)
    assert day_due(COMMUNE, "2026") == date(2026, 12, 16)


def test_levels_keep_a_working_day_between_them():
    due = due_dates([COMMUNE, DEPARTMENT, OFFICE, GOVERNMENT], parse("202605"), CALENDAR)
    assert [moment.date().day for moment in due.values()] == [18, 20, 23, 26]  # 24:00 is the next day's midnight
    assert due["xã"].isoformat() == "2026-05-18T17:00:00+07:00"


def test_tet_leaves_no_room_and_the_lead_unit_must_propose_other_dates():
    with pytest.raises(DeadlinesCollide):
        due_dates(LEVELS, parse("202602"), CALENDAR)


DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@given(DAYS)
def test_the_next_working_day_is_the_nearest_one_not_earlier(day):
    found = CALENDAR.next_working(day)
    assert found >= day
    assert CALENDAR.is_working(found)
    assert CALENDAR.working_days_between(day, found) == (found > day)


@given(DAYS, st.integers(1, 15))
def test_adding_working_days_counts_them(day, count):
    later = CALENDAR.add_working_days(day, count)
    assert CALENDAR.is_working(later)
    assert CALENDAR.working_days_between(day, later) == count
    assert CALENDAR.add_working_days(CALENDAR.next_working(day), 0) == CALENDAR.next_working(day)
    assert CALENDAR.add_working_days(later, -count) <= day or CALENDAR.is_working(day)


def test_an_end_before_the_start_has_no_working_days():
    assert CALENDAR.working_days_between(date(2026, 10, 16), date(2026, 10, 1)) == 0
