"""A small catalogue imitating both layouts: KTXH-01 (natures, ĐVT column) and II.06a (matrix, total row, no ĐVT)."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from fractions import Fraction

from registry.catalogue.forms import Definitions, View, row_set
from registry.catalogue.measures import Measure
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
    PlanKind,
    ProvinceValue,
    Regime,
    Row,
    RowKind,
    RowNature,
    Unit,
    UnitKind,
)
from registry.catalogue.values import Aspect, Known, Nature, SeriesKey
from registry.periods import parse
from registry.rules.background import Background, Need
from registry.rules.context import Context
from workbook_templates import token
from workbook_templates.grid import place
from workbook_templates.order import Order

SECRET = b"a secret of at least 32 bytes for tests"
LOCAL = timezone(timedelta(hours=7))

MEASURES = {
    m.code: m
    for m in (
        Measure("ha", "diện tích", Fraction(1), 2, False),
        Measure("tấn", "khối lượng", Fraction(1), 3, False),
        Measure("con", "con", Fraction(1), 0, True),
        Measure("nghìn con", "con", Fraction(1000), 3, False),
        Measure("triệu đồng", "tiền VND", Fraction(10**6), 6, False),
        Measure("tỷ đồng", "tiền VND", Fraction(10**9), 9, False),
        Measure("đồng", "tiền VND", Fraction(1), 0, False),
        Measure("hộ", "hộ", Fraction(1), 0, True),
        Measure("hồ sơ", "hồ sơ", Fraction(1), 0, True),
        Measure("%", "tỷ lệ", Fraction(1), 4, False),
    )
}


def indicator(code: str, name: str, measure: str, nature: RowNature, concept: str = "") -> Indicator:
    return Indicator(code, name, measure, nature, Accumulation.ADD, Aggregation.SUM, concept=concept)


CONCEPT = "Sản lượng quả tươi đã cắt bán. " * 8

INDICATORS = {
    i.code: i
    for i in (
        indicator("NN02", "Lúa Đông Xuân", "ha", RowNature.SEASON),
        indicator("NN07", "Sắn: diện tích hiện có", "ha", RowNature.POINT),
        indicator("NN12", "Sầu riêng: sản lượng thu hoạch", "tấn", RowNature.OCCURS, CONCEPT),
        indicator("NN16", "Đàn gia cầm", "con", RowNature.POINT),
        indicator("TC01", "Tổng thu NSNN trên địa bàn", "đồng", RowNature.CUMULATIVE),
        indicator("TX01", "Thu ngân sách xã được hưởng", "đồng", RowNature.CUMULATIVE),
        indicator("TC12", "Hộ kinh doanh đăng ký thành lập mới", "hộ", RowNature.OCCURS),
        indicator("TC13", "Hộ kinh doanh ngừng hoạt động", "hộ", RowNature.OCCURS),
        indicator("TC14", "Tỷ lệ ngừng trên thành lập mới", "%", RowNature.RATIO),
        *(indicator(f"HS{n:02d}", f"Số hồ sơ cột {n}", "hồ sơ", RowNature.OCCURS) for n in range(3, 14)),
    )
}
DEFINITIONS = Definitions(MEASURES, INDICATORS)

EVERY = CommuneEntry.ENTERS
SHOWN = CommuneEntry.SHOWN


def _row(code: str, number: str, label: str, measure: str, commune: str = "", **more: object) -> Row:
    fields = {"indicator": code, "commune_entry": EVERY, "suppliers": ("STC",), **more}
    return Row(code, number, label, measure=measure, commune_measure=commune or measure, **fields)  # type: ignore[arg-type]


MONTHLY = Form(
    code="KTXH-09",
    title="CÁC CHỈ TIÊU KINH TẾ - XÃ HỘI CHỦ YẾU",
    official_number="09/KTXH",
    legal_basis="Quyết định số …/QĐ-UBND ngày …/…/… của Ủy ban nhân dân tỉnh",
    rows=(
        Row("S1", "I", "NÔNG, LÂM NGHIỆP VÀ THỦY SẢN; NÔNG THÔN MỚI", RowKind.SECTION),
        _row("NN02", "1.1", "– Lúa Đông Xuân", "ha", decimals=1, indent=1, plan=PlanKind.SEASON,
             occasion=Occasion(frozenset({Applies.MONTH}), frozenset({11, 12, 1, 2, 3, 4, 5}))),
        _row("NN07", "4", "Sắn: diện tích hiện có", "ha", decimals=1, plan=PlanKind.COUNCIL),
        _row("NN12", "7", "Sầu riêng: sản lượng thu hoạch trong kỳ trên địa bàn", "tấn", plan=PlanKind.COUNCIL),
        _row("NN16", "11", "Đàn gia cầm", "nghìn con", "con", decimals=0, plan=PlanKind.COUNCIL),
        Row("S2", "II", "TÀI CHÍNH", RowKind.SECTION),
        _row("TC01", "27", "Tổng thu NSNN trên địa bàn", "tỷ đồng", "triệu đồng", decimals=1, plan=PlanKind.BUDGET,
             commune_entry=SHOWN),
        _row("TX01", "28", "Thu ngân sách xã được hưởng", "tỷ đồng", "triệu đồng", decimals=1, plan=PlanKind.BUDGET),
        _row("TC12", "32", "Hộ kinh doanh đăng ký thành lập mới", "hộ"),
        _row("TC13", "32.1", "– Hộ kinh doanh ngừng hoạt động", "hộ", indent=1),
        _row("TC14", "32.2", "– Tỷ lệ ngừng trên thành lập mới", "%", indent=1, decimals=2),
    ),
    columns=(
        Column("c01", "1", ("Kế hoạch (dự toán) năm", "Trung ương giao"), CellKind.PLAN, Aspect.PLAN_CENTRAL,
               hidden_from=frozenset({"xã"}), width=9),
        Column("c02", "2", ("Kế hoạch (dự toán) năm", "HĐND giao"), CellKind.PLAN, Aspect.PLAN_COUNCIL, width=9),
        Column("c03", "3", ("Cùng kỳ năm trước", "Tháng"), CellKind.SAME_PERIOD, width=9),
        Column("c04", "4", ("Cùng kỳ năm trước", "Lũy kế"), CellKind.CUMULATIVE_SAME_PERIOD,
               occasion=Occasion(months=frozenset(range(2, 13))), width=9),
        Column("c05", "5", ("Năm báo cáo", "Chính thức tháng trước"), CellKind.INPUT, shift=1, prefill=True, width=9),
        Column("c06", "6", ("Năm báo cáo", "Ước tháng báo cáo"), CellKind.INPUT, nature=Nature.ESTIMATE, width=9),
        Column("c07", "7", ("Năm báo cáo", "Ước lũy kế"), CellKind.COMPUTED, Aspect.CUMULATIVE,
               nature=Nature.ESTIMATE, formula="LŨY_KẾ((c06); 2) + (c05) + (c06)", keep=True, width=9),
        Column("c08", "8", ("So sánh (%)", "Tháng so với tháng trước"), CellKind.COMPUTED,
               formula="(c06)/(c05)*100", measure="%", decimals=2, width=8),
        Column("c10", "10", ("So sánh (%)", "Lũy kế so với cùng kỳ"), CellKind.COMPUTED,
               formula="(c07)/(c04)*100", measure="%", decimals=2,
               occasion=Occasion(months=frozenset(range(2, 13))), width=8),
        Column("c11", "11", ("So sánh (%)", "Lũy kế so với KH (dự toán) HĐND"), CellKind.COMPUTED,
               formula="(c07)/(c02)*100", measure="%", decimals=2, width=8),
        Column("c13", "D", ("Ghi chú (nguyên nhân tăng, giảm)",), CellKind.NOTE, width=18),
        Column("c14", "13", ("Ước cả năm",), CellKind.INPUT, Aspect.YEAR_ESTIMATE, nature=Nature.ESTIMATE,
               occasion=Occasion(months=frozenset({10, 11})), width=9),
    ),
    cell_rules=(
        CellRule(frozenset({"c05", "c06"}), natures=frozenset({RowNature.SEASON, RowNature.CUMULATIVE}),
                 aspect=Aspect.CUMULATIVE),
        CellRule(frozenset({"c06"}), natures=frozenset({RowNature.SEASON, RowNature.CUMULATIVE}),
                 kind=CellKind.COMPUTED, formula="(c07)-(c05)", keep=False),
        CellRule(frozenset({"c07"}), natures=frozenset({RowNature.SEASON, RowNature.CUMULATIVE}),
                 kind=CellKind.INPUT),
        CellRule(frozenset({"c07"}), natures=frozenset({RowNature.POINT}), kind=CellKind.CLOSED),
        CellRule(frozenset({"c04", "c10"}), natures=frozenset({RowNature.POINT}), kind=CellKind.CLOSED),
        CellRule(frozenset({"c05", "c06", "c07"}), rows=frozenset({"TC14"}), kind=CellKind.COMPUTED,
                 formula="[TC13]/[TC12]*100", keep=False, prefill=False),
        CellRule(frozenset({"c08", "c10", "c11", "c14"}), rows=frozenset({"TC14"}), kind=CellKind.CLOSED),
        CellRule(frozenset({"c01"}), plans=frozenset({PlanKind.COUNCIL, PlanKind.SEASON, PlanKind.NONE}),
                 kind=CellKind.CLOSED),
        CellRule(frozenset({"c02", "c11"}), plans=frozenset({PlanKind.NONE}), kind=CellKind.CLOSED),
    ),
)  # fmt: skip

_FIELDS = ("Hộ tịch", "Chứng thực", "Đất đai", "Thành lập và hoạt động của hộ kinh doanh", "Hoạt động xây dựng")


def _file_column(n: int, *path: str, formula: str = "", kind: CellKind = CellKind.INPUT) -> Column:
    kind = CellKind.COMPUTED if formula else kind
    return Column(f"c{n:02d}", f"({n})", path, kind, formula=formula, indicator=f"HS{n:02d}", keep=True, width=9)


_RECEIVED, _SETTLED, _PENDING = (
    "Số hồ sơ tiếp nhận",
    "Số lượng hồ sơ đã giải quyết",
    "Số lượng hồ sơ đang giải quyết",
)
MATRIX = Form(
    code="II.09a",
    title="TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH TẠI CƠ QUAN, ĐƠN VỊ TRỰC TIẾP GIẢI QUYẾT",
    official_number="II.09a/VPCP/KSTT",
    legal_basis="Thông tư số …/…/TT-VPCP",
    rows=(
        *(
            Row(f"L{i}", str(i), name, member=("linhvuc", f"L{i}"), measure="hồ sơ", commune_measure="hồ sơ",
                commune_entry=EVERY, province_value=ProvinceValue.ALL)
            for i, name in enumerate(_FIELDS, start=1)
        ),
        Row("TONG", "", "Tổng cộng", RowKind.TOTAL, measure="hồ sơ", commune_measure="hồ sơ"),
    ),
    columns=(
        _file_column(3, _RECEIVED, "Tổng số", formula="(c04)+(c05)+(c06)"),
        _file_column(4, _RECEIVED, "Trong kỳ", "Trực tuyến"),
        _file_column(5, _RECEIVED, "Trong kỳ", "Trực tiếp, dịch vụ bưu chính"),
        _file_column(6, _RECEIVED, "Từ kỳ trước"),
        _file_column(7, _SETTLED, "Tổng số", formula="(c08)+(c09)+(c10)"),
        _file_column(8, _SETTLED, "Trước hạn"),
        _file_column(9, _SETTLED, "Đúng hạn"),
        _file_column(10, _SETTLED, "Quá hạn"),
        _file_column(11, _PENDING, "Tổng số", formula="(c12)+(c13)"),
        _file_column(12, _PENDING, "Trong hạn"),
        _file_column(13, _PENDING, "Quá hạn"),
    ),
    cell_rules=tuple(
        CellRule(frozenset({f"c{n:02d}"}), rows=frozenset({"TONG"}), kind=CellKind.COMPUTED,
                 formula=f"SUM([L1]:[L5].(c{n:02d}))")
        for n in range(3, 14)
    ),
    letters=("(1)", "(2)"),
    label_headings=("TT", "Lĩnh vực giải quyết"),
    unit_line="Đơn vị tính: Số hồ sơ TTHC",
    zeros_printed=True,
)  # fmt: skip

BORN = date(2025, 7, 1)
EA_SUP = Unit("24211", "Xã Ea Súp", UnitKind.COMMUNE, "66", 1, BORN, BORN, short_name="Ea Súp")
EA_ROK = Unit("24214", "Xã Ea Rốk", UnitKind.COMMUNE, "66", 2, BORN, BORN, short_name="Ea Rốk")
FINANCE = Unit("STC", "Sở Tài chính", UnitKind.DEPARTMENT, "66", 3, BORN, BORN, short_name="Đắk Lắk")


def _regime(code: str, name: str, frequency: Frequency, form: str) -> Regime:
    return Regime(code, name, "cả hai", frequency, "15-14", (), (form,), ("xã", "sở"), ("STC", "VPUB"), "STC")


MONTHLY_REGIME = _regime("KTXH", "Báo cáo kinh tế – xã hội tháng", Frequency.MONTH, "KTXH-09")
QUARTERLY_REGIME = _regime("KSTT", "Báo cáo kiểm soát thủ tục hành chính", Frequency.QUARTERS_AND_YEAR, "II.09a")


def known(**figures: int) -> Background:
    """``known(NN12_202609=5000)``: actual estimates by indicator and period, mantissas."""
    needs = {}
    for name, mantissa in figures.items():
        code, period = name.split("_")
        needs[Need(SeriesKey(code), period)] = Known(mantissa, Nature.ESTIMATE)
    return Background(needs)


def order(
    form: Form = MONTHLY,
    unit: Unit = EA_SUP,
    period: str = "202610",
    background: Background | None = None,
    rules: tuple = (),
    issue: int = 1,
) -> Order:
    moment = parse(period)
    view = View(form, moment.shape, row_set(form, unit, moment.shape), DEFINITIONS)
    regime = MONTHLY_REGIME if form.code != "II.09a" else QUARTERLY_REGIME
    identity = token.Token(1, form.code, form.version, unit.code, unit.born.year, period, issue, place(view).hash)
    return Order(
        context=Context(view, moment, regime.frequency, background or Background()),
        unit=unit,
        regime=regime,
        receivers=("Sở Tài chính", "Văn phòng UBND tỉnh"),
        due=datetime(2026, 10, 16, 17, tzinfo=LOCAL),
        window=(date(2026, 9, 15), date(2026, 10, 14)),
        token=token.issue(identity, SECRET),
        issue=issue,
        contact="Văn phòng UBND tỉnh, Phòng Tổng hợp, điện thoại 0262 3 000 000",
        rules=rules,
    )
