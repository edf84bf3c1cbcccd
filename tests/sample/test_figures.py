"""Sample figures: deterministic, plausible, and at peace with the form's own checks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from decimal import Decimal
from functools import cache

import pytest

from registry import sample
from registry.catalogue.forms import Definitions, View, row_set
from registry.catalogue.measures import to_mantissa
from registry.catalogue.model import PROVINCE, CellKind, Frequency, HistoryFigure, Unit
from registry.catalogue.values import Aspect, CellKey, CellValue, Known, Nature, SeriesKey, State
from registry.periods import Period, parse, previous
from registry.rules.background import Background, Need
from registry.rules.context import Context
from registry.rules.evaluate import check, compute
from registry.sample.figures import history_rows, inputs
from registry.sample.sources import communes, form

CATALOGUE = sample.catalogue()
DEFINITIONS = Definitions(
    {one.code: one for one in CATALOGUE.measures}, {one.code: one for one in CATALOGUE.indicators}
)
UNITS = {one.code: one for one in CATALOGUE.units}
Figures = dict[Need, Known]


@cache
def history() -> dict[str, tuple[HistoryFigure, ...]]:
    by_subject: dict[str, list[HistoryFigure]] = defaultdict(list)
    for one in history_rows():
        by_subject[one.subject].append(one)
    return {subject: tuple(found) for subject, found in by_subject.items()}


def _known(value: Decimal, measure: str, series: SeriesKey, nature: Nature) -> Known:
    mantissa = to_mantissa(value, DEFINITIONS.measures[measure], DEFINITIONS.canonical(series))
    return Known(mantissa, nature, State.VALUE if value else State.NIL)


def background(subject: str) -> Figures:
    known = {
        Need(one.series, one.period): _known(one.value, one.measure, one.series, one.nature)
        for one in history()[subject]
    }
    for plan in CATALOGUE.plans:
        if plan.subject == subject:
            series = SeriesKey(plan.indicator, plan.aspect)
            known[Need(series, str(plan.year))] = _known(plan.value, plan.measure, series, Nature.OFFICIAL)
    return known


def view(form_code: str, unit: Unit, period: Period) -> View:
    form = next(one for one in CATALOGUE.forms if one.code == form_code)
    return View(form, period.shape, row_set(form, unit, period.shape), DEFINITIONS)


def stored(met: View, period: Period, frequency: Frequency, values: Mapping[CellKey, CellValue]) -> Figures:
    """What an approval writes to the warehouse."""
    kept: Figures = {}
    for key, spec in met.cells.items():
        amount = values[key].amount if key in values else None
        if spec.keep and spec.series is not None and amount is not None:
            need = Need(spec.series, previous(period, frequency, spec.shift).code)
            kept[need] = _known(amount, spec.measure, spec.series, spec.nature)
    return kept


def months(unit_code: str, form_code: str, frequency: Frequency, *codes: str) -> dict[CellKey, CellValue]:
    """Works through periods one after another; no rule may find anything; the last table."""
    unit = UNITS[unit_code]
    own = unit.kind.is_commune or form_code != "KTXH-01" or unit_code in ("TTT", "VPUB")
    known = background(unit_code if own else PROVINCE)
    rules = tuple(rule for rule in CATALOGUE.rules if rule.scope == "đơn vị")
    table: dict[CellKey, CellValue] = {}
    for code in codes:
        period = parse(code)
        met = view(form_code, unit, period)
        context = Context(met, period, frequency, Background(known), unit)
        table = compute(context, inputs(met, unit, period, context.background))
        found = check(context, rules, table)
        assert found == (), [(one.code, one.row, one.column, one.found, one.expected) for one in found]
        known = stored(met, period, frequency, table) | {
            need: figure for need, figure in known.items() if figure.nature is Nature.OFFICIAL
        }
    return table


REPORTERS = ["22015", "22060", "22165", "24133", "24211", "24259", "24595", "SNNMT", "STC", "TKE", "THUE", "CAT", "SYT"]


@pytest.mark.parametrize("unit_code", REPORTERS)
def test_a_careful_clerk_meets_no_finding_from_september_to_november(unit_code: str) -> None:
    months(unit_code, "KTXH-01", Frequency.MONTH, "202609", "202610", "202611")


@pytest.mark.parametrize("unit_code", ["24211", "22015", "STC", "SNNMT"])
def test_dossiers_add_up_from_quarter_to_quarter_and_to_the_year(unit_code: str) -> None:
    table = months(unit_code, "II.06a", Frequency.QUARTERS_AND_YEAR, "20261", "20262", "20263", "2026")
    total = {key.column: value.number or Decimal(0) for key, value in table.items() if key.row == "TONG"}
    assert total["c03"] == total["c07"] + total["c11"] > 0


def test_every_open_input_of_ktxh_is_filled() -> None:
    for unit_code in REPORTERS:
        met = view("KTXH-01", UNITS[unit_code], parse("202610"))
        assert inputs(met, UNITS[unit_code], parse("202610"), Background()).keys() == met.inputs.keys()


def test_the_same_call_gives_the_same_figures() -> None:
    assert list(history_rows("202507", "202507", "202507")) == list(history_rows("202507", "202507", "202507"))
    met = view("KTXH-01", UNITS["24211"], parse("202609"))
    first, second = (inputs(met, UNITS["24211"], parse("202609"), Background()) for _ in range(2))
    assert first == second


def test_units_of_other_provinces_get_figures_too() -> None:
    foreign = Unit("00004", "Phường Ba Đình", UNITS["24133"].kind, "01", 1, UNITS["24133"].born, UNITS["24133"].born)
    met = view("KTXH-01", foreign, parse("202609"))
    assert inputs(met, foreign, parse("202609"), Background()).keys() == met.inputs.keys()


def test_nothing_is_written_as_the_sign_for_nothing() -> None:
    met = view("KTXH-01", UNITS["24133"], parse("202609"))
    assert inputs(met, UNITS["24133"], parse("202609"), Background())[CellKey("NN10", "c06")] == CellValue(State.NIL)


def test_in_ii06a_zeros_are_printed() -> None:
    met = view("II.06a", UNITS["24211"], parse("20263"))
    states = {value.state for value in inputs(met, UNITS["24211"], parse("20263"), Background()).values()}
    assert states == {State.VALUE, State.ZERO}


def test_ratios_look_like_work_in_progress() -> None:
    for unit_code in ("24211", "22165", "24259"):
        table = months(unit_code, "KTXH-01", Frequency.MONTH, "202609", "202610")
        shares = [table[CellKey(row, "c11")].number for row in ("NN07", "NN15", "TX01", "TX02", "XH01")]
        assert all(share is not None and 55 <= share <= 130 for share in shares), shares


def test_last_months_estimate_is_revised_by_at_most_six_percent() -> None:
    september, october = (
        inputs(view("KTXH-01", UNITS["24211"], parse(code)), UNITS["24211"], parse(code), Background())
        for code in ("202609", "202610")
    )
    compared = 0
    for key, estimate in september.items():
        official = october.get(CellKey(key.row, "c05"))
        if key.column == "c06" and official and estimate.number and official.number:
            assert abs(official.number - estimate.number) <= official.number * Decimal("0.065"), key
            compared += 1
    assert compared > 10


# --- history ---------------------------------------------------------------------------------------------------------


def province(series: SeriesKey, period: str) -> Decimal:
    return next(one.value for one in history()[PROVINCE] if one.series == series and one.period == period)


@pytest.mark.parametrize(
    ("indicator", "months_of_2025", "published"),
    [
        ("TM01", 9, "138779.1"),
        ("CN02", 9, "4528.8"),
        ("TM06", 9, "4450000"),
        ("TC10", 12, "3168"),
        ("TC11", 12, "33601.0"),
    ],
)
def test_flows_of_2025_add_up_to_what_was_published(indicator: str, months_of_2025: int, published: str) -> None:
    monthly = [province(SeriesKey(indicator), f"2025{month:02d}") for month in range(1, months_of_2025 + 1)]
    assert sum(monthly) == Decimal(published)


@pytest.mark.parametrize(
    ("indicator", "period", "published"),
    [
        ("TC01", "202510", "13966.0"),
        ("TC02", "202510", "13300.0"),
        ("TC05", "202510", "30000.0"),
        ("TC13", "202509", "67835.5"),
        ("TC14", "202509", "44750"),
    ],
)
def test_cumulative_figures_of_2025_are_those_published(indicator: str, period: str, published: str) -> None:
    assert province(SeriesKey(indicator, Aspect.CUMULATIVE), period) == Decimal(published)


def test_the_index_of_industry_is_the_published_one() -> None:
    assert province(SeriesKey("CN01", Aspect.INDEX_CUMULATIVE), "202509") == Decimal("112.36")


def test_revenue_stands_to_its_plans_as_published() -> None:
    plans = {
        plan.aspect: plan.value
        for plan in CATALOGUE.plans
        if (plan.indicator, plan.subject, plan.year) == ("TC01", PROVINCE, 2025)
    }
    revenue = province(SeriesKey("TC01", Aspect.CUMULATIVE), "202510")
    assert round(revenue / plans[Aspect.PLAN_CENTRAL] * 100, 2) == Decimal("104.24")
    assert round(revenue / plans[Aspect.PLAN_COUNCIL] * 100, 2) == Decimal("85.63")


def test_communes_have_no_history_before_they_existed_and_districts_none_after() -> None:
    for subject, found in history().items():
        periods = {one.period for one in found if len(one.period) == 6}
        if UNITS[subject].kind.is_commune:
            assert min(periods) == "202507"
        elif UNITS[subject].kind.value == "huyện":
            assert periods == {f"2025{month:02d}" for month in range(1, 7)}


def test_no_figure_stands_twice() -> None:
    keys = Counter(
        (one.series, one.period, one.subject, one.reporting) for found in history().values() for one in found
    )
    assert set(keys.values()) == {1}


def test_communes_add_up_to_what_the_department_says_within_two_percent_but_for_cattle() -> None:
    off: set[str] = set()
    for row in form("KTXH-01").rows:
        if row.province_value.value != "ngành⇄Σxã" or row.commune_entry.value not in "●○" or row.code == "NN16":
            continue
        growing = DEFINITIONS.indicators[row.code].nature.value in ("MV", "NV")
        series = SeriesKey(row.code, Aspect.CUMULATIVE if growing else Aspect.ACTUAL)
        own = [
            one.value
            for code in communes()
            for one in history()[code]
            if one.series == series and one.period == "202608"
        ]
        if own:
            official = province(series, "202608")
            if abs(official - sum(own)) > official * Decimal("0.02"):
                off.add(row.code)
    assert off == {"NN14"}


@pytest.mark.parametrize(
    ("indicator", "nowhere"),
    [
        ("NN09", lambda unit: unit.kind.value == "phường" or unit.in_group("phia", "Khu vực phía Đông")),
        ("NN20", lambda unit: not unit.in_group("ven_bien", "ven biển")),
    ],
)
def test_nothing_grows_where_it_cannot(indicator: str, nowhere: object) -> None:
    for code, unit in communes().items():
        figures = [one.value for one in history()[code] if one.series.indicator == indicator]
        if nowhere(unit):  # type: ignore[operator]
            assert not any(figures), code
        else:
            assert all(figures), code


def test_shown_cells_of_a_commune_have_figures() -> None:
    met = view("KTXH-01", UNITS["24211"], parse("202610"))
    context = Context(met, parse("202610"), Frequency.MONTH, Background(background("24211")), UNITS["24211"])
    table = compute(context, {})
    shown = [key for key, spec in met.cells.items() if spec.kind is CellKind.SHOWN and key.column in ("c05", "c06")]
    blank = {key.row for key in shown if table[key].state is State.BLANK}
    assert blank == {"XH04", "XH05"}  # yearly rows


# --- plans -----------------------------------------------------------------------------------------------------------


def test_plans_are_given_for_two_years_to_the_province_and_to_every_commune() -> None:
    given = {(plan.year, plan.subject) for plan in CATALOGUE.plans}
    assert {(year, subject) for year in (2025, 2026) for subject in (PROVINCE, *communes())} == given


def test_no_part_is_planned_to_bring_more_than_its_total() -> None:
    given = {(one.subject, one.year, one.aspect, one.decision, one.indicator): one.value for one in CATALOGUE.plans}
    compared = 0
    for (*where, indicator), total in given.items():
        parts = [given.get((*where, part), Decimal(0)) for part in ("TC02", "TC04")]
        if indicator == "TC01" and any(parts):
            assert sum(parts) <= total, where
            assert given.get((*where, "TC03"), 0) <= parts[0], where
            compared += 1
    assert compared >= 2 * len(communes())


def test_one_plan_was_adjusted_in_the_middle_of_the_year() -> None:
    council = [
        plan
        for plan in CATALOGUE.plans
        if (plan.indicator, plan.subject, plan.year, plan.aspect) == ("TC01", PROVINCE, 2026, Aspect.PLAN_COUNCIL)
    ]
    assert len(council) == 2
    assert council[0].valid_from < council[1].valid_from
    assert council[0].decision == "NQ 54/NQ-HĐND"
