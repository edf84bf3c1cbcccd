"""Live formulas of the compiled workbook: from a total to the units' figures it is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from compile.geometry import first_body_row
from compile.tables import Link, Minus, PercentOf, RowStyle, SameAs, SumOf, SumOfUnits, Table
from registry.catalogue.values import CellKey

_MOST_TERMS, _LONGEST_FORMULA = 255, 8192  # what Excel takes


@dataclass(frozen=True, slots=True)
class Place:
    """One cell of the workbook, 0-based."""

    sheet: str
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Block:
    """The lines of one group of units on a sheet, first and last included; ``codes`` is the column of row codes."""

    sheet: str
    first: int
    last: int
    is_communes: bool
    codes: int | None = None


@dataclass(frozen=True)
class Places:
    """Where the units' figures stand: each on its own, each cell's column, and the blocks sums run over."""

    cells: Mapping[tuple[str, CellKey], Place]
    columns: Mapping[CellKey, Place]
    blocks: tuple[Block, ...]


def find_places(sheets: Mapping[str, Table], communes: Mapping[str, bool]) -> Places:
    """Read the unit-by-unit tables, by sheet name, for where figures stand."""
    cells: dict[tuple[str, CellKey], Place] = {}
    columns: dict[CellKey, Place] = {}
    blocks: list[Block] = []
    for sheet, table in sheets.items():
        codes = len(table.columns) if any(row.style is RowStyle.DETAIL for row in table.rows) else None
        top = first_body_row(table)
        spans: dict[bool, list[int]] = {}
        for offset, row in enumerate(table.rows):
            for column, cell in enumerate(row.cells):
                if cell.anchor is not None:
                    place = Place(sheet, top + offset, column)
                    cells[cell.anchor] = place
                    columns.setdefault(cell.anchor[1], place)
                    spans.setdefault(communes.get(cell.anchor[0], False), []).append(place.row)
        for is_communes, rows in spans.items():
            blocks.append(Block(sheet, min(rows), max(rows), is_communes, codes))
    return Places(cells, columns, tuple(blocks))


def formula(link: Link | None, places: Places, row: int) -> str | None:
    """The formula of a linked cell standing in a sheet row, 0-based; None when nothing can be followed."""
    if isinstance(link, SumOf):
        return _sum(link, places)
    if isinstance(link, SumOfUnits):
        return _sum_of_units(link, places)
    if isinstance(link, SameAs):
        place = places.cells.get((link.unit, link.key))
        return f"={_quoted(place.sheet)}!{_a1(place.row, place.column)}" if place else None
    if isinstance(link, Minus):
        return f"={_a1(row, link.first)}-{_a1(row, link.second)}"
    if isinstance(link, PercentOf):
        return f"={_a1(row, link.part)}/{_a1(row, link.whole)}*100"
    return None


def _sum(link: SumOf, places: Places) -> str | None:
    home = places.columns.get(link.key)
    if home is None:
        return None
    wanted = [
        block for block in places.blocks if block.sheet == home.sheet and (block.is_communes or not link.communes_only)
    ]
    terms = [_term(block, link.key, home.column) for block in wanted]
    return "=" + "+".join(terms) if terms else None


def _sum_of_units(link: SumOfUnits, places: Places) -> str | None:
    """Cell by cell, neighbours as a range; None where a unit's figure stands nowhere, or the formula is too long."""
    found = [places.cells.get((unit, link.key)) for unit in link.units]
    cells = [place for place in found if place is not None]
    if not cells or len(cells) < len(found) or any(place.column != cells[0].column for place in cells):
        return None
    rows = sorted(place.row for place in cells)
    runs: list[list[int]] = []
    for row in rows:
        if runs and runs[-1][1] + 1 == row:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    terms = [_range(Block(cells[0].sheet, first, last, True), cells[0].column) for first, last in runs]
    text = f"=SUM({','.join(terms)})"
    return text if len(terms) <= _MOST_TERMS and len(text) < _LONGEST_FORMULA else None


def _term(block: Block, key: CellKey, column: int) -> str:
    figures = _range(block, column)
    if block.codes is None:
        return f"SUM({figures})"
    return f'SUMIF({_range(block, block.codes)},"{key.row}",{figures})'


def _range(block: Block, column: int) -> str:
    return f"{_quoted(block.sheet)}!{_a1(block.first, column, fixed=True)}:{_a1(block.last, column, fixed=True)}"


def _quoted(sheet: str) -> str:
    return "'" + sheet.replace("'", "''") + "'"


def _a1(row: int, column: int, fixed: bool = False) -> str:
    from xlsxwriter.utility import xl_rowcol_to_cell

    return str(xl_rowcol_to_cell(row, column, row_abs=fixed, col_abs=fixed))
