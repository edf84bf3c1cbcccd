"""Computing a table: formulas, blanks, looked-up figures."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.catalogue.values import Aspect, CellKey, Nature, State
from registry.rules.evaluate import CyclicFormula, compute
from registry.rules.lookup import lookup
from registry.rules.needs import needs
from tests.rules.small_forms import DOSSIERS, MONTHLY, background, cells, context, facts, sheet, view

MONTHS = {f"NN17_2026{month:02d}": month for month in range(1, 9)}


def figure(table, row, column):
    return table[CellKey(row, column)].amount


def formula(text, decimals=4, **typed):
    """What a formula comes to in row R1 of a bare sheet."""
    table = compute(context(sheet(text, decimals)), cells(**{f"R1_{name}": one for name, one in typed.items()}))
    return table[CellKey("R1", "f")]


@pytest.mark.parametrize(
    ("text", "typed", "result"),
    [
        ("(a) + (b) * 2", {"a": 1, "b": 3}, "7"),
        ("((a) + (b)) * 2", {"a": 1, "b": 3}, "8"),
        ("(a) - (b) - (c)", {"a": 9, "b": 3, "c": 1}, "5"),
        ("(a) / (b) / (c)", {"a": 12, "b": 3, "c": 2}, "2"),
        ("-(a) + 10%", {"a": 1}, "-0.9"),
        ("(a) / 3 * 3", {"a": 1}, "1"),
        ("(a) / 3 * (b)", {"a": 1, "b": "0.0003"}, "0.0001"),
        ("ROUND((a); 1)", {"a": "2.25"}, "2.3"),
        ("ROUND((a); 1)", {"a": "-2.25"}, "-2.3"),
        ("LÀM_TRÒN((a))", {"a": "2.5"}, "3"),
        ("lam_tron((a) / 3; 2)", {"a": 2}, "0.67"),
        ("ABS((a))", {"a": -3}, "3"),
        ("MIN((a); (b); 0)", {"a": 4, "b": 3}, "0"),
        ("MAX((a); (b))", {"a": 4, "b": 30}, "30"),
        ("NẾU((a) > (b); (a); (b))", {"a": 4, "b": 30}, "30"),
        ("IF((a) = 4; 1,5; 2)", {"a": 4}, "1.5"),
        ("NẾU(VÀ((a) > 0; KHÔNG((b) > 0)); 1; 2)", {"a": 4, "b": 0}, "1"),
        ("NẾU((a) > 0 HOẶC (b) > 0; 1; 2)", {"a": 4, "b": 30}, "1"),
        ("NẾU(TRỐNG((b)); (a); (b))", {"a": 4}, "4"),
        ("TỶ_LỆ((a); (b))", {"a": 1, "b": 8}, "12.5"),
        ("THÁNG()", {}, "10"),
        ("SUM((a); (b) * 2)", {"b": 8}, "16"),
        ("0 * (a)", {"a": "-"}, "0"),
    ],
)
def test_formulas_come_to(text, typed, result):
    assert formula(text, **typed).amount == Decimal(result)


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("(a) + (b)", {"a": 1}),
        ("(a) + (b)", {"a": 1, "b": "…"}),
        ("(a) / (b)", {"a": 1, "b": 0}),
        ("(a) / (b)", {"a": 1, "b": "-"}),
        ("(a) / ((b) - (c))", {"a": 1, "b": "0.3", "c": "0.3"}),
        ("(a) / (1 / 3 - 1 / 3)", {"a": 1}),
        ("TỶ_LỆ((a); (b))", {"a": 1, "b": 0}),
        ("SUM((a); (b))", {}),
        ("SUM((a); (b) * 2)", {"a": 1}),
        ("MAX((a); (b))", {"a": "…"}),
        ("NẾU((a) > 0; 1; 2)", {}),
        ('NẾU((a) > 0; 1; "")', {"a": 0}),
        ("NẾU((a) > 0; 1)", {"a": 0}),
        ("ABS((a))", {}),
        ("-(a)", {}),
        ("ROUND((a); 1)", {}),
        ("(a) * 2", {"a": "chữ"}),
    ],
)
def test_formulas_left_blank(text, typed):
    assert formula(text, **typed).state is State.BLANK


def test_nothing_occurred_counts_as_zero_and_a_blank_does_not():
    assert formula("(a) + (b)", a=5, b="-").amount == 5
    assert formula("SUM((a); (b); (c))", a=5, b="-").amount == 5
    assert formula("SUM((a); (b))", a="-").state is State.ZERO
    assert formula("MIN((a); (b))", a=5, b="-").amount == 0


def test_a_result_is_rounded_half_away_from_zero_and_used_as_rounded():
    assert formula("(a) / (b)", 1, a=1, b=8).number == Decimal("0.1")
    assert formula("(a) / (b)", 1, a=-1, b=4).number == Decimal("-0.3")
    table = compute(context(MONTHLY, known=background()), cells(TC06_c06=3, TC07_c07=1))
    assert figure(table, "TC08", "c07") == Decimal("33.33")


FIGURES = st.decimals(-(10**9), 10**9, places=2)


@given(FIGURES, FIGURES, FIGURES)
def test_sums_are_exact(one, two, three):
    assert formula("(a) + (b) - (c)", 2, a=one, b=two, c=three).amount == one + two - three


@given(FIGURES, FIGURES)
def test_a_quotient_times_its_divisor_is_the_dividend(one, other):
    if other:
        assert formula("(a) / (b) * (b)", 2, a=one, b=other).amount == one


def test_a_range_takes_the_rows_the_unit_has():
    form = sheet("SUM([R2]:[R4].(a))", rows=5)
    table = compute(context(form), cells(R1_a=1, R2_a=10, R4_a=100, R5_a=1000))
    assert figure(table, "R1", "f") == 110
    assert figure(compute(context(sheet("SUM([R4]:[R2].(a))")), cells(R3_a=7)), "R1", "f") == 7


def test_totals_of_a_matrix_follow_its_computed_columns():
    table = compute(context(DOSSIERS, "20263"), cells(HT_c04=5, HT_c05=7, HT_c06=0, CT_c04=1, CT_c05="-", CT_c06=2))
    assert figure(table, "HT", "c03") == 12
    assert figure(table, "CT", "c03") == 3
    assert figure(table, "TONG", "c03") == 15
    assert figure(table, "TONG", "c04") == 6
    assert table[CellKey("TONG", "c12")].state is State.BLANK


def test_computed_cells_that_need_one_another_are_refused():
    with pytest.raises(CyclicFormula) as refused:
        compute(context(sheet("(f) + 1")), {})
    assert refused.value.cells[0].column == "f"


def test_what_is_given_for_cells_nobody_types_is_not_looked_at():
    table = compute(context(DOSSIERS, "20263"), cells(HT_c03=99, HT_c04=1, HT_c05=1, HT_c06=1, XX_c04=5))
    assert figure(table, "HT", "c03") == 3
    assert CellKey("XX", "c04") not in table


def test_closed_cells_say_not_applicable_and_notes_are_kept():
    table = compute(context(), cells(NN07_c06=5, NN07_c07=6, NN07_c13="được mùa"))
    assert table[CellKey("NN07", "c07")].state is State.NOT_APPLICABLE
    assert table[CellKey("NN07", "c13")].text == "được mùa"
    assert table[CellKey("NN01", "c05")].state is State.NOT_APPLICABLE  # the season is over in October


# --- cumulative ------------------------------------------------------------------------------------------------------


def test_the_cumulative_is_the_official_months_and_this_months_estimate():
    table = compute(context(known=background(**MONTHS)), cells(NN17_c05=90, NN17_c06=10))
    assert figure(table, "NN17", "c07") == 36 + 90 + 10


def test_with_a_month_missing_the_cumulative_is_blank():
    without_may = {name: one for name, one in MONTHS.items() if name != "NN17_202605"}
    table = compute(context(known=background(**without_may)), cells(NN17_c05=90, NN17_c06=10))
    assert table[CellKey("NN17", "c07")].state is State.BLANK


def test_in_february_no_month_lies_two_months_back():
    table = compute(context(period="202602"), cells(NN17_c05=90, NN17_c06=10))
    assert figure(table, "NN17", "c07") == 100


def test_a_seasons_months_alone_are_added_up():
    open_months = {f"NN12_2026{month:02d}": 1000 for month in (6, 7, 8)}
    table = compute(context(known=background(**open_months)), cells(NN12_c05=1, NN12_c06=2))
    assert figure(table, "NN12", "c07") == 3003


def test_a_month_with_nothing_occurred_is_not_a_missing_month():
    known = background(**{**MONTHS, "NN17_202605": "-"})
    assert figure(compute(context(known=known), cells(NN17_c05=1, NN17_c06=1)), "NN17", "c07") == 33


def test_the_cumulative_without_a_second_argument_holds_the_period_itself():
    column = replace(MONTHLY.columns[6], formula="LŨY_KẾ((c06))")
    form = replace(MONTHLY, columns=(*MONTHLY.columns[:6], column))
    known = background(**MONTHS, NN17_202609=90)
    assert figure(compute(context(form, known=known), cells(NN17_c06=10)), "NN17", "c07") == 136


# --- looked-up cells -------------------------------------------------------------------------------------------------

ACTUAL, CUMULATIVE = Aspect.ACTUAL, Aspect.CUMULATIVE
TY = 10**9


def shown(column, row, known, period="202610"):
    here = context(period=period, known=known)
    return lookup(here, here.view.cells[CellKey(row, column)])


def test_plans_are_of_the_year():
    known = facts({("NN07", Aspect.PLAN_COUNCIL, "2026"): "100.25"}, Nature.OFFICIAL)
    assert shown("c02", "NN07", known) == (Decimal("100.3"), Nature.OFFICIAL)
    assert shown("c01", "NN07", known) == (None, None)


def test_the_same_period_of_a_flow_is_its_month_a_year_before():
    assert shown("c03", "NN17", background(NN17_202510=7))[0] == 7


def test_the_same_period_of_a_cumulative_is_what_it_grew_by():
    known = facts({("TC01", CUMULATIVE, "202510"): 5 * TY, ("TC01", CUMULATIVE, "202509"): 3 * TY})
    assert shown("c03", "TC01", known)[0] == 2000  # triệu đồng at communes
    assert shown("c04", "TC01", known)[0] == 5000
    january = facts({("TC01", CUMULATIVE, "202501"): TY, ("TC01", CUMULATIVE, "202412"): 9 * TY})
    assert shown("c03", "TC01", january, "202601")[0] == 1000


def test_a_season_begins_anew_in_its_first_month_only():
    known = facts({("NN01", CUMULATIVE, "202511"): 10, ("NN01", CUMULATIVE, "202510"): 99})
    assert shown("c03", "NN01", known, "202611")[0] == 10
    known = facts({("NN01", CUMULATIVE, "202501"): 50, ("NN01", CUMULATIVE, "202412"): 20})
    assert shown("c03", "NN01", known, "202601")[0] == 30


def test_the_cumulative_same_period_of_a_flow_is_the_sum_of_its_months():
    last_year = {f"NN17_2025{month:02d}": 2 for month in range(1, 11)}
    assert shown("c04", "NN17", background(**last_year))[0] == 20
    assert shown("c04", "NN17", background(**{**last_year, "NN17_202511": 5}))[0] == 20
    del last_year["NN17_202503"]
    assert shown("c04", "NN17", background(**last_year)) == (None, None)


def test_a_prefilled_input_starts_from_last_month_in_the_shown_measure():
    assert shown("c05", "NN17", background(NN17_202609=7)) == (Decimal(7), Nature.ESTIMATE)
    assert shown("c05", "TC07", facts({("TC07", CUMULATIVE, "202609"): 123_456_789_000}))[0] == Decimal("123456.8")


def test_the_year_report_lies_before_the_first_quarter():
    form = DOSSIERS
    here = context(form, "20261", background())
    wanted = {need.period for need in needs(here.view, here.period, here.frequency)}
    assert wanted == {"2025"}


def test_shown_cells_take_the_figure_of_the_period_itself():
    assert shown("c06", "TC01", background()) == (None, None)  # computed for a cumulative row
    known = facts({("TC01", CUMULATIVE, "202610"): TY, ("TC01", CUMULATIVE, "202609"): TY // 2})
    table = compute(context(known=known), {})
    assert figure(table, "TC01", "c07") == 1000
    assert figure(table, "TC01", "c06") == 500


def test_the_nature_is_the_weakest_of_the_parts():
    estimate = facts({("TC01", CUMULATIVE, "202510"): TY})
    official = facts({("TC01", CUMULATIVE, "202509"): TY}, Nature.OFFICIAL)
    both = type(estimate)({**estimate.figures, **official.figures})
    assert shown("c03", "TC01", both)[1] is Nature.ESTIMATE


def test_needs_list_every_figure_asked_for():
    here = context()
    asked = {(need.series, need.period) for need in needs(here.view, here.period, here.frequency)}
    series = {(one.indicator, one.aspect, period) for one, period in asked}
    assert ("NN17", ACTUAL, "202608") in series  # LŨY_KẾ
    assert ("NN17", ACTUAL, "202609") in series  # prefill
    assert ("NN17", ACTUAL, "202510") in series
    assert ("NN07", Aspect.PLAN_COUNCIL, "2026") in series
    assert ("TC01", CUMULATIVE, "202610") in series  # shown
    assert ("NN12", ACTUAL, "202605") not in series  # the row is closed in May
    assert not any(one.indicator == "CN01" for one, _ in asked)  # communes do not meet the row


def test_a_table_computed_from_what_needs_lists_equals_one_from_the_whole_warehouse():
    known = background(**MONTHS, NN17_202609=9, NN17_202510=4, NN09_202609=3, NN09_202601=77, CN01_202609=5)
    here = context(known=known)
    asked = needs(here.view, here.period, here.frequency)
    fewer = type(known)({need: one for need, one in known.figures.items() if need in asked})
    assert len(fewer.figures) < len(known.figures)
    assert compute(here, {}) == compute(context(known=fewer), {})


def test_every_cell_of_the_view_is_in_the_table():
    assert compute(context(), {}).keys() == view().cells.keys()
