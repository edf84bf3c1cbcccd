"""Entries of the audit log as a workbook to be read: words are words, whatever they begin with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO

from workbook_templates.plain_text import PLAIN_TEXT

_WIDTHS = (9, 20, 28, 18, 28, 40, 32, 60)
_TOP = 3  # sheet row of the headings, 0-based


def build(title: str, subtitle: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The workbook as xlsx bytes: one row an entry, in the order of the headings."""
    import xlsxwriter

    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, PLAIN_TEXT)
    sheet = book.add_worksheet(title)
    plain = {"font_name": "Times New Roman", "font_size": 11, "valign": "top"}
    words = book.add_format(plain | {"border": 1, "text_wrap": True})
    heading = book.add_format(plain | {"border": 1, "bold": True, "align": "center", "text_wrap": True})
    sheet.write_string(0, 0, title, book.add_format(plain | {"bold": True, "font_size": 13}))
    sheet.write_string(1, 0, subtitle, book.add_format(plain | {"italic": True}))
    for place, (text, width) in enumerate(zip(headings, _WIDTHS, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(_TOP, place, text, heading)
    last = _TOP
    for last, row in enumerate(rows, start=_TOP + 1):
        for place, text in enumerate(row):
            sheet.write_string(last, place, text, words)
    sheet.freeze_panes(_TOP + 1, 0)
    sheet.autofilter(_TOP, 0, last, len(headings) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_TOP)
    book.close()
    return buffer.getvalue()
