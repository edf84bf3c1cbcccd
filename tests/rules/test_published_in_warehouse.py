"""Published figures (SAMPLE_CATALOGUE 5.14) through the warehouse: what was printed lies within what rounding leaves
open, a misprint does not, and growth depends on which base was known.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from registry.catalogue.model import Accumulation, Aggregation, RowNature
from registry.catalogue.values import Known, Nature
from registry.periods import parse
from registry.rules.analysis import Analysis, ByUnit
from registry.rules.answers import Ask, Figure, compared
from registry.rules.background import Need
from registry.rules.courses import Look, courses
from tests.rules.test_analysis import CHRONICLE, DEFINITIONS, FORM, PROVINCE, ROW, indicator
from tests.rules.test_published_figures import read

MONEY = "tỷ đồng"


def told(now: str, base: str, look: Look = Look.PLAN_COUNCIL) -> tuple[Figure, Figure]:
    """A cumulative figure in tỷ đồng and its base, each with the decimals it was printed with."""
    decimals = max(len(one.partition(",")[2]) for one in (now, base))
    money = indicator("MONEY", RowNature.CUMULATIVE, Accumulation.GIVEN, Aggregation.NONE, "đồng")
    rows = (replace(ROW, indicator="MONEY", measure=MONEY, commune_measure=MONEY, decimals=decimals, season=None),)
    known = replace(DEFINITIONS, indicators={"MONEY": money}, forms={"F": replace(FORM, rows=rows)})
    runs = courses(known)
    period = parse("202510")
    asked = Ask("MONEY", Look.TO_DATE), Ask("MONEY", look)
    places = [runs["MONEY"].terms(ask.look, period)[0] for ask in asked]
    figures = {
        Need(term.series, term.period.code): {PROVINCE.key: Known(int(read(one) * 10**9), Nature.OFFICIAL)}
        for term, one in zip(places, (now, base), strict=True)
    }
    analysis = Analysis(ByUnit(CHRONICLE, known, runs, figures), runs, known)
    first, second = (analysis.figure((PROVINCE.key,), ask, period) for ask in asked)
    return first, second


def could_be_printed(percent: str, exact: tuple[Fraction, Fraction]) -> bool:
    """True when the printed percentage, which was rounded too, has values in common with the span."""
    half = Fraction(Decimal("0.5").scaleb(-len(percent.partition(",")[2])))
    return exact[0] <= Fraction(read(percent)) + half and Fraction(read(percent)) - half <= exact[1]


@pytest.mark.parametrize(
    ("done", "plan", "percent"),
    [
        ("13.966", "13.398", "104,24"),  # thu 10 tháng 2025, dự toán trung ương
        ("13.966", "16.310", "85,63"),  # dự toán HĐND
        ("44.750", "73.670", "60,7"),  # vốn đầu tư toàn xã hội 9 tháng 2025
        ("3.180", "9.550", "33,3"),  # thu quý I/2025
    ],
)
def test_a_printed_attainment_is_what_the_plan_in_force_gives(done: str, plan: str, percent: str) -> None:
    found = compared(*told(done, plan)).percent
    assert found is not None
    assert could_be_printed(percent, (found.least, found.most))
    assert found.least < found.exact < found.most


def test_the_misprinted_plan_lies_outside_of_what_rounding_leaves_open() -> None:
    found = compared(*told("3.180", "9.950")).percent  # 9.550 was meant
    assert found is not None
    assert not could_be_printed("33,3", (found.least, found.most))


@pytest.mark.parametrize(("base", "growth"), [("24.933,6", "2,24"), ("24.482", "4,13")])
def test_growth_is_over_the_base_that_was_known(base: str, growth: str) -> None:
    found = compared(
        *told("25.493", base, Look.TO_DATE_SAME_PERIOD)
    ).percent  # 6 tháng 2024; the base was revised since
    assert found is not None
    assert could_be_printed(growth, (found.least - 100, found.most - 100))
    other = {"2,24": "4,13", "4,13": "2,24"}[growth]
    assert not could_be_printed(other, (found.least - 100, found.most - 100))
