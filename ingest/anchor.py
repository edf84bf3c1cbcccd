"""Where a form's cells stand in the file that came back: by the hidden codes, wherever rows and sheets have moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from ingest.a1 import column_letters, join, split
from ingest.frame import BELOW, Frame, frame_of, is_figure
from ingest.issued import as_issued
from ingest.model import Extraction, RawCell
from ingest.printed import (
    LabelColumns,
    OtherMeasure,
    heading_findings,
    label_findings,
    measures_changed,
    rows_by_label,
)
from ingest.text import is_called, name_found, row_name, short
from registry.catalogue.model import RowKind
from registry.catalogue.values import CellKey
from registry.findings import Finding, finding
from registry.rules.identity import ViewIdentity
from vietnamese.numbers import format_number, stored_number
from workbook_templates.grid import FIRST_LABEL_COLUMN, Grid

_MOST_LISTED = 10  # rows, columns or figures one finding names


@dataclass(frozen=True)
class Anchored:
    """The form's cells as found: non-empty ones with their content, all found ones with their place."""

    sheet: str
    cells: dict[CellKey, RawCell]
    addresses: Mapping[CellKey, str]  # A1 in ``sheet``
    findings: tuple[Finding, ...] = ()
    measures: dict[str, OtherMeasure] = field(default_factory=dict)  # of rows that say another one than the form


def anchor(extraction: Extraction, grid: Grid) -> Anchored:
    """Every cell of the grid's view found by its codes; a sheet that cannot be found gives one BLOCK finding."""
    frames = [frame for sheet in extraction.sheets if (frame := as_issued(sheet, grid) or frame_of(sheet, grid))]
    if not frames:
        return Anchored("", {}, {}, (finding("anchor-sheet-missing", expected=grid.sheet),))
    frame = min(frames, key=lambda one: (not is_called(one.sheet.name, grid.sheet), one.sheet.state != "visible"))
    found = list(name_found(frame.sheet.name, grid.sheet))
    rows = {code: places[0] for code, places in frame.rows.items()}
    columns = {code: places[0] for code, places in frame.columns.items()}
    measures: dict[str, OtherMeasure] = {}
    if not frame.is_as_issued:
        labels = LabelColumns.of(frame, grid)
        found += _codes_found(frame, grid)
        rows |= rows_by_label(frame, grid, labels, found)
        found += label_findings(frame, grid, labels, rows)
        found += heading_findings(frame.sheet, frame.code_row, columns, grid.view)
        changed = measures_changed(frame, grid, labels, rows)
        found += changed.findings
        measures = changed.other
        found += _extra_findings(frame, grid, rows, _addresses(grid, rows, columns), labels.label)
    addresses = _addresses(grid, rows, columns)
    there = map(frame.sheet.cells.get, addresses.values())
    cells = {key: cell for key, cell in zip(addresses, there, strict=True) if cell is not None}
    found += _hidden_findings(frame, grid, Anchored(frame.sheet.name, cells, addresses), rows, columns)
    found += _copies(frames, frame, grid)
    if not frame.sheet.protected:
        found.append(finding("anchor-protection-missing", sheet=frame.sheet.name))
    return Anchored(frame.sheet.name, cells, addresses, tuple(found), measures)


def _addresses(grid: Grid, rows: Mapping[str, int], columns: Mapping[str, int]) -> Mapping[CellKey, str]:
    return _placed(ViewIdentity(grid.view), tuple(rows.items()), tuple(columns.items()))


@lru_cache(maxsize=64)  # most files come back with rows and columns where they were
def _placed(
    identity: ViewIdentity, rows: tuple[tuple[str, int], ...], columns: tuple[tuple[str, int], ...]
) -> Mapping[CellKey, str]:
    at, letters = dict(rows), {code: column_letters(column) for code, column in columns}
    return {
        key: f"{letters[key.column]}{at[key.row]}"
        for key in identity.view.cells
        if key.row in at and key.column in letters
    }


# --- codes ---


def _codes_found(frame: Frame, grid: Grid) -> Iterator[Finding]:
    """Codes that stand twice, and columns whose code is gone."""
    sheet = frame.sheet.name
    by_code = {row.code: row for row, _ in grid.view.rows}
    for code, places in frame.rows.items():
        if len(places) > 1 and by_code[code].kind is not RowKind.SECTION:
            yield finding(
                "anchor-duplicate-row",
                sheet=sheet,
                cell=join(places[1], FIRST_LABEL_COLUMN),
                row=row_name(by_code[code]),
                row_code=code,
                found=", ".join(map(str, places)),
            )
    for column in grid.view.columns:
        heading = " – ".join(column.path)
        places = frame.columns.get(column.code, [])
        if not places:
            yield finding(
                "anchor-column-missing", sheet=sheet, column=heading, expected=column.code, column_code=column.code
            )
        elif len(places) > 1:
            found = ", ".join(column_letters(one) for one in places)
            yield finding("anchor-duplicate-column", sheet=sheet, column=heading, found=found, column_code=column.code)


