"""Checking a table: where a rule runs, when it stays silent, what its finding says."""

from datetime import date

import pytest

from registry.catalogue.model import BlankRule, RowNature, RuleLevel
from registry.catalogue.values import Aspect, Known, Nature
from registry.findings import Severity
from registry.rules.background import Background
from registry.rules.evaluate import check, compute
from registry.rules.needs import needs, needs_below
from tests.rules.small_forms import (
    DOSSIERS,
    WARD,
    background,
    cells,
    context,
    facts,
    rule,
    sheet,
    view,
)


def findings(formula, here=None, typed=None, **more):
    here = here or context()
    return check(here, [rule(formula, here.view.form.code, **more)], compute(here, typed or {}))


def addresses(found):
    return [dict(one.values) for one in found]


def where(found):
    return [(one["row_code"], one["column_code"]) for one in addresses(found)]


# --- where a rule runs -----------------------------------------------------------------------------------------------


def test_a_rule_naming_only_columns_runs_on_every_data_row():
    typed = cells(NN07_c05=2, NN07_c06=1, NN09_c05=2, NN09_c06=3, NN17_c05=9, NN17_c06=1)
    assert where(findings("(c06) >= (c05)", typed=typed)) == [("NN07", "c06"), ("NN17", "c06")]


def test_rows_and_natures_limit_it():
    typed = cells(NN07_c05=2, NN07_c06=1, NN17_c05=9, NN17_c06=1)
    assert where(findings("(c06) >= (c05)", typed=typed, rows=frozenset({"NN17"}))) == [("NN17", "c06")]
    assert where(findings("(6) >= (5)", typed=typed, natures=frozenset({RowNature.POINT}))) == [("NN07", "c06")]


def test_a_rule_naming_only_rows_runs_on_every_column_typed_into():
    typed = cells(NN07_c05=5, NN09_c05=9, NN07_c06=5, NN09_c06=8)
    assert where(findings("[NN09] <= [NN07]", typed=typed)) == [("NN09", "c05"), ("NN09", "c06")]


def test_a_rule_naming_cells_runs_once():
    typed = cells(TC07_c05=9, TC07_c07=5, TC07_c06=1)
    assert where(findings("[TC07].(c07) >= [TC07].(c05)", typed=typed)) == [("TC07", "c07")]


def test_a_total_row_is_not_checked_again_unless_named():
    typed = cells(HT_c04=1, HT_c05=1, HT_c06=1, HT_c08=9, HT_c09=0, HT_c10=0, HT_c12=0, HT_c13=0)
    here = context(DOSSIERS, "20263")
    assert where(findings("(3) = (7) + (11)", here, typed)) == [("HT", "c03")]
    assert where(findings("(3) = (7) + (11)", here, typed, rows=frozenset({"TONG"}))) == [("TONG", "c03")]


def test_rows_the_unit_does_not_meet_make_no_findings():
    assert findings("[CN01].(c08) = 5", blanks=BlankRule.ZERO) == ()
    assert findings("[TC02] + [TC04] <= [TC01]", typed=cells(TC02_c05=9)) == ()


def test_a_rule_of_another_form_in_shadow_or_out_of_date_says_nothing():
    here, typed = context(), cells(NN07_c06=1)
    table = compute(here, typed)
    silent = [
        rule("[NN07].(c06) = 2", "II.06a"),
        rule("[NN07].(c06) = 2", shadow=True),
        rule("[NN07].(c06) = 2", valid_from=date(2026, 11, 1)),
        rule("[NN07].(c06) = 2", valid_to=date(2026, 10, 30)),
    ]
    assert check(here, silent, table) == ()
    assert len(check(here, [rule("[NN07].(c06) = 2", valid_to=date(2026, 10, 31))], table)) == 1


# --- blanks and conditions -------------------------------------------------------------------------------------------


def test_blanks_are_passed_over_or_count_as_zero_as_the_rule_says():
    typed = cells(NN07_c06=5)
    text = "[NN09].(c06) >= [NN07].(c06)"
    assert findings(text, typed=typed) == ()
    assert len(findings(text, typed=typed, blanks=BlankRule.SKIP_ALL)) == 1
    assert len(findings(text, typed=typed, blanks=BlankRule.ZERO)) == 1
    assert findings(text, blanks=BlankRule.SKIP_ALL) == ()
    assert findings(text, typed=cells(NN07_c06=5, NN09_c06="…"), blanks=BlankRule.ZERO) == ()


def test_one_blank_part_does_not_silence_the_others():
    text = "[NN07].(c06) <= 3 VÀ [NN09].(c06) <= 3"
    assert where(findings(text, typed=cells(NN09_c06=5))) == [("NN07", "c06")]
    assert findings(text, typed=cells(NN09_c06=2)) == ()


