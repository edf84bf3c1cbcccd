"""A neutral table as WordprocessingML: merged headings repeated on every page, rows never broken."""

from __future__ import annotations

from collections.abc import Iterator

from compile.page_fit import fitted
from compile.tables import Align, Cell, HeadCell, RowStyle, Table, TableRow
from workbook_templates.official.letterhead import width_in_points
from workbook_templates.official.wordml import Box, Line, Run, Setting, paragraph, table, twips

_JC = {Align.LEFT: "left", Align.CENTRE: "center", Align.RIGHT: "right"}
MARGIN = 40  # twips left and right within a cell
_SMALLEST, _READABLE = 6.5, 10.0
_LABEL_ROOM = twips(42)  # a label is never squeezed below this
_KEPT = 2  # last lines that stay with the notes
_BOLD = (RowStyle.SECTION, RowStyle.TOTAL, RowStyle.GROUP)


def table_blocks(drawn: Table, room: int, height: float = 0) -> Iterator[str]:
    """What stands above, the table ``room`` twips wide, what stands below: on one page if ``height`` points let it,
    else with the table's last lines.
    """
    size, widths = _fitted(drawn, room)
    fit = fitted(drawn, size, [width / 20 for width in widths], height, MARGIN / 20)
    size, last = fit.size, len(drawn.rows) - _KEPT if drawn.notes else len(drawn.rows)
    for line in (*drawn.left[:1], *drawn.above):
        yield paragraph([Run(line, italic=line in drawn.above, size=11)], Setting("right"))
    for line in drawn.subtitles:
        yield paragraph([Run(line, italic=True, size=11)], Setting("center", after=2))
    yield table(
        widths,
        [*_head_lines(drawn, size), *(_line(row, drawn, size, place >= last) for place, row in enumerate(drawn.rows))],
    )
    for place, note in enumerate(drawn.notes, 1):
        setting = Setting("both", before=fit.before, keep_next=place < len(drawn.notes))
        yield paragraph([Run(note, size=fit.notes)], setting)


def is_wide(drawn: Table, room: int) -> bool:
    """True when in ``room`` twips the letters would be smaller than one reads with ease."""
    return _fitted(drawn, room)[0] < _READABLE


def _fitted(drawn: Table, room: int) -> tuple[float, list[int]]:
    """The largest letters in which no number and no word is broken, and the column widths that go with them."""
    size = 9.0 if len(drawn.columns) > 8 else 11.0
    least = [_least(drawn, place, size) for place in range(len(drawn.columns))]
    while sum(least) > room and size > _SMALLEST:
        size -= 0.5
        least = [_least(drawn, place, size) for place in range(len(drawn.columns))]
    left = room - sum(least)
    wishes = [max(0.0, column.width * size * 10 - least[place]) for place, column in enumerate(drawn.columns)]
    wished = sum(wishes) or 1.0
    widths = [int(one + left * wish / wished) for one, wish in zip(least, wishes, strict=True)]
    widths[drawn.label_column] += room - sum(widths)
    return size, widths


def _least(drawn: Table, place: int, size: float) -> int:
    """Twips a column needs for its longest number and its longest word."""
    texts = [drawn.columns[place].number, *drawn.columns[place].path[-1].split()]
    for row in drawn.rows:
        cell = row.cells[place]
        if row.style not in (RowStyle.SECTION, RowStyle.GROUP):
            texts += [cell.text] if cell.number is not None else cell.text.split()
    least = round(max(width_in_points(text, size) for text in texts) * 20) + 2 * MARGIN + 30
    return max(least, _LABEL_ROOM) if place == drawn.label_column else least


def _head_lines(drawn: Table, size: float) -> Iterator[Line]:
    for level in range(drawn.depth):
        yield Line(tuple(_head_boxes(drawn, level, size)), is_heading=True)
    if drawn.has_numbers:
        numbers = (paragraph([Run(column.number, italic=True, size=size - 0.5)]) for column in drawn.columns)
        yield Line(tuple(Box(number) for number in numbers), is_heading=True)


def _head_boxes(drawn: Table, level: int, size: float) -> Iterator[Box]:
    covering = sorted(
        (cell for cell in drawn.head if cell.row <= level < cell.row + cell.rows), key=lambda cell: cell.column
    )
    for cell in covering:
        starts = cell.row == level
        merge = "" if cell.rows == 1 else "restart" if starts else "continue"
        runs = [Run(cell.text, bold=True, size=size)] if starts else []
        content = paragraph(runs, Setting("center", mark=size))
        yield Box(content, span=_span(cell), merge=merge, shade="E7EDF5")


def _span(cell: HeadCell) -> int:
    return cell.columns


def _line(row: TableRow, drawn: Table, size: float, kept: bool) -> Line:
    if row.style in (RowStyle.SECTION, RowStyle.GROUP):
        return _heading_line(row, drawn, size)
    cells = enumerate(row.cells)
    return Line(tuple(_box(cell, row, place == drawn.label_column, size, kept) for place, cell in cells))


def _heading_line(row: TableRow, drawn: Table, size: float) -> Line:
    """A section's title runs over the empty cells beside it."""
    first, title = row.cells[0], row.cells[drawn.label_column]
    boxes = [
        Box(paragraph([Run(first.text, bold=True, size=size)], Setting("center", mark=size))),
        Box(
            paragraph([Run(title.text, bold=True, size=size)], Setting("left", keep_next=True)),
            span=len(drawn.columns) - 1,
        ),
    ]
    return Line(tuple(boxes))


def _box(cell: Cell, row: TableRow, is_label: bool, size: float, kept: bool) -> Box:
    left = 100 * row.indent if is_label else 0
    setting = Setting(_JC[cell.align], left=left, mark=size, keep_next=kept)
    return Box(paragraph([Run(cell.text, bold=row.style in _BOLD, size=size)] if cell.text else [], setting))
