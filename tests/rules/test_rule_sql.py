"""Rules over history in SQL, on both databases, beside the closures."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import product

import pytest

from registry.catalogue.model import BlankRule, Catalogue, Frequency, Rule
from registry.catalogue.values import Aspect, CellKey, Nature, SeriesKey
from registry.periods import parse
from registry.rules import exact
from registry.rules.lowering import lowered
from registry.store import definitions, rule_sql
from registry.store.definitions import Snapshot
from registry.store.engine import Store
from tests.rules.history import AT, COMMUNE, OTHER, PROVINCE, WARD, History
from tests.rules.small_forms import MONTHLY, context, rule, sheet
from tests.rules.test_formula_in_office import random_formula


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = Store(database_url)
    yield opened
    opened.close()


def test_the_simplest_rule_finds_the_units_that_break_it(store):
    history = History(MONTHLY)
    for unit, (rice, sown) in zip((COMMUNE, WARD, OTHER), ((5, 9), (9, 5), (7, 7)), strict=True):
        history.add(unit, SeriesKey("NN07"), "202610", Nature.ESTIMATE, rice * 100)
        history.add(unit, SeriesKey("NN09"), "202610", Nature.ESTIMATE, sown * 100)
    snapshot = history.put(store)
    with store.read() as connection:
        [october, november] = rule_sql.run(
            connection, snapshot, snapshot.form_versions["KTXH-01"], rule("[NN07].(c06) <= [NN09].(c06)"),
            [parse("202610"), parse("202611")], Frequency.MONTH,
        )  # fmt: skip
    assert october.asked == 3
    assert october.hits == (rule_sql.Hit(snapshot.unit_ids["24121"], "NN07", "c06", Decimal(9), Decimal(5)),)
    assert (november.asked, november.hits) == (0, ())


RULES = (
    "[NN07].(c06) <= [NN09].(c06)",
    "[NN07].(c06) = [NN09].(c06)",
    "[NN07].(c06) == [NN09].(c06)",
    "(c07) >= (c05)",
    "(c06) <= (c05) * 1,1",
    "ABS((c05) - KỲ_TRƯỚC((c06))) / KỲ_TRƯỚC((c06)) * 100 <= 10",
    "ABS((c06) / TRUNG_VỊ((c06); 5) - 1) <= 0,5",
    "(c06) <= CÙNG_KỲ((c06)) * 2 HOẶC (c06) > 1000",
    "LŨY_KẾ((c06)) <= KẾ_HOẠCH((c06))",
    "(c07) <= (c02)",
    "(c08) <= 130 VÀ (c08) >= 60",
    "[TC08].(c07) = [TC07].(c07) / [TC06].(c06) * 100",
    "[TC08].(c07) = ROUND([TC07].(c07) / [TC06].(c06); 1) * 100",
    "[NN17].(c06) = SUM([NC06]:[NC08].(c06))",
    "SUM([NN07].(c06); [NN09].(c06)) = [NN12].(c06) + 0,5",
    "MIN([NC06]:[NC08].(c06)) < MAX([NC06]:[NC08].(c06); 3; [NN17].(c06) - 2)",
    "NẾU([NC06].(c06) = 0; [NC07].(c06) = 0; [NC08].(c06) >= 0)",
    "KHÔNG(TRỐNG([NN07].(c06))) VÀ KHÔNG(TRỐNG([NN09].(c06)))",
    "NẾU(KHÔNG_PHÁT_SINH([NC06].(c06)); [NC07].(c06) = 0; ĐẾM([NC06]:[NC08].(c06); [NN07].(c06) / 0) >= 2)",
    "NẾU_TRỐNG([NN07].(c06); 7) + NẾU_TRỐNG(KỲ_TRƯỚC([NN09].(c06)); 0,4) = [NN09].(c06)",
    "TRONG_KHOẢNG((c06); THÁNG(); NĂM() / 100 + QUÝ())",
    "THUỘC([NC06].(c06); 0; 1; 2; 3)",
    'NẾU(THUỘC(NHÓM("loai"); "phường"; "thị trấn"); [NN07].(c06) > 5; [NN07].(c06) <= 9)',
    "PHẦN_DƯ([NC06].(c06); 3) = 0 VÀ PHẦN_NGUYÊN([NN07].(c06) / 3) > 0",
    "LÀM_TRÒN_LÊN([NN07].(c06); 0) - LÀM_TRÒN_XUỐNG([NN07].(c06); 0) <= 1 VÀ LÀM_TRÒN_LÊN([NN07].(c06); -1) = 10",
    "LÀM_TRÒN_LÊN([NN07].(c06) / 3; 1) = PHẦN_NGUYÊN([NN09].(c06) / 2)",
    "TRUNG_BÌNH([NC06]:[NC08].(c06)) = [NN17].(c06)",
    "DẤU([NN07].(c06) - [NN09].(c06)) >= 0",
    "TĂNG_GIẢM((c06); (c05)) <= 20",
    "TỶ_LỆ((c06); (c05)) = (c08)",
    "(c06) * (c05) = [NN09].(c06) * -[NN07].(c06) + [NN12].(c06)",
    "ABS((c06) - (c05)) = 1 - -(c06)",
)
CONDITIONS = ("", "", "[NC06].(c06) > 2", 'NHÓM("loai") = "xã"', "THÁNG() <> 9", "KỲ_TRƯỚC((c06)) > 0")
PERIODS = tuple(map(parse, ("202609", "202610", "202611")))
ALL_SERIES = tuple(
    SeriesKey(code, aspect)
    for code in ("NN01", "NN07", "NN09", "NN12", "NN17", "TC01", "TC06", "TC07", "NC06", "NC07", "NC08")
    for aspect in (Aspect.ACTUAL, Aspect.CUMULATIVE)
)
MONTHS = (*(f"2025{month:02d}" for month in (8, 9, 10, 11, 12)), *(f"2026{month:02d}" for month in range(1, 12)))


def invented(pick: random.Random) -> History:
    """Figures of three communes for sixteen months, most of them there, with natures and nils as they come."""
    history = History(MONTHLY)
    for unit, series, month in product((COMMUNE, WARD, OTHER), ALL_SERIES, MONTHS):
        for nature in (Nature.ESTIMATE, Nature.OFFICIAL):
            if pick.random() < 0.7:
                unit_size = 10**8 if series.indicator.startswith("TC") else 1
                mantissa = pick.choice((None, 0, 1, 2, 3, 5, 50, 90, 100, 105, 110, 400, 640, 950, 1000, 100_000))
                history.add(unit, series, month, nature, mantissa and mantissa * unit_size)
    for unit, series in product((COMMUNE, WARD, OTHER), ALL_SERIES):
        if pick.random() < 0.7:
            plan = series._replace(aspect=Aspect.PLAN_COUNCIL)
            history.add(unit, plan, "2026", Nature.OFFICIAL, pick.choice((100, 1000, 20_000)))
    return history


def found(store: Store, snapshot: Snapshot, one: Rule) -> list[tuple[str, int, list[tuple[str, object, object]]]]:
    codes = {key: code for code, key in snapshot.unit_ids.items()}
    with store.read() as connection:
        form = snapshot.form_versions[one.form]
        runs = rule_sql.run(connection, snapshot, form, one, PERIODS, Frequency.MONTH)
    return [
        (
            run.period,
            run.asked,
            [(codes[hit.unit_id], hit.row and CellKey(hit.row, hit.column), about(hit.found)) for hit in run.hits],
        )
        for run in runs
    ]


def about(figure: Decimal | None) -> Decimal | None:
    return None if figure is None else exact.rounded(figure, 20)


@cache
def told() -> tuple[History, list[tuple[Rule, list[object]]]]:
    """An invented history, and what the closures have to say of it by rules of every kind."""
    pick = random.Random(20261126)
    history = invented(pick)
    rules = [rule(formula, blanks=pick.choice(list(BlankRule)), condition=pick.choice(CONDITIONS)) for formula in RULES]
    rules += [rule(made_up(pick), blanks=pick.choice(list(BlankRule))) for _ in range(12)]
    return history, [(one, expected(history, one)) for one in rules]


AS_MONTHLY = {
    "[R1]:[R4].(b)": "[NC06]:[NC08].(c06)", "[R1]:[R3].(c)": "[NC06]:[NC08].(c05)", "[R2].(a)": "[NN12].(c07)",
    "(a)": "[NN07].(c06)", "(b)": "[NN09].(c06)", "(c)": "[NC06].(c06)",
}  # fmt: skip


def made_up(pick: random.Random) -> str:
    """A comparison of two calculations made up by chance."""
    text = f"{random_formula(pick)} {pick.choice(('=', '<=', '<>', '=='))} {random_formula(pick)}"
    for name, cell in AS_MONTHLY.items():
        text = text.replace(name, cell)
    return text


def expected(history: History, one: Rule) -> list[object]:
    return [
        (period, asked, [(unit, cell, about(figure)) for unit, cell, figure in faults])
        for period, asked, faults in history.expected(one, PERIODS)
    ]


def test_sql_and_the_closures_find_the_same_faults_in_invented_history(store):
    history, cases = told()
    snapshot = history.put(store)
    assert [(one, found(store, snapshot, one)) for one, _ in cases] == cases
    assert sum(len(faults) for _, runs in cases for *_, faults in runs) > 200


def small(**figures: object) -> History:
    """``small(NN12_202609_ESTIMATE=5)``: figures of one commune in last units."""
    history = History(MONTHLY)
    for name, mantissa in figures.items():
        code, month, nature = name.split("_")
        history.add(COMMUNE, SeriesKey(code), month, Nature[nature], mantissa)
    return history


def faults(store: Store, history: History, one: Rule) -> list[list[object]]:
    return [
        [about(hit[-1]) and about(hit[-1]).normalize() for hit in hits]
        for *_, hits in found(store, history.put(store), one)
    ]


def test_an_official_figure_does_not_hide_the_estimate_it_corrects(store):
    history = small(NN12_202609_ESTIMATE=1000, NN12_202609_OFFICIAL=1500, NN12_202610_ESTIMATE=1600)
    assert faults(store, history, rule("ABS((c05) - KỲ_TRƯỚC((c06))) / KỲ_TRƯỚC((c06)) * 100 <= 10")) == [[], [50], []]


def test_history_loaded_as_official_stands_for_the_estimate(store):
    history = small(NN12_202609_OFFICIAL=1500, NN12_202610_OFFICIAL=2000)
    assert faults(store, history, rule("[NN12].(c06) <= 1")) == [[Decimal("1.5")], [2], []]


def test_a_blank_row_of_a_unit_that_reported_is_judged_as_blank(store):
    history = small(NN12_202610_ESTIMATE=1000)
    assert [len(hits) for hits in faults(store, history, rule("KHÔNG(TRỐNG([NN07].(c06)))"))] == [0, 1, 0]


def test_shadow_and_dates_do_not_keep_a_rule_from_being_tried(store):
    history = small(NN12_202610_ESTIMATE=2000)
    tried = rule("[NN12].(c06) <= 1", shadow=True, valid_from=date(2030, 1, 1))
    assert faults(store, history, tried) == [[], [2], []]


def test_a_unit_that_is_no_more_is_judged_in_the_periods_it_reported(store):
    history = small(NN12_202609_ESTIMATE=5, NN12_202610_ESTIMATE=5)
    history.put(store)
    dissolved = replace(COMMUNE, valid_to=date(2026, 9, 30))
    with store.write() as connection:
        definitions.load(connection, Catalogue(units=(dissolved,)), "thử", AT)
        snapshot = definitions.snapshot(connection, date(2026, 11, 22))
        form, periods = snapshot.form_versions["KTXH-01"], [parse(code) for code in ("202609", "202610")]
        runs = rule_sql.run(connection, snapshot, form, rule("[NN12].(c06) > 5"), periods, Frequency.MONTH)
    assert dissolved.code not in snapshot.units
    assert [(run.asked, [snapshot.units_by_id[hit.unit_id].code for hit in run.hits]) for run in runs] == [
        (1, [dissolved.code]),
        (0, []),
    ]


def test_the_provinces_own_figures_are_held_against_the_sum_of_its_communes(store):
    history = History(MONTHLY)
    for unit, tonnes in zip((PROVINCE, COMMUNE, WARD, OTHER), (90, 30, 20, 10), strict=True):
        history.add(unit, SeriesKey("NN12"), "202610", Nature.ESTIMATE, tonnes * 1000)
        if unit is not OTHER:
            history.add(unit, SeriesKey("NN12"), "202609", Nature.ESTIMATE, tonnes * 1000)
    reconciled = rule("ABS((c06) - CẤP_DƯỚI((c06))) / (c06) * 100 <= 2", scope="tỉnh", rows=frozenset({"NN12"}))
    got = found(store, history.put(store), reconciled)
    assert got == expected(history, reconciled)
    assert [(period, asked, len(hits)) for period, asked, hits in got] == [
        ("202609", 0, 0), ("202610", 1, 1), ("202611", 0, 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (rule('NẾU((c06) > 0; (c13) = "x")'), "text"),
        (rule("TRỐNG((c13)) VÀ (c06) > 0"), "text"),
        (rule("(c06) > 0", table="DS"), "list"),
    ],
)
def test_what_the_warehouse_cannot_judge_is_said(sqlite_url, one, reason):
    store = Store(sqlite_url)
    history = small(NN12_202610_ESTIMATE=1000)
    with pytest.raises(rule_sql.NotInSql) as cannot:
        found(store, history.put(store), one)
    assert cannot.value.reason == reason
    store.close()


def test_a_sum_over_a_form_of_300_rows_is_one_statement(store):
    history = History(sheet("(a) + (b)", rows=300, indicator="NN12"))
    history.add(COMMUNE, SeriesKey("NN12"), "202610", Nature.OFFICIAL, 1000)
    one = rule("SUM([R1]:[R300].(a)) <= 299", "S")
    assert found(store, history.put(store), one)[1] == ("202610", 1, [("24211", CellKey("R1", "a"), Decimal(300))])


def test_a_sum_over_more_than_a_statement_can_hold_is_left_to_the_server():
    with pytest.raises(rule_sql.NotInSql, match="large"):
        lowered(rule("SUM([R1]:[R500].(a)) > 0", "S"), context(sheet(rows=500, indicator="NN12")))
    with pytest.raises(rule_sql.NotInSql, match="large"):
        lowered(rule("SUM([R1]:[R390].(f)) > 0", "S"), context(sheet("(a) * 2 + (a) * 3", rows=390, indicator="NN12")))