# --- what stands where nothing is read ---


def _extra_findings(
    frame: Frame, grid: Grid, rows: dict[str, int], addresses: Mapping[CellKey, str], label_column: int
) -> Iterator[Finding]:
    """Rows and columns put into the table by hand: what stands there is not read, but quoted."""
    printed = {rows[row.code]: row.number for row, _ in grid.view.rows if row.code in rows}  # beside the labels
    known_rows = {place for places in frame.rows.values() for place in places} | set(rows.values())
    known_columns = {place for places in frame.columns.values() for place in places}
    first, last = min(known_rows), max(known_rows)
    left, right = min(known_columns), max(known_columns)
    extra_rows: dict[int, list[str]] = defaultdict(list)
    extra_columns: dict[int, str] = {}
    read = set(addresses.values())
    for address, cell in frame.sheet.cells.items():
        if address in read or not is_figure(cell):
            continue
        row, column = split(address)
        if row not in known_rows and column in known_columns and first < row <= last + BELOW:
            extra_rows[row].append(address)
        elif (
            left < column < right
            and row in known_rows
            and column not in known_columns
            and (cell.kind == "n" or cell.raw.strip() != printed.get(row))
        ):
            extra_columns.setdefault(column, address)
    headings = {place: column.path[-1] for column in grid.view.columns for place in frame.columns.get(column.code, ())}
    for row, there in sorted(extra_rows.items()):
        label = short(frame.text(row, label_column))
        figures = _listed(
            (f"{headings[split(at)[1]]}: {_quoted(frame.sheet.cells[at])}" for at in sorted(there, key=split)), "; "
        )
        said = f"“{label}” – {figures}" if label else figures
        about = {"cell": there[0], "row": label or None, "found": str(row), "said": said}
        yield finding("anchor-extra-row", sheet=frame.sheet.name, **about)
    for column, address in sorted(extra_columns.items()):
        yield finding("anchor-extra-column", sheet=frame.sheet.name, cell=address, found=column_letters(column))


def _quoted(cell: RawCell) -> str:
    number = stored_number(cell.raw) if cell.kind == "n" else None
    return short(cell.raw.strip()) if number is None else format_number(number)


def _hidden_findings(
    frame: Frame, grid: Grid, found: Anchored, rows: dict[str, int], columns: dict[str, int]
) -> Iterator[Finding]:
    """Rows and columns somebody hid with figures in them: they are read all the same."""
    rows_hidden = set(frame.sheet.hidden_rows)
    columns_hidden = frame.sheet.look.hidden_columns
    in_rows = {code: row for code, row in rows.items() if row in rows_hidden}
    in_columns = {
        code: column
        for code, column in columns.items()
        if any(first <= column <= last for first, last in columns_hidden)
    }
    if not in_rows and not in_columns:
        return
    first_of_row: dict[int, str] = {}
    first_of_column: dict[int, str] = {}
    for key, cell in found.cells.items():
        if key in grid.view.inputs and cell.raw.strip():
            if key.row in in_rows:
                first_of_row.setdefault(in_rows[key.row], found.addresses[key])
            elif key.column in in_columns:
                first_of_column.setdefault(in_columns[key.column], found.addresses[key])
    if first_of_row:
        listed = _listed(str(one) for one in sorted(first_of_row))
        yield finding("anchor-hidden-rows", sheet=found.sheet, cell=first_of_row[min(first_of_row)], found=listed)
    if first_of_column:
        listed = _listed(column_letters(one) for one in sorted(first_of_column))
        cell_of_first = first_of_column[min(first_of_column)]
        yield finding("anchor-hidden-columns", sheet=found.sheet, cell=cell_of_first, found=listed)


def _listed(names: Iterable[str], between: str = ", ") -> str:
    listed = list(names)
    return between.join([*listed[:_MOST_LISTED], "…"] if len(listed) > _MOST_LISTED else listed)


def _copies(frames: Iterable[Frame], chosen: Frame, grid: Grid) -> Iterator[Finding]:
    """Other sheets that hold the same form: harmless when they say the same."""
    for other in frames:
        if other is not chosen:
            same = _figures(other, grid) == _figures(chosen, grid)
            code = "anchor-sheet-copied" if same else "anchor-two-sheets"
            yield finding(code, sheet=chosen.sheet.name, found=other.sheet.name)


def _figures(frame: Frame, grid: Grid) -> dict[CellKey, str]:
    """What the input cells of a sheet hold, as written."""
    rows = {code: places[0] for code, places in frame.rows.items()}
    columns = {code: places[0] for code, places in frame.columns.items()}
    places = {key: address for key, address in _addresses(grid, rows, columns).items() if key in grid.view.inputs}
    return {key: cell.raw for key, address in places.items() if (cell := frame.sheet.cells.get(address))}
