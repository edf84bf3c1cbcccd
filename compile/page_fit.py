"""How a table and its notes share a page: heights reckoned from the widths of letters, a little too high."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from compile.tables import RowStyle, Table
from workbook_templates.official.letterhead import width_in_points

LINE = 1.15  # of a line of Times New Roman, in its letters
_RULE = 0.6  # points a row's line takes
_ABOVE = 11  # points, of the lines above a table
_LEAST = 8.0  # points, below which letters are not made smaller for the sake of a page
_STEPS = (0.0, 0.5, 1.0)


@dataclass(frozen=True, slots=True)
class Fit:
    """Sizes of a table's letters and of those of its notes, and the space before each note, in points."""

    size: float
    notes: float = 10.5
    before: float = 3

    def height(self, notes: Sequence[str], room: float) -> float:
        """Points the notes take in lines ``room`` points wide."""
        return sum(_lines(note, self.notes, room) * self.notes * LINE + self.before for note in notes)


def fitted(drawn: Table, size: float, widths: Sequence[float], height: float, margin: float) -> Fit:
    """The largest letters in which a table that fits a page of ``height`` points keeps its notes there too.

    One that goes over pages anyway, or cannot keep them, is left as it is. ``widths`` are those of the columns in
    points, ``margin`` what is left blank at each side of a cell.
    """
    left = height - (len(drawn.left[:1]) + len(drawn.above) + len(drawn.subtitles)) * (_ABOVE * LINE + 2)
    usual = Fit(size)
    if not drawn.notes or table_height(drawn, size, widths, margin, left) > left:
        return usual
    for step in _STEPS:
        smaller = size if size - step < _LEAST else size - step
        of_notes = left - table_height(drawn, smaller, widths, margin, left)
        for fit in (Fit(smaller), Fit(smaller, 9.5, 1), Fit(smaller, 8.5, 0)):
            if fit.height(drawn.notes, sum(widths)) <= of_notes:
                return fit
    return usual


def table_height(drawn: Table, size: float, widths: Sequence[float], margin: float, most: float) -> float:
    """Points a table takes; reckoned no further than beyond ``most``."""
    wide = [width - 2 * margin for width in widths]
    height = _head_lines(drawn, size, wide) * size * LINE + (drawn.depth + drawn.has_numbers) * _RULE
    for row in drawn.rows:
        if height > most:
            break
        if row.style in (RowStyle.SECTION, RowStyle.GROUP):
            lines = _lines(row.cells[drawn.label_column].text, size, sum(wide[1:]))
        else:
            cells = zip(row.cells, wide, strict=True)
            lines = max(1 if cell.number is not None else _lines(cell.text, size, width) for cell, width in cells)
        height += lines * size * LINE + _RULE
    return height


def _head_lines(drawn: Table, size: float, wide: Sequence[float]) -> int:
    levels = [1] * drawn.depth
    for cell in sorted(drawn.head, key=lambda one: one.rows):
        covered = range(cell.row, cell.row + cell.rows)
        needed = _lines(cell.text, size, sum(wide[cell.column : cell.column + cell.columns]))
        levels[covered[-1]] += max(0, needed - sum(levels[level] for level in covered))
    return sum(levels) + drawn.has_numbers


def _lines(text: str, size: float, room: float) -> int:
    return max(1, ceil(width_in_points(text, size) / room))
