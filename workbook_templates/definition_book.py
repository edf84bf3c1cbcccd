"""A catalogue written as the folder of workbooks an office clerk edits; ``ingest.definition`` reads it back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter

from registry.catalogue import book
from registry.catalogue.book import Page
from registry.catalogue.model import Catalogue
from registry.catalogue.reorganise import SHEET, Act
from registry.catalogue.sheets import Field
from vietnamese.copydeck import deck
from workbook_templates.plain_text import PLAIN_TEXT
from workbook_templates.text_width import column_points, height, line_count

_copy = deck(Path(__file__).parent / "definition_book.toml")
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,11})(,\d{0,3}[1-9])?")  # exact as a double, so Excel may show it as a number
_LONGEST_LIST = 255  # characters Excel takes in a dropdown written out
_SIZE = 11  # points of the default font
_SPARE = 200  # rows below the last that still have dropdowns
_LONGEST_TITLE, _LONGEST_PROMPT = 32, 255  # characters of an input hint
_WRITTEN = datetime(2025, 7, 1, tzinfo=UTC).replace(tzinfo=None)  # one catalogue, one file, byte for byte


Place = tuple[str, str]  # stem of a sheet, attribute of a field


@dataclass(frozen=True)
class Help:
    """What stands beside the cells of a workbook for whoever fills it, by field."""

    hints: Mapping[Place, str]  # a sentence: comment of the header, prompt of the cells
    sources: Mapping[Place, str]  # where a dropdown's words stand: ='Tra cứu'!$A$2:$A$9
    several: frozenset[Place]  # fields that take more than one of their words


_NO_HELP = Help({}, {}, frozenset())


def write(catalogue: Catalogue) -> dict[str, bytes]:
    """The folder by relative path, ``units.xlsx`` … ``forms/KTXH-01.xlsx``; equal catalogues give equal bytes."""
    return {f"{name}.xlsx": written(pages) for name, pages in book.pages(book.canonical(catalogue)).items()}


def write_acts(acts: Iterable[Act]) -> bytes:
    """A reorganisation as a workbook, empty ones too; ``ingest.reorganisation`` reads it back."""
    return written((book.page(SHEET, [(act, "") for act in acts]),))


def written(pages: Iterable[Page]) -> bytes:
    """One workbook of pages."""
    target = BytesIO()
    with begun(target) as workbook:
        write_pages(workbook, pages)
    return target.getvalue()


def begun(target: BytesIO) -> xlsxwriter.Workbook:
    """A workbook that is the same bytes whenever it holds the same."""
    workbook = xlsxwriter.Workbook(target, PLAIN_TEXT)
    workbook.set_properties({"created": _WRITTEN})
    return workbook


def write_pages(workbook: xlsxwriter.Workbook, pages: Iterable[Page], help_: Help = _NO_HELP) -> None:
    """One sheet for each page, with dropdowns and what help there is."""
    head = {"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter"}
    formats = {
        "head": workbook.add_format({**head, "bg_color": "#DDE7F0"}),
        "required": workbook.add_format({**head, "bg_color": "#F6DDB5"}),
        "text": workbook.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
        "number": workbook.add_format({"num_format": "General", "valign": "top", "align": "center"}),
    }
    for page in pages:
        _Sheet(workbook.add_worksheet(page.sheet.title), page, formats, help_).write()


def row_height(texts: Sequence[str], widths: Sequence[float], *, bold: bool = False) -> float:
    """Height of a row in which every text is seen whole; ``widths`` of its columns in characters."""
    lines = (line_count(text, column_points(w), _SIZE, bold) for text, w in zip(texts, widths, strict=True) if text)
    return height(max(lines, default=1), _SIZE)


@dataclass(frozen=True)
class _Sheet:
    """One page being written."""

    sheet: Any
    page: Page
    formats: Mapping[str, Any]
    help: Help

    def write(self) -> None:
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        (self._down if self.page.sheet.vertical else self._across)()

    def _across(self) -> None:
        page = self.page
        self.sheet.freeze_panes(1, 1)
        for column, (header, field) in enumerate(zip(page.headers, page.fields, strict=True)):
            self.sheet.set_column(
                column, column, field.width, self.formats["number" if field.codec.numeric else "text"]
            )
            self._head(0, column, header, field)
            self._prompt(field, (1, column, len(page.rows) + _SPARE, column))
        self.sheet.set_row(0, row_height(page.headers, [field.width for field in page.fields], bold=True))
        for line, texts in enumerate(page.rows, start=1):
            self.sheet.set_row(line, row_height(texts, [field.width for field in page.fields]))
            for column, (text, field) in enumerate(zip(texts, page.fields, strict=True)):
                self._cell(line, column, text, field)
        if page.headers:
            self.sheet.autofilter(0, 0, max(len(page.rows), 1), len(page.headers) - 1)

    def _down(self) -> None:
        page = self.page
        self.sheet.freeze_panes(0, 1)
        self.sheet.set_column(0, 0, 26)
        self.sheet.set_column(1, max(len(page.rows), 1), 60, self.formats["text"])
        for line, (header, field) in enumerate(zip(page.headers, page.fields, strict=True)):
            self._head(line, 0, header, field)
            self._prompt(field, (line, 1, line, max(len(page.rows), 1)))
            for column, texts in enumerate(page.rows, start=1):
                self._cell(line, column, texts[line], field)

    def _head(self, line: int, column: int, header: str, field: Field) -> None:
        self.sheet.write_string(line, column, header, self.formats["required" if field.required else "head"])
        hint = self.help.hints.get((self.page.sheet.stem, field.name))
        if hint:
            self.sheet.write_comment(line, column, hint, {"x_scale": 2, "y_scale": 1 + len(hint) / 120})

    def _cell(self, line: int, column: int, text: str, field: Field) -> None:
        if not text:
            return
        if field.codec.numeric and _NUMBER.fullmatch(text):
            self.sheet.write_number(line, column, float(text.replace(",", ".")), self.formats["number"])
        else:
            self.sheet.write_string(line, column, text, self.formats["text"])

    def _prompt(self, field: Field, area: tuple[int, int, int, int]) -> None:
        """A dropdown where the words are known, and the hint shown when a cell is chosen."""
        place = (self.page.sheet.stem, field.name)
        options = _dropdown(field) or self._from_sheet(place)
        if hint := self.help.hints.get(place):
            options = {"validate": "any", **options, "input_title": field.header.strip()[:_LONGEST_TITLE]}
            options["input_message"] = hint[:_LONGEST_PROMPT]
        if options:
            self.sheet.data_validation(*area, options)

    def _from_sheet(self, place: Place) -> dict[str, Any]:
        source = self.help.sources.get(place)
        if source is None:
            return {}
        return {"validate": "list", "source": source, **_WARNING, "show_error": place not in self.help.several}


_WARNING = {
    "error_type": "warning",
    "error_title": _copy("choice.title"),
    "error_message": _copy("choice.message"),
}


def _dropdown(field: Field) -> dict[str, Any]:
    choices = list(field.codec.choices)
    if not choices or len(",".join(choices)) > _LONGEST_LIST or any("," in choice for choice in choices):
        return {}
    return {"validate": "list", "source": choices, **_WARNING}
