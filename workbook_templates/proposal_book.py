"""A proposed definition as the workbooks a person corrects: the doubtful cells coloured, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from registry.catalogue import book, sheets
from registry.catalogue.book import Page
from registry.catalogue.model import Catalogue
from vietnamese.copydeck import deck
from workbook_templates.definition_book import begun, write_pages
from workbook_templates.text_width import column_points, height, line_count

_copy = deck(Path(__file__).parent / "proposal_book.toml")
_WIDTHS = (6, 12, 14, 62, 62, 24)
_COLOURS = {"error": "#F4B6B0", "warning": "#FFE699", "note": "#DDEBF7"}
_SIZE = 11  # of the letters, in points
_LONGEST_COMMENT = 1_500  # characters


class Place(NamedTuple):
    """A cell of the proposed workbook: stem of the sheet, place among its records, field."""

    stem: str
    record: int
    field: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Something a person should look at: where it was read, what was guessed, what to check, where to correct it."""

    severity: str  # "error" | "warning" | "note"
    source: str  # "Biểu!C7"
    guess: str
    check: str
    place: Place | None = None


def write(proposed: Catalogue, remarks: Sequence[Remark]) -> dict[str, bytes]:
    """The files by relative path: the form with its remarks, and what is new besides it, where anything is."""
    files: dict[str, bytes] = {}
    for name, pages in book.pages(book.canonical(proposed)).items():
        is_form = name.startswith("forms/")
        if is_form or any(page.rows for page in pages):
            files[f"{name}.xlsx"] = _workbook(pages, remarks if is_form else ())
    return files


def _workbook(pages: tuple[Page, ...], remarks: Sequence[Remark]) -> bytes:
    target = BytesIO()
    with begun(target) as workbook:
        listed = workbook.add_worksheet(sheets.REMARKS) if remarks else None
        write_pages(workbook, pages)
        by_stem = {page.sheet.stem: page for page in pages}
        if listed is not None:
            _list(workbook, listed, remarks, by_stem)
        _mark(workbook, remarks, by_stem)
    return target.getvalue()


def _cell(page: Page, place: Place) -> str | None:
    """Where a field of a record stands on its page."""
    names = [field.name for field in page.fields]
    if place.field not in names or place.record >= len(page.rows):
        return None
    line, position = place.record + 1, names.index(place.field)
    address = (position, line) if page.sheet.vertical else (line, position)
    return str(xl_rowcol_to_cell(*address))


def _list(workbook: xlsxwriter.Workbook, sheet: Any, remarks: Sequence[Remark], pages: dict[str, Page]) -> None:
    head = workbook.add_format(
        {"bold": True, "border": 1, "bg_color": "#DDE7F0", "text_wrap": True, "valign": "vcenter"}
    )
    title = workbook.add_format({"bold": True, "font_size": 14})
    text = workbook.add_format({"text_wrap": True, "valign": "top", "border": 1})
    link = workbook.add_format({"font_color": "#0563C1", "underline": 1, "valign": "top", "border": 1})
    sheet.write_string(0, 0, _copy("title"), title)
    sheet.write_string(1, 0, _copy("lead"))
    for column, (name, width) in enumerate(zip(_HEADINGS, _WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(3, column, _copy(f"heading.{name}"), head)
    for n, remark in enumerate(remarks, start=1):
        row = 3 + n
        own = workbook.add_format({"valign": "top", "border": 1, "bg_color": _COLOURS[remark.severity]})
        sheet.write_number(row, 0, n, text)
        sheet.write_string(row, 1, _copy(f"severity.{remark.severity}"), own)
        for column, words in enumerate((remark.source, remark.guess, remark.check), start=2):
            sheet.write_string(row, column, words, text)
        longest = max(line_count(words, column_points(_WIDTHS[3]), _SIZE) for words in (remark.guess, remark.check))
        sheet.set_row(row, height(longest, _SIZE))
        page = pages.get(remark.place.stem) if remark.place else None
        cell = _cell(page, remark.place) if page and remark.place else None
        if page and cell:
            target = f"internal:'{page.sheet.title}'!{cell}"
            sheet.write_url(row, 5, target, link, f"{page.sheet.title}, {cell}")
        else:
            sheet.write_blank(row, 5, None, text)
    sheet.freeze_panes(4, 0)
    sheet.autofilter(3, 0, 3 + len(remarks), len(_HEADINGS) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(3)


_HEADINGS = ("number", "severity", "source", "guess", "check", "place")


def _mark(workbook: xlsxwriter.Workbook, remarks: Iterable[Remark], pages: dict[str, Page]) -> None:
    """Colours every doubtful cell and says in its comment why; the graver colour wins."""
    grouped: dict[tuple[str, str], list[Remark]] = {}
    for remark in remarks:
        page = pages.get(remark.place.stem) if remark.place else None
        cell = _cell(page, remark.place) if page and remark.place else None
        if page and cell:
            grouped.setdefault((page.sheet.title, cell), []).append(remark)
    formats = {severity: workbook.add_format({"bg_color": colour}) for severity, colour in _COLOURS.items()}
    for (title, cell), about in grouped.items():
        sheet = workbook.get_worksheet_by_name(title)
        gravest = min(about, key=lambda remark: list(_COLOURS).index(remark.severity)).severity
        sheet.conditional_format(cell, {"type": "formula", "criteria": "=TRUE", "format": formats[gravest]})
        words = "\n".join(f"{remark.guess} {remark.check}" for remark in about)
        sheet.write_comment(cell, words[:_LONGEST_COMMENT], {"width": 300, "height": 120, "author": _copy("author")})
