"""Columns of words, choices, days, units and earlier sums in an ordinary form: drawn, read, known."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal
from functools import cache

import openpyxl
import pytest

from ingest.identity import identify
from ingest.judge import judge
from ingest.model import Case, RawCell, Verdict
from ingest.reading import read_guarded
from registry.catalogue.forms import View
from registry.catalogue.model import CellKind, Column, Member
from registry.catalogue.values import Aspect, CellKey, CellValue, Known, Nature, SeriesKey, State
from registry.periods import parse
from registry.rules.background import Background, Need
from registry.rules.context import Context
from registry.rules.evaluate import compute
from registry.rules.lookup import lookup
from registry.rules.needs import needs
from tests.ingest import a_form
from workbook_templates import template
from workbook_templates.grid import Grid, place
from workbook_templates.order import Order

COLUMNS = (
    Column("c21", "21", ("Số văn bản",), CellKind.TEXT),
    Column("c22", "22", ("Nguyên nhân",), CellKind.CHOICE, choices="lydo"),
    Column("c23", "23", ("Ngày",), CellKind.DATE),
    Column("c24", "24", ("Nơi nhận",), CellKind.UNIT, several=True),
    Column("c25", "25", ("Lũy kế đến kỳ trước",), CellKind.CUMULATIVE),
)
REASONS = (Member("lydo", "1", "Thời tiết", 1), Member("lydo", "2", "Giá cả", 2), Member("lydo", "3", "Khác", 3))
FORM = replace(a_form.FORM, columns=(*a_form.FORM.columns, *COLUMNS), members=REASONS)
WORDS = {
    "c21": CellValue(State.VALUE, text="0012/UBND"),
    "c22": CellValue(State.VALUE, text="Giá cả"),
    "c23": CellValue(State.VALUE, text="2026-10-05"),
    "c24": CellValue(State.VALUE, text="24211; 24214"),
}


@cache
def grid() -> Grid:
    plain = a_form.view()
    known = replace(plain.definitions, units=(a_form.EA_SUP, a_form.EA_ROK))
    return place(View(FORM, plain.shape, plain.row_set, known))


def order() -> Order:
    figures = dict(a_form.BACKGROUND.figures)
    figures |= {
        Need(SeriesKey("CROP"), f"2026{month:02d}"): Known(1000 * month, Nature.OFFICIAL) for month in range(1, 10)
    }
    context = Context(grid().view, parse(a_form.PERIOD), a_form.REGIME.frequency, Background(figures))
    identity = a_form.token.Token(1, FORM.code, 1, "24211", 2025, a_form.PERIOD, 1, grid().hash)
    return replace(a_form.order(a_form.token.issue(identity, a_form.SECRET)), context=context)


def filled() -> bytes:
    answers = {CellKey("CROP", code): value for code, value in WORDS.items()}
    answers[CellKey("HOMES", "c06")] = CellValue(State.VALUE, Decimal(7))
    return template.build(order(), answers)


def verdict(date1904: bool = False, **put: RawCell) -> Verdict:
    extraction = read_guarded(filled(), "tệp.xlsx")
    sheet = next(one for one in extraction.sheets if one.name == grid().sheet)
    cells = dict(sheet.cells)
    for code, cell in put.items():
        address = grid().cells[CellKey("CROP", code)]
        cells[address] = cell._replace(a1=address)
    sheets = tuple(replace(one, cells=cells) if one is sheet else one for one in extraction.sheets)
    changed = replace(extraction, sheets=sheets, date1904=date1904)
    return judge(changed, identify(changed, a_form.KEYS), Case(a_form.EA_SUP, order().context, ()))


def kept(code: str, cell: RawCell, date1904: bool = False) -> tuple[str | None, set[str]]:
    found = verdict(date1904, **{code: cell})
    here = grid().cells[CellKey("CROP", code)]
    return found.values[CellKey("CROP", code)].text, {one.code for one in found.findings if one.cell == here}


def test_words_written_are_the_words_read() -> None:
    found = verdict()
    assert {code: found.values[CellKey("CROP", code)] for code in WORDS} == WORDS
    sheet = openpyxl.load_workbook(io.BytesIO(filled()))[grid().sheet]
    at = grid().cells
    assert sheet[at[CellKey("CROP", "c24")]].value == "Xã Ea Súp; Xã Ea Rốk"
    assert sheet[at[CellKey("CROP", "c23")]].number_format == "dd/mm/yyyy"
    assert not sheet[at[CellKey("CROP", "c22")]].protection.locked


def test_rows_a_unit_only_sees_close_their_words() -> None:
    kinds = {key.column: spec.kind for key, spec in grid().view.cells.items() if key.row == "SEEN"}
    assert {kinds[code] for code in WORDS} == {CellKind.CLOSED}


@pytest.mark.parametrize(
    ("code", "cell", "date1904", "text", "codes"),
    [
        ("c23", RawCell("", "n", "46300", None, "dd/mm/yyyy"), False, "2026-10-05", set()),
        ("c23", RawCell("", "n", "44838", None, "dd/mm/yyyy"), True, "2026-10-05", set()),
        ("c23", RawCell("", "s", "5/10/2026"), False, "2026-10-05", set()),
        ("c23", RawCell("", "s", "5-10-2026"), False, "2026-10-05", set()),
        ("c23", RawCell("", "d", "2026-10-05"), False, "2026-10-05", set()),
        ("c23", RawCell("", "s", "31/02/2026"), False, None, {"date-bad"}),
        ("c23", RawCell("", "n", "5", None, "General"), False, None, {"date-bad"}),
        ("c23", RawCell("", "s", "tháng 10"), False, None, {"date-bad"}),
        ("c22", RawCell("", "s", "gia ca"), False, "Giá cả", set()),
        ("c22", RawCell("", "n", "2"), False, "Giá cả", set()),
        ("c22", RawCell("", "s", "Dịch bệnh"), False, None, {"choice-unknown"}),
        ("c22", RawCell("", "s", "Gi¸ c¶", font=".VnTime"), False, "Giá cả", {"text-converted"}),
        ("c22", RawCell("", "s", "Giaù caû"), False, "Giá cả", {"text-converted"}),
        ("c22", RawCell("", "s", "Kh¸c"), False, "Khác", {"choice-legacy"}),
        ("c22", RawCell("", "s", "Kh¸t"), False, None, {"choice-unknown"}),
        ("c24", RawCell("", "s", "X· Ea Sóp; Ea Rèk", font=".VnArial"), False, "24211; 24214", {"text-converted"}),
        ("c21", RawCell("", "s", "123/Q§-UBND", font=".VnTime"), False, "123/QĐ-UBND", {"text-converted"}),
        ("c21", RawCell("", "s", "Kh¸c"), False, "Kh¸c", {"text-doubtful"}),
        ("c24", RawCell("", "s", "ea súp;EA ROK"), False, "24211; 24214", set()),
        ("c24", RawCell("", "s", "Ea Súp; Ea Súp"), False, "24211", set()),
        ("c24", RawCell("", "s", "Ea Súp; Ea Đâu"), False, None, {"unit-unknown"}),
        ("c21", RawCell("", "n", "12"), False, "12", {"text-from-number"}),
        ("c21", RawCell("", "n", "12", None, "0000"), False, "0012", {"text-from-number"}),
    ],
)  # fmt: skip
def test_words_are_understood_or_named(code: str, cell: RawCell, date1904: bool, text: str | None, codes: set) -> None:  # type: ignore[type-arg]
    assert kept(code, cell, date1904) == (text, codes)


def test_an_unknown_word_is_answered_with_the_nearest() -> None:
    found = verdict(c22=RawCell("", "s", "Thời tiếc")).findings
    assert [one.expected for one in found if one.code == "choice-unknown"] == ["Thời tiết"]


def test_the_sum_of_earlier_periods_is_known_and_never_typed() -> None:
    context, spec = order().context, grid().view.cells[CellKey("CROP", "c25")]
    wanted = {
        need.period for need in needs(grid().view, context.period, context.frequency) if need.series.indicator == "CROP"
    }
    assert {f"2026{month:02d}" for month in range(1, 10)} <= wanted
    assert lookup(context, spec)[0] == 45  # 1 + … + 9 tấn
    typed = {CellKey("CROP", "c25"): CellValue(State.VALUE, Decimal(99))}
    assert compute(context, typed)[CellKey("CROP", "c25")].number == 45


def test_a_stock_is_what_it_was_last_and_a_growing_figure_its_last_sum() -> None:
    context, view = order().context, grid().view
    assert lookup(context, view.cells[CellKey("AREA", "c25")])[0] == Decimal("120.5")
    debt = view.cells[CellKey("DEBT", "c25")]
    grown = {Need(SeriesKey("DEBT", Aspect.CUMULATIVE), "202609"): Known(5_000_000, Nature.OFFICIAL)}
    assert lookup(replace(context, background=Background(grown)), debt)[0] == 5
    january = replace(context, period=parse("202601"))
    assert lookup(january, debt)[0] == 0
