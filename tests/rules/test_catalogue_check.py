"""What is said about the formulas and rules of a catalogue before anything is computed with them."""

from dataclasses import replace

import pytest

from registry.catalogue.model import Catalogue, CellRule
from registry.findings import fix, message
from registry.rules.catalogue_check import check
from tests.rules.small_forms import DOSSIERS, INDICATORS, MEASURES, MONTHLY, rule


def catalogue(*rules, forms=(MONTHLY, DOSSIERS)):
    return Catalogue(measures=tuple(MEASURES.values()), indicators=tuple(INDICATORS.values()), forms=forms, rules=rules)


def with_formula(formula, row=None):
    """The monthly form with a formula in column c10, or in one cell of it."""
    if row:
        exception = CellRule(frozenset({"c10"}), rows=frozenset({row}), formula=formula)
        return replace(MONTHLY, cell_rules=(*MONTHLY.cell_rules, exception))
    columns = tuple(replace(one, formula=formula) if one.code == "c10" else one for one in MONTHLY.columns)
    return replace(MONTHLY, columns=columns)


def codes(found):
    return [one.code for one in found]


def test_a_sound_catalogue_has_nothing_to_say():
    good = rule("[NN02] <= [NN01]", passing="[NN02].(c07)=1,5; [NN01].(7)=2", failing="[NN02].(7)=3; [NN01].(7)=-")
    assert check(catalogue(good)) == ()


@pytest.mark.parametrize(
    ("formula", "code", "said"),
    [
        ("(c07) / ((c04)", "catalogue-formula-bad", "Công thức chưa kết thúc"),
        ("(c07) / (c99)", "catalogue-formula-reference", "cột “c99”"),
        ("[NN99].(c07)", "catalogue-formula-reference", "dòng “NN99”"),
        ("{LẠ-01}![A].(1)", "catalogue-formula-reference", "biểu “LẠ-01”"),
        ("{II.06a}![HTT].(3)", "catalogue-formula-reference", "biểu II.06a"),
        ("(c07) > (c04)", "catalogue-formula-kind", "một số"),
        ("(c08) + (c10)", "catalogue-formula-cycle", "→"),
    ],
)
@pytest.mark.parametrize("row", [None, "NN17"])
def test_a_faulty_formula_is_named_wherever_it_stands(formula, code, said, row):
    [found] = check(catalogue(forms=(with_formula(formula, row), DOSSIERS)))
    assert found.code == code
    assert said in message(found) + fix(found)
    assert "{" not in message(found).replace(formula, "") + fix(found)


def test_a_misspelt_name_is_answered_with_the_nearest():
    [found] = check(catalogue(rule("[TC0] <= [TC01]")))
    assert (found.found, found.expected) == ("TC0", "TC01")


def test_a_rule_must_be_a_condition_and_so_must_its_condition():
    assert codes(check(catalogue(rule("[NN02] + [NN01]")))) == ["catalogue-formula-kind"]
    assert codes(check(catalogue(rule("[NN02] <= [NN01]", condition="THÁNG()")))) == ["catalogue-formula-kind"]


def test_all_faults_are_told_at_once():
    found = check(catalogue(rule("[A] <= [B]"), rule("1 +"), forms=(with_formula("(c98)"), DOSSIERS)))
    assert sorted(codes(found)) == ["catalogue-formula-bad", *["catalogue-formula-reference"] * 3]


@pytest.mark.parametrize(
    ("examples", "code"),
    [
        ({"passing": "[NN02].(c07)=3; [NN01].(c07)=2"}, "catalogue-rule-example"),
        ({"failing": "[NN02].(c07)=2; [NN01].(c07)=2"}, "catalogue-rule-example"),
        ({"passing": "NN02 = 3"}, "catalogue-rule-example-bad"),
        ({"passing": "[NN02].(c07)=nhiều"}, "catalogue-rule-example-bad"),
        ({"passing": "[NN77].(c07)=1"}, "catalogue-rule-example-bad"),
        ({"passing": "[I].(c07)=1"}, "catalogue-rule-example-bad"),
    ],
)
def test_examples_are_tried(examples, code):
    [found] = check(catalogue(rule("[NN02] <= [NN01]", **examples)))
    assert found.code == code
    assert "K" in message(found)


def test_an_example_cannot_give_the_figures_of_other_periods():
    leaning = rule("(c05) = KỲ_TRƯỚC((c06))", failing="[NN07].(c05)=1")
    assert check(catalogue(leaning)) == ()


def test_a_rule_on_the_year_is_tried_in_its_year():
    yearly = rule("(4) >= 10", "II.06a", condition="THÁNG() = 12", failing="[HT].(4)=9", passing="[HT].(4)=1.250")
    assert check(catalogue(yearly)) == ()


@pytest.mark.parametrize(
    ("formula", "one", "other"),
    [
        ("[NN17].(c06) <= [NN07].(c06)", "con", "ha"),
        ("[NN17].(c06) + [NC06].(c06) <= 10", "con", "hồ sơ"),
        ("SUM([NN12]:[NN17].(c06)) > 0", "tấn", "con"),
        ("[TC08].(c07) = [TC07].(c07) / [TC06].(c06)", "%", "tỷ đồng/tỷ đồng"),
        ("TỶ_LỆ([NN07].(c06); [NN17].(c06)) <= [TC08].(c07)", "ha/con", "%"),
        ("NẾU([NN07].(c06) > 1; [NN07].(c06); [NN17].(c06)) > 0", "ha", "con"),
        ("[NN07].(c06) * [NN07].(c05) > [NN07].(c06)", "ha×ha", "ha"),
        ("TRONG_KHOẢNG([NN07].(c06); 0; [NN17].(c06))", "ha", "con"),
        ("NẾU_TRỐNG([NN07].(c06); [NN17].(c06)) > 0", "ha", "con"),
        ("[TC08].(c07) > 1 VÀ KỲ_TRƯỚC([NN07].(c06)) > [NN17].(c06)", "ha", "con"),
    ],
)
def test_figures_of_two_measures_are_neither_added_nor_compared(formula, one, other):
    [found] = check(catalogue(rule(formula)))
    assert found.code == "catalogue-formula-measures"
    assert {found.found, found.expected} == {one, other}
    assert one in message(found)


