from dataclasses import replace
from datetime import UTC, date, datetime, time
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from registry.catalogue.model import DayCount, Deadline, Frequency, Holiday, Regime
from registry.periods import Timetable, WorkingCalendar, parse, proposal, timetable

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


def regime(*deadlines: Deadline, frequency: Frequency = Frequency.MONTH, calendar: str = "15-14") -> Regime:
    return Regime("KTXH", "Báo cáo", "số liệu", frequency, calendar, deadlines, (), ("xã",), ("VPUB",), "STC")


def moment(deadline: Deadline, code: str, calendar: WorkingCalendar = CALENDAR) -> datetime:
    return timetable(regime(deadline), parse(code), calendar).dues[0].moment


def day_due(deadline: Deadline, code: str) -> date:
    return timetable(regime(deadline), parse(code), CALENDAR).dues[0].day


def days(table: Timetable) -> list[str]:
    return [f"{due.day:%d/%m}" for due in table.dues]


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
    due = moment(COMMUNE, "202610")
    assert due.isoformat() == "2026-10-16T17:00:00+07:00"
    assert due.tzname() == "Asia/Ho_Chi_Minh"
    assert due == datetime(2026, 10, 16, 10, tzinfo=UTC)


def test_without_an_hour_the_whole_day_counts():
    assert moment(DEPARTMENT, "202609").isoformat() == "2026-09-19T00:00:00+07:00"
    assert moment(Deadline("x", 31), "202612", WorkingCalendar()).isoformat() == "2027-01-01T00:00:00+07:00"


def test_a_day_of_the_next_month_and_a_day_no_month_has():
    assert moment(Deadline("KBNN", 5, time(17), 1), "202612").date() == date(2027, 1, 5)
    assert moment(Deadline("x", 31, time(17)), "202602", WorkingCalendar()).date() == date(2026, 3, 2)


def test_a_quarter_and_a_year_are_due_in_their_last_month():
    assert day_due(COMMUNE, "20263") == date(2026, 9, 16)
    assert day_due(COMMUNE, "2026") == date(2026, 12, 16)


def test_levels_keep_a_working_day_between_them():
    table = timetable(regime(*LEVELS), parse("202605"), CALENDAR)
    assert days(table) == ["18/05", "19/05", "20/05", "22/05", "25/05"]
    assert [due.behind for due in table.dues] == ["", "xã", "", "", ""]
    assert table.of("xã").moment.isoformat() == "2026-05-18T17:00:00+07:00"
    wide = timetable(replace(regime(*LEVELS), spacing=2), parse("202610"), CALENDAR)
    assert days(wide) == ["16/10", "20/10", "22/10", "26/10", "28/10"]
    assert wide.collides


def test_tet_leaves_no_room_and_other_dates_are_proposed():
    table = timetable(regime(*LEVELS), parse("202602"), CALENDAR)
    assert (table.collides, table.is_hasty, table.is_sound) == (True, True, False)
    assert days(table) == ["23/02", "24/02", "25/02", "26/02", "27/02"]
    before = proposal(regime(*LEVELS), parse("202602"), CALENDAR)
    assert (before.is_sound, f"{before.closes:%d/%m}") == (True, "10/02")
    assert days(before) == ["12/02", "13/02", "23/02", "24/02", "25/02"]


def test_the_working_saturday_of_august_keeps_all_levels_in_order():
    table = timetable(regime(*LEVELS), parse("202608"), CALENDAR)
    assert days(table) == ["17/08", "18/08", "20/08", "22/08", "25/08"]
    assert not table.collides


def test_a_sunday_after_closing_is_no_working_day_in_between():
    table = timetable(regime(*LEVELS), parse("202611"), CALENDAR)
    assert (days(table)[0], table.is_hasty, table.collides) == ("16/11", True, False)
    assert days(table)[3:] == ["23/11", "25/11"]  # 24/11 is the Day of Culture
    later = proposal(regime(*LEVELS), parse("202611"), CALENDAR)
    assert later.closes == table.closes
    assert days(later) == ["17/11", "18/11", "20/11", "23/11", "25/11"]


def test_april_ends_in_rest_days_and_only_the_last_level_moves():
    table = timetable(regime(*LEVELS), parse("202604"), CALENDAR)
    assert days(table) == ["16/04", "20/04", "21/04", "22/04", "28/04"]
    assert [(f"{due.named:%d}", due.behind) for due in table.dues[1:3]] == [("18", ""), ("20", "sở")]
    assert table.is_sound


def test_days_after_closing_are_counted_in_working_or_in_calendar_days():
    sample = [Deadline("xã", after=2, at=time(16)), Deadline("sở", after=4), Deadline("VP UBND", after=6)]
    assert days(timetable(regime(*sample), parse("202610"), CALENDAR)) == ["16/10", "20/10", "22/10"]
    tet = timetable(regime(*sample), parse("202602"), CALENDAR)
    assert (days(tet), tet.is_sound) == (["24/02", "26/02", "02/03"], True)
    civil = [Deadline("xã", after=2, counted=DayCount.CALENDAR), Deadline("sở", after=4, counted=DayCount.CALENDAR)]
    assert days(timetable(regime(*civil), parse("202611"), CALENDAR)) == ["16/11", "18/11"]
    weekly = regime(*sample, frequency=Frequency.WEEK, calendar="dương lịch")
    assert days(timetable(weekly, parse("2026W41"), CALENDAR)) == ["13/10", "15/10", "19/10"]


def test_only_periodic_deadlines_shift():
    once = regime(Deadline("xã", after=1, counted=DayCount.CALENDAR), frequency=Frequency.ONCE)
    (due,) = timetable(once, parse("2026DX001"), CALENDAR).dues
    assert due.day == due.named == date(2027, 1, 1)


def test_what_is_due_before_its_year_closes_is_not_hasty():
    plan = regime(Deadline("xã", 20, month_shift=-11), frequency=Frequency.YEAR)
    assert timetable(plan, parse("2026"), CALENDAR).is_sound


def test_an_estimate_is_put_in_order_without_moving_the_closing_after_it():
    early = regime(Deadline("xã", 10), Deadline("sở", 11), Deadline("cấp trên", 12))
    stated, found = (make(early, parse("202610"), CALENDAR) for make in (timetable, proposal))
    assert stated.collides
    assert found.closes == stated.closes > found.dues[0].day
    assert found.dues[-1].day == date(2026, 10, 12)


MONTHS = st.builds(lambda year, month: parse(f"{year}{month:02d}"), st.integers(2025, 2026), st.integers(1, 12))


@given(MONTHS, st.integers(1, 2), st.sampled_from([LEVELS, LEVELS[:2], LEVELS[:1]]))
def test_what_is_proposed_is_in_order_and_leaves_a_working_day_after_closing(month, spacing, levels):
    asked = replace(regime(*levels), spacing=spacing)
    stated, found = timetable(asked, month, CALENDAR), proposal(asked, month, CALENDAR)
    assert all(CALENDAR.is_working(due.day) for due in found.dues)
    for before, after in pairwise(found.dues):
        assert CALENDAR.working_days_between(before.day, after.day) >= spacing
    assert CALENDAR.working_days_between(found.closes, found.dues[0].day) >= 2
    assert found.closes <= stated.closes
    if stated.is_sound:
        assert found == stated
    if len(levels) > 1:
        assert found.dues[-1].day == CALENDAR.next_working(found.dues[-1].named)


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
