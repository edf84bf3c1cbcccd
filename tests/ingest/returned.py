"""A workbook that comes back: the template as read, edited in memory the way people edit it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from ingest.a1 import join, split
from ingest.identity import identify
from ingest.judge import judge
from ingest.model import Case, Extraction, RawCell, RawSheet, Verdict
from ingest.reading import read_guarded
from registry.findings import Finding
from tests.ingest import a_form


@cache
def template() -> Extraction:
    extraction = read_guarded(a_form.workbook(), "biểu.xlsx")
    assert not extraction.findings, extraction.findings
    return extraction


class Returned:
    """Fluent edits of one returned workbook; ``filled`` starts from one that is entirely in order."""

    def __init__(self, extraction: Extraction | None = None, case: Case | None = None) -> None:
        self.extraction = extraction or template()
        self.case = case or Case(a_form.EA_SUP, a_form.context(), a_form.RULES)

    @classmethod
    def filled(cls) -> Returned:
        book = cls()
        for key in a_form.view().inputs:
            if key.column == "c06":
                book.number(key.row, "c06", "121")
        return book.number("HOMES", "c06", "9").sign_all_blank()

    def sign_all_blank(self) -> Returned:
        for key in a_form.view().inputs:
            if self.cell(key.row, key.column) is None:
                self.text(key.row, key.column, "-")
        return self

    # --- cells

    @property
    def sheet(self) -> RawSheet:
        return next(one for one in self.extraction.sheets if one.name == a_form.grid().sheet)

    def cell(self, row: str, column: str) -> RawCell | None:
        return self.sheet.cells.get(a_form.grid().cells[a_form.key(row, column)])

    def number(self, row: str, column: str, digits: str, number_format: str = "General") -> Returned:
        return self.put(row, column, "n", digits, number_format=number_format)

    def text(self, row: str, column: str, text: str, font: str = "Times New Roman") -> Returned:
        return self.put(row, column, "s", text, font=font)

    def put(self, row: str, column: str, kind: str, raw: str, formula: str | None = None, **more: str) -> Returned:
        address = a_form.grid().cells[a_form.key(row, column)]
        return self.at(address, RawCell(address, kind, raw, formula, **more))  # type: ignore[arg-type]

    def erase(self, row: str, column: str) -> Returned:
        return self.at(a_form.grid().cells[a_form.key(row, column)], None)

    def at(self, address: str, cell: RawCell | str | None) -> Returned:
        """Puts a cell, or a text, at an address of the form's sheet; None empties it."""
        cells = dict(self.sheet.cells)
        cells.pop(address, None)
        if cell is not None:
            cells[address] = RawCell(address, "s", cell) if isinstance(cell, str) else cell
        return self.with_sheet(replace(self.sheet, cells=cells))

    # --- sheets and rows

    def with_sheet(self, changed: RawSheet) -> Returned:
        sheets = tuple(changed if one.name == self.sheet.name else one for one in self.extraction.sheets)
        self.extraction = replace(self.extraction, sheets=sheets)
        return self

    def add_sheet(self, sheet: RawSheet) -> Returned:
        self.extraction = replace(self.extraction, sheets=(*self.extraction.sheets, sheet))
        return self

    def drop_sheet(self) -> Returned:
        sheets = tuple(one for one in self.extraction.sheets if one is not self.sheet)
        self.extraction = replace(self.extraction, sheets=sheets)
        return self

    def move(self, where: Callable[[int, int], tuple[int, int] | None]) -> Returned:
        """Every cell goes to ``where(row, column)``; None drops it."""
        cells = {}
        for address, cell in self.sheet.cells.items():
            place = where(*split(address))
            if place is not None:
                cells[join(*place)] = cell._replace(a1=join(*place))
        return self.with_sheet(replace(self.sheet, cells=cells))

    # --- what comes of it

    def verdict(self) -> Verdict:
        return judge(self.extraction, identify(self.extraction, a_form.KEYS), self.case)

    def found(self, code: str) -> list[Finding]:
        return [one for one in self.verdict().findings if one.code == code]

    def codes(self) -> set[str]:
        return {one.code for one in self.verdict().findings}