@pytest.mark.parametrize(
    "formula",
    [
        "[NN07].(c06) + [NN09].(c05) <= 10",
        "[TC08].(c07) = [TC07].(c07) / [TC06].(c06) * 100",
        "[TC08].(c07) - (CÙNG_KỲ([TC07].(c07)) / [TC06].(c06) * 100) <= 5",
        "[NN07].(c06) / [NN09].(c06) <= [NN07].(c05) / [NN09].(c05)",
        "[NN07].(c06) / [NN17].(c06) * [NN17].(c06) = [NN07].(c06)",
        "[NN07].(c06) <= [NN09].(c06) * 1,1",
        "PHẦN_DƯ([NN17].(c06); 2) = 0",
        "ĐẾM([NN07].(c06); [NN17].(c06)) = DẤU([NN07].(c06))",
        "TĂNG_GIẢM((c06); (c05)) <= [TC08].(c07)",
    ],
)
def test_shares_conversions_and_plain_numbers_are_no_clash(formula):
    assert check(catalogue(rule(formula))) == ()


def test_scales_of_one_dimension_clash_unless_converted():
    form = replace(
        MONTHLY, rows=tuple(replace(row, measure="triệu đồng") if row.code == "TC07" else row for row in MONTHLY.rows)
    )
    assert codes(check(catalogue(rule("[TC07].(c07) <= [TC01].(c07)"), forms=(form, DOSSIERS)))) == [
        "catalogue-formula-measures", "catalogue-formula-measures",
    ]  # fmt: skip
    converted = check(catalogue(rule("[TC07].(c07) / 1000 <= [TC01].(c07)"), forms=(form, DOSSIERS)))
    assert [one.values for one in converted if "TC01" in message(one)] == []


def test_a_computed_cell_shows_the_measure_its_formula_comes_to():
    form = with_formula("(c06) / (c05)")
    [found] = check(catalogue(forms=(form, DOSSIERS)))
    assert (found.code, found.found) == ("catalogue-formula-measures", "%")
    assert check(catalogue(forms=(with_formula("(c06) / (c05) * 100"), DOSSIERS))) == ()


@pytest.mark.parametrize(
    ("formula", "one", "other"),
    [
        ("[NN17].(c06) + [NN17].(c02) > 0", "[NN17].(c06)", "[NN17].(c02)"),
        ("[NN17].(c06) + KẾ_HOẠCH([NN17].(c06)) > 0", "[NN17].(c06)", "KẾ_HOẠCH([NN17].(c06))"),
        ("[NN17].(c06) + [NN17].(c03) > 0", "[NN17].(c06)", "[NN17].(c03)"),
        ("SUM([NN17].(c06); CÙNG_KỲ([NN17].(c06))) > 0", "[NN17].(c06)", "CÙNG_KỲ([NN17].(c06))"),
        ("[NN07].(c06) + [NN07].(c05) > 0", "[NN07].(c06)", "[NN07].(c05)"),
        ("TRUNG_BÌNH([NN07].(c06); KỲ_TRƯỚC([NN07].(c06))) > 0", "[NN07].(c06)", "KỲ_TRƯỚC([NN07].(c06))"),
        ("[NN17].(c02) - ([NN17].(c06) + [NN17].(c02)) > 0", "[NN17].(c06)", "[NN17].(c02)"),
    ],
)
def test_figures_of_times_that_do_not_add_up_are_not_added(formula, one, other):
    [found] = check(catalogue(rule(formula)))
    assert (found.code, found.found, found.expected) == ("catalogue-formula-periods", one, other)


@pytest.mark.parametrize(
    "formula",
    [
        "[NN17].(c06) <= [NN17].(c02)",
        "[NN17].(c02) - [NN17].(c07) >= 0",
        "LŨY_KẾ([NN17].(c06); 2) + [NN17].(c05) + [NN17].(c06) = [NN17].(c07)",
        "[NN17].(c06) - [NN17].(c03) + [NN17].(c05) > 0",
        "ABS([NN07].(c06) - [NN07].(c05)) <= 10",
        "[NN07].(c06) + [NN09].(c06) <= 10",
        "TĂNG_GIẢM([NN17].(c06); [NN17].(c03)) <= 10",
        "[NN17].(c07) / [NN17].(c02) + [NN17].(c06) / [NN17].(c05) > 0",
    ],
)
def test_comparing_taking_away_and_adding_months_up_is_no_clash(formula):
    assert check(catalogue(rule(formula))) == ()


def test_a_cell_of_another_form_must_have_a_figure_in_the_warehouse():
    [found] = check(catalogue(rule("[NC06].(c06) <= {II.06a}![HT].(c07)")))
    assert (found.code, found.found) == ("catalogue-formula-elsewhere", "{II.06a}![HT].(c07)")
    assert check(catalogue(rule("[NC06].(c06) <= {II.06a}![HT].(c08)"))) == ()
