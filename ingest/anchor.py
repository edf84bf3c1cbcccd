"""Where a form's cells stand in the file that came back: by the hidden codes, wherever rows and sheets have moved."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ingest.a1 import column_letters, join, split
from ingest.model import Extraction, RawCell, RawSheet
from ingest.text import is_called, name_found, row_name
from registry.catalogue.forms import COMMUNE
from registry.catalogue.model import Row, RowKind
from registry.catalogue.values import CellKey
from registry.findings import Finding, finding
from vietnamese.convert import says
from vietnamese.fold import fold
from workbook_templates.grid import CODE_COLUMN, FIRST_LABEL_COLUMN, Grid

_BELOW = 3  # rows under the table still looked at for figures someone added


@dataclass(frozen=True)
class Anchored:
    """The form's cells as found: non-empty ones with their content, all found ones with their place."""

    sheet: str
    cells: dict[CellKey, RawCell]
    addresses: dict[CellKey, str]  # A1 in ``sheet``
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class _Frame:
    """Codes found in one sheet; a code may stand in several rows or columns."""

    sheet: RawSheet
    code_column: int
    rows: dict[str, list[int]]
    columns: dict[str, list[int]]

    def text(self, row: int, column: int) -> str:
        cell = self.sheet.cells.get(join(row, column))
        return cell.raw.strip() if cell else ""


def anchor(extraction: Extraction, grid: Grid) -> Anchored:
    """Every cell of the grid's view found by its codes; a sheet that cannot be found gives one BLOCK finding."""
    frames = [frame for sheet in extraction.sheets if (frame := _frame(sheet, grid)) is not None]
    if not frames:
        return Anchored("", {}, {}, (finding("anchor-sheet-missing", expected=grid.sheet),))
    frame = min(frames, key=lambda one: (not is_called(one.sheet.name, grid.sheet), one.sheet.state != "visible"))
    labels = _LabelColumns.of(frame, grid)
    found = [*name_found(frame.sheet.name, grid.sheet), *_codes_found(frame, grid)]
    rows = {code: places[0] for code, places in frame.rows.items()} | _rows_by_label(frame, grid, labels, found)
    columns = {code: places[0] for code, places in frame.columns.items()}
    found += _label_findings(frame, grid, labels, rows)
    found += _extra_findings(frame, rows)
    addresses = _addresses(grid, rows, columns)
    cells = {key: cell for key, address in addresses.items() if (cell := frame.sheet.cells.get(address)) is not None}
    found += _copies(frames, frame, grid)
    if not frame.sheet.protected:
        found.append(finding("anchor-protection-missing", sheet=frame.sheet.name))
    return Anchored(frame.sheet.name, cells, addresses, tuple(found))


def _addresses(grid: Grid, rows: dict[str, int], columns: dict[str, int]) -> dict[CellKey, str]:
    letters = {code: column_letters(column) for code, column in columns.items()}
    return {
        key: f"{letters[key.column]}{rows[key.row]}"
        for key in grid.view.cells
        if key.row in rows and key.column in letters
    }


# --- codes ---


def _frame(sheet: RawSheet, grid: Grid) -> _Frame | None:
    """The codes of a sheet, None where fewer than half of the row or column codes stand in one line."""
    row_codes: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    column_codes: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for address, cell in sheet.cells.items():
        code = cell.raw.strip()
        if code in grid.rows or code in grid.columns:
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
    return _Frame(sheet, code_column, _sorted(rows), _sorted(columns))


def _fullest(lines: dict[int, dict[str, list[int]]], usual: int) -> int:
    return max(lines, key=lambda line: (len(lines[line]), line == usual), default=usual)


def _sorted(places: dict[str, list[int]]) -> dict[str, list[int]]:
    return {code: sorted(found) for code, found in places.items()}


def _codes_found(frame: _Frame, grid: Grid) -> Iterator[Finding]:
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
                found=", ".join(map(str, places)),
            )
    for column in grid.view.columns:
        heading = " – ".join(column.path)
        places = frame.columns.get(column.code, [])
        if not places:
            yield finding("anchor-column-missing", sheet=sheet, column=heading, expected=column.code)
        elif len(places) > 1:
            found = ", ".join(column_letters(one) for one in places)
            yield finding("anchor-duplicate-column", sheet=sheet, column=heading, found=found)


# --- labels ---


@dataclass(frozen=True)
class _LabelColumns:
    """Sheet columns of the row labels and, where the form has it, of the measure."""

    label: int
    measure: int | None

    @classmethod
    def of(cls, frame: _Frame, grid: Grid) -> _LabelColumns:
        """Where most labels stand: columns may have been inserted."""
        wanted = {row.code: row.label.strip() for row, _ in grid.view.rows}
        usual = frame.code_column + FIRST_LABEL_COLUMN - CODE_COLUMN + 1
        votes: Counter[int] = Counter()
        for code, places in frame.rows.items():
            for column in range(frame.code_column + 1, frame.code_column + 8):
                votes[column] += frame.text(places[0], column) == wanted[code]
        best = max(votes, key=lambda column: (votes[column], column == usual), default=usual)
        return cls(best, best + 1 if grid.label_columns > 2 else None)


