"""A small report: one form with every kind of province value, three communes, two agencies, and a fluent builder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction

from compile.compiled import Compiled, compiled
from compile.contributions import periods_of
from compile.model import CompileInput, Expected, FigureRow, FormInput, Narrative, Source, SourceKind
from compile.totals import Totals, totals
from registry.catalogue.forms import Definitions, View, row_set, subject_of
from registry.catalogue.measures import Measure, to_mantissa
from registry.catalogue.model import (
    Accumulation,
    Aggregation,
    CellKind,
    CellRule,
    Column,
    CommuneEntry,
    Deadline,
    Form,
    Frequency,
    Indicator,
    PlanKind,
    ProvinceValue,
    Regime,
    Row,
    RowKind,
    RowNature,
    Unit,
    UnitKind,
)
from registry.catalogue.values import Aspect, CellKey, CellValue, Known, Nature, SeriesKey, State
from registry.periods import parse, window
from registry.periods.deadline import LOCAL
from registry.rules.background import Background, Need
from registry.workflow.timeliness import Sending

PERIOD = parse("202610")
LAST_MONTH = "202609"
BORN = date(2025, 7, 1)
AS_OF = datetime(2026, 10, 20, 17, 5, tzinfo=LOCAL)
SENT = datetime(2026, 10, 16, 9, 0, tzinfo=LOCAL)


def unit(code: str, name: str, kind: UnitKind, order: int, parent: str | None = "66", **more: str) -> Unit:
    return Unit(code, name, kind, parent, order, BORN, BORN, **more)


PROVINCE = unit(
    "66",
    "Tỉnh Đắk Lắk",
    UnitKind.PROVINCE,
    0,
    None,
    short_name="Đắk Lắk",
    letterhead="ỦY BAN NHÂN DÂN / TỈNH ĐẮK LẮK",
    signer="TM. ỦY BAN NHÂN DÂN / CHỦ TỊCH",
)
SNNMT = unit(
    "SNNMT",
    "Sở Nông nghiệp và Môi trường",
    UnitKind.DEPARTMENT,
    10,
    letterhead="UBND TỈNH ĐẮK LẮK // SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG",
    signer="GIÁM ĐỐC",
)
TKE = unit("TKE", "Thống kê tỉnh", UnitKind.VERTICAL, 11)
# the official order is neither the order of codes nor the alphabet
EA_SUP = unit("24211", "Xã Ea Súp", UnitKind.COMMUNE, 20, short_name="Ea Súp", phone="0262 3 123 456")
TUY_HOA = unit("22015", "Phường Tuy Hòa", UnitKind.WARD, 21, short_name="Tuy Hòa")
BUON_DON = unit("24235", "Xã Buôn Đôn", UnitKind.COMMUNE, 22, short_name="Buôn Đôn")
COMMUNES = (EA_SUP, TUY_HOA, BUON_DON)
AGENCIES = (SNNMT, TKE)
UNITS = (PROVINCE, *AGENCIES, *COMMUNES)


def due_from(moment: datetime, sent: Mapping[Unit, datetime | None]) -> dict[str, Sending]:
    """Each unit's deadline and when it sent its report, by its code."""
    return {
        one.code: Sending(0, "KTXH", PERIOD.code, 1, moment, moment, sent_at, sent_at) for one, sent_at in sent.items()
    }


MEASURES = {
    one.code: one
    for one in (
        Measure("ha", "diện tích", Fraction(1), 2, False),
        Measure("con", "con", Fraction(1), 0, True),
        Measure("lượt", "lượt", Fraction(1), 0, True),
        Measure("đồng", "tiền VND", Fraction(1), 0, False),
        Measure("triệu đồng", "tiền VND", Fraction(10**6), 6, False),
        Measure("tỷ đồng", "tiền VND", Fraction(10**9), 9, False),
        Measure("%", "tỷ lệ", Fraction(1), 4, False),
        Measure("điểm %", "điểm", Fraction(1), 4, False),
    )
}


