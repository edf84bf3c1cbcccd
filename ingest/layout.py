"""A form known by its layout alone: files whose code is gone because they were retyped, pasted or exported.

Nothing is guessed. Every label in its order, every measure and every heading must stand as the form prints them, and
nothing that holds figures may stand between; else what differs is told.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property
from typing import NamedTuple

from ingest.a1 import join, split
from ingest.model import Extraction, RawSheet
from ingest.printed import row_measures
from vietnamese.fold import fold
from workbook_templates.form_sheet import CHECK_HEADING
from workbook_templates.grid import Grid, label_headings
from workbook_templates.list_grid import ListGrid
from workbook_templates.wording import HeadLines

_MOST_CELLS = 50_000  # of a sheet that is looked at
_BELOW = 3  # rows under the table in which a figure was meant to belong to it
_HEADING_ROWS = 12  # from the first heading to the numbers of a list's columns
_MOST_TOLD = 8  # rows or columns named as different
_LONGEST_TOLD = 60  # characters of each
_DIGITS = re.compile(r"\d+")
_PERIOD = re.compile(r"(?:thang|quy|tuan|nam|\d+ thang)\b.{0,60}\b20\d\d")  # as a head says it, folded
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class Table:
    """Where a table of the form stands: sheet rows and columns by code; of a list the row its lines begin below."""

    sheet: str
    rows: Mapping[str, int]
    columns: Mapping[str, int]
    begins_below: int = 0


@dataclass(frozen=True)
class Layout:
    """A file that is laid out exactly as the form prints: its table, and its lists by code."""

    table: Table | None = None
    lists: Mapping[str, Table] = field(default_factory=dict)


@dataclass(frozen=True)
class Difference:
    """How a file differs from the form: rows and columns by the words people know them by."""

    alike: float  # 0 nothing, 1 everything, of what the form prints
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    other_unit: bool = False  # the head names another unit
    other_period: str = ""  # the period the head names instead


class Pages:
    """The sheets of a file prepared to be compared with several forms."""

    def __init__(self, extraction: Extraction) -> None:
        visible = (one for one in extraction.sheets if one.state == "visible" and len(one.cells) <= _MOST_CELLS)
        self.sheets = [_Page(one) for one in visible]


class _Page:
    """One sheet as folded texts by place."""

    def __init__(self, sheet: RawSheet) -> None:
        self.sheet = sheet
        self.columns: dict[int, dict[int, str]] = defaultdict(dict)
        self.numbers: dict[int, set[int]] = defaultdict(set)  # columns with a figure, by row
        self.places: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for address, cell in sheet.cells.items():
            row, column = split(address)
            if cell.kind == "n":
                self.numbers[row].add(column)
            text = fold(cell.raw)
            if text:
                self.columns[column][row] = text
                self.places[text].append((row, column))

    def text(self, row: int, column: int) -> str:
        return self.columns.get(column, {}).get(row, "")

    def raw(self, row: int, column: int) -> str:
        return " ".join(self.sheet.cells[join(row, column)].raw.split())[:_LONGEST_TOLD]

    def above(self, row: int) -> Iterator[tuple[str, str]]:
        """Every text above a row, folded and as written."""
        for at, column in self.columns.items():
            yield from ((text, self.raw(place, at)) for place, text in column.items() if place < row)


def match(pages: Pages, grid: Grid, lists: Iterable[ListGrid], head: HeadLines) -> Layout | Difference:
    """Where every cell of the form stands in a file without a code, or how the file differs from the form.

    A form is matched whole: its table and each of its lists. ``head`` is what the form prints of unit and period;
    a file may leave that out, but may not say otherwise.
    """
    parts: list[_Part] = [_FormPart(grid)] if grid.cells else []
    parts += [_ListPart(one) for one in lists]
    found = [max((part.on(page, head) for page in pages.sheets), key=_likeness, default=_NOTHING) for part in parts]
    tables = [one for one in found if isinstance(one, Table)]
    if found and len(tables) == len(found):
        by_list = {part.code: table for part, table in zip(parts, tables, strict=True) if part.code}
        return Layout(tables[0] if grid.cells else None, by_list)
    differences = [one for one in found if isinstance(one, Difference)]
    return Difference(
        sum(map(_likeness, found)) / max(1, len(found)),
        tuple(row for one in differences for row in one.rows)[:_MOST_TOLD],
        tuple(column for one in differences for column in one.columns)[:_MOST_TOLD],
        any(one.other_unit for one in differences),
        next((one.other_period for one in differences if one.other_period), ""),
    )


_NOTHING = Difference(0.0)


def _likeness(found: Table | Difference) -> float:
    return 1.0 if isinstance(found, Table) else found.alike * 0.99


@dataclass(frozen=True)
class _Part(ABC):
    """One table of the form as it prints: the stack of headings over each column."""

    grid: Grid

    @property
    def code(self) -> str:
        """Of a list."""
        return ""

    @abstractmethod
    def on(self, page: _Page, head: HeadLines) -> Table | Difference:
        """Where the table stands on a page, or what differs."""

    @cached_property
    def stacks(self) -> list[tuple[str, ...]]:
        """Folded headings over each column from top to bottom, as printed: a merged one at its left."""
        printed: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for one in self.grid.headings:
            printed[one.left].append((one.top, fold(one.text)))
        return [tuple(text for _, text in sorted(printed[at])) for at in self.grid.columns.values()]

    @cached_property
    def paths(self) -> list[tuple[str, ...]]:
        """The same with every heading repeated over each of its columns."""
        audience = self.grid.view.row_set.audience
        return [tuple(fold(one) for one in column.heading(audience)) for column in self.grid.view.columns]

    def columns_on(self, page: _Page, top: int, below: int, after: int) -> dict[str, int] | Difference:
        """Sheet columns by code, right of the column ``after``, their headings between two rows."""
        codes = {fold(code) for code in self.grid.columns}
        numbers = [fold(column.number) for column in self.grid.view.columns]
        found: list[_Stack] = []
        for at in sorted(column for column in page.columns if column > after):
            rows = page.columns[at]
            here = [row for row in sorted(rows) if top <= row < below and rows[row] not in codes]
            if here:
                found.append(_Stack(at, tuple(rows[row] for row in here), page.raw(here[-1], at)))
        while found and (found[-1].texts == (fold(CHECK_HEADING),) or not any(map(_LETTER.search, found[-1].texts))):
            found.pop()
        same = [
            one.texts in (printed, path, (*printed, number), (*path, number))
            for one, printed, path, number in zip(found, self.stacks, self.paths, numbers, strict=False)
        ]
        if len(found) == len(self.stacks) and all(same):
            return {code: one.column for code, one in zip(self.grid.columns, found, strict=True)}
        return self._columns_differ(found, same)

    def _columns_differ(self, found: Sequence[_Stack], same: Sequence[bool]) -> Difference:
        leaves = [path[-1] for path in self.paths]
        shown = [one.leaf(set(leaves)) for one in found]
        words = [" – ".join(column.path) for column in self.grid.view.columns]
        alike, told = _compared(leaves, words, shown, [one.shown for one in found])
        if not told:  # the last headings agree: what is printed over or under them does not
            told = tuple(word for word, is_same in zip(words, same, strict=False) if not is_same)
        return Difference(alike, columns=told)


class _Stack(NamedTuple):
    """The headings over a sheet column, from top to bottom, and the last of them as written."""

    column: int
    texts: tuple[str, ...]
    shown: str

    def leaf(self, known: set[str]) -> str:
        """The lowest heading that is one of the form's."""
        return next((text for text in reversed(self.texts) if text in known), self.texts[-1])