def test_a_condition_that_fails_or_is_unknown_silences_the_rule():
    text, condition = "[NC07].(c06) = 0", "[NC06].(c06) = 0"
    assert len(findings(text, typed=cells(NC06_c06="-", NC07_c06=2), condition=condition)) == 1
    assert findings(text, typed=cells(NC06_c06=1, NC07_c06=2), condition=condition) == ()
    assert findings(text, typed=cells(NC07_c06=2), condition=condition) == ()
    assert len(findings(text, typed=cells(NC07_c06=2), condition=condition, blanks=BlankRule.ZERO)) == 1


def test_if_between_conditions_asks_only_where_it_holds():
    text = "NẾU([NC06].(c06) = 0; [NC07].(c06) = 0)"
    assert len(findings(text, typed=cells(NC06_c06=0, NC07_c06=2))) == 1
    assert findings(text, typed=cells(NC06_c06=3, NC07_c06=2)) == ()


def test_a_missing_base_is_never_zero():
    text = "(c05) = KỲ_TRƯỚC((c06))"
    assert findings(text, typed=cells(NN17_c05=5), blanks=BlankRule.ZERO) == ()
    found = findings(text, context(known=background(NN17_202609=4)), cells(NN17_c05=5))
    assert [(one.found, one.expected) for one in found] == [("5", "4")]


# --- equality --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("total", "parts", "severity"),
    [
        ("3.3", ("1.1", "2.2"), None),
        ("3.4", ("1.1", "2.2"), None),  # within the rounding of three figures, one last unit
        ("3.5", ("1.1", "2.2"), Severity.ERROR),
    ],
)
def test_equal_means_could_be_equal_at_the_declared_precision(total, parts, severity):
    here = context(sheet())
    typed = cells(R1_a=total, R1_b=parts[0], R1_c=parts[1])
    found = findings("(a) = (b) + (c)", here, typed)
    assert [one.severity for one in found] == ([severity] if severity else [])
    assert len(findings("(a) == (b) + (c)", here, typed)) == (total != "3.3")


def test_counted_figures_are_exact():
    here = context(sheet(measure="con", more=0))
    assert len(findings("(a) = (b) + (c)", here, cells(R1_a=4, R1_b=1, R1_c=2))) == 1


def test_two_rounded_figures_are_equal_only_when_they_look_it():
    assert len(findings("(a) = (b)", context(sheet()), cells(R1_a="1.1", R1_b="1.2"))) == 1


def test_a_sum_computed_in_the_workbook_is_exact():
    form = sheet("(b) + (c)", 1)
    found = findings("(f) = 3", context(form), cells(R1_b="1.1", R1_c="1.8"))
    assert [(one.found, one.expected) for one in found] == [("2,9", "3,0")]


def test_a_difference_of_many_roundings_is_a_note():
    typed = cells(**{f"R{n}_a": "1.1" for n in range(2, 7)}, R1_a="5.7")
    [found] = findings("[R1].(a) = SUM([R2]:[R6].(a))", context(sheet()), typed)
    assert found.severity is Severity.NOTE
    assert found.message == "Sai. Chênh lệch 0,2 nằm trong sai số làm tròn."
    assert (found.found, found.expected) == ("5,7", "5,5")


def test_nothing_occurred_is_exact():
    here = context(sheet())
    assert len(findings("(a) = (b)", here, cells(R1_a="0.1", R1_b="-"))) == 1


def test_a_quotient_equals_its_printed_rounding():
    text = "(a) = (b) / (c) * 100"
    here = context(sheet())
    assert findings(text, here, cells(R1_a="66.7", R1_b="200.0", R1_c="300.0")) == ()
    assert len(findings(text, here, cells(R1_a="67.2", R1_b="200.0", R1_c="300.0"))) == 1
    assert findings(text, here, cells(R1_a="67.2", R1_b="0", R1_c="0")) == ()


# --- what a finding says ---------------------------------------------------------------------------------------------


def test_a_finding_carries_the_rules_words_and_the_cell():
    [found] = findings(
        "[NN09].(c06) <= [NN07].(c06)",
        typed=cells(NN07_c06="1234.5", NN09_c06=2000),
        level=RuleLevel.WARNING,
        message="{row}: {found} phải {expected}",
        fix="Xem cột {column}.",
    )
    assert found.code == "rule-K"
    assert found.severity is Severity.WARNING
    assert (found.row, found.column) == ("Cà phê", "Năm báo cáo – Ước tháng")
    assert (found.found, found.expected) == ("2.000,0", "≤ 1.234,5")
    assert found.message == "Cà phê: 2.000,0 phải ≤ 1.234,5"
    assert found.fix == "Xem cột Năm báo cáo – Ước tháng."
    assert (found.sheet, found.cell) == (None, None)
    assert dict(found.values) == {"row_code": "NN09", "column_code": "c06"}