def indicator(
    code: str, measure: str, nature: RowNature, adds: Aggregation = Aggregation.SUM, **more: str
) -> Indicator:
    return Indicator(code, code, measure, nature, Accumulation.ADD, adds, **more)


INDICATORS = {
    one.code: one
    for one in (
        indicator("SUM", "ha", RowNature.OCCURS),
        indicator("ALL", "lượt", RowNature.OCCURS),
        indicator("SAID", "đồng", RowNature.OCCURS, Aggregation.NONE),
        indicator("BOTH", "con", RowNature.POINT),
        indicator("MONEY", "đồng", RowNature.CUMULATIVE),
        indicator("INDEX", "%", RowNature.INDEX, Aggregation.NONE),
        indicator("PEOPLE", "con", RowNature.POINT),
        indicator("RATE", "%", RowNature.RATIO, Aggregation.RATIO, numerator="BOTH", denominator="PEOPLE"),
    )
}


def row(code: str, number: str, label: str, value: ProvinceValue, measure: str, **more: object) -> Row:
    return Row(code, number, label, indicator=code, measure=measure, province_value=value, **more)  # type: ignore[arg-type]


ENTERS, SHOWN = CommuneEntry.ENTERS, CommuneEntry.SHOWN
FORM = Form(
    code="NHO-01",
    title="BIỂU NHỎ",
    official_number="01/NHO",
    legal_basis="Quyết định số …/QĐ-UBND",
    rows=(
        Row("M1", "I", "NÔNG NGHIỆP", kind=RowKind.SECTION),
        row("SUM", "1", "Diện tích tái canh", ProvinceValue.COMMUNES, "ha", commune_measure="ha", decimals=1,
            commune_entry=ENTERS, plan=PlanKind.COUNCIL),
        row("ALL", "2", "Lượt công dân được tiếp", ProvinceValue.ALL, "lượt", commune_measure="lượt",
            commune_entry=ENTERS, suppliers=("SNNMT",)),
        row("BOTH", "3", "Đàn bò", ProvinceValue.AGENCY_AND_COMMUNES, "con", commune_measure="con",
            commune_entry=ENTERS, suppliers=("SNNMT",)),
        row("RATE", "3.1", "Tỷ lệ bao phủ", ProvinceValue.COMPUTED, "%", commune_measure="%", decimals=2,
            commune_entry=SHOWN),
        Row("M2", "II", "TÀI CHÍNH", kind=RowKind.SECTION),
        row("SAID", "4", "Bán lẻ", ProvinceValue.AGENCY, "tỷ đồng", decimals=1, suppliers=("TKE", "SNNMT")),
        row("MONEY", "5", "Thu ngân sách xã", ProvinceValue.COMMUNES, "tỷ đồng", commune_measure="triệu đồng",
            decimals=1, commune_entry=ENTERS),
        row("INDEX", "6", "Chỉ số giá", ProvinceValue.AGENCY, "%", decimals=2, suppliers=("TKE",)),
    ),
    columns=(
        Column("c02", "1", ("Kế hoạch",), CellKind.PLAN, Aspect.PLAN_COUNCIL),
        Column("c03", "2", ("Cùng kỳ năm trước",), CellKind.SAME_PERIOD),
        Column("c05", "3", ("Năm báo cáo", "Chính thức tháng trước"), shift=1, prefill=True),
        Column("c06", "4", ("Năm báo cáo", "Ước tháng báo cáo"), nature=Nature.ESTIMATE),
        Column("c07", "5", ("Năm báo cáo", "Ước lũy kế"), CellKind.COMPUTED, Aspect.CUMULATIVE, nature=Nature.ESTIMATE,
               formula="LŨY_KẾ((c06); 2) + (c05) + (c06)"),
        Column("c08", "6", ("So sánh (%)", "So tháng trước"), CellKind.COMPUTED, formula="(c06) / (c05) * 100",
               measure="%", decimals=1),
        Column("c13", "D", ("Ghi chú",), CellKind.NOTE, width=20),
    ),
    cell_rules=(
        CellRule(frozenset({"c07"}), natures=frozenset({RowNature.POINT}), kind=CellKind.CLOSED),
        CellRule(frozenset({"c05", "c07"}), natures=frozenset({RowNature.CUMULATIVE}), aspect=Aspect.CUMULATIVE),
        CellRule(frozenset({"c06"}), natures=frozenset({RowNature.CUMULATIVE}), kind=CellKind.COMPUTED,
                 formula="(c07) - (c05)"),
        CellRule(frozenset({"c07"}), natures=frozenset({RowNature.CUMULATIVE}), kind=CellKind.INPUT),
        CellRule(frozenset({"c05", "c06", "c07"}), natures=frozenset({RowNature.INDEX}), kind=CellKind.CLOSED),
        CellRule(frozenset({"c08"}), natures=frozenset({RowNature.INDEX}), kind=CellKind.INPUT,
                 aspect=Aspect.INDEX_MONTH, decimals=2),
        CellRule(frozenset({"c05", "c06"}), natures=frozenset({RowNature.RATIO}), kind=CellKind.SHOWN),
        CellRule(frozenset({"c03", "c07"}), natures=frozenset({RowNature.RATIO}), kind=CellKind.CLOSED),
        CellRule(frozenset({"c08"}), natures=frozenset({RowNature.RATIO}), formula="(c06) - (c05)", measure="điểm %",
                 decimals=2),
    ),
)  # fmt: skip
DEFINITIONS = Definitions(MEASURES, INDICATORS)
REGIME = Regime(
    code="NHO",
    name="Báo cáo nhỏ hằng tháng",
    content="cả hai",
    frequency=Frequency.MONTH,
    calendar="15-14",
    deadlines=(Deadline("xã", 16, time(17)),),
    forms=("NHO-01",),
    reporters=("xã", "phường", "SNNMT", "TKE"),
    receivers=("66",),
    lead="SNNMT",
    report_title="Tình hình kinh tế tháng {m} và {m} tháng năm {Y}",
)

