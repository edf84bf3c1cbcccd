"""One small form with a cell of every kind, and the workbook a commune gets of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from fractions import Fraction
from functools import cache

from registry.catalogue.forms import Definitions, View, row_set
from registry.catalogue.measures import Measure
from registry.catalogue.model import (
    Accumulation,
    Aggregation,
    CellKind,
    CellRule,
    Column,
    CommuneEntry,
    Form,
    Frequency,
    Indicator,
    PlanKind,
    Regime,
    Row,
    RowKind,
    RowNature,
    Rule,
    RuleLevel,
    Unit,
    UnitKind,
)
from registry.catalogue.values import Aspect, CellKey, Known, Nature, SeriesKey
from registry.periods import parse
from registry.rules.background import Background, Need
from registry.rules.context import Context
from workbook_templates import template, token
from workbook_templates.grid import Grid, place
from workbook_templates.order import Order

SECRET = b"a secret of at least 32 bytes for tests"
KEYS = {1: SECRET}
PERIOD = "202610"

MEASURES = {
    one.code: one
    for one in (
        Measure("ha", "diện tích", Fraction(1), 2, False),
        Measure("tấn", "khối lượng", Fraction(1), 3, False),
        Measure("hộ", "hộ", Fraction(1), 0, True),
        Measure("triệu đồng", "tiền VND", Fraction(10**6), 6, False),
        Measure("đồng", "tiền VND", Fraction(1), 0, False),
        Measure("%", "tỷ lệ", Fraction(1), 4, False),
    )
}


def _indicator(code: str, measure: str, nature: RowNature) -> Indicator:
    return Indicator(code, code, measure, nature, Accumulation.ADD, Aggregation.SUM)


INDICATORS = {
    one.code: one
    for one in (
        _indicator("AREA", "ha", RowNature.POINT),
        _indicator("CROP", "tấn", RowNature.OCCURS),
        _indicator("HOMES", "hộ", RowNature.OCCURS),
        _indicator("MONEY", "đồng", RowNature.OCCURS),
        _indicator("PRICE", "%", RowNature.INDEX),
        _indicator("DEBT", "đồng", RowNature.CUMULATIVE),
        _indicator("SEEN", "hộ", RowNature.POINT),
    )
}


def _row(code: str, number: str, label: str, measure: str, decimals: int = 0, **more: object) -> Row:
    fields = {"indicator": code, "commune_entry": CommuneEntry.ENTERS, "plan": PlanKind.COUNCIL, **more}
    return Row(code, number, label, measure=measure, commune_measure=measure, decimals=decimals, **fields)  # type: ignore[arg-type]


FORM = Form(
    code="THU-01",
    title="BIỂU THỬ",
    official_number="01/THU",
    legal_basis="Quyết định số …",
    rows=(
        Row("S1", "I", "NÔNG NGHIỆP", RowKind.SECTION),
        _row("AREA", "1", "Diện tích sắn", "ha", 1),
        _row("CROP", "2", "– Sản lượng sầu riêng", "tấn", 3),
        Row("S2", "II", "XÃ HỘI", RowKind.SECTION),
        _row("HOMES", "3", "Hộ kinh doanh mới", "hộ", required=True),
        _row("MONEY", "4", "Thu ngân sách", "triệu đồng", 1, plan=PlanKind.NONE),
        _row("PRICE", "5", "Chỉ số giá", "%", 2, plan=PlanKind.NONE),
        _row("DEBT", "6", "Chênh lệch thu chi", "triệu đồng", 1, plan=PlanKind.NONE),
        _row("SEEN", "7", "Hộ đã xác minh", "hộ", commune_entry=CommuneEntry.SHOWN, plan=PlanKind.NONE),
    ),
    columns=(
        Column("c02", "2", ("Kế hoạch năm",), CellKind.PLAN, Aspect.PLAN_COUNCIL),
        Column("c05", "5", ("Năm báo cáo", "Chính thức tháng trước"), CellKind.INPUT, shift=1, prefill=True),
        Column("c06", "6", ("Năm báo cáo", "Ước tháng"), CellKind.INPUT, nature=Nature.ESTIMATE),
        Column("c07", "7", ("Năm báo cáo", "Cộng hai tháng"), CellKind.COMPUTED, formula="(c05) + (c06)"),
        Column("c13", "D", ("Ghi chú",), CellKind.NOTE),
    ),
    cell_rules=(
        CellRule(frozenset({"c02"}), plans=frozenset({PlanKind.NONE}), kind=CellKind.CLOSED),
        CellRule(frozenset({"c07"}), rows=frozenset({"PRICE"}), kind=CellKind.CLOSED),
    ),
)

BORN = date(2025, 7, 1)
EA_SUP = Unit("24211", "Xã Ea Súp", UnitKind.COMMUNE, "66", 1, BORN, BORN, short_name="Ea Súp")
EA_ROK = Unit("24214", "Xã Ea Rốk", UnitKind.COMMUNE, "66", 2, BORN, BORN, short_name="Ea Rốk")
REGIME = Regime("THU", "Báo cáo thử", "số liệu", Frequency.MONTH, "15-14", (), ("THU-01",), ("xã",), ("STC",), "STC")

BACKGROUND = Background(
    {
        Need(SeriesKey("AREA"), "202609"): Known(12050, Nature.ESTIMATE),  # 120,5 ha
        Need(SeriesKey("HOMES"), "202609"): Known(7, Nature.ESTIMATE),
        Need(SeriesKey("SEEN"), "202610"): Known(42, Nature.OFFICIAL),
        Need(SeriesKey("AREA", Aspect.PLAN_COUNCIL), "2026"): Known(150000, Nature.OFFICIAL),  # 1.500 ha
    }
)

RULES = (
    Rule("K01", "THU-01", "[HOMES].(c06) <= 100", RuleLevel.ERROR, "Quá nhiều hộ", "Xem lại"),
    Rule("K02", "THU-01", "[AREA].(c06) >= [AREA].(c05)", RuleLevel.WARNING, "Diện tích giảm", "Giải trình"),
    Rule("K03", "THU-01", "[AREA].(c06) >= 0", RuleLevel.ERROR, "Chỉ ở tỉnh", scope="tỉnh"),
)


@cache
def view(unit: Unit = EA_SUP, period: str = PERIOD) -> View:
    shape = parse(period).shape
    return View(FORM, shape, row_set(FORM, unit, shape), Definitions(MEASURES, INDICATORS))


@cache
def grid() -> Grid:
    return place(view())


def context() -> Context:
    return Context(view(), parse(PERIOD), Frequency.MONTH, BACKGROUND)


def token_text(unit: Unit = EA_SUP, period: str = PERIOD, version: int = 1, issue: int = 1, key: int = 1) -> str:
    identity = token.Token(key, FORM.code, version, unit.code, unit.born.year, period, issue, grid().hash)
    return token.issue(identity, SECRET)


def order(text: str | None = None) -> Order:
    return Order(
        context=context(),
        unit=EA_SUP,
        regime=REGIME,
        receivers=("Sở Tài chính",),
        due=datetime(2026, 10, 16, 17, tzinfo=timezone(timedelta(hours=7))),
        window=(date(2026, 9, 15), date(2026, 10, 14)),
        token=text or token_text(),
    )


@cache
def workbook() -> bytes:
    """The template as a commune downloads it."""
    return template.build(order())


def key(row: str, column: str) -> CellKey:
    return CellKey(row, column)
