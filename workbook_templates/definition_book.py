"""A catalogue written as the folder of workbooks an office clerk edits; ``ingest.definition`` reads it back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter

from registry.catalogue import book, sheets
from registry.catalogue.book import Page
from registry.catalogue.model import Catalogue, HistoryDocument, HistoryFigure
from registry.catalogue.sheets import Field
from vietnamese.copydeck import deck

_copy = deck(Path(__file__).parent / "definition_book.toml")
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,11})(,\d{0,3}[1-9])?")  # exact as a double, so Excel may show it as a number
_LONGEST_LIST = 255  # characters Excel takes in a dropdown written out
_SPARE = 200  # rows below the last that still have dropdowns
_WRITTEN = datetime(2025, 7, 1, tzinfo=UTC).replace(tzinfo=None)  # one catalogue, one file, byte for byte


def write(catalogue: Catalogue) -> dict[str, bytes]:
    """The folder by relative path, ``units.xlsx`` … ``forms/KTXH-01.xlsx``; equal catalogues give equal bytes."""
    return {f"{name}.xlsx": _workbook(pages) for name, pages in book.pages(book.canonical(catalogue)).items()}


def write_history(figures: Iterable[HistoryFigure], document: HistoryDocument) -> bytes:
    """Figures of earlier periods with their document, one workbook; ``ingest.history`` reads it back."""
    listed = book.page(sheets.HISTORY, [(figure, "") for figure in figures])
    return _workbook((listed, book.page(sheets.DOCUMENT, [(document, "")])))


def _workbook(pages: tuple[Page, ...]) -> bytes:
    target = BytesIO()
    with begun(target) as workbook:
        write_pages(workbook, pages)
    return target.getvalue()


def begun(target: BytesIO) -> xlsxwriter.Workbook:
    """A workbook that is the same bytes whenever it holds the same."""
    workbook = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_urls": False})
    workbook.set_properties({"created": _WRITTEN})
    return workbook


def write_pages(workbook: xlsxwriter.Workbook, pages: Iterable[Page]) -> None:
    """One sheet for each page, with dropdowns."""
    formats = {
        "head": workbook.add_format(
            {"bold": True, "bg_color": "#DDE7F0", "border": 1, "text_wrap": True, "valign": "vcenter"}
        ),
        "required": workbook.add_format(
            {"bold": True, "bg_color": "#F6DDB5", "border": 1, "text_wrap": True, "valign": "vcenter"}
        ),
        "text": workbook.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
        "number": workbook.add_format({"num_format": "General", "valign": "top"}),
    }
    for page in pages:
        sheet = workbook.add_worksheet(page.sheet.title)
        (_write_down if page.sheet.vertical else _write_across)(sheet, page, formats)


def _write_across(sheet: Any, page: Page, formats: dict[str, Any]) -> None:
    sheet.freeze_panes(1, 1)
    for column, (header, field) in enumerate(zip(page.headers, page.fields, strict=True)):
        sheet.set_column(column, column, field.width, formats["number" if field.codec.numeric else "text"])
        sheet.write_string(0, column, header, formats["required" if field.required else "head"])
        _dropdown(sheet, field, (1, column, len(page.rows) + _SPARE, column))
    for line, texts in enumerate(page.rows, start=1):
        for column, (text, field) in enumerate(zip(texts, page.fields, strict=True)):
            _write(sheet, line, column, text, field, formats)
    if page.headers:
        sheet.autofilter(0, 0, max(len(page.rows), 1), len(page.headers) - 1)


def _write_down(sheet: Any, page: Page, formats: dict[str, Any]) -> None:
    sheet.freeze_panes(0, 1)
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, max(len(page.rows), 1), 60, formats["text"])
    for line, (header, field) in enumerate(zip(page.headers, page.fields, strict=True)):
        sheet.write_string(line, 0, header, formats["required" if field.required else "head"])
        _dropdown(sheet, field, (line, 1, line, max(len(page.rows), 1)))
        for column, texts in enumerate(page.rows, start=1):
            _write(sheet, line, column, texts[line], field, formats)


def _write(sheet: Any, line: int, column: int, text: str, field: Field, formats: dict[str, Any]) -> None:
    if not text:
        return
    if field.codec.numeric and _NUMBER.fullmatch(text):
        sheet.write_number(line, column, float(text.replace(",", ".")), formats["number"])
    else:
        sheet.write_string(line, column, text, formats["text"])


def _dropdown(sheet: Any, field: Field, area: tuple[int, int, int, int]) -> None:
    choices = list(field.codec.choices)
    if not choices or len(",".join(choices)) > _LONGEST_LIST or any("," in choice for choice in choices):
        return
    options = {
        "validate": "list",
        "source": choices,
        "error_type": "warning",
        "error_title": _copy("choice.title"),
        "error_message": _copy("choice.message"),
    }
    sheet.data_validation(*area, options)