Answer = Decimal | int | str  # "-" nil, "…" not available


def value(answer: Answer) -> CellValue:
    """A cell from what is typed: a number, "-" or "…"."""
    signs = {"-": State.NIL, "…": State.NOT_AVAILABLE}
    if isinstance(answer, str):
        return CellValue(signs[answer])
    number = Decimal(answer)
    return CellValue(State.VALUE, number) if number else CellValue(State.ZERO, Decimal(0))


@dataclass(frozen=True)
class ReportBuilder:
    """``a_report().gives(EA_SUP, {"SUM.c06": 10})``: each call is one unit's counted version."""

    form: Form = FORM
    versions: tuple[tuple[Unit, Mapping[str, Answer], SourceKind, Mapping[str, object]], ...] = ()
    known: Mapping[Need, Known] = field(default_factory=dict)
    more: Mapping[str, object] = field(default_factory=dict)
    definitions: Definitions = DEFINITIONS

    def gives(
        self, who: Unit, answers: Mapping[str, Answer], kind: SourceKind = SourceKind.UPLOAD, **source: object
    ) -> ReportBuilder:
        return replace(self, versions=(*self.versions, (who, answers, kind, source)))

    def nil(self, who: Unit) -> ReportBuilder:
        return self.gives(who, {}, SourceKind.NIL)

    def knows(self, code: str, period: str, mantissa: int, aspect: Aspect = Aspect.ACTUAL) -> ReportBuilder:
        need = Need(SeriesKey(code, aspect), period)
        return replace(self, known={**self.known, need: Known(mantissa, Nature.OFFICIAL)})

    def having(self, **more: object) -> ReportBuilder:
        return replace(self, more={**self.more, **more})

    @property
    def order(self) -> CompileInput:
        figures: list[FigureRow] = []
        sources = []
        expected = tuple(
            Expected(one, row_set(self.form, one, PERIOD.shape)) for one in (*reversed(COMMUNES), *AGENCIES)
        )
        for number, (who, answers, kind, source) in enumerate(self.versions, 1):
            values = {CellKey(*cell.split(".")): value(answer) for cell, answer in answers.items()}
            figures += self._figures(who, values, number)
            sources.append(_source(who, kind, number, values, source))
        form_input = FormInput(self.form, expected, tuple(sources), tuple(figures))
        order = CompileInput(
            regime=REGIME,
            period=PERIOD,
            province=PROVINCE,
            issuer=PROVINCE,
            as_of=AS_OF,
            forms=(form_input,),
            background=Background(self.known),
            definitions=self.definitions,
            units=UNITS,
            window=window(PERIOD, "15-14"),
        )
        return replace(order, **self.more)

    def _figures(self, who: Unit, values: Mapping[CellKey, CellValue], number: int) -> list[FigureRow]:
        view = View(self.form, PERIOD.shape, row_set(self.form, who, PERIOD.shape), self.definitions)
        rows = {one.code: one for one in self.form.rows}
        found = []
        for key, held in values.items():
            spec = view.inputs[key]
            assert spec.series is not None
            mantissa = 0
            if held.state is State.VALUE and held.number is not None:
                canonical = self.definitions.canonical(spec.series)
                mantissa = to_mantissa(held.number, self.definitions.measures[spec.measure], canonical)
            period = periods_of(spec, PERIOD, REGIME.frequency)[0]
            subject = subject_of(rows[key.row], who, PROVINCE.code)
            found.append(FigureRow(spec.series, period, subject, who.code, mantissa, held.state, spec.nature, number))
        return found

    @property
    def totals(self) -> Totals:
        order = self.order
        return totals(order.forms[0], order)

    @property
    def compiled(self) -> Compiled:
        return compiled(self.order)


