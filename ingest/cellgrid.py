"""A sheet of a file as a grid with Excel's own addresses: what stands in each cell, which were read, which is meant."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.a1 import column_letters, join, split
from ingest.model import Extraction, RawCell
from ingest.seen import Address, seen_in

MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class Shown:
    """One cell as its sheet shows it."""

    a1: str
    text: str
    is_number: bool
    is_read: bool  # a value of the form was taken from it
    is_chosen: bool
    formula: str = ""


@dataclass(frozen=True, slots=True)
class CellGrid:
    """Part of a sheet, without the empty rows and columns at its end."""

    sheet: str
    columns: tuple[str, ...]  # letters
    rows: tuple[tuple[int, tuple[Shown | None, ...]], ...]  # each with its number in Excel
    hidden: int  # further rows that are not shown


def grid_of(read: Extraction, sheet: str, known: frozenset[Address], chosen: Address | None) -> CellGrid | None:
    """A sheet by its name; None where the file has none of that name. Rows about a chosen cell are always shown."""
    found = next((one for one in read.sheets if one.name == sheet), None)
    if found is None or not found.cells:
        return None
    placed = {split(a1): cell for a1, cell in found.cells.items() if cell.raw or cell.formula is not None}
    last_row, last_column = max(row for row, _ in placed), max(column for _, column in placed)
    first = 1
    if chosen is not None and chosen[0] == sheet:
        first = max(1, min(split(chosen[1])[0] - MOST_ROWS // 2, last_row - MOST_ROWS + 1))
    shown = range(first, min(last_row, first + MOST_ROWS - 1) + 1)
    columns = range(1, last_column + 1)
    read_here = {a1 for name, a1 in known if name == sheet}

    def cell(row: int, column: int) -> Shown | None:
        a1 = join(row, column)
        held = placed.get((row, column))
        if held is None and a1 not in read_here:
            return None
        return _shown(a1, held, read.date1904, is_read=a1 in read_here, is_chosen=(sheet, a1) == chosen)

    rows = tuple((row, tuple(cell(row, column) for column in columns)) for row in shown)
    return CellGrid(sheet, tuple(map(column_letters, columns)), rows, last_row - len(shown))


def _shown(a1: str, cell: RawCell | None, date1904: bool, *, is_read: bool, is_chosen: bool) -> Shown:
    if cell is None:
        return Shown(a1, "", False, is_read, is_chosen)
    return Shown(a1, seen_in(cell, date1904), cell.kind == "n", is_read, is_chosen, cell.formula or "")
