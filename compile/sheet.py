"""One neutral table drawn on one worksheet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Context, Decimal
from math import ceil
from typing import Any

from compile.annex import Annex, Placed, models
from compile.compiled import Compiled
from compile.coverage import copy
from compile.geometry import WIDEST, HeadLine, first_body_row, head_lines
from compile.tables import Align, Cell, HeadCell, RowStyle, Table, TableRow, Tone

_EXCEL = Context(prec=17)
_BOLD_ROOM = 0.85  # bold letters are wider than the digits column widths are counted in
_BODY_ROOM = 1.15  # letters of 10 pt are narrower than those digits
_BODY_LINE = 13.5  # points of a line at 10 pt
FONT = "Times New Roman"
LINE = 15.0  # points of one printed line at 11 pt
_FOOT_ROOM = 8  # rows of signatures and the blanks around them
_HEAD_FILL = "#E7EDF5"
_LINK = "#1A4F8B"
_GROUP_FILL = "#F3F3F3"
_OVERFLOWING = (RowStyle.SECTION, RowStyle.GROUP)  # titles run over the empty cells beside them
_TONES = {Tone.OWED: "#FFF4CC", Tone.CLOSED: "#E3E3E3"}
_PAPERS = {"A4": 9, "A3": 8}
_ROLES: dict[str, dict[str, Any]] = {
    "left": {"align": "left"},
    "right": {"align": "left"},
    "title": {"align": "center", "bold": True, "font_size": 13},
    "subtitle": {"align": "center", "italic": True},
    "above": {"align": "right", "italic": True},
    "left-left": {"align": "left"},
    "title-left": {"align": "left", "bold": True, "font_size": 13},
    "subtitle-left": {"align": "left", "italic": True},
}

Formats = dict[tuple[Any, ...], Any]
Formula = Callable[[Cell, int], str | None]


class _Pen:
    """Writes on one sheet; formats are shared by the whole workbook."""

    def __init__(self, book: Any, sheet: Any, formats: Formats) -> None:
        self._book = book
        self._sheet = sheet
        self._formats = formats

    def style(self, **look: Any) -> Any:
        """The workbook's format of this look, made once."""
        look = {"font_name": FONT, "font_size": 11, "valign": "vcenter", **look}
        key = tuple(sorted(look.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(look)
        return self._formats[key]

    def span(self, first: tuple[int, int], last: tuple[int, int], text: str, style: Any) -> None:
        """Text over a rectangle, merged only when there is something to merge."""
        if first == last:
            self._sheet.write_string(*first, text, style)
        else:
            self._sheet.merge_range(*first, *last, "", style)
            self._sheet.write_string(*first, text, style)


def draw(
    book: Any, sheet: Any, table: Table, formats: Formats, report: Compiled, formula: Formula, room: int = 0
) -> None:
    """Head, table, notes and signatures; panes frozen; ready to print. ``room``: lines left free under the table."""
    pen = _Pen(book, sheet, formats)
    for row, line in enumerate(head_lines(table)):
        _draw_head_line(pen, sheet, table, row, line)
    top = first_body_row(table)
    draw_grid(book, sheet, table, formats, top, formula)
    _draw_foot(pen, sheet, table, top + len(table.rows) + room + 1, report)
    _set_footer(sheet, report)


def draw_annex(book: Any, sheet: Any, annex: Annex, formats: Formats, report: Compiled) -> Placed:
    """The same without lines: instead of them stand models of what they look like, to be spliced away (`annex`)."""
    table = annex.table
    draw(book, sheet, table, formats, report, lambda *_: None, annex.body.count)
    top = first_body_row(table)
    first = top + annex.body.count + len(table.notes) + _FOOT_ROOM
    pen = _Pen(book, sheet, formats)
    for row, (style, cells) in enumerate(models(annex.body), first):
        line = TableRow(tuple(cells), style)
        for column, cell in enumerate(cells):
            look = _look(table, line, column, cell)
            if cell.number is not None:
                look["num_format"] = number_format(cell.decimals)
            sheet.write_blank(row, column, None, pen.style(**look))
    return Placed(annex, top, first)


def draw_grid(book: Any, sheet: Any, table: Table, formats: Formats, top: int, formula: Formula) -> None:
    """The table alone: its headings end above row ``top`` (0-based), its rows begin there; panes and pages are set."""
    pen = _Pen(book, sheet, formats)
    _draw_headings(pen, sheet, table, top)
    for offset, row_of_cells in enumerate(table.rows):
        _draw_row(pen, sheet, table, top + offset, row_of_cells, formula)
    _set_columns(sheet, table)
    sheet.freeze_panes(top, table.labels)
    _set_up_page(sheet, table, top)


def _draw_head_line(pen: _Pen, sheet: Any, table: Table, row: int, line: HeadLine) -> None:
    height = LINE
    for text, first, last, role in line.texts:
        wraps = not role.endswith("-left")
        pen.span((row, first), (row, last), text, pen.style(**_ROLES[role], text_wrap=wraps))
        width = sum(column.width for column in table.columns[first : last + 1])
        size = 1.25 if role == "title" else 1.0
        height = max(height, LINE * size * (_lines(text, width / size) if wraps else 1))
    sheet.set_row(row, height)


def _lines(text: str, width: float) -> int:
    return sum(max(1, ceil(len(line) / max(width, 1.0))) for line in text.split("\n"))


def _draw_headings(pen: _Pen, sheet: Any, table: Table, top: int) -> None:
    look = {"bold": True, "align": "center", "border": 1, "text_wrap": True, "bg_color": _HEAD_FILL, "font_size": 10}
    numbers = 1 if table.has_numbers else 0
    first = top - table.depth - numbers
    for cell in table.head:
        start = (first + cell.row, cell.column)
        end = (first + cell.row + cell.rows - 1, cell.column + cell.columns - 1)
        pen.span(start, end, cell.text, pen.style(**look))
    for level, height in enumerate(_heights(table)):
        sheet.set_row(first + level, height)
    if numbers:
        for place, column in enumerate(table.columns):
            style = pen.style(italic=True, align="center", border=1, font_size=9, bg_color=_HEAD_FILL)
            sheet.write_string(top - 1, place, column.number, style)


def _heights(table: Table) -> list[float]:
    """Heights that let every heading be read: single-line cells set their line, taller ones stretch the last."""
    heights = [LINE] * table.depth

    def needed(cell: HeadCell) -> float:
        columns = table.columns[cell.column : cell.column + cell.columns]
        seen = sum(column.width for column in columns if not column.folded)
        if not seen:
            return 0.0
        return (LINE - 1) * _lines(cell.text, seen * _BOLD_ROOM)

    for cell in sorted(table.head, key=lambda one: one.rows):
        last = cell.row + cell.rows - 1
        lacking = needed(cell) - sum(heights[cell.row : last + 1])
        heights[last] += max(0.0, lacking)
    return heights


def _draw_row(pen: _Pen, sheet: Any, table: Table, row: int, line: TableRow, formula: Formula) -> None:
    for column, cell in enumerate(line.cells):
        _draw_cell(pen, sheet, (row, column), cell, _look(table, line, column, cell), formula)
    lines = max(_wrapped(cell, table.columns[place].width, line) for place, cell in enumerate(line.cells))
    if lines > 1:
        sheet.set_row(row, _BODY_LINE * lines)
    if line.style is RowStyle.DETAIL:
        sheet.write_string(row, len(table.columns), line.code, pen.style(font_color="#FFFFFF"))
        sheet.set_row(row, None, None, {"level": 1, "hidden": True})


def _wrapped(cell: Cell, width: float, line: TableRow) -> int:
    if cell.number is not None or cell.align is not Align.LEFT or line.style in _OVERFLOWING:
        return 1
    return _lines(cell.text, (width - line.indent) * (_BOLD_ROOM if line.style is RowStyle.TOTAL else _BODY_ROOM))


def _look(table: Table, line: TableRow, column: int, cell: Cell) -> dict[str, Any]:
    look: dict[str, Any] = {"border": 1, "font_size": 10}
    if line.style in (RowStyle.SECTION, RowStyle.TOTAL, RowStyle.GROUP):
        look["bold"] = True
    if line.style is RowStyle.GROUP:
        look["bg_color"] = _GROUP_FILL
    if cell.tone is not Tone.PLAIN:
        look["bg_color"] = _TONES[cell.tone]
    look["align"] = cell.align.value
    if cell.number is None:
        look["text_wrap"] = cell.align is Align.LEFT and line.style not in _OVERFLOWING
    if cell.align is Align.LEFT:
        look["indent"] = line.indent if column == table.label_column else 1
    return look


def _draw_cell(
    pen: _Pen, sheet: Any, place: tuple[int, int], cell: Cell, look: dict[str, Any], formula: Formula
) -> None:
    if cell.number is None:
        if cell.url:
            sheet.write_url(*place, cell.url, pen.style(**look, font_color=_LINK, underline=1), cell.text)
        elif cell.day is not None:
            sheet.write_datetime(*place, cell.day, pen.style(**look, num_format=_day_format(cell.day)))
        elif cell.text:
            sheet.write_string(*place, cell.text, pen.style(**look))
        else:
            sheet.write_blank(*place, None, pen.style(**look))
        return
    style = pen.style(**look, num_format=number_format(cell.decimals, cell.mark))
    live = formula(cell, place[0])
    if live is None:
        sheet.write_number(*place, cell.number, style)
    else:
        sheet.write_formula(*place, live, style, cached(cell.number))


def cached(number: Decimal) -> Decimal:
    """What a formula comes to: the number in plain digits, as many as Excel itself keeps."""
    return Decimal(f"{_EXCEL.plus(number):f}")


def number_format(decimals: int | None, mark: str = "") -> str:
    """Excel's format of a figure with Vietnamese separators: ``[$-42A]#,##0.0" CT"``."""
    if decimals is None:
        return "General"
    plain = "[$-42A]#,##0" + ("." + "0" * decimals if decimals else "")
    return f'{plain}" {mark}"' if mark else plain


def _day_format(day: date) -> str:
    return "hh:mm dd/mm/yyyy" if isinstance(day, datetime) else "dd/mm/yyyy"


def _draw_foot(pen: _Pen, sheet: Any, table: Table, row: int, report: Compiled) -> None:
    last = min(len(table.columns), WIDEST) - 1
    width = sum(column.width for column in table.columns[: last + 1] if not column.folded)
    for note in table.notes:
        pen.span((row, 0), (row, last), note, pen.style(align="left", valign="top", text_wrap=True, font_size=10))
        sheet.set_row(row, LINE * _lines(note, width))
        row += 1
    if table.is_signed:
        _draw_signatures(pen, table, row + 1, report)


def _draw_signatures(pen: _Pen, table: Table, row: int, report: Compiled) -> None:
    count = len(table.columns)
    half = (table.labels + count) // 2
    thirds = [(0, table.labels - 1), (table.labels, half - 1), (half, count - 1)]
    place = copy("foot.place", place=report.order.issuer.short_name, year=report.order.year)
    pen.span((row, thirds[2][0]), (row, thirds[2][1]), place, pen.style(align="center", italic=True))
    signers = (("prepared", "sign"), ("checked", "sign"), ("head", "seal"))
    for (first, last), (who, how) in zip(thirds, signers, strict=True):
        pen.span((row + 1, first), (row + 1, last), copy(f"foot.{who}"), pen.style(align="center", bold=True))
        pen.span((row + 2, first), (row + 2, last), copy(f"foot.{how}"), pen.style(align="center", italic=True))


def _set_columns(sheet: Any, table: Table) -> None:
    for place, column in enumerate(table.columns):
        options = {"level": 1, "hidden": True} if column.folded else {}
        longest = max(
            (len(row.cells[place].text) for row in table.rows if row.cells[place].number is not None), default=0
        )
        sheet.set_column(place, place, max(column.width, longest + 1.5), None, options)
    if any(row.style is RowStyle.DETAIL for row in table.rows):
        sheet.set_column(len(table.columns), len(table.columns), 8, None, {"hidden": True})
        sheet.outline_settings(visible=True, symbols_below=False)
    elif any(column.folded for column in table.columns):
        sheet.outline_settings(visible=True, symbols_right=True)


def _set_up_page(sheet: Any, table: Table, top: int) -> None:
    sheet.set_paper(_PAPERS[table.paper])
    if table.landscape:
        sheet.set_landscape()
    sheet.set_margins(left=0.6, right=0.4, top=0.7, bottom=0.7)
    sheet.repeat_rows(top - table.depth - (1 if table.has_numbers else 0), top - 1)
    if len(table.columns) > WIDEST:
        sheet.repeat_columns(0, table.labels - 1)
        sheet.set_print_scale(70)
    else:
        sheet.fit_to_pages(1, 0)


def _set_footer(sheet: Any, report: Compiled) -> None:
    name = copy("page.report", regime=report.order.regime.code, period=report.order.period.label)
    sample = copy("head.sample") if report.order.sample else ""
    pages = copy("page.footer", page="&P", pages="&N")
    sheet.set_footer(f'&L&"{FONT}"&8{_escaped(name)}&C&"{FONT}"&8{_escaped(sample)}&R&"{FONT}"&8{pages}')


def _escaped(text: str) -> str:
    return text.replace("&", "&&")