def _source(
    who: Unit, kind: SourceKind, number: int, values: Mapping[CellKey, CellValue], more: Mapping[str, object]
) -> Source:
    is_file = kind is SourceKind.UPLOAD
    source = Source(
        unit=who,
        version_id=number,
        version_no=1,
        kind=kind,
        submitted_by="Nguyễn Thị Hoa",
        submitted_at=SENT,
        approved_by="Trần Văn Nam",
        approved_at=SENT,
        upload_id=100 + number if is_file else None,
        file_name=f"NHO-01_202610_{who.code}_v1.xlsx" if is_file else "",
        file_sha=f"{number:064x}" if is_file else "",
        values=values,
    )
    return replace(source, **more)  # type: ignore[arg-type]


def a_report(form: Form = FORM) -> ReportBuilder:
    """A report nobody has sent anything for yet."""
    return ReportBuilder(form)


def a_full_report() -> ReportBuilder:
    """Everybody but one commune has reported; the agency and the communes disagree by a tenth."""
    return (
        a_report()
        .gives(EA_SUP, {"SUM.c05": 9, "SUM.c06": Decimal("10.5"), "ALL.c06": 7, "BOTH.c06": 400, "MONEY.c07": 1500})
        .gives(BUON_DON, {"SUM.c05": 11, "SUM.c06": "-", "ALL.c06": "-", "BOTH.c06": 500, "MONEY.c07": 2750})
        .gives(SNNMT, {"ALL.c06": 3, "BOTH.c05": 990, "BOTH.c06": 1000, "SAID.c06": 888})
        .gives(TKE, {"SAID.c05": 1200, "SAID.c06": Decimal("1260.5"), "INDEX.c08": Decimal("100.35")})
        .knows("SUM", "202510", 1000)
        .knows("SUM", "2026", 12000, Aspect.PLAN_COUNCIL)
        .knows("PEOPLE", LAST_MONTH, 2000)
    )


def a_narrative(who: Unit, data: bytes, name: str = "thuyet_minh.docx") -> Narrative:
    return Narrative(who, name, data, "0" * 64)
