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
class UnitLines:
    """Where the figures of one form's units stand: (unit, row code) of each line, "" for what it has none of.

    ``top`` is the first line, 0-based; a line with a row code holds that row only, another one all of a unit.
    """

    sheet: str
    top: int
    lines: tuple[tuple[str, str], ...]
    columns: Mapping[CellKey, int]
    codes: int | None = None  # the column that holds row codes, where lines have them


@dataclass(frozen=True)
class Places:
    """Where one form's figures stand: lines by unit and row, columns by cell, and the blocks sums run over."""

    sheet: str
    lines: Mapping[tuple[str, str], int]
    columns: Mapping[CellKey, int]
    blocks: tuple[Block, ...]

    def cell(self, unit: str, key: CellKey) -> Place | None:
        """Where a unit's figure stands."""
        column = self.columns.get(key)
        row = self.lines.get((unit, ""), self.lines.get((unit, key.row)))
        return None if column is None or row is None else Place(self.sheet, row, column)


def find_places(units: UnitLines, communes: Mapping[str, bool]) -> Places:
    """Where the figures of a form's sheet "Theo đơn vị" can be followed to."""
    lines: dict[tuple[str, str], int] = {}
    spans: dict[bool, list[int]] = {}
    for row, (unit, code) in enumerate(units.lines, units.top):
        if unit:
            lines[unit, code] = row
            spans.setdefault(communes.get(unit, False), []).append(row)
    blocks = tuple(
        Block(units.sheet, min(rows), max(rows), is_communes, units.codes) for is_communes, rows in spans.items()
    )
    return Places(units.sheet, lines, units.columns, blocks)


def lines_of_table(sheet: str, table: Table) -> UnitLines:
    """The same read from the anchors of a table that is drawn line by line."""
    lines: list[tuple[str, str]] = []
    columns: dict[CellKey, int] = {}
    has_codes = any(row.style is RowStyle.DETAIL for row in table.rows)
    for row in table.rows:
        anchors = [(place, cell.anchor) for place, cell in enumerate(row.cells) if cell.anchor is not None]
        lines.append((anchors[0][1][0], anchors[0][1][1].row) if anchors else ("", ""))
        columns.update({anchor[1]: place for place, anchor in anchors})
    codes = len(table.columns) if has_codes else None
    return UnitLines(sheet, first_body_row(table), tuple(lines), columns, codes)


def formula(link: Link | None, places: Places, row: int) -> str | None:
    """The formula of a linked cell standing in a sheet row, 0-based; None when nothing can be followed."""
    if isinstance(link, SumOf):
        return _sum(link, places)
    if isinstance(link, SumOfUnits):
        return _sum_of_units(link, places)
    if isinstance(link, SameAs):
        place = places.cell(link.unit, link.key)
        return f"={_quoted(place.sheet)}!{_a1(place.row, place.column)}" if place else None
    if isinstance(link, Minus):
        return f"=N({_a1(row, link.first)})-N({_a1(row, link.second)})"  # a sign counts as 0
    if isinstance(link, PercentOf):
        return f"={_a1(row, link.part)}/{_a1(row, link.whole)}*100"
    return None


def _sum(link: SumOf, places: Places) -> str | None:
    column = places.columns.get(link.key)
    if column is None:
        return None
    wanted = [block for block in places.blocks if block.is_communes or not link.communes_only]
    terms = [_term(block, link.key, column) for block in wanted]
    return "=" + "+".join(terms) if terms else None


def _sum_of_units(link: SumOfUnits, places: Places) -> str | None:
    """Cell by cell, neighbours as a range; None where a unit's figure stands nowhere, or the formula is too long."""
    found = [places.cell(unit, link.key) for unit in link.units]
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