def _rows_by_label(frame: _Frame, grid: Grid, labels: _LabelColumns, found: list[Finding]) -> dict[str, int]:
    """Rows whose code was erased, found by their label where it is the only one left with it."""
    missing = [row for row, _ in grid.view.rows if row.code not in frame.rows and row.kind is not RowKind.SECTION]
    if not missing:
        return {}
    taken = {place for places in frame.rows.values() for place in places}
    free: dict[str, list[int]] = defaultdict(list)
    for address, cell in frame.sheet.cells.items():
        row, column = split(address)
        if column == labels.label and row not in taken:
            free[fold(cell.raw)].append(row)
    named = Counter(fold(row.label) for row in missing)
    rows: dict[str, int] = {}
    for row_ in missing:
        places = free[fold(row_.label)]
        if len(places) == 1 and named[fold(row_.label)] == 1:
            rows[row_.code] = places[0]
        code = "anchor-row-by-label" if row_.code in rows else "anchor-row-missing"
        where = join(places[0], labels.label) if row_.code in rows else None
        found.append(finding(code, sheet=frame.sheet.name, cell=where, row=row_name(row_), expected=row_.code))
    return rows


def _label_findings(frame: _Frame, grid: Grid, labels: _LabelColumns, rows: dict[str, int]) -> Iterator[Finding]:
    """Labels and measures that no longer say what the code beside them says."""
    others = {row.label for row, _ in grid.view.rows}
    for row, _ in grid.view.rows:
        place = rows.get(row.code)
        if place is None:
            continue
        shown = frame.text(place, labels.label)
        where = {"sheet": frame.sheet.name, "cell": join(place, labels.label), "row": row_name(row)}
        if not _same(shown, row.label):
            code = "anchor-label-moved" if shown in others else "anchor-label-changed"
            yield finding(code, **where, found=shown, expected=row.label)
        if labels.measure is not None and row.kind is not RowKind.SECTION:
            yield from _measure_finding(frame, grid, row, place, labels.measure)


def _measure_finding(frame: _Frame, grid: Grid, row: Row, place: int, column: int) -> Iterator[Finding]:
    expected = _measure_shown(grid, row)
    shown = frame.text(place, column)
    if expected and not _same(shown, expected):
        yield finding(
            "measure-changed",
            sheet=frame.sheet.name,
            cell=join(place, column),
            row=row_name(row),
            found=shown,
            expected=expected,
        )


def _measure_shown(grid: Grid, row: Row) -> str:
    """The measure the template prints beside a row for this audience."""
    is_commune = grid.view.row_set.audience == COMMUNE
    return row.commune_measure if is_commune and row.commune_measure else row.measure


def _same(shown: str, label: str) -> bool:
    return shown == label or fold(shown) == fold(label) or says(shown, label)


# --- what stands where nothing is read ---


def _extra_findings(frame: _Frame, rows: dict[str, int]) -> Iterator[Finding]:
    """Rows and columns put into the table by hand: what stands there is not read."""
    known_rows = {place for places in frame.rows.values() for place in places} | set(rows.values())
    known_columns = {place for places in frame.columns.values() for place in places}
    first, last = min(known_rows), max(known_rows)
    left, right = min(known_columns), max(known_columns)
    extra_rows: dict[int, str] = {}
    extra_columns: dict[int, str] = {}
    for address in (address for address, cell in frame.sheet.cells.items() if cell.kind == "n"):
        row, column = split(address)
        if row not in known_rows and column in known_columns and first < row <= last + _BELOW:
            extra_rows.setdefault(row, address)
        elif row in known_rows and column not in known_columns and left < column < right:
            extra_columns.setdefault(column, address)
    for row, address in sorted(extra_rows.items()):
        yield finding("anchor-extra-row", sheet=frame.sheet.name, cell=address, found=str(row))
    for column, address in sorted(extra_columns.items()):
        yield finding("anchor-extra-column", sheet=frame.sheet.name, cell=address, found=column_letters(column))


def _copies(frames: Iterable[_Frame], chosen: _Frame, grid: Grid) -> Iterator[Finding]:
    """Other sheets that hold the same form: harmless when they say the same."""
    for other in frames:
        if other is not chosen:
            same = _figures(other, grid) == _figures(chosen, grid)
            code = "anchor-sheet-copied" if same else "anchor-two-sheets"
            yield finding(code, sheet=chosen.sheet.name, found=other.sheet.name)


def _figures(frame: _Frame, grid: Grid) -> dict[CellKey, str]:
    """What the input cells of a sheet hold, as written."""
    rows = {code: places[0] for code, places in frame.rows.items()}
    columns = {code: places[0] for code, places in frame.columns.items()}
    places = {key: address for key, address in _addresses(grid, rows, columns).items() if key in grid.view.inputs}
    return {key: cell.raw for key, address in places.items() if (cell := frame.sheet.cells.get(address))}
