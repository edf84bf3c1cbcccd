"""The sheet a form stands on in the file that came back: which rows and columns hold its hidden codes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from ingest.a1 import join, split
from ingest.model import RawCell, RawSheet
from workbook_templates.grid import CODE_COLUMN, Grid

BELOW = 3  # rows under the table still looked at for figures someone added
_BEGINS_A_FIGURE = frozenset("0123456789-–+( ")


@dataclass(frozen=True)
class Frame:
    """Codes found in one sheet; a code may stand in several rows or columns."""

    sheet: RawSheet
    code_column: int
    code_row: int
    rows: dict[str, list[int]]
    columns: dict[str, list[int]]
    is_as_issued: bool = False  # see ``issued``

    def text(self, row: int, column: int) -> str:
        """What a cell says, without outer blanks."""
        cell = self.sheet.cells.get(join(row, column))
        return cell.raw.strip() if cell else ""


def is_figure(cell: RawCell) -> bool:
    """True for a cell that holds a number, or text beginning like one."""
    if cell.kind == "n":
        return True
    begins = cell.kind == "s" and cell.raw[:1] in _BEGINS_A_FIGURE
    return begins and cell.raw.lstrip("-–+( ")[:1].isdigit()


def frame_of(sheet: RawSheet, grid: Grid) -> Frame | None:
    """The codes of a sheet, None where fewer than half of the row or column codes stand in one line."""
    row_codes: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    column_codes: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    codes = {*grid.rows, *grid.columns}
    placed = ((address, code) for address, cell in sheet.cells.items() if (code := cell.raw.strip()) in codes)
    for address, code in placed:
        row, column = split(address)
        if code in grid.rows:
            row_codes[column][code].append(row)
        if code in grid.columns:
            column_codes[row][code].append(column)
    code_column = _fullest(row_codes, CODE_COLUMN)
    code_row = _fullest(column_codes, grid.code_row)
    rows, columns = row_codes[code_column], column_codes[code_row]
    if 2 * len(rows) < len(grid.rows) or 2 * len(columns) < len(grid.columns) or not rows or not columns:
        return None
    return Frame(sheet, code_column, code_row, _sorted(rows), _sorted(columns))


def _fullest(lines: dict[int, dict[str, list[int]]], usual: int) -> int:
    return max(lines, key=lambda line: (len(lines[line]), line == usual), default=usual)


def _sorted(places: dict[str, list[int]]) -> dict[str, list[int]]:
    return {code: sorted(found) for code, found in places.items()}
