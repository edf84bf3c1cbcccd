from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.catalogue.model import Applies, Frequency
from registry.periods import (
    CIVIL,
    CLOSING_15_14,
    BadPeriodCode,
    NoSuchPeriod,
    Period,
    PeriodKind,
    UnknownCalendar,
    months_to_date,
    parse,
    periods_about,
    periods_of,
    periods_to_date,
    previous,
    window,
    year_before,
    year_of,
)

YEARS = st.integers(2020, 2040)
MONTHS = st.builds(lambda year, month: parse(f"{year}{month:02d}"), YEARS, st.integers(1, 12))
CALENDARS = st.sampled_from([CLOSING_15_14, CIVIL])


@pytest.mark.parametrize(
    ("code", "kind", "year", "number", "first", "last"),
    [
        ("202610", PeriodKind.MONTH, 2026, 10, date(2026, 10, 1), date(2026, 10, 31)),
        ("202602", PeriodKind.MONTH, 2026, 2, date(2026, 2, 1), date(2026, 2, 28)),
        ("20263", PeriodKind.QUARTER, 2026, 3, date(2026, 7, 1), date(2026, 9, 30)),
        ("2026", PeriodKind.YEAR, 2026, 1, date(2026, 1, 1), date(2026, 12, 31)),
        ("2026H1", PeriodKind.HALF, 2026, 1, date(2026, 1, 1), date(2026, 6, 30)),
        ("2026H2", PeriodKind.HALF, 2026, 2, date(2026, 7, 1), date(2026, 12, 31)),
        ("20269M", PeriodKind.NINE, 2026, 1, date(2026, 1, 1), date(2026, 9, 30)),
        ("2026W41", PeriodKind.WEEK, 2026, 41, date(2026, 10, 5), date(2026, 10, 11)),
        ("2026DX003", PeriodKind.ONCE, 2026, 3, date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_every_kind_of_code_is_read(code, kind, year, number, first, last):
    period = parse(code)
    assert period == Period(code, kind, year, number)
    assert (period.first, period.last) == (first, last)
    assert str(period) == code


@pytest.mark.parametrize(
    "code",
    ["", "202613", "202600", "20265", "20260", "2026H3", "20268M", "2026W00", "2026W54", "2025W53", "2026DX000", "26",
     "2026-10", " 202610", "202610\n", "٢٠٢٦", "0000", "2026dx003"],
)  # fmt: skip
def test_anything_else_is_not_a_period(code):
    with pytest.raises(BadPeriodCode):
        parse(code)


M, Q, H, N, Y = Applies.MONTH, Applies.QUARTER, Applies.HALF, Applies.NINE, Applies.YEAR


@pytest.mark.parametrize(
    ("code", "kinds", "month"),
    [
        ("202610", {M}, 10),
        ("202603", {M, Q}, 3),
        ("202606", {M, Q, H}, 6),
        ("202609", {M, Q, N}, 9),
        ("202612", {M, Q, Y}, 12),
        ("20261", {Q}, 3),
        ("20262", {Q, H}, 6),
        ("20263", {Q, N}, 9),
        ("20264", {Q}, 12),
        ("2026", {Y}, 12),
        ("2026H1", {H}, 6),
        ("20269M", {N}, 9),
        ("2026W41", set(), 10),
        ("2026DX003", set(), 12),
    ],
)
def test_the_shape_says_which_occasions_are_open(code, kinds, month):
    assert (parse(code).shape.kinds, parse(code).shape.month) == (kinds, month)


@pytest.mark.parametrize(
    ("code", "label", "heading"),
    [
        ("202610", "tháng 10 năm 2026", "tháng 10 và 10 tháng năm 2026"),
        ("202601", "tháng 1 năm 2026", "tháng 1 năm 2026"),
        ("202603", "tháng 3 năm 2026", "tháng 3 và quý I năm 2026"),
        ("202609", "tháng 9 năm 2026", "tháng 9 và 9 tháng năm 2026"),
        ("20263", "quý III năm 2026", "quý III năm 2026"),
        ("2026", "năm 2026", "năm 2026"),
        ("2026H1", "6 tháng đầu năm 2026", "6 tháng đầu năm 2026"),
        ("2026H2", "6 tháng cuối năm 2026", "6 tháng cuối năm 2026"),
        ("20269M", "9 tháng năm 2026", "9 tháng năm 2026"),
        ("2026W41", "tuần 41 năm 2026", "tuần 41 năm 2026"),
        ("2026DX003", "đột xuất số 003 năm 2026", "đột xuất số 003 năm 2026"),
    ],
)
def test_labels_are_what_officials_say(code, label, heading):
    assert (parse(code).label, parse(code).heading) == (label, heading)


@pytest.mark.parametrize(
    ("code", "frequency", "before"),
    [
        ("202610", Frequency.MONTH, "202609"),
        ("202601", Frequency.MONTH, "202512"),
        ("20263", Frequency.QUARTERS_AND_YEAR, "20262"),
        ("20261", Frequency.QUARTERS_AND_YEAR, "2025"),
        ("2026", Frequency.QUARTERS_AND_YEAR, "2025"),
        ("20261", Frequency.QUARTER, "20254"),
        ("2026", Frequency.YEAR, "2025"),
        ("2026H1", Frequency.YEAR, "2025H2"),
        ("20269M", Frequency.YEAR, "20259M"),
        ("2026W01", Frequency.WEEK, "2025W52"),
        ("2026H1", Frequency.HALF, "2025H2"),
        ("2026H2", Frequency.HALF, "2026H1"),
        ("20269M", Frequency.NINE, "20259M"),
    ],
)
def test_the_report_before(code, frequency, before):
    assert previous(parse(code), frequency).code == before


def test_a_report_asked_for_once_stands_alone():
    with pytest.raises(NoSuchPeriod):
        previous(parse("2026DX003"), Frequency.ONCE)
    with pytest.raises(NoSuchPeriod):
        year_before(parse("2026DX003"))
    assert periods_to_date(parse("2026DX003"), Frequency.ONCE) == months_to_date(parse("2026DX003")) == ()


def test_week_53_is_compared_with_the_last_week_of_the_year_before():
    assert year_before(parse("2026W53")).code == "2025W52"


@pytest.mark.parametrize(
    ("code", "after"), [("202605", "202606"), ("202612", "202701"), ("2026W53", "2027W01"), ("2026H2", "2027H1")]
)
def test_looking_ahead(code, after):
    assert previous(parse(code), Frequency.MONTH, -1).code == after


def test_the_three_quarters_stand_before_the_year():
    year = parse("2026")
    quarters = periods_to_date(year, Frequency.QUARTERS_AND_YEAR, 1)
    assert [one.code for one in quarters] == ["20261", "20262", "20263"]
    assert periods_to_date(year, Frequency.QUARTERS_AND_YEAR) == (year,)
    assert periods_to_date(year, Frequency.YEAR, 1) == ()


def test_every_frequency_but_once_has_periods_whose_years_before_are_reported_too():
    for frequency in Frequency:
        asked = periods_of(frequency, 2026)
        assert bool(asked) is (frequency is not Frequency.ONCE)
        assert tuple(dict.fromkeys(year_before(one) for one in asked)) == periods_of(frequency, 2025)
        for one in asked:
            assert previous(one, frequency) in (*periods_of(frequency, 2025), *asked)


@pytest.mark.parametrize(
    ("frequency", "day", "codes"),
    [
        (Frequency.MONTH, date(2026, 11, 26), "202611 202612 202610 202609"),
        (Frequency.QUARTERS_AND_YEAR, date(2026, 11, 26), "2026 20271 20263 20262"),
        (Frequency.WEEK, date(2027, 1, 3), "2026W53 2027W01 2026W52 2026W51"),
        (Frequency.HALF, date(2026, 1, 1), "2026H1 2026H2 2025H2 2025H1"),
        (Frequency.NINE, date(2026, 10, 1), "20279M 20289M 20269M 20259M"),
        (Frequency.ONCE, date(2026, 10, 1), ""),
    ],
)
def test_the_periods_about_a_day(frequency, day, codes):
    assert [one.code for one in periods_about(frequency, day)] == codes.split()


@given(MONTHS, st.integers(-30, 30))
def test_going_back_month_by_month_is_calendar_arithmetic(month, n):
    index = month.year * 12 + month.number - 1 - n
    assert previous(month, Frequency.MONTH, n).code == f"{index // 12}{index % 12 + 1:02d}"


@given(MONTHS)
def test_twelve_months_back_is_the_year_before(month):
    assert previous(month, Frequency.MONTH, 12) == year_before(month)
    assert year_of(month).code == month.code[:4]


@given(MONTHS, st.integers(0, 12))
def test_months_to_date_begin_in_january_and_stop_in_time(month, back):
    months = periods_to_date(month, Frequency.MONTH, back)
    assert [one.number for one in months] == list(range(1, month.number - back + 1))
    assert months_to_date(month) == periods_to_date(month, Frequency.MONTH)


def test_months_to_date_of_a_quarter_reach_its_last_month():
    assert months_to_date(parse("20262"))[-1].code == "202606"
    assert [one.code for one in periods_to_date(parse("20263"), Frequency.QUARTER, 1)] == ["20261", "20262"]


@given(st.lists(MONTHS))
def test_periods_sort_as_time_passes(months):
    assert sorted(months) == sorted(months, key=lambda month: month.first)


def test_of_two_periods_ending_together_the_longer_comes_first():
    assert sorted(map(parse, ["202609", "20263", "202608"])) == list(map(parse, ["202608", "20263", "202609"]))


# --- windows ---------------------------------------------------------------------------------------------------------


def tiles(codes: list[str], calendar: str) -> bool:
    spans = [window(parse(code), calendar) for code in codes]
    return all(after[0] - before[1] == timedelta(days=1) for before, after in pairwise(spans))


@pytest.mark.parametrize("calendar", [CLOSING_15_14, CIVIL])
def test_windows_tile_the_years_without_gap_or_overlap(calendar):
    years = range(2020, 2041)
    assert tiles([f"{y}{m:02d}" for y in years for m in range(1, 13)], calendar)
    assert tiles([f"{y}{q}" for y in years for q in range(1, 5)], calendar)
    assert tiles([f"{y}H{h}" for y in years for h in (1, 2)], calendar)
    assert tiles([f"{y}" for y in years], calendar)


@pytest.mark.parametrize("calendar", [CLOSING_15_14, CIVIL])
@pytest.mark.parametrize(
    "frequency",
    [Frequency.WEEK, Frequency.MONTH, Frequency.QUARTER, Frequency.HALF, Frequency.YEAR],
)
def test_what_a_regime_reports_tiles_the_years(calendar, frequency):
    codes = [period.code for year in range(2020, 2041) for period in periods_of(frequency, year)]
    assert len(codes) == len(set(codes))
    assert tiles(codes, calendar)


@given(YEARS, CALENDARS)
def test_parts_of_a_year_share_its_edges(year, calendar):
    start, end = window(parse(f"{year}"), calendar)
    nine = window(parse(f"{year}9M"), calendar)
    assert nine == (start, window(parse(f"{year}3"), calendar)[1])
    assert nine[1] < end
    assert window(parse(f"{year}H1"), calendar) == (start, window(parse(f"{year}06"), calendar)[1])
    assert window(parse(f"{year}H2"), calendar) == (window(parse(f"{year}07"), calendar)[0], end)
    assert window(parse(f"{year}01"), calendar)[0] == start


@pytest.mark.parametrize(
    ("code", "start", "end"),
    [
        ("202610", date(2026, 9, 15), date(2026, 10, 14)),
        ("202601", date(2025, 12, 15), date(2026, 1, 14)),
        ("20261", date(2025, 12, 15), date(2026, 3, 14)),
        ("20263", date(2026, 6, 15), date(2026, 9, 14)),
        ("2026H1", date(2025, 12, 15), date(2026, 6, 14)),
        ("2026H2", date(2026, 6, 15), date(2026, 12, 14)),
        ("20269M", date(2025, 12, 15), date(2026, 9, 14)),
        ("2026", date(2025, 12, 15), date(2026, 12, 14)),
        ("2026W41", date(2026, 10, 5), date(2026, 10, 11)),
    ],
)
def test_windows_of_the_decree(code, start, end):
    assert window(parse(code), CLOSING_15_14) == (start, end)


def test_a_calendar_nobody_knows_is_refused():
    with pytest.raises(UnknownCalendar):
        window(parse("202610"), "16-15")


def test_a_round_of_a_request_knows_the_rounds_before_it() -> None:
    third = replace(parse("2026DX009"), before=("2026DX004", "2026DX003"))
    second = previous(third, Frequency.ONCE)
    assert (second.code, second.before) == ("2026DX004", ("2026DX003",))
    assert previous(third, Frequency.ONCE, 2).code == "2026DX003"
    for period, n in ((third, 3), (parse("2026DX009"), 1)):
        with pytest.raises(NoSuchPeriod):
            previous(period, Frequency.ONCE, n)
