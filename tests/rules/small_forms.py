"""Small forms for the tests of rules: a monthly form of every row nature, a quarterly matrix, a bare sheet."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from registry.catalogue.forms import Definitions, View, province_row_set, row_set
from registry.catalogue.measures import Measure, to_mantissa
from registry.catalogue.model import (
    Accumulation,
    Aggregation,
    Applies,
    CellKind,
    CellRule,
    Column,
    CommuneEntry,
    Form,
    Frequency,
    Indicator,
    Occasion,
    Row,
    RowKind,
    RowNature,
    Rule,
    RuleLevel,
    Unit,
    UnitKind,
)
from registry.catalogue.values import Aspect, CellKey, CellValue, Known, Nature, SeriesKey, State
from registry.periods import parse
from registry.rules.background import Background, Need
from registry.rules.context import Context

MEASURES = {
    measure.code: measure
    for measure in (
        Measure("ha", "diện tích", Fraction(1), 2, False),
        Measure("tấn", "khối lượng", Fraction(1), 3, False),
        Measure("con", "con", Fraction(1), 0, True),
        Measure("đồng", "tiền VND", Fraction(1), 0, False),
        Measure("triệu đồng", "tiền VND", Fraction(10**6), 0, False),
        Measure("tỷ đồng", "tiền VND", Fraction(10**9), 0, False),
        Measure("hồ sơ", "hồ sơ", Fraction(1), 0, True),
        Measure("%", "tỷ lệ", Fraction(1), 4, False),
    )
}

ADDING, GIVEN = Accumulation.ADD, Accumulation.GIVEN


def indicator(code: str, measure: str, nature: RowNature) -> Indicator:
    return Indicator(code, code, measure, nature, ADDING, Aggregation.SUM)


INDICATORS = {
    one.code: one
    for one in (
        indicator("NN01", "ha", RowNature.SEASON),
        indicator("NN02", "ha", RowNature.SEASON),
        indicator("NN07", "ha", RowNature.POINT),
        indicator("NN09", "ha", RowNature.POINT),
        indicator("NN12", "tấn", RowNature.OCCURS),
        indicator("NN17", "con", RowNature.OCCURS),
        indicator("CN01", "%", RowNature.INDEX),
        indicator("TC01", "đồng", RowNature.CUMULATIVE),
        indicator("TC02", "đồng", RowNature.CUMULATIVE),
        indicator("TC03", "đồng", RowNature.CUMULATIVE),
        indicator("TC04", "đồng", RowNature.CUMULATIVE),
        indicator("TC06", "đồng", RowNature.POINT),
        indicator("TC07", "đồng", RowNature.CUMULATIVE),
        indicator("TC08", "%", RowNature.RATIO),
        indicator("NC06", "hồ sơ", RowNature.OCCURS),
        indicator("NC07", "hồ sơ", RowNature.OCCURS),
        indicator("NC08", "hồ sơ", RowNature.OCCURS),
        *(indicator(f"HS{number:02d}", "hồ sơ", RowNature.OCCURS) for number in range(3, 14)),
    )
}
DEFINITIONS = Definitions(MEASURES, INDICATORS)

ENTERS, SHOWN, ABSENT = CommuneEntry.ENTERS, CommuneEntry.SHOWN, CommuneEntry.ABSENT


def data(code: str, label: str, measure: str, decimals: int = 0, **more: object) -> Row:
    fields = {"indicator": code, "commune_entry": ENTERS, **more}
    return Row(code, "", label, measure=measure, decimals=decimals, **fields)  # type: ignore[arg-type]


def months(*numbers: int) -> Occasion:
    return Occasion(frozenset({Applies.MONTH}), frozenset(numbers))


MONTHLY = Form(
    code="KTXH-01",
    title="CÁC CHỈ TIÊU",
    official_number="01",
    legal_basis="",
    rows=(
        Row("I", "I", "NÔNG NGHIỆP", RowKind.SECTION),
        data("NN01", "Gieo trồng Đông Xuân", "ha", 1, occasion=months(11, 12, 1, 2, 3, 4, 5)),
        data("NN02", "Lúa Đông Xuân", "ha", 1, occasion=months(11, 12, 1, 2, 3, 4, 5)),
        data("NN07", "Sắn", "ha", 1),
        data("NN09", "Cà phê", "ha", 1),
        data("NN12", "Sầu riêng", "tấn", 0, occasion=months(6, 7, 8, 9, 10, 11)),
        data("NN17", "Lợn tiêu hủy", "con", 0),
        data("CN01", "IIP", "%", 2, commune_entry=ABSENT),
        data("TC01", "Tổng thu", "tỷ đồng", 1, commune_measure="triệu đồng", commune_entry=SHOWN),
        data("TC02", "Thu nội địa", "tỷ đồng", 1, commune_measure="triệu đồng", commune_entry=SHOWN),
        data("TC03", "Tiền sử dụng đất", "tỷ đồng", 1, commune_measure="triệu đồng", commune_entry=SHOWN),
        data("TC04", "Thu xuất nhập khẩu", "tỷ đồng", 1, commune_entry=ABSENT),
        data("TC06", "Kế hoạch vốn", "tỷ đồng", 1, commune_measure="triệu đồng"),
        data("TC07", "Giải ngân", "tỷ đồng", 1, commune_measure="triệu đồng"),
        data("TC08", "Tỷ lệ giải ngân", "%", 2),
        data("NC06", "Tai nạn: số vụ", "hồ sơ"),
        data("NC07", "Số người chết", "hồ sơ"),
        data("NC08", "Số người bị thương", "hồ sơ"),
    ),
    columns=(
        Column("c01", "1", ("Kế hoạch năm", "Trung ương giao"), CellKind.PLAN, Aspect.PLAN_CENTRAL),
        Column("c02", "2", ("Kế hoạch năm", "HĐND giao"), CellKind.PLAN, Aspect.PLAN_COUNCIL),
        Column("c03", "3", ("Cùng kỳ năm trước", "Tháng"), CellKind.SAME_PERIOD),
        Column("c04", "4", ("Cùng kỳ năm trước", "Lũy kế"), CellKind.CUMULATIVE_SAME_PERIOD),
        Column("c05", "5", ("Năm báo cáo", "Chính thức tháng trước"), shift=1, prefill=True),
        Column("c06", "6", ("Năm báo cáo", "Ước tháng"), nature=Nature.ESTIMATE),
        Column("c07", "7", ("Năm báo cáo", "Ước lũy kế"), CellKind.COMPUTED, Aspect.CUMULATIVE, nature=Nature.ESTIMATE,
               formula="LŨY_KẾ((c06); 2) + (c05) + (c06)"),
        Column("c08", "8", ("So sánh (%)", "Tháng trước"), CellKind.COMPUTED, formula="(c06)/(c05)*100", measure="%",
               decimals=1),
        Column("c10", "10", ("So sánh (%)", "Lũy kế cùng kỳ"), CellKind.COMPUTED, formula="TỶ_LỆ((c07); (c04))",
               measure="%", decimals=1),
        Column("c13", "D", ("Ghi chú",), CellKind.NOTE),
    ),
    cell_rules=(
        CellRule(frozenset({"c05", "c07"}), natures=frozenset({RowNature.CUMULATIVE, RowNature.SEASON}),
                 aspect=Aspect.CUMULATIVE),
        CellRule(frozenset({"c07"}), natures=frozenset({RowNature.CUMULATIVE, RowNature.SEASON}), kind=CellKind.INPUT),
        CellRule(frozenset({"c06"}), natures=frozenset({RowNature.CUMULATIVE, RowNature.SEASON}),
                 kind=CellKind.COMPUTED, formula="(c07) - (c05)"),
        CellRule(frozenset({"c04", "c07", "c10"}), natures=frozenset({RowNature.POINT}), kind=CellKind.CLOSED),
        CellRule(frozenset({"c08"}), natures=frozenset({RowNature.INDEX}), kind=CellKind.INPUT,
                 aspect=Aspect.INDEX_MONTH, decimals=2),
        CellRule(frozenset({"c05", "c06", "c07", "c10"}), natures=frozenset({RowNature.INDEX}), kind=CellKind.CLOSED),
        CellRule(frozenset({"c05", "c06"}), natures=frozenset({RowNature.RATIO}), kind=CellKind.CLOSED),
        CellRule(frozenset({"c07"}), rows=frozenset({"TC08"}), kind=CellKind.COMPUTED,
                 formula="[TC07].(c07) / [TC06].(c06) * 100"),
    ),
)  # fmt: skip


def _dossiers(number: int, formula: str = "", shift: int = 0) -> Column:
    kind = CellKind.COMPUTED if formula else CellKind.INPUT
    return Column(
        f"c{number:02d}", str(number), (f"Cột {number}",), kind, indicator=f"HS{11 if shift else number:02d}",
        formula=formula, shift=shift, prefill=bool(shift),
    )  # fmt: skip


_FIELDS = ("HT", "CT", "DD", "KHAC")
DOSSIERS = Form(
    code="II.06a",
    title="TTHC",
    official_number="II.06a",
    legal_basis="",
    rows=(
        *(
            Row(code, "", code, member=("linhvuc", code), measure="hồ sơ", commune_entry=ENTERS)
            for code in _FIELDS
        ),
        Row("TONG", "", "Tổng cộng", RowKind.TOTAL, measure="hồ sơ"),
    ),
    columns=(
        _dossiers(3, "(4)+(5)+(6)"), _dossiers(4), _dossiers(5), _dossiers(6, shift=1), _dossiers(7, "(8)+(9)+(10)"),
        _dossiers(8), _dossiers(9), _dossiers(10), _dossiers(11, "(12)+(13)"), _dossiers(12), _dossiers(13),
    ),
    cell_rules=(
        CellRule(frozenset(f"c{number:02d}" for number in range(3, 14)), rows=frozenset({"TONG"}),
                 kind=CellKind.COMPUTED, formula="SUM([HT]:[KHAC])"),
    ),
)  # fmt: skip

BORN = date(2025, 7, 1)
COMMUNE = Unit("24211", "Xã Ea Súp", UnitKind.COMMUNE, "66", 1, BORN, BORN, groups=(("loai", "xã"),))
WARD = Unit("24121", "Phường Tân Lập", UnitKind.WARD, "66", 2, BORN, BORN, groups=(("loai", "phường"),))


def background(**figures: object) -> Background:
    """``background(NN12_202609=5)``: actual estimates in the canonical measure's own units."""
    return facts({(name.split("_")[0], Aspect.ACTUAL, name.split("_")[1]): value for name, value in figures.items()})