def test_the_finding_points_at_the_cell_not_at_the_limit():
    [found] = findings("90 <= [NN07].(c06)", typed=cells(NN07_c06=5))
    assert (found.found, found.expected) == ("5,0", "≥ 90,0")


def test_percentages_are_printed_as_percentages():
    known = background(NN17_202609=80)
    text = "ABS((c05) - KỲ_TRƯỚC((c06))) / KỲ_TRƯỚC((c06)) <= 10%"
    [found] = findings(text, context(known=known), cells(NN17_c05=100))
    assert (found.found, found.expected) == ("25 %", "≤ 10 %")


@pytest.mark.parametrize(
    ("level", "severity"),
    [
        (RuleLevel.BLOCK, Severity.BLOCK),
        (RuleLevel.ERROR, Severity.ERROR),
        (RuleLevel.WARNING, Severity.WARNING),
        (RuleLevel.NOTE, Severity.NOTE),
    ],
)
def test_the_level_becomes_the_severity(level, severity):
    [found] = findings("[NN07].(c06) = 1", typed=cells(NN07_c06=2), level=level)
    assert found.severity is severity


# --- the checks of the sample catalogue (SAMPLE_CATALOGUE 5.7, 5.9) --------------------------------------------------

PROVINCE = {"unit": None}
MEDIAN_BAND = "KHÔNG(900 <= (c06) / TRUNG_VỊ((c06); 12) <= 1100 HOẶC 1/1100 <= (c06) / TRUNG_VỊ((c06); 12) <= 1/900)"
YEAR_OF_PIGS = {f"NN17_2025{month:02d}": 100 + month for month in (10, 11, 12)} | {"NN17_202609": 105}


@pytest.mark.parametrize(
    ("formula", "passing", "failing", "more"),
    [
        ("[NN02] <= [NN01]", {"NN02_c07": 5, "NN01_c07": 5}, {"NN02_c07": 6, "NN01_c07": 5}, {"period": "202604"}),
        ("[TC03] <= [TC02]", {"TC03_c07": 5, "TC02_c07": 5}, {"TC03_c07": 6, "TC02_c07": 5}, PROVINCE),
        (
            "[TC02] + [TC04] <= [TC01]",
            {"TC02_c07": 13300, "TC04_c07": 560, "TC01_c07": 13966},
            {"TC02_c07": 13300, "TC04_c07": 760, "TC01_c07": 13966},
            PROVINCE,
        ),
        ("[TC07].(c07) >= [TC07].(c05)", {"TC07_c07": 6, "TC07_c05": 6}, {"TC07_c07": 5, "TC07_c05": 6}, {}),
        ("[TC08] = [TC07].(c07) / [TC06].(c06) * 100", {}, None, {}),
        ("[NC08] <= [NC06]", {"NC08_c06": 5, "NC06_c06": 5}, {"NC08_c06": 1}, {"blanks": BlankRule.ZERO}),
        (
            "[NC07] = 0 VÀ [NC08] = 0",
            {"NC06_c06": 0, "NC07_c06": 0, "NC08_c06": "-"},
            {"NC06_c06": 0, "NC07_c06": 0, "NC08_c06": 2},
            {"condition": "[NC06] = 0", "blanks": BlankRule.ZERO},
        ),
        (
            "90 <= (c08) <= 130",
            {"CN01_c08": "112.36"},
            {"CN01_c08": "12.36"},
            PROVINCE | {"natures": frozenset({RowNature.INDEX})},
        ),
        (MEDIAN_BAND, {"NN17_c06": 5}, {"NN17_c06": 100_000}, {"known": background(**YEAR_OF_PIGS)}),
        (MEDIAN_BAND, {"NN17_c06": 1000}, {"NN17_c06": "0.11"}, {"known": background(**YEAR_OF_PIGS)}),
        (
            "(c06) = 0",
            {"NN09_c06": 0},
            {"NN09_c06": 5},
            {
                "unit": WARD,
                "condition": 'NHÓM("loai") = "phường" VÀ KỲ_TRƯỚC((c06)) = 0',
                "known": background(NN09_202609="-"),
                "level": RuleLevel.NOTE,
            },
        ),
    ],
)
def test_the_checks_of_the_monthly_form(formula, passing, failing, more):
    places = {name: more[name] for name in ("unit", "period", "known") if name in more}
    rest = {name: one for name, one in more.items() if name not in places}
    here = context(**places)
    assert findings(formula, here, cells(**passing), **rest) == ()
    if failing is not None:
        assert len(findings(formula, here, cells(**failing), **rest)) == 1


