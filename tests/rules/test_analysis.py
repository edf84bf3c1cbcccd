"""Answers of the warehouse over a small province: each is what a careful clerk would write down, or says why not."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

from registry.catalogue.chronicle import Chronicle
from registry.catalogue.model import (
    Accumulation,
    Aggregation,
    Indicator,
    ProvinceValue,
    RowNature,
    Succession,
    Unit,
    UnitKind,
)
from registry.catalogue.values import Aspect, Known, Nature, SeriesKey, State
from registry.periods import parse
from registry.rules.analysis import Analysis, ByUnit
from registry.rules.answers import Ask, Map, Why, compared, ranked, shares
from registry.rules.background import Need
from registry.rules.courses import Look, courses
from tests.rules.small_forms import DEFINITIONS, MONTHLY

BORN, REFORM = date(2000, 1, 1), date(2025, 7, 1)
EVE = date(2025, 6, 30)


def unit(code, kind, parent="66", born=BORN, ended=None):
    return Unit(code, code, kind, parent, 1, born, born, ended)


PROVINCE = unit("66", UnitKind.PROVINCE, None)
OLD_A, OLD_B, SPLIT = (unit(code, UnitKind.COMMUNE, ended=EVE) for code in ("old-a", "old-b", "split"))
NEW, NEXT, OTHER = (unit(code, UnitKind.COMMUNE, born=REFORM) for code in ("new", "next", "other"))
STAYS = unit("stays", UnitKind.COMMUNE)
WENT = (
    Succession("old-a", "new", REFORM, True),
    Succession("old-b", "new", REFORM, True),
    Succession("split", "next", REFORM, False),
    Succession("split", "other", REFORM, False),
)
CHRONICLE = Chronicle((PROVINCE, OLD_A, OLD_B, SPLIT, NEW, NEXT, OTHER, STAYS), WENT)


def indicator(code, nature, accumulation, aggregation, measure="ha", **more):
    return Indicator(code, code, measure, nature, accumulation, aggregation, **more)


INDICATORS = (
    indicator("FLOW", RowNature.OCCURS, Accumulation.ADD, Aggregation.SUM),
    indicator("STOCK", RowNature.POINT, Accumulation.LAST, Aggregation.SUM, "con"),
    indicator("GIVEN", RowNature.CUMULATIVE, Accumulation.GIVEN, Aggregation.SUM),
    indicator("MEAN", RowNature.POINT, Accumulation.NONE, Aggregation.AVERAGE),
    indicator("YIELD", RowNature.POINT, Accumulation.NONE, Aggregation.WEIGHTED, denominator="FLOW"),
    indicator(
        "RATE", RowNature.RATIO, Accumulation.NONE, Aggregation.RATIO, "%", numerator="FLOW", denominator="FLOW2"
    ),
    indicator("FLOW2", RowNature.OCCURS, Accumulation.ADD, Aggregation.SUM),
    indicator("PRICE", RowNature.INDEX, Accumulation.GIVEN, Aggregation.NONE, "%"),
    indicator("TOLD", RowNature.OCCURS, Accumulation.ADD, Aggregation.NONE),
    indicator("APART", RowNature.OCCURS, Accumulation.ADD, Aggregation.NONE),
)
ROW = next(row for row in MONTHLY.rows if row.code == "NN07")
FLOW_ROW = replace(ROW, code="FLOW", indicator="FLOW", measure="ha", decimals=1)
TOLD_ROW = replace(FLOW_ROW, code="TOLD", indicator="TOLD", province_value=ProvinceValue.AGENCY)
APART_ROW = replace(FLOW_ROW, code="APART", indicator="APART", province_value=ProvinceValue.COMMUNES)
FORM = replace(MONTHLY, rows=(FLOW_ROW, TOLD_ROW, APART_ROW))
KNOWN = replace(DEFINITIONS, indicators={one.code: one for one in INDICATORS}, forms={"F": FORM})
COURSES = courses(KNOWN)


def asked(figures, area, ask, period, on=Map.TODAY):
    """figures: {(unit, "FLOW", "202601"): mantissa or Known}."""
    known = {}
    for (whom, series, code), one in figures.items():
        key = series if isinstance(series, SeriesKey) else SeriesKey(series)
        found = one if isinstance(one, Known) else Known(one, Nature.OFFICIAL)
        known.setdefault(Need(key, code), {})[whom.key] = found
    source = ByUnit(CHRONICLE, KNOWN, COURSES, known, on)
    return Analysis(source, COURSES, KNOWN).figure(tuple(one.key for one in area), ask, parse(period))


def test_the_year_to_date_is_official_months_and_this_months_estimate():
    months = {(STAYS, "FLOW", "202601"): 100, (STAYS, "FLOW", "202602"): Known(50, Nature.ESTIMATE)}
    found = asked(months, [STAYS], Ask("FLOW", Look.TO_DATE), "202602")
    assert (found.mantissa, found.nature, found.state) == (150, Nature.ESTIMATE, State.VALUE)
    # 0,1 ha is 10 mantissas of ha with two decimals: half of it for each of two months
    assert (found.amount.least, found.amount.most) == (140, 160)


def test_a_missing_month_makes_the_year_to_date_blank_and_is_named():
    found = asked(
        {(STAYS, "FLOW", "202601"): 1, (STAYS, "FLOW", "202604"): 1}, [STAYS], Ask("FLOW", Look.TO_DATE), "202604"
    )
    assert (found.state, found.mantissa, found.missing.why) == (State.BLANK, None, Why.PERIODS_MISSING)
    assert found.missing.periods == ("202602", "202603")
    assert found.missing.text == "thiếu số liệu tháng 2 năm 2026, tháng 3 năm 2026"


def test_a_stock_to_date_is_its_last_and_a_given_cumulative_tells_its_month():
    stock = {(STAYS, "STOCK", "202603"): 7}
    assert asked(stock, [STAYS], Ask("STOCK", Look.TO_DATE), "202603").mantissa == 7
    grown = {(STAYS, SeriesKey("GIVEN", Aspect.CUMULATIVE), code): at for code, at in (("202601", 5), ("202602", 12))}
    assert asked(grown, [STAYS], Ask("GIVEN", Look.TO_DATE), "202602").mantissa == 12
    assert asked(grown, [STAYS], Ask("GIVEN"), "202602").mantissa == 7
    assert asked(grown, [STAYS], Ask("GIVEN"), "202601").mantissa == 5


def test_nothing_of_an_average_or_an_index_is_a_year_to_date():
    assert asked({}, [STAYS], Ask("MEAN", Look.TO_DATE), "202601").missing.why is Why.NOT_ASKED


THEN = {(one, "FLOW", "202501"): n for one, n in ((OLD_A, 10), (OLD_B, 20), (SPLIT, 40), (STAYS, 5))}


def test_whole_successions_are_added_on_todays_map_and_a_part_is_a_break():
    found = asked(THEN, [NEW], Ask("FLOW", Look.SAME_PERIOD), "202601")
    assert (found.mantissa, found.covered.have, found.covered.expected) == (30, 2, 2)
    broken = asked(THEN, [NEXT], Ask("FLOW", Look.SAME_PERIOD), "202601")
    assert (broken.mantissa, broken.missing.why, broken.missing.steps[0].old) == (None, Why.BREAK, SPLIT.key)
    as_it_was = asked(THEN, [NEW], Ask("FLOW", Look.SAME_PERIOD), "202601", Map.AS_IT_WAS)
    assert as_it_was.missing.text == "đơn vị thành lập 01/07/2025"
    whole = asked(THEN, [PROVINCE], Ask("FLOW", Look.SAME_PERIOD), "202601")
    assert (whole.mantissa, whole.covered.have) == (75, 4)


def test_a_unit_that_gave_nothing_is_named_and_the_figure_of_an_area_stands_for_what_is_below_it():
    some = {key: one for key, one in THEN.items() if key[0] is not STAYS}
    found = asked(some, [PROVINCE], Ask("FLOW"), "202501")
    assert (found.mantissa, found.covered.missing, found.is_comparable) == (70, (STAYS.key,), False)
    spoken = asked(some | {(PROVINCE, "FLOW", "202501"): 99}, [PROVINCE], Ask("FLOW"), "202501")
    assert (spoken.mantissa, spoken.is_comparable) == (99, True)


NOW = {
    (NEW, "FLOW", "202601"): 30, (STAYS, "FLOW", "202601"): 10, (NEXT, "FLOW", "202601"): 60,
    (NEW, "FLOW2", "202601"): 60, (STAYS, "FLOW2", "202601"): 100, (NEXT, "FLOW2", "202601"): 90,
    (NEW, "MEAN", "202601"): 4, (STAYS, "MEAN", "202601"): 8, (NEXT, "MEAN", "202601"): 9,
    (NEW, "YIELD", "202601"): 4, (STAYS, "YIELD", "202601"): 8, (NEXT, "YIELD", "202601"): 2,
}  # fmt: skip


def test_every_rule_of_aggregation_says_what_becomes_of_several_units():
    assert asked(NOW, [PROVINCE], Ask("FLOW"), "202601").mantissa == 100
    assert asked(NOW, [PROVINCE], Ask("MEAN"), "202601").amount.exact == 7
    assert asked(NOW, [PROVINCE], Ask("YIELD"), "202601").amount.exact == Fraction(4 * 30 + 8 * 10 + 2 * 60, 100)
    assert asked(NOW, [PROVINCE], Ask("RATE"), "202601").mantissa == 400000  # 40 %: Σ parts, not the mean of 50, 10, 66
    index = {(one, SeriesKey("PRICE", Aspect.INDEX_YEAR), "202601"): 1000000 for one in (NEW, STAYS, NEXT)}
    assert asked(index, [PROVINCE], Ask("PRICE"), "202601").missing.why is Why.NOT_ADDED
    assert asked(index, [NEW], Ask("PRICE"), "202601").mantissa == 1000000


def test_what_an_agency_tells_of_the_whole_is_awaited_and_what_nobody_tells_of_it_cannot_be_added():
    told = {(one, code, "202601"): 5 for one in (NEW, STAYS) for code in ("TOLD", "APART")}
    assert asked(told, [PROVINCE], Ask("TOLD"), "202601").missing.why is Why.NOT_GIVEN
    assert asked(told, [PROVINCE], Ask("APART"), "202601").missing.why is Why.NOT_ADDED
    assert asked(told, [NEW, STAYS], Ask("TOLD"), "202601").missing.why is Why.NOT_ADDED
    assert asked(told | {(PROVINCE, "TOLD", "202601"): 12}, [PROVINCE], Ask("TOLD"), "202601").mantissa == 12


def test_a_ratio_to_date_is_reckoned_from_parts_to_date():
    more = NOW | {(one, code, "202602"): 10 for one in (NEW, STAYS, NEXT) for code in ("FLOW", "FLOW2")}
    found = asked(more, [STAYS], Ask("RATE", Look.TO_DATE), "202602")
    assert found.mantissa == round(Fraction(20, 110) * 1000000)
    assert found.amount.least < found.amount.exact < found.amount.most


def test_what_a_cumulative_grew_by_and_a_ratio_are_of_units_that_gave_both_sides():
    grown = SeriesKey("GIVEN", Aspect.CUMULATIVE)
    figures = {(NEW, grown, "202601"): 100, (STAYS, grown, "202601"): 100, (NEW, grown, "202602"): 150}
    found = asked(figures, (NEW, STAYS), Ask("GIVEN"), "202602")
    assert (found.mantissa, found.covered.have, found.covered.missing) == (50, 1, (STAYS.key,))
    parts = {(NEW, "FLOW", "202601"): 5000, (STAYS, "FLOW", "202601"): 5000, (NEW, "FLOW2", "202601"): 10000}
    found = asked(parts, (NEW, STAYS), Ask("RATE"), "202601")
    assert (found.mantissa, found.covered.have, found.covered.expected) == (500000, 1, 2)
    apart = {(NEW, "FLOW", "202601"): 5000, (STAYS, "FLOW2", "202601"): 10000}
    assert asked(apart, (NEW, STAYS), Ask("RATE"), "202601").missing.why is Why.NOT_GIVEN


def test_a_plan_stands_under_its_year_and_its_absence_is_said():
    plan = {(STAYS, SeriesKey("FLOW", Aspect.PLAN_COUNCIL), "2026"): 120}
    assert asked(plan, [STAYS], Ask("FLOW", Look.PLAN_COUNCIL), "202603").mantissa == 120
    assert asked(plan, [STAYS], Ask("FLOW", Look.PLAN_CENTRAL), "202603").missing.why is Why.NO_PLAN


def test_figures_are_compared_ranked_and_shared():
    units = {one.code: asked(NOW, [one], Ask("FLOW"), "202601") for one in (NEW, STAYS, NEXT)}
    whole = asked(NOW, [PROVINCE], Ask("FLOW"), "202601")
    assert {code: rank.place for code, rank in ranked(units).items()} == {"next": 1, "new": 2, "stays": 3}
    assert ranked(units, lower_is_better=True)["stays"] == (1, 3)
    assert [share.exact for share in shares(units, whole).values()] == [30, 10, 60]
    beside = compared(units["new"], units["stays"])
    assert (beside.difference.exact, beside.percent.exact, beside.missing) == (20, 300, None)
    nothing = asked({(STAYS, "FLOW", "202601"): 0}, [STAYS], Ask("FLOW"), "202601")
    assert (nothing.state, compared(units["new"], nothing).missing.why) == (State.ZERO, Why.NOTHING_BELOW)
    blank = asked({}, [STAYS], Ask("FLOW"), "202601")
    assert compared(units["new"], blank).missing.why is Why.NOT_GIVEN