@dataclass(frozen=True)
class _FormPart(_Part):
    """The form's table: labels downwards."""

    def on(self, page: _Page, head: HeadLines) -> Table | Difference:
        rows = [row for row, _ in self.grid.view.rows]
        labels = [fold(row.label) for row in rows]
        column = self._label_column(page, labels)
        if column is None:
            return _NOTHING
        stand = sorted(page.columns[column].items())
        texts = [text for _, text in stand]
        starts = (i for i, text in enumerate(texts) if text == labels[0] and texts[i : i + len(labels)] == labels)
        start = next(starts, None)
        if start is None:
            return self._rows_differ(page, column, labels)
        placed = {row.code: at for row, (at, _) in zip(rows, stand[start:], strict=False)}
        heading = fold(label_headings(self.grid.view.form)[1])
        first = stand[start][0]
        top = max((at for at, text in stand[:start] if text == heading), default=0)
        if not top:
            return Difference(0.6, columns=(label_headings(self.grid.view.form)[1],))
        measures = self._measure_column(page, top, first, column)
        columns = self.columns_on(page, top, first, measures or column)
        if isinstance(columns, Difference):
            return Difference(0.5 + columns.alike / 2, columns=columns.columns)
        told = [*self._other_measures(page, placed, measures), *self._between(page, placed, columns)]
        line = fold(self.grid.view.form.unit_line)
        begins = line.partition(":")[0]
        if line and any(text.startswith(f"{begins}:") and text != line for text, _ in page.above(top)):
            told.append(self.grid.view.form.unit_line)
        return _agreeing(page, top, head, told) or Table(page.sheet.name, placed, columns)

    def _label_column(self, page: _Page, labels: Sequence[str]) -> int | None:
        votes: dict[int, int] = defaultdict(int)
        for text in set(labels):
            for column in {column for _, column in page.places.get(text, ())}:
                votes[column] += 1
        return max(votes, key=lambda column: (votes[column], -column), default=None)

    def _rows_differ(self, page: _Page, column: int, labels: list[str]) -> Difference:
        known, stand = set(labels), sorted(page.columns[column])
        met = [row for row in stand if page.text(row, column) in known]
        window = [row for row in stand if met[0] <= row <= met[-1]][: 2 * len(labels) + 50]
        texts, shown = [page.text(row, column) for row in window], [page.raw(row, column) for row in window]
        alike, told = _compared(labels, [row.label for row, _ in self.grid.view.rows], texts, shown)
        return Difference(alike / 2, rows=told)

    def _measure_column(self, page: _Page, top: int, first: int, column: int) -> int | None:
        """The column of ĐVT, where the form has one."""
        headings = label_headings(self.grid.view.form)
        if len(headings) < 3:
            return None
        wanted = fold(headings[2])
        columns = (at for row, at in page.places.get(wanted, ()) if top <= row < first and at > column)
        return min(columns, default=None)

    def _other_measures(self, page: _Page, placed: Mapping[str, int], measures: int | None) -> Iterator[str]:
        if measures is None:
            if self.grid.label_columns > 2:
                yield label_headings(self.grid.view.form)[2]
            return
        labels = {row.code: row.label for row, _ in self.grid.view.rows}
        for code, wanted in row_measures(self.grid):
            if page.text(placed[code], measures) != fold(wanted):
                yield f"{labels[code]} ({wanted})"

    def _between(self, page: _Page, placed: Mapping[str, int], columns: Mapping[str, int]) -> Iterator[str]:
        """Rows with figures the form does not have."""
        known, figures = set(placed.values()), set(columns.values())
        first, last = min(known), max(known)
        for row in sorted(page.numbers):
            if first < row <= last + _BELOW and row not in known and page.numbers[row] & figures:
                yield f"({row})"


