"""Neutral tables as a workbook to be read and sorted, a sheet each: numbers are numbers, words are words."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

from compile.sheet import FONT, Formats, draw_grid
from compile.tables import Table
from workbook_templates.plain_text import PLAIN_TEXT

_TOP = 3  # sheet row of the headings, 0-based


def build(sheets: Iterable[tuple[str, Table]], subtitle: str) -> bytes:
    """The workbook as xlsx bytes; ``sheets`` are (name, table)."""
    import xlsxwriter

    buffer, formats = BytesIO(), Formats()
    book = xlsxwriter.Workbook(buffer, PLAIN_TEXT)
    plain = {"font_name": FONT, "font_size": 11}
    title, italic = book.add_format(plain | {"bold": True, "font_size": 13}), book.add_format(plain | {"italic": True})
    for name, table in sheets:
        sheet = book.add_worksheet(name)
        sheet.write_string(0, 0, table.title, title)
        sheet.write_string(1, 0, subtitle, italic)
        top = _TOP + table.depth + table.has_numbers
        draw_grid(book, sheet, table, formats, top, lambda *_: None)
        for place, note in enumerate(table.notes):
            sheet.write_string(top + len(table.rows) + 1 + place, 0, note, italic)
        sheet.set_footer(f'&L&"{FONT}"&8{subtitle.replace("&", "&&")}&R&"{FONT}"&8&P/&N')
    book.close()
    return buffer.getvalue()
