"""Rules over history in SQL, on both databases, beside the closures."""

import random
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from itertools import product

import pytest

from registry.catalogue.model import BlankRule, Frequency, Rule
from registry.catalogue.values import Aspect, CellKey, Nature, SeriesKey
from registry.periods import parse
from registry.rules import exact
from registry.store import rule_sql
from registry.store.definitions import Snapshot
from registry.store.engine import Store
from tests.rules.history import COMMUNE, OTHER, WARD, History
from tests.rules.small_forms import MONTHLY, rule


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
    return history, [(one, expected(history, one)) for one in rules]


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
