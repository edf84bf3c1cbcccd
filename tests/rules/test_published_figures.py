"""Every published figure of the sample catalogue (5.14 and "Published figures"), as arithmetic of the rule language.

A printed figure becomes a cell with as many decimals as were printed, in a rounded measure: what the rules accept
is what a reader with a calculator accepts, and the misprint is caught.
"""

from dataclasses import replace
from decimal import Decimal

import pytest

from registry.catalogue.model import Column
from registry.catalogue.values import CellKey, State
from registry.findings import Severity
from registry.rules.evaluate import check, compute
from tests.rules.small_forms import cells, context, rule, sheet


def read(printed):
    """ "67.835,5" -> 67835.5."""
    return Decimal(printed.replace(".", "").replace(",", "."))


def form_of(printed, formula="", decimals=0, measure="tỷ đồng"):
    blank = sheet(formula, decimals, rows=1)
    inputs = [
        Column(name, "", (name,), measure=measure, decimals=len(one.partition(",")[2])) for name, one in printed.items()
    ]
    return replace(blank, columns=(*inputs, blank.columns[-1]))


def typed(printed):
    return cells(**{f"R1_{name}": read(one) for name, one in printed.items()})


def findings(formula, measure="tỷ đồng", **printed):
    here = context(form_of(printed, measure=measure))
    return check(here, [rule(formula, "S")], compute(here, typed(printed)))


def result(formula, decimals, **printed):
    """What a formula over printed figures comes to, as it would be printed."""
    here = context(form_of(printed, formula, decimals))
    value = compute(here, typed(printed))[CellKey("R1", "f")]
    assert value.state in (State.VALUE, State.ZERO)
    return f"{value.number:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


SHARE = "(phần) / (tổng) * 100"


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [
        ("13.966", "13.398", "104,24"),  # thu 10 tháng 2025, dự toán trung ương
        ("13.966", "16.310", "85,63"),  # dự toán HĐND
        ("44.750", "73.670", "60,7"),  # vốn đầu tư toàn xã hội 9 tháng 2025
        ("62.974", "73.670", "85,48"),  # cả năm, ước
        ("3.180", "7.858", "40,47"),  # thu quý I/2025
        ("3.180", "9.550", "33,3"),
        ("896", "2.741", "32,69"),  # tiền sử dụng đất
        ("15.535", "13.398", "115,95"),  # dự báo cả năm 2025
        ("15.535", "16.310", "95,2"),
        ("121.701", "200.598", "60,67"),  # Hè Thu 2013
        ("129.082", "135.405", "95,33"),  # Đông Xuân 2025–2026
        ("523", "1.772", "29,5"),  # CTMTQG dân tộc thiểu số đến 31/8/2025
        ("40.906", "805.233", "5,08"),  # hộ nghèo
    ],
)
def test_a_printed_percentage_is_its_quotient(part, whole, percent):
    assert result(SHARE, len(percent.partition(",")[2]), phần=part, tổng=whole) == percent
    assert result("TỶ_LỆ((phần); (tổng))", len(percent.partition(",")[2]), phần=part, tổng=whole) == percent
    assert findings("(tỷ_lệ) = TỶ_LỆ((phần); (tổng))", phần=part, tổng=whole, tỷ_lệ=percent) == ()


@pytest.mark.parametrize(
    ("figure", "percent", "plan"),
    [
        ("3.180", "40,47", "7.858"),
        ("3.180", "33,3", "9.550"),
        ("896", "32,69", "2.741"),
        ("129.082", "95,33", "135.405"),
    ],
)
def test_a_percentage_gives_the_plan_back(figure, percent, plan):
    assert result("(số) / ((đạt) / 100)", 0, số=figure, đạt=percent) == plan


# --- totals ----------------------------------------------------------------------------------------------------------

GRDP = {"tổng": "67.835,5", "nông": "18.158,5", "công": "15.154,6", "dịch": "29.476,9"}


def test_a_total_need_not_be_the_sum_of_its_listed_parts():
    assert result("(nông) + (công) + (dịch)", 1, **GRDP) == "62.790,0"
    assert result("(tổng) - (nông) - (công) - (dịch)", 1, **GRDP) == "5.045,5"  # product taxes less subsidies
    assert findings("(nông) + (công) + (dịch) <= (tổng)", **GRDP) == ()
    [found] = findings("(tổng) = (nông) + (công) + (dịch)", **GRDP)
    assert (found.severity, found.found, found.expected) == (Severity.ERROR, "67.835,5", "62.790,0")


def test_the_first_quarters_listed_revenues_leave_a_rest():
    listed = {"tổng": "3.180", "thuế": "2.132", "khác": "971"}
    assert result("(thuế) + (khác)", 0, **listed) == "3.103"
    assert findings("(thuế) + (khác) <= (tổng)", **listed) == ()
    assert len(findings("(tổng) = (thuế) + (khác)", **listed)) == 1


def test_the_plan_of_the_summer_crop_is_the_sum_of_its_crops():
    areas = ["67.000", "43.300", "44.960", "20.970", "12.500", "4.830", "1.500", "6.840"]
    crops = dict(zip("abcdeghi", areas, strict=True))
    added = " + ".join(f"({name})" for name in crops)
    assert result(added, 0, **crops) == "201.900"
    assert result(f"LÀM_TRÒN(({added}) / 1000) * 1000", 0, **crops) == "202.000"  # printed "gần 202.000"
    assert findings(f"(kế_hoạch) = {added}", kế_hoạch="201.900", measure="con", **crops) == ()


