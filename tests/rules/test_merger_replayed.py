"""The reform of 01/7/2025 replayed through the warehouse: what each rule of aggregation keeps of earlier months."""

from __future__ import annotations

import random
from datetime import date, timedelta
from fractions import Fraction
from functools import cache

import pytest

from registry.catalogue.chronicle import Chronicle
from registry.catalogue.model import PROVINCE
from registry.catalogue.values import Known, Nature, SeriesKey
from registry.periods import parse
from registry.rules.analysis import Analysis, ByUnit
from registry.rules.answers import Ask, Figure, Map, Why
from registry.rules.background import Need
from registry.rules.courses import Look
from registry.sample import catalogue
from tests.rules.test_analysis import COURSES, KNOWN

SAMPLE = catalogue()
REFORM = date(2025, 7, 1)
EVE = REFORM - timedelta(days=1)
CHRONICLE = Chronicle(SAMPLE.units, SAMPLE.successions)
NOW = tuple(unit.key for unit in CHRONICLE.units_on(REFORM) if unit.kind.is_commune)
THEN = tuple(unit.key for unit in CHRONICLE.units_on(EVE) if unit.kind.is_commune)
BEFORE, AFTER = ("202504", "202505", "202506"), ("202507", "202508")


@cache
def figures(seed: int) -> dict[Need, dict[object, Known]]:
    """Of every commune of its time, in every month: flows, a stock, an average, a yield."""
    pick = random.Random(seed)
    return {
        Need(SeriesKey(code), month): {key: Known(pick.randrange(1, 10**9), Nature.OFFICIAL) for key in units}
        for code in ("FLOW", "FLOW2", "STOCK", "MEAN", "YIELD")
        for months, units in ((BEFORE, THEN), (AFTER, NOW))
        for month in months
    }


def asked(seed: int, area: tuple[object, ...], ask: Ask, month: str, on: Map = Map.TODAY) -> Figure:
    source = ByUnit(CHRONICLE, KNOWN, COURSES, figures(seed), on)
    return Analysis(source, COURSES, KNOWN).figure(area, ask, parse(month))


def mantissas(seed: int, code: str, month: str) -> dict[object, int]:
    return {key: one.mantissa for key, one in figures(seed)[Need(SeriesKey(code), month)].items()}


def expected(seed: int, month: str) -> dict[str, Fraction]:
    """Each rule by hand over the communes of the month, whichever those were."""
    flow, flow2, stock, mean, crop = (
        mantissas(seed, code, month) for code in ("FLOW", "FLOW2", "STOCK", "MEAN", "YIELD")
    )
    return {
        "FLOW": Fraction(sum(flow.values())),
        "STOCK": Fraction(sum(stock.values())),
        "MEAN": Fraction(sum(mean.values()), len(mean)),
        "YIELD": Fraction(sum(crop[key] * flow[key] for key in crop), sum(flow.values())),
        "RATE": Fraction(sum(flow.values()), sum(flow2.values())) * 100 * 10**4,
    }


@pytest.mark.parametrize("month", [*BEFORE, *AFTER])
@pytest.mark.parametrize("seed", range(2))
def test_the_province_is_the_same_on_both_sides_of_the_reform_by_every_rule(seed: int, month: str) -> None:
    by_hand = expected(seed, month)
    for code, exact in by_hand.items():
        found = asked(seed, NOW, Ask(code), month)
        assert found.amount is not None, (code, found.missing)
        assert (found.amount.exact, found.is_comparable) == (exact, True), code


def test_the_two_old_provinces_and_the_two_sides_of_today_add_up_to_the_whole() -> None:
    whole = asked(0, NOW, Ask("FLOW"), "202506")
    old = [key for key in CHRONICLE.of_code(PROVINCE) + CHRONICLE.of_code("54") if CHRONICLE.at(key, EVE)]
    as_it_was = [asked(0, (key,), Ask("FLOW"), "202506", Map.AS_IT_WAS).mantissa for key in old]
    assert len(old) == 2
    assert sum(filter(None, as_it_was)) == whole.mantissa
    last = {key: CHRONICLE.last(key) for key in NOW}
    sides = {value for unit in last.values() for name, value in unit.groups if name == "phia"}
    areas = [tuple(key for key in NOW if ("phia", side) in last[key].groups) for side in sorted(sides)]
    assert sum(asked(0, area, Ask("FLOW"), "202506").mantissa or 0 for area in areas) == whole.mantissa


def test_a_year_to_date_goes_through_the_reform_and_a_commune_of_parts_is_a_break_never_shared_out() -> None:
    through = asked(0, NOW, Ask("FLOW", Look.TO_DATE), "202508")
    assert through.missing is not None
    assert through.missing.text == "đơn vị thành lập 01/07/2025"
    assert through.missing.periods == ("202501", "202502", "202503")  # nobody gave January to March
    answers = {key: asked(0, (key,), Ask("FLOW"), "202506") for key in NOW}
    broken = {key for key, one in answers.items() if one.missing is not None and one.missing.why is Why.BREAK}
    whole = {key: one.mantissa for key, one in answers.items() if one.mantissa is not None}
    assert broken
    assert broken | whole.keys() == set(NOW)
    assert sum(whole.values()) < sum(mantissas(0, "FLOW", "202506").values())