def test_coffee_in_a_commune_is_no_news():
    known = background(NN09_202609="-")
    condition = 'NHÓM("loai") = "phường"'
    assert findings("(c06) = 0", context(known=known), cells(NN09_c06=5), condition=condition) == ()


def test_a_cumulative_may_not_fall_within_a_season():
    here = context(period="202604")
    found = findings("(c07) >= (c05)", here, cells(NN01_c05=9, NN01_c07=8, NN17_c05=5, NN17_c06=1),
                     natures=frozenset({RowNature.SEASON, RowNature.CROP_YEAR}))  # fmt: skip
    assert where(found) == [("NN01", "c07")]


def test_the_agencys_figure_stands_beside_the_communes_sum():
    text = "ABS((c06) - CẤP_DƯỚI((c06))) / (c06) <= 2%"
    here = context(unit=None)
    below = facts({("NN07", Aspect.ACTUAL, "202610"): 96})
    with_sum = type(here)(here.view, here.period, here.frequency, here.background, below=below)
    found = findings(text, with_sum, cells(NN07_c06=100))
    assert [(one.found, one.expected) for one in found] == [("4 %", "≤ 2 %")]
    assert findings(text, with_sum, cells(NN07_c06=97)) == ()
    asked = needs_below(here.view, here.period, here.frequency, [rule(text)])
    assert ("NN07", "202610") in {(need.series.indicator, need.period) for need in asked}
    assert asked.isdisjoint(needs(here.view, here.period, here.frequency))


@pytest.mark.parametrize(
    ("formula", "good", "bad"),
    [
        ("(3) = (7) + (11)", {"HT_c08": 7, "HT_c12": 2}, {"HT_c08": 7, "HT_c12": 3}),
        ("(3) = (4) + (5) + (6)", {}, None),
        ("(7) = (8) + (9) + (10)", {"HT_c08": 7, "HT_c12": 2}, None),
        ("(11) = (12) + (13)", {"HT_c08": 7, "HT_c12": 2}, None),
    ],
)
def test_the_checks_of_the_quarterly_matrix(formula, good, bad):
    typed = {"HT_c04": 3, "HT_c05": 4, "HT_c06": 2, "HT_c09": 0, "HT_c10": "-", "HT_c13": "-"}
    here = context(DOSSIERS, "20263")
    assert findings(formula, here, cells(**typed, **good)) == ()
    if bad is not None:
        assert where(findings(formula, here, cells(**typed, **bad))) == [("HT", "c03")]


def test_what_was_carried_over_is_what_was_pending():
    known = {("20261", "2025"): 5, ("20263", "20262"): 7, ("2026", "2025"): 9}
    for (period, before), figure in known.items():
        here = context(DOSSIERS, period)
        rules = [rule("(6) = KỲ_TRƯỚC((11))", "II.06a")]
        asked = {need for need in needs(here.view, here.period, here.frequency, rules) if need.period == before}
        pending = Background({need: _known(figure) for need in asked if need.series.members == "linhvuc=HT"})
        here = context(DOSSIERS, period, pending)
        assert check(here, rules, compute(here, cells(HT_c06=figure))) == ()
        [found] = check(here, rules, compute(here, cells(HT_c06=figure + 1)))
        assert found.expected == str(figure)


def test_a_year_holds_at_least_its_three_quarters():
    text, condition = "(4) >= LŨY_KẾ((4); 1)", "THÁNG() = 12"
    asked = needs(view(DOSSIERS, "2026"), context(DOSSIERS, "2026").period, context(DOSSIERS).frequency,
                  [rule(text, "II.06a", condition=condition)])  # fmt: skip
    quarters = {need for need in asked if need.series.members == "linhvuc=HT" and need.series.indicator == "HS04"}
    assert {need.period for need in quarters} == {"20261", "20262", "20263"}
    known = Background({need: _known(10) for need in quarters})
    year = context(DOSSIERS, "2026", known)
    assert len(findings(text, year, cells(HT_c04=29), condition=condition)) == 1
    assert findings(text, year, cells(HT_c04=30), condition=condition) == ()
    assert findings(text, context(DOSSIERS, "20263", known), cells(HT_c04=1), condition=condition) == ()


def _known(figure):
    return Known(figure, Nature.OFFICIAL)