def test_shares_that_add_up_to_99_99_are_rounding_and_no_finding():
    shares = {"nông": "35,48", "công": "20,66", "dịch": "40,24", "thuế": "3,61"}
    added = " + ".join(f"({name})" for name in shares)
    assert result(added, 2, **shares) == "99,99"
    assert findings(f"{added} = 100", measure="%", **shares) == ()
    assert len(findings(f"{added} == 100", measure="%", **shares)) == 1
    wrong = shares | {"nông": "35,45"}
    assert [one.severity for one in findings(f"{added} = 100", measure="%", **wrong)] == [Severity.ERROR]


def test_dossiers_received_are_those_settled_and_those_pending():
    agencies = {"nhận": "93.826", "xong": "73.544"}
    communes = {"nhận": "162.532", "xong": "147.388"}
    assert result("(nhận) - (xong)", 0, **agencies) == "20.282"
    assert result("(nhận) - (xong)", 0, **communes) == "15.144"
    good = agencies | {"đang": "20.282"}
    assert findings("(nhận) = (xong) + (đang)", measure="hồ sơ", **good) == ()
    assert len(findings("(nhận) = (xong) + (đang)", measure="hồ sơ", **good | {"đang": "20.283"})) == 1


# --- the printed error -----------------------------------------------------------------------------------------------

PRINTED = {"thu": "3.180", "đạt": "33,3", "kế_hoạch": "9.950", "còn": "6.370"}
REMAINS, REACHES = "(còn) = (kế_hoạch) - (thu)", "(đạt) = (thu) / (kế_hoạch) * 100"


def test_the_misprinted_plan_is_caught_by_both_other_figures():
    [remains], [reaches] = findings(REMAINS, **PRINTED), findings(REACHES, **PRINTED)
    assert (remains.found, remains.expected) == ("6.370", "6.770")
    assert (reaches.found, reaches.expected) == ("33,3", "31,96")
    meant = PRINTED | {"kế_hoạch": "9.550"}
    assert findings(REMAINS, **meant) == findings(REACHES, **meant) == ()


# --- growth ----------------------------------------------------------------------------------------------------------

GROWTH = "((nay) / (gốc) - 1) * 100"


@pytest.mark.parametrize(
    ("now", "base", "growth"),
    [
        ("25.493", "24.933,6", "2,24"),  # 6 tháng 2024 trên số công bố một năm trước
        ("25.493", "24.482", "4,13"),  # trên số gốc đã điều chỉnh
        ("17.805", "16.500", "7,9"),  # công nghiệp 2020
        ("2.295", "2.175", "5,5"),  # so với tháng trước
        ("13.966", "11.178", "24,94"),  # thu 10 tháng 2025
        ("67.835,5", "63.457", "6,90"),  # GRDP 9 tháng 2025
    ],
)
def test_growth_is_reckoned_from_its_base(now, base, growth):
    assert result(GROWTH, len(growth.partition(",")[2]), nay=now, gốc=base) == growth
    assert findings(f"(tăng) = {GROWTH}", nay=now, gốc=base, tăng=growth) == ()


@pytest.mark.parametrize(
    ("now", "growth", "base"),
    [
        ("25.493", "4,13", "24.482"),
        ("2.295", "5,5", "2.175"),
        ("13.966", "24,94", "11.178"),
        ("67.835,5", "6,90", "63.457"),
    ],
)
def test_growth_gives_the_base_back(now, growth, base):
    assert result("(nay) / (1 + (tăng) / 100)", 0, nay=now, tăng=growth) == base


def test_published_growth_on_a_superseded_base_is_caught():
    [found] = findings(f"(tăng) = {GROWTH}", nay="25.493", gốc="24.933,6", tăng="4,13")
    assert (found.found, found.expected) == ("4,13", "2,24")


def test_percent_of_plan_and_percent_above_plan_are_two_measures():
    assert result("(tỷ_lệ) - 100", 0, tỷ_lệ="115,95") == "16"  # "tăng 16 % dự toán"
    assert result("(dự_báo) / (dự_toán) * 100 - 100", 0, dự_báo="15.535", dự_toán="13.398") == "16"


def test_four_comparisons_in_one_sentence():
    industry = {"tháng": "2.295", "lũy_kế": "17.805", "năm_trước": "16.500", "kế_hoạch": "18.095"}
    assert result("TỶ_LỆ((lũy_kế); (năm_trước)) - 100", 1, **industry) == "7,9"
    assert result("TỶ_LỆ((lũy_kế); (kế_hoạch))", 1, **industry) == "98,4"
    assert result("(lũy_kế) / 98,4%", 0, **industry) == "18.095"
    assert result("(tháng) / (100% + 5,5%)", 0, **industry) == "2.175"


# --- estimate and later figure ---------------------------------------------------------------------------------------


def test_an_estimate_and_its_later_figure_differ_by_less_than_asks_for_an_explanation():
    investment = {"ước": "62.974", "sau": "60.784"}
    assert result("ABS((sau) - (ước)) / (ước) * 100", 2, **investment) == "3,48"
    assert findings("ABS((sau) - (ước)) / (ước) <= 10%", **investment) == ()
    [found] = findings("ABS((sau) - (ước)) / (ước) <= 3%", **investment)
    assert (found.found, found.expected) == ("3,48 %", "≤ 3 %")


def test_two_rates_are_compared_in_points():
    assert result("(sau) - (ước)", 2, ước="7,18", sau="6,68") == "-0,50"


def test_the_summer_crop_of_2013_against_the_year_before():
    assert result("(nay) / 91,75%", 0, nay="121.701") == "132.644"
    assert result(SHARE, 2, phần="121.701", tổng="132.644") == "91,75"