def facts(figures: dict[tuple[str, Aspect, str], object], nature: Nature = Nature.ESTIMATE) -> Background:
    """Figures by indicator, aspect and period, in the canonical measure's own units; "-" is nil."""
    known = {}
    for (code, aspect, period), value in figures.items():
        series = SeriesKey(code, aspect)
        canonical = DEFINITIONS.canonical(series)
        state = State.NIL if value == "-" else State.VALUE
        mantissa = 0 if value == "-" else to_mantissa(Decimal(str(value)), canonical, canonical)
        known[Need(series, period)] = Known(mantissa, nature, state)
    return Background(known)


def view(form: Form = MONTHLY, period: str = "202610", unit: Unit | None = COMMUNE) -> View:
    shape = parse(period).shape
    rows = row_set(form, unit, shape) if unit else province_row_set(form, shape)
    return View(form, shape, rows, DEFINITIONS)


def context(
    form: Form = MONTHLY,
    period: str = "202610",
    known: Background | None = None,
    unit: Unit | None = COMMUNE,
    frequency: Frequency | None = None,
) -> Context:
    monthly = Frequency.MONTH if form.code != "II.06a" else Frequency.QUARTERS_AND_YEAR
    return Context(view(form, period, unit), parse(period), frequency or monthly, known or Background(), unit)


