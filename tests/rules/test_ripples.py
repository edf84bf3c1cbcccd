"""Which values to date a corrected month changes."""

import pytest

from registry.catalogue.values import Aspect, Known, Nature, SeriesKey
from registry.periods import parse
from registry.rules.background import Need
from registry.rules.ripples import Correction, needs, ripples
from tests.rules.test_analysis import COURSES

FLOW = SeriesKey("FLOW")
MONTHS = {"202601": 10, "202602": 20, "202603": 30}


def known(**natures):
    return {
        Need(FLOW, code): {1: Known(mantissa, natures.get(f"m{code}", Nature.OFFICIAL))}
        for code, mantissa in MONTHS.items()
    }


def correction(nature=Nature.OFFICIAL, period="202602", series=FLOW, new=25):
    return Correction(series, period, 1, nature, 20, new)


def told(one, held, until="202604"):
    found = ripples([one], COURSES, held, parse(until))
    return [(each.period.code, each.old, each.new) for each in found]


def test_every_value_to_date_from_the_corrected_month_on_is_told():
    assert told(correction(), known()) == [("202602", 30, 35), ("202603", 60, 65)]  # of April nothing is known
    assert told(correction(), known(), "202602") == [("202602", 30, 35)]
    assert {need.period for need in needs([correction()], COURSES, parse("202603"))} == set(MONTHS)


def test_an_official_figure_over_an_estimate_counts_and_an_estimate_under_an_official_one_does_not():
    assert told(correction(), known(m202602=Nature.ESTIMATE), "202602") == [("202602", 30, 35)]
    assert told(correction(Nature.ESTIMATE), known(), "202602") == []


def test_corrections_of_two_months_are_told_together():
    both = [correction(), correction(period="202603", new=33)._replace(old=30)]
    found = ripples(both, COURSES, known(), parse("202603"))
    assert [(each.period.code, each.old, each.new) for each in found] == [("202602", 30, 35), ("202603", 60, 68)]


@pytest.mark.parametrize(
    "one",
    [
        correction(new=20),
        correction(series=SeriesKey("STOCK")),
        correction(series=SeriesKey("GIVEN", Aspect.CUMULATIVE)),
        correction(series=SeriesKey("UNKNOWN")),
        correction(period="20261"),
        correction(period="202702"),
    ],
)
def test_what_adds_up_to_nothing_or_did_not_change_touches_nothing(one):
    assert told(one, known()) == []
