"""A chart's numbers to take away: a workbook with a chart of Excel's own, and CSV; words never become formulas."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

from compile.charts.model import Chart, Role, copy
from compile.charts.rows import Cell, Rows, rows_of, share
from registry.catalogue.dashboards import Kind
from vietnamese.numbers import format_number, places
from workbook_templates.plain_text import PLAIN_TEXT

_FONT = {"font_name": "Times New Roman", "font_size": 11}
_TOP = 4  # sheet row of the headings, 0-based
_TYPES = {
    Kind.TREND: {"type": "line"},
    Kind.COMPARISON: {"type": "bar"},
    Kind.RANKING: {"type": "bar"},
    Kind.SHARE: {"type": "bar", "subtype": "percent_stacked"},
}
_COLOURS = {Role.PLAN: "#15508A", Role.SAME_PERIOD: "#8B93A0", Role.PREVIOUS: "#8A5A00"}
_MOST_PARTS = 40  # of a share: each is a series
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def workbook(chart: Chart) -> bytes:
    """One sheet: the table to its last digit, coverage and moment, and a native chart; equal charts, equal bytes."""
    import xlsxwriter

    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, PLAIN_TEXT)
    sheet = book.add_worksheet(copy("sheet.name"))
    title, italic = book.add_format(_FONT | {"bold": True, "font_size": 13}), book.add_format(_FONT | {"italic": True})
    sheet.write_string(0, 0, chart.title, title)
    sheet.write_string(1, 0, chart.subtitle, italic)
    if chart.measure:
        sheet.write_string(2, 0, copy("text.measure", measure=chart.measure), italic)
    rows = rows_of(chart)
    _table(book, sheet, rows)
    for n, said in enumerate(chart.foot):
        sheet.write_string(_TOP + len(rows.lines) + 2 + n, 0, said, italic)
    drawn = _drawn(book, sheet.name, chart, rows)
    if drawn is not None:
        sheet.insert_chart(_TOP, len(rows.heads) + 1, drawn)
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, len(rows.heads), 18)
    sheet.freeze_panes(_TOP + 1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    book.close()
    return buffer.getvalue()


def _table(book: Any, sheet: Any, rows: Rows) -> None:
    heading = book.add_format(_FONT | {"border": 1, "bold": True, "align": "center", "text_wrap": True})
    words = book.add_format(_FONT | {"border": 1})
    formats: dict[int, Any] = {}
    for n, head in enumerate(rows.heads):
        sheet.write_string(_TOP, n, head, heading)
    for at, line in enumerate(rows.lines, start=_TOP + 1):
        for n, cell in enumerate(line):
            if cell.number is None:
                sheet.write_string(at, n, cell.words, words)
                continue
            if cell.decimals not in formats:
                shown = f"#,##0{'.' * bool(cell.decimals)}{'0' * cell.decimals}"
                formats[cell.decimals] = book.add_format(_FONT | {"border": 1, "num_format": shown})
            sheet.write_number(at, n, float(cell.number), formats[cell.decimals])


def _drawn(book: Any, sheet: str, chart: Chart, rows: Rows) -> Any:
    """Excel's own chart of the same cells; none of a table, a map of tiles, or nothing."""
    if chart.kind not in _TYPES or chart.is_empty:
        return None
    if chart.kind is Kind.COMPARISON and not chart.measure and len(rows.lines) > 1:
        return None  # each label has a scale of its own
    if chart.kind is Kind.SHARE and not any(share(one, chart) for one in chart.strands[0].readings):
        return None  # Excel would share out what is no whole
    drawn = book.add_chart(_TYPES[chart.kind])
    last = _TOP + (min(len(rows.lines), chart.top) if chart.kind is Kind.RANKING else len(rows.lines))
    if chart.kind is Kind.SHARE:
        for at in range(_TOP + 1, min(last, _TOP + _MOST_PARTS) + 1):
            drawn.add_series({"name": [sheet, at, 0], "values": [sheet, at, 1, at, 1]})
    else:
        for n, strand in enumerate(chart.strands, start=1):
            look = {"color": _COLOURS.get(strand.role, "#A5121B")} if len(chart.actual) == 1 else {}
            drawn.add_series(
                {
                    "name": [sheet, _TOP, n],
                    "categories": [sheet, _TOP + 1, 0, last, 0],
                    "values": [sheet, _TOP + 1, n, last, n],
                    ("line" if chart.kind is Kind.TREND else "fill"): look,
                }
            )
    drawn.set_title({"name": [sheet, 0, 0], "name_font": {"size": 12}})
    drawn.set_legend({"position": "bottom"})
    drawn.show_blanks_as("gap")
    if chart.kind is not Kind.TREND:
        drawn.set_y_axis({"reverse": True})
    drawn.set_size({"width": 720, "height": 400})
    return drawn


def comma_separated(chart: Chart) -> bytes:
    """The table as CSV the way Excel in Vietnamese opens it: UTF-8 with its mark, semicolons, decimal commas."""
    written = StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerows(_lines(chart, rows_of(chart)))
    return written.getvalue().encode("utf-8-sig")


def _lines(chart: Chart, rows: Rows) -> Iterator[list[str]]:
    yield [_harmless(chart.title)]
    yield [_harmless(chart.subtitle)]
    yield [_harmless(head) for head in rows.heads]
    for line in rows.lines:
        yield [_said(cell) for cell in line]
    for said in chart.foot:
        yield [_harmless(said)]


def _said(cell: Cell) -> str:
    return _harmless(cell.words) if cell.number is None else _plain(cell.number)


def _plain(number: Decimal) -> str:
    """Without grouping, so that it is a number again where it is opened."""
    return format_number(number, places(number)).replace(".", "")


def _harmless(words: str) -> str:
    """Words that a spreadsheet would take for a formula begin with an apostrophe."""
    return f"'{words}" if words.startswith(_FORMULA) else words
