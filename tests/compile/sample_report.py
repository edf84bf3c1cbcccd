"""A report of the sample catalogue with generated figures: some communes missing, one provisional, one nil."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from io import BytesIO

from compile.contributions import periods_of
from compile.model import CompileInput, Expected, FigureRow, FormInput, Narrative, Source, SourceKind
from compile.past import province_needs
from compile.report_tables import printed_view
from compile.unit_table import is_matrix
from registry.catalogue.forms import Definitions, View, province_row_set, row_set, subject_of
from registry.catalogue.measures import to_mantissa
from registry.catalogue.model import PROVINCE, RowNature, Unit
from registry.catalogue.values import BLANK, Aspect, CellKey, CellValue, Known, Nature, State
from registry.periods import WorkingCalendar, parse, timetable, window
from registry.periods.deadline import LOCAL
from registry.rules.background import Background
from registry.rules.context import Context
from registry.rules.evaluate import compute
from registry.sample import catalogue
from registry.workflow.timeliness import Sending

MISSING = ("24211", "22015", "22051", "24121", "24163")
PROVISIONAL = "22057"
NIL = "24607"
_SIZES = {"ha": 700, "tấn": 900, "con": 3800, "nghìn con": 210, "người": 90, "hộ": 9, "trẻ": 38, "tỷ đồng": 12}


@cache
def sample_report(regime_code: str = "KTXH", period_code: str = "202610", seed: int = 7) -> CompileInput:
    """A CompileInput of the whole sample catalogue."""
    held = catalogue()
    draw = random.Random(seed)
    regime = next(one for one in held.regimes if one.code == regime_code)
    period = parse(period_code)
    units = tuple(unit for unit in held.units if unit.valid_to is None)
    province = next(unit for unit in units if unit.code == PROVINCE)
    definitions = Definitions({one.code: one for one in held.measures}, {one.code: one for one in held.indicators})
    reporters = [unit for unit in units if unit.kind.value in regime.reporters or unit.code in regime.reporters]
    calendar = WorkingCalendar(held.holidays)
    dues = timetable(regime, period, calendar)
    due = {unit.code: dues.of("xã" if unit.kind.is_commune else "sở").moment for unit in reporters}
    forms = []
    annexes = tuple(one for code in regime.report_forms for one in held.forms if one.code == code)
    background: dict = {}
    for code in regime.forms:
        form = next(one for one in held.forms if one.code == code)
        expected = tuple(Expected(unit, row_set(form, unit, period.shape)) for unit in reporters)
        expected = tuple(one for one in expected if one.rows.open_rows)
        maker = _Maker(form, period, regime, definitions, draw, due)
        forms.append(maker.form_input(expected))
        wanted = province_needs(
            View(form, period.shape, province_row_set(form, period.shape), definitions), period, regime.frequency
        )
        background.update(_background(wanted, definitions, maker, draw))
    for annex in annexes:
        wanted = province_needs(printed_view(annex, period.shape, definitions), period, regime.frequency)
        background = _background(wanted - background.keys(), definitions, maker, draw) | background
    sent: dict[str, datetime] = {}  # with the last of its forms
    for source in (source for form in forms for source in form.sources):
        sent[source.unit.code] = max(source.approved_at, sent.get(source.unit.code, source.approved_at))
    narratives = tuple(
        Narrative(unit, f"BC_{unit.code}.docx", _docx(unit), "0" * 64)
        for unit in reporters
        if unit.code in ("STC", "SNNMT", "SCT", "24133")
    ) + tuple(
        Narrative(u, "thuyet minh.doc", b"\xd0\xcf\x11\xe0 old word", "1" * 64) for u in reporters if u.code == "SYT"
    )
    return CompileInput(
        regime=regime,
        period=period,
        province=province,
        issuer=province,
        as_of=period_end(period),
        forms=tuple(forms),
        background=Background(background),
        definitions=definitions,
        units=units,
        report_forms=annexes,
        narratives=narratives,
        outline=next(
            (one for one in held.outlines for level, code in regime.outlines if level == "tỉnh" and one.code == code),
            None,
        ),
        rules=tuple(rule for rule in held.rules if rule.scope == "tỉnh"),
        window=window(period, regime.calendar),
        sendings={
            code: Sending(0, regime.code, period.code, 1, one, one, sent.get(code), sent.get(code))
            for code, one in due.items()
        },
        calendar=calendar,
        sample=True,
    )


def period_end(period) -> datetime:
    return datetime(period.last.year, period.last.month, 20, 17, 5, tzinfo=LOCAL)


class _Maker:
    def __init__(self, form, period, regime, definitions, draw, due):
        self.form, self.period, self.regime = form, period, regime
        self.definitions, self.draw, self.due = definitions, draw, due
        self.figures: list[FigureRow] = []
        self.sources: list[Source] = []
        self.rows = {row.code: row for row in form.rows}
        self.sizes: dict[str, Decimal] = {}

    def form_input(self, expected) -> FormInput:
        for number, one in enumerate(expected, 100):
            if one.unit.code not in MISSING:
                self._version(number, one)
        return FormInput(self.form, expected, tuple(self.sources), tuple(self.figures))

    def _version(self, number: int, one: Expected) -> None:
        unit = one.unit
        view = View(self.form, self.period.shape, one.rows, self.definitions)
        values: dict[CellKey, CellValue] = {}
        for key, spec in view.inputs.items():
            value = self._value(key, spec, unit)
            values[key] = value
            if spec.series is None or value.state is State.BLANK:
                continue
            measures = self.definitions.measures
            mantissa = 0
            if value.state is State.VALUE:
                mantissa = to_mantissa(value.number, measures[spec.measure], self.definitions.canonical(spec.series))
            self.figures.append(
                FigureRow(
                    spec.series,
                    periods_of(spec, self.period, self.regime.frequency)[0],
                    subject_of(self.rows[key.row], unit, PROVINCE),
                    unit.code,
                    mantissa,
                    value.state,
                    spec.nature,
                    number,
                )
            )
        if is_matrix(self.form):  # units are printed with what their own workbooks computed
            context = Context(view, self.period, self.regime.frequency, Background(), unit)
            values = {**compute(context, values), **values}
        due = self.due[unit.code]
        sent = due + timedelta(hours=self.draw.choice((-30, -20, -6, -3, -2, -1, 30)))
        nil = unit.code == NIL
        self.sources.append(
            Source(
                unit=unit,
                version_id=number,
                version_no=self.draw.choice((1, 1, 1, 2)),
                kind=SourceKind.NIL if nil else SourceKind.UPLOAD,
                submitted_by="Nguyễn Thị Hoa",
                submitted_at=sent - timedelta(hours=1),
                approved_by="Trần Văn Nam",
                approved_at=sent,
                upload_id=None if nil else 5000 + number,
                file_name="" if nil else f"{self.form.code}_{self.period.code}_{unit.code}_v1.xlsx",
                file_sha="" if nil else f"{number:064x}",
                values=values,
                provisional=unit.code == PROVISIONAL,
            )
        )

    def _value(self, key: CellKey, spec, unit: Unit) -> CellValue:
        if unit.code == NIL:
            return CellValue(State.NIL)
        roll = self.draw.random()
        if unit.kind.is_commune and roll < 0.03:
            return CellValue(State.NIL)
        if unit.kind.is_commune and roll < 0.035:
            return BLANK
        nature = self.definitions.indicators[spec.series.indicator].nature if spec.series else RowNature.OCCURS
        if nature is RowNature.INDEX:
            size = Decimal(str(round(self.draw.uniform(98, 109), spec.decimals)))
            return CellValue(State.VALUE, size)
        size = Decimal(_SIZES.get(spec.measure, 40))
        if spec.series and spec.series.aspect is Aspect.CUMULATIVE:
            size = size * 9 if spec.measure.endswith("đồng") else size
        if unit.kind.is_commune and spec.measure == "triệu đồng":
            size = Decimal(15000)
        if not unit.kind.is_commune:
            size *= 97
        base = self.sizes.setdefault(f"{unit.code}/{key.row}", Decimal(self.draw.randint(40, 160)) / 100)
        wobble = Decimal(self.draw.randint(95, 108)) / 100
        number = (size * base * wobble).quantize(Decimal(1).scaleb(-spec.decimals))
        return CellValue(State.VALUE, number) if number else CellValue(State.ZERO, Decimal(0))


def _background(wanted, definitions: Definitions, maker: _Maker, draw: random.Random) -> dict:
    """Figures of the province of other periods: near this period's, as history is."""
    sums: dict[tuple[str, bool], int] = {}
    for figure in maker.figures:
        if figure.period == maker.period.code:
            key = figure.series.indicator, figure.series.aspect is Aspect.CUMULATIVE
            sums[key] = sums.get(key, 0) + figure.mantissa
    sums.update({(one.series.indicator, False): one.mantissa for one in maker.figures if one.subject == PROVINCE})
    sums.update({("DANSO", False): 3_346_853, ("CN01", False): 1_055_000, ("TM05", False): 1_003_000})
    found = {}
    for need in sorted(wanted):
        indicator, aspect = need.series.indicator, need.series.aspect
        growing = sums.get((indicator, True))
        size = growing or sums.get((indicator, False), 0)
        if aspect.value.startswith("plan") and definitions.indicators[indicator].nature is RowNature.OCCURS:
            size *= 12
        if growing and aspect is Aspect.CUMULATIVE:
            size = size * int(need.period[4:6]) // maker.period.last.month
        mantissa = size * draw.randint(88, 104) // 100
        if mantissa:
            found[need] = Known(mantissa, Nature.ESTIMATE if draw.random() < 0.1 else Nature.OFFICIAL)
    return found


def _docx(unit: Unit) -> bytes:
    import docx

    document = docx.Document()
    document.add_heading("I. Tình hình, kết quả thực hiện", 1)
    paragraph = document.add_paragraph("Trong tháng 10, ")
    paragraph.add_run(unit.name).bold = True
    paragraph.add_run(" đã triển khai đồng bộ các nhiệm vụ được giao; ")
    paragraph.add_run("kết quả đạt được cơ bản đúng kế hoạch.").italic = True
    document.add_paragraph("Thu hoạch cà phê niên vụ mới", style="List Number")
    document.add_paragraph("Phòng, chống dịch bệnh trên đàn vật nuôi", style="List Number")
    table = document.add_table(rows=3, cols=3)
    for row, cells in enumerate(
        (("TT", "Nội dung", "Kết quả"), ("1", "Tập huấn", "12 lớp"), ("2", "Kiểm tra", "35 đợt"))
    ):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    document.add_heading("II. Khó khăn, hạn chế", 1)
    document.add_paragraph("Giá vật tư tăng; mưa kéo dài ảnh hưởng tiến độ một số công trình.")
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()
