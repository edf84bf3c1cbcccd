"""What is printed around a form's cells in the file that came back: labels, headings and measures that were changed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from ingest.a1 import column_letters, join, split
from ingest.frame import Frame
from ingest.model import RawSheet
from ingest.text import row_name
from ingest.written import ratio_read
from registry.catalogue.forms import COMMUNE, View
from registry.catalogue.model import Row, RowKind
from registry.findings import Finding, finding
from vietnamese.convert import says
from vietnamese.fold import fold
from workbook_templates.grid import CODE_COLUMN, FIRST_LABEL_COLUMN, Grid
from workbook_templates.list_grid import TOTALS

_LABELS_WITHIN = 7  # columns after the codes of rows and columns
_UNIT_LINE = ("don vi tinh", "don vi:", "dvt")


class OtherMeasure(NamedTuple):
    """The measure a row says instead of the form's, of the same dimension."""

    address: str
    said: str
    expected: str
    ratio: Fraction  # how many of the form's one of it makes


@dataclass(frozen=True)
class LabelColumns:
    """Sheet columns of the row labels and, where the form has it, of the measure."""

    label: int
    measure: int | None

    @classmethod
    def of(cls, frame: Frame, grid: Grid) -> LabelColumns:
        """Where most of them stand: columns may have been inserted or moved."""
        usual = frame.code_column + FIRST_LABEL_COLUMN - CODE_COLUMN + 1
        label = _column_of({row.code: row.label for row, _ in grid.view.rows}, frame, usual)
        if grid.label_columns < 3:
            return cls(label, None)
        return cls(label, _column_of(dict(row_measures(grid)), frame, label + 1))


def _column_of(words: Mapping[str, str], frame: Frame, usual: int) -> int:
    """The sheet column where rows say these words (by row code); the usual one unless most stand elsewhere."""
    places = {code: frame.rows[code][0] for code in words if code in frame.rows}

    def said(column: int) -> int:
        return sum(frame.text(place, column) == words[code].strip() for code, place in places.items())

    if 2 * said(usual) >= len(places):
        return usual
    furthest = max(frame.code_column, *(columns[-1] for columns in frame.columns.values()))
    return max(range(1, furthest + _LABELS_WITHIN + 1), key=lambda column: (said(column), column == usual))


def rows_by_label(frame: Frame, grid: Grid, labels: LabelColumns, found: list[Finding]) -> dict[str, int]:
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
        about = {"row": row_name(row_), "row_code": row_.code}
        found.append(finding(code, sheet=frame.sheet.name, cell=where, **about, expected=row_.code))
    return rows


def label_findings(frame: Frame, grid: Grid, labels: LabelColumns, rows: dict[str, int]) -> Iterator[Finding]:
    """Labels and measures that no longer say what the code beside them says."""
    others = {row.label for row, _ in grid.view.rows}
    for row, _ in grid.view.rows:
        place = rows.get(row.code)
        if place is None:
            continue
        shown = frame.text(place, labels.label)
        where = {
            "sheet": frame.sheet.name,
            "cell": join(place, labels.label),
            "row": row_name(row),
            "row_code": row.code,
        }
        if not _same(shown, row.label):
            code = "anchor-label-moved" if shown in others else "anchor-label-changed"
            yield finding(code, **where, found=shown, expected=row.label)


def _same(shown: str, label: str) -> bool:
    return shown == label or fold(shown) == fold(label) or says(shown, label)


# --- measures ---


class Measures(NamedTuple):
    """Measures of rows that do not say what the form does: those that can be converted, and what is said of others."""

    other: dict[str, OtherMeasure]
    findings: tuple[Finding, ...]


def measures_changed(frame: Frame, grid: Grid, labels: LabelColumns, rows: dict[str, int]) -> Measures:
    """The same measure in other words ("trđ" for triệu đồng) is not changed."""
    definitions = grid.view.definitions
    other: dict[str, OtherMeasure] = {}
    found = list(unit_line_findings(frame, grid))
    for row, place, expected, said in _changed(frame, grid, labels, rows):
        ratio = ratio_read(said, definitions.measures.get(expected), definitions.measure_names)
        address = join(place, labels.measure or 0)
        if ratio is None:
            where = {"sheet": frame.sheet.name, "cell": address, "row": row_name(row), "row_code": row.code}
            found.append(finding("measure-changed", **where, found=said, expected=expected))
        elif ratio != 1:
            other[row.code] = OtherMeasure(address, said, expected, ratio)
    return Measures(other, tuple(found))


def _changed(
    frame: Frame, grid: Grid, labels: LabelColumns, rows: dict[str, int]
) -> Iterator[tuple[Row, int, str, str]]:
    """Each such row with its place, the form's measure and theirs."""
    if labels.measure is None:
        return
    measures = dict(row_measures(grid))
    for row, _ in grid.view.rows:
        if row.code in rows and row.code in measures:
            said, expected = frame.text(rows[row.code], labels.measure), measures[row.code]
            if not _same(said, expected):
                yield row, rows[row.code], expected, said


def row_measures(grid: Grid) -> Iterator[tuple[str, str]]:
    """The measure the template prints beside each row for this audience."""
    is_commune = grid.view.row_set.audience == COMMUNE
    for row, _ in grid.view.rows:
        measure = row.commune_measure if is_commune and row.commune_measure else row.measure
        if measure and row.kind is not RowKind.SECTION:
            yield row.code, measure


def unit_line_findings(frame: Frame, grid: Grid) -> Iterator[Finding]:
    """The one measure of a whole sheet, said above its table."""
    expected = grid.view.form.unit_line
    for address, cell in frame.sheet.cells.items() if expected else ():
        above = split(address)[0] < frame.code_row and cell.kind == "s"
        if above and fold(cell.raw).startswith(_UNIT_LINE) and not _same(cell.raw, expected):
            said = cell.raw.strip()
            yield finding("measure-line-changed", sheet=frame.sheet.name, cell=address, found=said, expected=expected)


# --- headings ---


def heading_findings(sheet: RawSheet, code_row: int, columns: Mapping[str, int], view: View) -> Iterator[Finding]:
    """Headings that no longer say what the code under them says; ``columns`` are the sheet's columns by code."""
    paths = {column.code: column.heading(view.row_set.audience) for column in view.columns}
    lowest = Counter(fold(path[-1]) for path in paths.values())
    for code, place in columns.items():
        expected = paths[code][-1]
        row, said = _lowest_heading(sheet, code_row, place)
        if not _same(said, expected):
            yield finding(
                "anchor-heading-moved" if lowest[fold(said)] == 1 else "anchor-heading-changed",
                sheet=sheet.name,
                cell=join(row, place),
                column=" – ".join(paths[code]),
                column_code=code,
                found=said,
                expected=expected,
            )


def _lowest_heading(sheet: RawSheet, code_row: int, column: int) -> tuple[int, str]:
    """Sheet row and words of the heading right above a column's code; it may reach up over several rows.

    The totals of a list stand between.
    """
    letters = column_letters(column)
    for row in range(code_row - 1, 0, -1):
        cell, code = sheet.cells.get(f"{letters}{row}"), sheet.cells.get(join(row, CODE_COLUMN))
        if cell and (said := cell.raw.strip()) and not (code and code.raw == TOTALS):
            return row, said
    return code_row - 1, ""
