"""Rows of a season or a crop year: when they are open, what they add up, what they are compared with (PRACTICE F7)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.catalogue.forms import Access, View, row_set
from registry.catalogue.model import Form, Frequency, Occasion, RowNature, Unit
from registry.catalogue.season import Season, SeasonYear
from registry.catalogue.values import Aspect, CellKey
from registry.periods import parse
from registry.rules.evaluate import compute
from registry.rules.lookup import cell_terms
from tests.rules.small_forms import COMMUNE, DEFINITIONS, MONTHLY, WARD, background, cells, context, facts

WINTER = Season("DX", "Đông Xuân", 11, 5)
SUMMER = Season("HT", "Hè Thu", 4, 9)
COFFEE = Season("CP", "niên vụ", 10, 2, SeasonYear.FIRST)
CANE = Season("MIA", "niên vụ", 11, 10, SeasonYear.FIRST)
ALWAYS = Occasion()


def form(season: Season, row: str = "NN02", occasion: Occasion = ALWAYS) -> Form:
    rows = tuple(replace(one, season=season, occasion=occasion) if one.code == row else one for one in MONTHLY.rows)
    return replace(MONTHLY, rows=rows)


def met(season: Season, period: str, unit: Unit = COMMUNE, row: str = "NN02", occasion: Occasion = ALWAYS) -> View:
    drawn, shape = form(season, row, occasion), parse(period).shape
    return View(drawn, shape, row_set(drawn, unit, shape), DEFINITIONS)


def asked(season: Season, period: str, column: str, row: str = "NN02") -> list[tuple[str, str, int]]:
    """Aspect, period and sign of each figure a cell leans on."""
    view = met(season, period, row=row)
    terms = cell_terms(view, parse(period), Frequency.MONTH, view.cells[CellKey(row, column)])
    return [(need.series.aspect.value, need.period, sign) for need, sign in terms or ()]


@pytest.mark.parametrize(
    ("season", "months"),
    [(WINTER, {11, 12, 1, 2, 3, 4, 5}), (SUMMER, {4, 5, 6, 7, 8, 9}), (CANE, set(range(1, 13)))],
)
def test_a_season_runs_in_its_months(season: Season, months: set[int]) -> None:
    assert season.months == months


@pytest.mark.parametrize("month", range(1, 13))
def test_a_seasons_row_opens_and_closes_by_itself(month: int) -> None:
    view = met(WINTER, f"2026{month:02d}")
    access = {row.code: access for row, access in view.rows}["NN02"]
    assert access is (Access.OPEN if month in WINTER.months else Access.CLOSED)


def test_months_of_the_rows_own_stand_before_the_seasons() -> None:
    harvest = Occasion(months=frozenset({3, 4, 5, 6}))
    assert dict(met(WINTER, "202606", occasion=harvest).row_set.rows)["NN02"] is Access.OPEN
    assert dict(met(WINTER, "202602", occasion=harvest).row_set.rows)["NN02"] is Access.CLOSED


def test_a_season_of_one_area_is_closed_elsewhere() -> None:
    in_wards = replace(SUMMER, area=("loai", "phường"))
    assert dict(met(in_wards, "202606", WARD).row_set.rows)["NN02"] is Access.OPEN
    assert dict(met(in_wards, "202606", COMMUNE).row_set.rows)["NN02"] is Access.CLOSED


@pytest.mark.parametrize(
    ("season", "label", "period", "expected"),
    [
        (WINTER, "– Lúa Đông Xuân", "202512", "– Lúa Đông Xuân 2025–2026"),
        (WINTER, "– Lúa Đông Xuân", "202603", "– Lúa Đông Xuân 2025–2026"),
        (WINTER, "– Lúa Đông Xuân", "202611", "– Lúa Đông Xuân 2026–2027"),
        (WINTER, "– Lúa Đông Xuân", "202608", "– Lúa Đông Xuân"),
        (SUMMER, "Lúa Hè Thu", "202606", "Lúa Hè Thu năm 2026"),
        (COFFEE, "Cà phê thu hoạch", "202601", "Cà phê thu hoạch, 2025–2026"),
        (CANE, "Mía niên vụ", "202608", "Mía niên vụ 2025–2026"),
    ],
)
def test_the_label_of_a_running_season_names_its_years(season: Season, label: str, period: str, expected: str) -> None:
    drawn = form(season)
    drawn = replace(drawn, rows=tuple(replace(one, label=label) if one.code == "NN02" else one for one in drawn.rows))
    shape = parse(period).shape
    view = View(drawn, shape, row_set(drawn, COMMUNE, shape), DEFINITIONS)
    assert next(row.label for row, _ in view.rows if row.code == "NN02") == expected


@pytest.mark.parametrize(
    ("season", "period", "year"),
    [
        (WINTER, "202511", "2026"),
        (WINTER, "202602", "2026"),
        (WINTER, "202611", "2027"),
        (SUMMER, "202606", "2026"),
        (COFFEE, "202512", "2025"),
        (COFFEE, "202602", "2025"),
        (COFFEE, "202610", "2026"),
    ],
)
def test_the_plan_is_that_of_the_season(season: Season, period: str, year: str) -> None:
    assert asked(season, period, "c02") == [(Aspect.PLAN_COUNCIL.value, year, 1)]


def test_a_season_is_compared_with_the_same_day_of_the_season_before() -> None:
    cumulative = Aspect.CUMULATIVE.value
    assert asked(WINTER, "202601", "c04") == [(cumulative, "202501", 1)]
    assert asked(WINTER, "202601", "c03") == [(cumulative, "202501", 1), (cumulative, "202412", -1)]
    assert asked(WINTER, "202611", "c03") == [(cumulative, "202511", 1)]  # the season's first month
    assert asked(CANE, "202611", "c03") == [(cumulative, "202511", 1)]  # one season follows another without a gap


@pytest.mark.parametrize(
    ("period", "months"),
    [
        ("202611", []),
        ("202612", []),
        ("202701", ["202611"]),
        ("202703", ["202611", "202612", "202701"]),
    ],
)
def test_a_flow_adds_up_from_the_seasons_start_over_the_new_year(period: str, months: list[str]) -> None:
    """c07 = LŨY_KẾ((c06); 2) + (c05) + (c06): what is known up to two months before, then what is typed."""
    drawn = form(WINTER, "NN17")
    known = {f"NN17_{month}": 10 for month in ("202605", "202609", "202610", "202611", "202612", "202701", "202702")}
    table = compute(context(drawn, period, background(**known)), cells(NN17_c05=1, NN17_c06=2))
    assert table[CellKey("NN17", "c07")].amount == Decimal(10 * len(months) + 3)


def test_the_year_before_adds_up_over_its_own_season() -> None:
    months = [f"{year}{month:02d}" for year, month in ((2025, 11), (2025, 12), (2026, 1), (2026, 2))]
    assert [period for _, period, _ in asked(WINTER, "202702", "c04", "NN17")] == months


def test_a_season_that_falls_breaks_the_rule_of_the_sample() -> None:
    from registry import sample
    from registry.rules.evaluate import check
    from tests.templates import real_orders

    order = real_orders.order("KTXH-01", "24211", "202602", seed=None)
    typed = cells(NN01_c05=90, NN01_c07=80)
    values = compute(order.context, typed)
    falls = [rule for rule in sample.catalogue().rules if rule.code == "K02"]
    (found,) = check(order.context, falls, values)
    assert (found.code, found.severity.value) == ("rule-K02", "warning")
    assert falls[0].natures == {RowNature.SEASON, RowNature.CROP_YEAR}


seasons = st.builds(Season, st.just("S"), st.just(""), st.integers(1, 12), st.integers(1, 12))


@given(seasons, st.integers(2000, 2100), st.integers(1, 12))
def test_within_a_season_the_year_it_began_never_changes(season: Season, year: int, month: int) -> None:
    before = (year, month - 1) if month > 1 else (year - 1, 12)
    began_anew = season.began(year, month) != season.began(*before)
    assert began_anew == (month == season.first_month)


def test_what_grew_a_year_before_is_the_difference_of_two_cumulative_figures() -> None:
    then = {("NN02", Aspect.CUMULATIVE, "202501"): 40, ("NN02", Aspect.CUMULATIVE, "202412"): 25}
    table = compute(context(form(WINTER), "202601", facts(then)), cells(NN02_c05=30, NN02_c07=50))
    assert table[CellKey("NN02", "c03")].amount == Decimal(15)
    assert table[CellKey("NN02", "c04")].amount == Decimal(40)
    assert table[CellKey("NN02", "c10")].amount == Decimal(125)