@dataclass(frozen=True)
class _ListPart(_Part):
    """A list: headings only, lines of any number below them."""

    @property
    def code(self) -> str:
        assert isinstance(self.grid, ListGrid)
        return self.grid.table.code

    def on(self, page: _Page, head: HeadLines) -> Table | Difference:
        leaves = [path[-1] for path in self.paths]
        rows = sorted({row for text in set(leaves) for row, _ in page.places.get(text, ())})
        if not rows:
            return _NOTHING
        ordinal = fold(label_headings(self.grid.view.form)[0])
        tops = [(row, column) for row, column in page.places.get(ordinal, ()) if row <= rows[-1]]
        top, after = max((one for one in tops if one[0] <= rows[0] + 1), default=(rows[0], 0))
        last = max(row for row in rows if row < top + _HEADING_ROWS)
        columns = self.columns_on(page, top, last + 1, after)
        if isinstance(columns, Difference):
            return columns
        below = next(self._numbered(page, columns, last), last)
        return _agreeing(page, top, head, ()) or Table(page.sheet.name, {}, columns, below)

    def _numbered(self, page: _Page, columns: Mapping[str, int], last: int) -> Iterator[int]:
        """The row of printed column numbers below the headings."""
        numbers = {column.code: fold(column.number) for column in self.grid.view.columns}
        for row in range(last + 1, last + _HEADING_ROWS):
            shown = {code: page.text(row, at) for code, at in columns.items()}
            if any(shown.values()) and all(shown[code] == number for code, number in numbers.items()):
                yield row


def _agreeing(page: _Page, top: int, head: HeadLines, told: Iterable[str]) -> Difference | None:
    """What the head of the file says against the form's, and rows that differ; None when nothing does."""
    rows = tuple(told)
    texts = list(page.above(top))
    unit, period = fold(head.unit), fold(head.period)
    other_unit = any(text.startswith(fold(head.unit_begins)) and text != unit for text, _ in texts)
    like = _DIGITS.sub("#", period)
    other = next((raw for text, raw in texts if text != period and _may_be_period(text, like)), "")
    if not (rows or other_unit or other):
        return None
    return Difference(0.9, rows=rows, other_unit=other_unit, other_period=other)


def _may_be_period(text: str, like: str) -> bool:
    return _DIGITS.sub("#", text) == like or _PERIOD.fullmatch(text) is not None


def _compared(wanted: list[str], words: list[str], found: list[str], shown: list[str]) -> tuple[float, tuple[str, ...]]:
    """How much of what is wanted stands in order; what is lacking (its words) and what is too much (as shown, +)."""
    matcher = SequenceMatcher(None, wanted, found, autojunk=False)
    told: list[str] = []
    same = 0
    for kind, begin, end, first, last in matcher.get_opcodes():
        if kind == "equal":
            same += end - begin
            continue
        told += words[begin:end]
        told += [f"+ {text}" for text in shown[first:last]]
    return same / max(1, len(wanted)), tuple(told)
