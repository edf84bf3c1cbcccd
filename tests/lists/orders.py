"""The two sample list forms as a commune meets them, with a few lines, and a reader that takes the workbook back."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from functools import cache

import openpyxl

from ingest.a1 import join, split
from ingest.identity import identify
from ingest.judge import judge
from ingest.model import Case, Extraction, RawCell, RawSheet, Verdict
from ingest.reading import read_guarded
from registry.catalogue.forms import Definitions, View, row_set
from registry.catalogue.values import CellKey, CellValue, State
from registry.periods import parse, window
from registry.rules.background import Background, KnownLines
from registry.rules.context import Context
from registry.sample.sources import base
from workbook_templates import template, token
from workbook_templates.grid import place
from workbook_templates.list_grid import ListGrid, place_lists
from workbook_templates.order import Order

SECRET = b"a secret of at least 32 bytes for tests"
PROJECTS, HAMLETS = "DTC-01", "HN-01"
TABLE = {PROJECTS: "DA", HAMLETS: "THON"}
_PERIODS = {PROJECTS: "202610", HAMLETS: "2026"}
Answers = dict[CellKey, CellValue]


@cache
def definitions() -> Definitions:
    catalogue = base()
    return Definitions(
        {one.code: one for one in catalogue.measures},
        {one.code: one for one in catalogue.indicators},
        members=catalogue.members,
        units=tuple(one for one in catalogue.units if one.valid_to is None),
    )


@cache
def view(form: str, unit: str = "24211") -> View:
    catalogue = base()
    one = next(one for one in catalogue.forms if one.code == form)
    shape = parse(_PERIODS[form]).shape
    return View(one, shape, row_set(one, next(u for u in catalogue.units if u.code == unit), shape), definitions())


def order(form: str = PROJECTS, unit: str = "24211", lines: KnownLines | None = None) -> Order:
    catalogue, period = base(), parse(_PERIODS[form])
    whom = next(one for one in catalogue.units if one.code == unit)
    regime = next(one for one in catalogue.regimes if form in one.forms)
    met = view(form, unit)
    identity = token.Token(1, form, 1, unit, whom.born.year, period.code, 1, place(met).hash)
    return Order(
        context=Context(met, period, regime.frequency, Background(), whom, lines=lines or KnownLines()),
        unit=whom,
        regime=regime,
        receivers=("Sở Tài chính", "Văn phòng UBND tỉnh"),
        due=datetime(2026, 11, 3, 17, tzinfo=timezone(timedelta(hours=7))),
        window=window(period, regime.calendar),
        token=token.issue(identity, SECRET),
        contact="Sở Tài chính",
        rules=tuple(one for one in catalogue.rules if one.form == form),
    )


def grid(form: str = PROJECTS) -> ListGrid:
    return place_lists(view(form))[0]


def text(words: str) -> CellValue:
    return CellValue(State.VALUE, text=words)


def number(digits: str | int) -> CellValue:
    value = Decimal(digits)
    return CellValue(State.VALUE if value else State.ZERO, value)


def answers(form: str, lines: Iterable[Mapping[str, CellValue]]) -> Answers:
    return {CellKey(TABLE[form], code, n): one for n, line in enumerate(lines, 1) for code, one in line.items()}


def project(code: str = "0012345", source: str = "NSĐP cân đối", **more: CellValue) -> dict[str, CellValue]:
    """One line of DTC-01 with everything right."""
    line = {
        "c01": text(code), "c02": text("Đường liên xã"), "c03": text("24211"), "c04": text("C"),
        "c05": text("24211; 24133"), "c07": number(45000), "c09": text(source), "c09a": text("2026"),
        "c10": number(10000), "c11": number(500), "c12": number(12000), "c14": number("7250.5"),
        "c17": number(12000), "c18": number(12500), "c19": text("Giải phóng mặt bằng; Vốn"), "c19a": text("Còn 3 hộ"),
    }  # fmt: skip
    return line | more


def hamlet(name: str = "Thôn 1", **more: CellValue) -> dict[str, CellValue]:
    """One line of HN-01 with everything right."""
    line = {
        "c00": text(name), "c00a": text("Nông thôn"), "c01": number(210), "c02": number(80), "c03": number(20),
        "c04": number(5), "c07": number(1), "c10": number(16), "c11": number(9), "c12": number(15),
        "c13": number(4), "c14": number(3), "c17": number(14),
    }  # fmt: skip
    return line | more


class Back:
    """A workbook that came back; each edit changes a list's sheet as a person would."""

    def __init__(self, form: str, lines: Iterable[Mapping[str, CellValue]], one: Order | None = None) -> None:
        self.form, self.order, self.grid = form, one or order(form), grid(form)
        self.extraction: Extraction = read_guarded(template.build(self.order, answers(form, lines)), "tệp.xlsx")

    @property
    def sheet(self) -> RawSheet:
        return next(one for one in self.extraction.sheets if one.name == self.grid.sheet)

    def row(self, n: int) -> int:
        return self.grid.number_row + n

    def put(self, n: int, code: str, kind: str, raw: str, number_format: str = "General") -> Back:
        return self.at(self.row(n), self.grid.columns[code], kind, raw, number_format)

    def at(self, row: int, column: int, kind: str, raw: str, number_format: str = "General") -> Back:
        address = join(row, column)
        cells = {**self.sheet.cells, address: RawCell(address, kind, raw, None, number_format)}
        return self._with(replace(self.sheet, cells=cells))

    def erase(self, n: int, *codes: str) -> Back:
        gone = {join(self.row(n), self.grid.columns[code]) for code in codes}
        kept = {address: cell for address, cell in self.sheet.cells.items() if address not in gone}
        return self._with(replace(self.sheet, cells=kept))

    def move(self, where: Callable[[int, int], tuple[int, int] | None]) -> Back:
        """Every cell goes to ``where(row, column)``; None drops it."""
        cells = {}
        for address, cell in self.sheet.cells.items():
            place_ = where(*split(address))
            if place_ is not None:
                cells[join(*place_)] = cell._replace(a1=join(*place_))
        return self._with(replace(self.sheet, cells=cells))

    def unprotected(self) -> Back:
        return self._with(replace(self.sheet, protected=False))

    def without_sheet(self) -> Back:
        sheets = tuple(one for one in self.extraction.sheets if one.name != self.grid.sheet)
        self.extraction = replace(self.extraction, sheets=sheets)
        return self

    def date1904(self) -> Back:
        self.extraction = replace(self.extraction, date1904=True)
        return self

    def _with(self, changed: RawSheet) -> Back:
        sheets = tuple(changed if one.name == changed.name else one for one in self.extraction.sheets)
        self.extraction = replace(self.extraction, sheets=sheets)
        return self

    def verdict(self) -> Verdict:
        case = Case(self.order.unit, self.order.context, self.order.rules)
        return judge(self.extraction, identify(self.extraction, {1: SECRET}), case)

    def codes(self) -> list[str]:
        return [one.code for one in self.verdict().findings]


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))
