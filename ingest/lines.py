"""Lines of list tables as they came back: found by the hidden column codes, read, computed and checked one by one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from ingest.a1 import column_letters, join, split
from ingest.anchor import Anchored
from ingest.cells import CellReading, unread
from ingest.layout import Table
from ingest.model import Case, Extraction, RawSheet
from ingest.printed import heading_findings
from ingest.scale import scale_findings
from ingest.text import clean, is_called, name_found
from registry.catalogue.model import Column, RuleScope
from registry.catalogue.values import BLANK, CellKey, CellValue, State
from registry.findings import Finding, finding, message
from registry.rules.background import LineKey
from registry.rules.consequences import without_consequences
from registry.rules.evaluate import check, compute
from registry.rules.lines import Line, as_line, in_line, key_of, key_words, lines_of, name_of, of_line
from vietnamese.fold import fold
from workbook_templates.grid import CODE_COLUMN
from workbook_templates.list_grid import END, TOTALS, ListGrid, is_foot, mark, place_lists

MOST_ALIKE = 30  # findings of one code in one column of a list; the rest are counted
_TOTALS = ("tong cong", "tong so", "cong")


@dataclass
class LinesRead:
    """Everything read of the lists of one form."""

    values: dict[CellKey, CellValue] = field(default_factory=dict)
    addresses: dict[CellKey, tuple[str, str]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True)
class _Sheet:
    """A list's sheet as found: where its columns stand, and its cells by sheet row."""

    sheet: RawSheet
    code_row: int
    columns: dict[str, int]
    cells: dict[int, dict[int, str]]  # row -> column -> A1 of cells that hold anything
    has_codes: bool = True  # in the code row; False of a file known by its layout

    @property
    def words(self) -> list[str]:
        """What the columns hold below their codes, wherever they stand."""
        places = set(self.columns.values())
        rows = (columns for row, columns in sorted(self.cells.items()) if row > self.code_row)
        return [
            self.sheet.cells[at].raw for columns in rows for column, at in sorted(columns.items()) if column in places
        ]


def read_lists(extraction: Extraction, case: Case, known: Mapping[str, Table] = MappingProxyType({})) -> LinesRead:
    """Every list of the case's form; a list whose sheet cannot be found gives one BLOCK finding.

    ``known`` tells where lists stand in a file that has no hidden codes.
    """
    read = LinesRead()
    for grid in place_lists(case.context.view):
        if grid.table.code in known:
            _List(case, grid, _without_codes(extraction, known[grid.table.code]), extraction.date1904).into(read)
            continue
        frames = [frame for sheet in extraction.sheets if (frame := _frame(sheet, grid))]
        if not frames:
            read.findings.append(finding("anchor-list-missing", expected=grid.sheet))
            continue
        frame = min(frames, key=lambda one: (not is_called(one.sheet.name, grid.sheet), one.sheet.state != "visible"))
        read.findings += name_found(frame.sheet.name, grid.sheet)
        _List(case, grid, frame, extraction.date1904).into(read)
        for other in (one for one in frames if one is not frame):
            code = "anchor-sheet-copied" if other.words == frame.words else "anchor-two-sheets"
            read.findings.append(finding(code, sheet=frame.sheet.name, found=other.sheet.name))
    return read


def _without_codes(extraction: Extraction, table: Table) -> _Sheet:
    sheet = next(one for one in extraction.sheets if one.name == table.sheet)
    cells: dict[int, dict[int, str]] = defaultdict(dict)
    for address, cell in sheet.cells.items():
        if cell.raw.strip() or cell.formula is not None:
            row, column = split(address)
            cells[row][column] = address
    return _Sheet(sheet, table.begins_below, dict(table.columns), cells, has_codes=False)


def judge_lines(values: Mapping[CellKey, CellValue], case: Case) -> LinesRead:
    """The lines among values that came without a workbook, computed and checked; places are those of a new one."""
    read = LinesRead()
    grids = {grid.table.code: grid for grid in place_lists(case.context.view)}
    for table, lines in lines_of(values).items():
        grid = grids[table]
        frame = _Sheet(RawSheet(grid.sheet, {}, protected=True), grid.code_row, dict(grid.columns), {})
        one = _List(case, grid, frame, date1904=False)
        for n, line in lines.items():
            one.take(n, grid.number_row + n, line, read)
        read.findings += capped(one.found)
    return read