def value(written: object) -> CellValue:
    """ "-" nil, "…" not available, "" blank, numbers as given; other text is text."""
    signs = {"-": State.NIL, "…": State.NOT_AVAILABLE, "": State.BLANK, "x": State.NOT_APPLICABLE}
    if written in signs:
        return CellValue(signs[str(written)])
    try:
        number = Decimal(str(written))
    except ArithmeticError:
        return CellValue(State.VALUE, text=str(written))
    return CellValue(State.VALUE, number) if number else CellValue(State.ZERO, Decimal(0))


def cells(**written: object) -> dict[CellKey, CellValue]:
    """``cells(NN12_c06=5)`` types 5 into [NN12].(c06)."""
    return {CellKey(*name.split("_", 1)): value(one) for name, one in written.items()}


def rule(formula: str, form: str = "KTXH-01", **more: object) -> Rule:
    fields = {"level": RuleLevel.ERROR, "message": "Sai.", "fix": "Sửa.", **more}
    return Rule("K", form, formula, **fields)  # type: ignore[arg-type]


def sheet(
    formula: str = "",
    decimals: int = 2,
    measure: str = "tấn",
    rows: int = 6,
    more: int = 1,
    indicator: str | None = None,
) -> Form:
    """Form ``S`` of rows R1… and inputs a, b, c, with a computed column f in the decimals given."""
    inputs = [Column(name, "", (name,)) for name in "abc"]
    return Form(
        code="S",
        title="S",
        official_number="S",
        legal_basis="",
        rows=tuple(
            Row(f"R{n}", "", f"Dòng {n}", indicator=indicator, measure=measure, decimals=more, commune_entry=ENTERS)
            for n in range(1, rows + 1)
        ),
        columns=(*inputs, Column("f", "", ("f",), CellKind.COMPUTED, formula=formula, decimals=decimals)),
    )  # fmt: skip