def _frame(sheet: RawSheet, grid: ListGrid) -> _Sheet | None:
    """The row that holds the list's mark or most of its codes; None where neither stands."""
    cells: dict[int, dict[int, str]] = defaultdict(dict)
    codes: dict[int, dict[str, int]] = defaultdict(dict)
    marked = 0
    for address, cell in sheet.cells.items():
        text = cell.raw.strip()
        if not text and cell.formula is None:
            continue
        row, column = split(address)
        cells[row][column] = address
        if text in grid.columns:
            codes[row].setdefault(text, column)
        elif text == mark(grid.table.code):
            marked = row
    is_named = is_called(sheet.name, grid.sheet)
    usual = grid.code_row if is_named else 0
    row = marked or max(codes, key=lambda one: (len(codes[one]), one == usual), default=0)
    enough = 2 * len(codes.get(row, ())) >= len(grid.columns)
    if not enough or not (marked or is_named):
        return None
    return _Sheet(sheet, row, codes[row], cells)


class _List:
    """One list on its sheet."""

    def __init__(self, case: Case, grid: ListGrid, frame: _Sheet, date1904: bool) -> None:
        self.case, self.grid, self.frame, self.date1904 = case, grid, frame, date1904
        self.view, self.table = grid.view, grid.table.code
        self.by_code = {column.code: column for column in self.view.columns}
        self.rules = [rule for rule in case.rules if rule.table == self.table and rule.scope == RuleScope.UNIT]
        self.seen: dict[LineKey, int] = {}  # sheet row of each key
        self.found: list[Finding] = []

    def into(self, read: LinesRead) -> None:
        """Reads every line, from top to bottom."""
        if self.frame.has_codes:
            self.found += self._columns_found()
            self.found += heading_findings(self.frame.sheet, self.frame.code_row, self.frame.columns, self.view)
        for n, row in enumerate(self._rows(), start=1):
            self.take(n, row, None, read)
        if self.frame.has_codes and not self.frame.sheet.protected:
            self.found.append(finding("anchor-protection-missing", sheet=self.frame.sheet.name))
        read.findings += capped(self.found)

    def take(self, n: int, row: int, typed: Line | None, read: LinesRead) -> None:
        """One line, from its cells in a sheet row or as ``typed`` elsewhere."""
        values, addresses = self._line(n, row, typed)
        self._not_twice(values, row)
        read.values |= as_line(n, values)
        read.addresses |= {key._replace(line=n): (self.frame.sheet.name, at) for key, at in addresses.items()}

    # --- which rows are lines

    def _columns_found(self) -> Iterator[Finding]:
        sheet = self.frame.sheet
        here = Counter(sheet.cells[at].raw.strip() for at in self.frame.cells.get(self.frame.code_row, {}).values())
        for code, column in self.by_code.items():
            heading = " – ".join(column.path)
            if not here[code]:
                yield finding("anchor-column-missing", sheet=sheet.name, column=heading, expected=code)
            elif here[code] > 1:
                yield finding("anchor-duplicate-column", sheet=sheet.name, column=heading, found=str(here[code]))

    def _rows(self) -> Iterator[int]:
        """Sheet rows with anything typed in them, below the codes; not totals, numbers, nor the foot."""
        kinds = {code: self.view.cells[CellKey(self.table, code)].kind for code in self.by_code}
        typed = {at for code, at in self.frame.columns.items() if kinds[code].is_typed}
        end = self._end()
        for row in sorted(one for one in self.frame.cells if one > self.frame.code_row):
            cells = self.frame.cells[row]
            if self._text(row, CODE_COLUMN) == TOTALS or not any(at in typed for at in cells) or self._is_numbers(row):
                continue
            if row >= end and not self._has_key(row):
                continue
            if self._is_total(row):
                self.found.append(finding("list-total-line", sheet=self.frame.sheet.name, found=str(row)))
                continue
            yield row

    def _end(self) -> int:
        """Sheet row below which the sheet's own words stand: by its mark, else by those words.

        Lines pasted beyond it are lines still, if they have their key.
        """
        rows = sorted(row for row in self.frame.cells if row > self.frame.code_row)
        marked = (row for row in rows if self._text(row, CODE_COLUMN) == END)
        worded = (row for row in rows if any(is_foot(self._text(row, at)) for at in self.frame.cells[row]))
        return next(marked, None) or next(worded, None) or rows[-1] + 1 if rows else 0

    def _text(self, row: int, column: int) -> str:
        address = self.frame.cells.get(row, {}).get(column)
        return clean(self.frame.sheet.cells[address].raw) if address else ""

    def _is_numbers(self, row: int) -> bool:
        """True for the printed row of column numbers."""
        texts = {code: self._text(row, at) for code, at in self.frame.columns.items() if at in self.frame.cells[row]}
        return len(texts) > 1 and all(text == self.by_code[code].number for code, text in texts.items())

    def _has_key(self, row: int) -> bool:
        """True where every key column holds something of a line's own."""
        columns = self.frame.columns
        keys = [columns[code] for code, one in self.by_code.items() if one.key and code in columns]
        return all(at in self.frame.cells[row] and not is_foot(self._text(row, at)) for at in keys)

    def _is_total(self, row: int) -> bool:
        """A sum someone wrote under or between the lines: it says so, and not every key is filled."""
        texts = (self._text(row, at) for at in sorted(self.frame.cells[row]) if at > CODE_COLUMN)
        first = fold(next((text for text in texts if text and not text.isdecimal()), "")).rstrip(":. ")
        return first in _TOTALS or (first.startswith(_TOTALS) and not self._has_key(row))

    # --- one line

    def _line(self, n: int, row: int, typed: Line | None) -> tuple[Line, dict[CellKey, str]]:
        sheet = self.frame.sheet
        addresses = {CellKey(self.table, code): join(row, at) for code, at in self.frame.columns.items()}
        cells = {key: sheet.cells[at] for key, at in addresses.items() if at in sheet.cells}
        anchored = Anchored(sheet.name, cells, addresses)
        line = of_line(self.case.context, self.table, {})
        inputs, found = CellReading(line, anchored, self.date1904).inputs() if typed is None else (typed, [])
        context = of_line(self.case.context, self.table, inputs)
        name = name_of(self.view, n, inputs)
        values = compute(context, inputs)
        doubtful = [key for key in self.view.inputs if unread(key, values, anchored)]
        again = CellReading(context, anchored, self.date1904)
        found = [*found, *again.locked(values), *scale_findings(context, values, again.place)]
        self.found += [_named(one, name, n) for one in found]
        self.found += self._required(values, anchored, name, n)
        for one in without_consequences(self.view, check(context, self.rules, values, doubtful)):
            named = in_line(one, self.view, n, values)
            key = CellKey(self.table, dict(one.values).get("column_code", ""))
            self.found.append(self.case.weighed(replace(named, sheet=sheet.name, cell=addresses.get(key))))
        return values, addresses

    def _required(self, values: Line, anchored: Anchored, name: str, n: int) -> Iterator[Finding]:
        for code, column in self.by_code.items():
            key = CellKey(self.table, code)
            unread = anchored.cells.get(key)
            needed = (column.required or column.key) and self.view.cells[key].kind.is_typed
            is_blank = values.get(key, BLANK).state is State.BLANK
            if needed and is_blank and not (unread is not None and clean(unread.raw)):
                where = {"sheet": anchored.sheet, "cell": anchored.addresses.get(key), "row": name}
                yield finding("list-required", **where, column=_heading(column), line=n)

    def _not_twice(self, values: Line, row: int) -> None:
        key = key_of(self.view, values)
        if not all(key):
            return
        first = self.seen.setdefault(key, row)
        if first != row:
            keys = [code for code, column in self.by_code.items() if column.key]
            at = self.frame.columns.get(keys[0])
            self.found.append(
                finding(
                    "list-duplicate-key",
                    sheet=self.frame.sheet.name,
                    cell=f"{column_letters(at)}{row}" if at else None,
                    found=str(row),
                    first=first,
                    words=key_words(self.view, values),
                )
            )


def _heading(column: Column) -> str:
    return " – ".join(column.path)


def _named(found: Finding, name: str, n: int) -> Finding:
    return replace(found, row=name, values=(*found.values, ("line", str(n))))


def capped(found: Iterable[Finding]) -> list[Finding]:
    """Of many findings of one kind in one column the first ``MOST_ALIKE``, then how many more there are."""
    groups: dict[tuple[str, str | None], list[Finding]] = defaultdict(list)
    for one in found:
        groups[one.code, one.column].append(one)
    kept: list[Finding] = []
    for alike in groups.values():
        kept += alike[:MOST_ALIKE]
        if len(alike) > MOST_ALIKE:
            first, more = alike[0], len(alike) - MOST_ALIKE
            where = {"sheet": first.sheet, "cell": alike[MOST_ALIKE].cell, "column": first.column}
            kept.append(
                finding("list-more", **where, severity=first.severity, found=str(more), expected=message(first))
            )
    return kept
