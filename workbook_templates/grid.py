"""Where everything stands on a form's sheet: one map used by templates, reader, previews and traces.

Sheet rows and columns are numbered from 1; columns are also named by letters. From top to bottom::

    status (not printed) | head (4 rows) | headings (as deep as the longest path) | hidden codes of the columns |
    numbers A B C 1 2 3 | rows of the form | foot

and from left to right::

    hidden codes of the rows | TT | label | ĐVT | the form's columns | check | hidden background figures
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from registry.catalogue.forms import View
from registry.catalogue.model import CellKind, Form
from registry.catalogue.values import CellKey
from registry.rules import bind
from registry.rules.bind import Place
from registry.rules.lookup import Outside
from registry.rules.needs import outside
from registry.rules.parse import parse
from registry.rules.tree import Cell, Number, Text
from workbook_templates import paper

STATUS_ROW = 1
HEAD_ROWS = 5  # with the status line
_HEAD = (("number", "title", "unit"), ("basis", "period", "receivers"), ("", "window", "due"))
UNIT_PLACES = ("unit", "receivers", "due", "identity", "place", "issue")
_RIGHT_SHARE = 0.25
_LEAST_RIGHT = 200.0  # points of "Buôn Ma Thuột, ngày      tháng      năm 2026"
CODE_COLUMN = 1
FIRST_LABEL_COLUMN = 2
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\']")
_FROM_THE_WAREHOUSE = frozenset(
    {
        CellKind.COMPUTED,  # the cached total
        CellKind.PREVIOUS,
        CellKind.SAME_PERIOD,
        CellKind.CUMULATIVE_SAME_PERIOD,
        CellKind.CUMULATIVE,
        CellKind.PLAN,
        CellKind.SHOWN,
    }
)


class Heading(NamedTuple):
    """A merged heading of the table: 1-based sheet rows and columns, both ends included."""

    text: str
    top: int
    left: int
    bottom: int
    right: int


Zone = tuple[int, int]  # first and last sheet column


class Slot(NamedTuple):
    """A cell whose content depends on the unit: every build of one view differs from another only in these."""

    sheet: str
    a1: str


class BackgroundKey(NamedTuple):
    """A hidden background figure: the row it stands beside and what it asks, e.g. ``CUMULATIVE (c06) 2``."""

    row: str
    asks: str


def letters(column: int) -> str:
    """Column letters of a 1-based column number: 28 -> ``"AB"``."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def a1(row: int, column: int) -> str:
    """``a1(5, 2)`` -> ``"B5"``."""
    return f"{letters(column)}{row}"


def label_headings(form: Form) -> tuple[str, ...]:
    """TT, label and ĐVT; a form with one measure for the whole sheet (``unit_line``) has no ĐVT column."""
    return form.label_headings[: 2 if form.unit_line else 3]


@dataclass(frozen=True)
class Grid:
    """The frozen map of one view. Rows and columns of the sheet are 1-based numbers."""

    view: View
    sheet: str  # name of the form's sheet
    rows: Mapping[str, int]  # sheet row of each row code, sections included
    columns: Mapping[str, int]  # sheet column of each column code
    headings: tuple[Heading, ...]
    number_row: int
    label_columns: int  # 3, or 2 without ĐVT
    check_column: int
    background: Mapping[BackgroundKey, str]  # A1 of each background figure
    calls: Mapping[BackgroundKey, tuple[Outside, Place]]  # what each asks, and where

    @cached_property
    def cells(self) -> dict[CellKey, str]:
        """A1 of every cell of every data and total row."""
        names = {code: letters(column) for code, column in self.columns.items()}
        return {key: f"{names[key.column]}{self.rows[key.row]}" for key in self.view.cells}

    @cached_property
    def keys(self) -> dict[str, CellKey]:
        """The cell standing at each A1."""
        return {address: key for key, address in self.cells.items()}

    @property
    def code_column(self) -> str:
        """Letters of the hidden column that holds the row codes."""
        return letters(CODE_COLUMN)

    @property
    def code_row(self) -> int:
        """The hidden sheet row that holds the column codes."""
        return self.number_row - 1

    @property
    def identity(self) -> str:
        """A1 of the visible locked cell ``Mã biểu: <token>``."""
        return a1(HEAD_ROWS, FIRST_LABEL_COLUMN)

    @property
    def status(self) -> str:
        """A1 of the line that says how far the sheet is filled; it is above what is printed."""
        return a1(STATUS_ROW, FIRST_LABEL_COLUMN)

    @property
    def blanks(self) -> str:
        """A1 of the hidden cell that counts the inputs still blank."""
        return a1(STATUS_ROW, self.check_column + 1)

    @property
    def checked(self) -> str:
        """The range of the check column beside the form's rows."""
        return f"{a1(self.first_row, self.check_column)}:{a1(self.last_row, self.check_column)}"

    @property
    def origin(self) -> str:
        """A1 of the first figure cell, which the defined name ``BC_<token>`` refers to."""
        return next(iter(self.cells.values()), a1(self.first_row, self.first_figure_column))

    @property
    def heading_row(self) -> int:
        """First sheet row of the headings."""
        return HEAD_ROWS + 1

    @property
    def first_row(self) -> int:
        """Sheet row of the form's first row."""
        return self.number_row + 1

    @property
    def last_row(self) -> int:
        """Sheet row of the form's last row; the foot begins two below."""
        return self.number_row + len(self.rows)

    @property
    def first_figure_column(self) -> int:
        """Sheet column of the form's first own column."""
        return FIRST_LABEL_COLUMN + self.label_columns

    @property
    def last_column(self) -> int:
        """Last printed sheet column."""
        return self.check_column - 1

    @property
    def labels(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """(row code, A1 of its TT, label and perhaps ĐVT), from top to bottom."""
        for code, row in self.rows.items():
            yield code, tuple(a1(row, FIRST_LABEL_COLUMN + i) for i in range(self.label_columns))

    @cached_property
    def unit_cells(self) -> tuple[CellKey, ...]:
        """The form's cells that a unit finds filled, or with a cached figure."""
        cells = self.view.cells.items()
        return tuple(key for key, spec in cells if spec.prefill or spec.kind in _FROM_THE_WAREHOUSE)

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """Every unit-dependent cell of the form's sheet: figures, background, statuses, head and foot."""
        return tuple(Slot(self.sheet, address) for address in self._slot_addresses())

    def _slot_addresses(self) -> Iterator[str]:
        yield from (self.places[name] for name in UNIT_PLACES)
        yield from (self.cells[key] for key in self.unit_cells)
        yield from self.background.values()
        yield from (self.status, self.blanks)
        yield from (a1(row, self.check_column) for row in self.rows.values())

    def hidden(self, asked: Outside, place: Place) -> str | None:
        """A1 of the hidden cell that answers what is asked from outside at a place (``formula.SheetResolver``)."""
        return self.background.get(_background_key(self.view, asked, place))

    def asking(self, calls: Iterable[tuple[Outside, Place]]) -> Grid:
        """The map with hidden figures for more questions, which live checks ask; its hash is not the form's.

        Figures of a place without a row stand beside the numbers.
        """
        more = {_background_key(self.view, call, place): (call, place) for call, place in calls}
        more = {key: asked for key, asked in more.items() if key not in self.calls}
        taken = len({key.asks for key in self.background})
        rows = {"": self.number_row, **self.rows}
        added = _background(more, rows, self.check_column + 1 + taken)
        return replace(self, background={**self.background, **added}, calls={**self.calls, **more})

    @cached_property
    def fit(self) -> paper.Fit:
        """How the table goes on paper; its columns count from TT."""
        return paper.fit(self.view, self.label_columns)

    def points(self, left: int, right: int) -> float:
        """Printed width in points from one sheet column to another, both included, before scaling."""
        return self.fit.points(left - FIRST_LABEL_COLUMN, right - FIRST_LABEL_COLUMN)

    @cached_property
    def zones(self) -> tuple[Zone, Zone, Zone]:
        """First and last sheet column of the three parts of head and foot: left, middle, right.

        Left stands over the labels; right takes what comes nearest to a quarter of the printed width, of the parts wide
        enough for place and date.
        """
        left_end = self.first_figure_column - (1 if len(self.columns) > 1 else 2)
        wanted = _RIGHT_SHARE * self.points(FIRST_LABEL_COLUMN, self.last_column)
        starts = range(left_end + 2, self.last_column + 1)
        roomy = [start for start in starts if self.points(start, self.last_column) >= _LEAST_RIGHT]
        right = min(roomy or starts, key=lambda start: abs(self.points(start, self.last_column) - wanted))
        return ((FIRST_LABEL_COLUMN, left_end), (left_end + 1, right - 1), (right, self.last_column))

    @cached_property
    def places(self) -> dict[str, str]:
        """A1 of the parts of head and foot, named as in ``wording.Wording``."""
        left, middle, right = self.zones
        places = {"identity": self.identity, "issue": a1(self.end_row, right[0]), "place": a1(self.foot_row, right[0])}
        for row, names in enumerate(_HEAD, start=STATUS_ROW + 1):
            places |= {name: a1(row, zone[0]) for name, zone in zip(names, (left, middle, right), strict=True) if name}
        return places

    @property
    def foot_row(self) -> int:
        """Sheet row of place and date; titles of the signers and how they sign follow, the signs stand above."""
        return self.last_row + 3

    @property
    def end_row(self) -> int:
        """Last printed sheet row: the version code, below the room for signatures."""
        return self.foot_row + 7

    @cached_property
    def hash(self) -> str:
        """8 hex digits over everything that matters for reading a workbook of this grid."""
        facts: dict[str, object] = {
            "form": [self.view.form.code, self.view.form.version],
            "sheet": [self.sheet, self.code_column, self.code_row, self.identity],
            "rows": dict(self.rows),
            "columns": dict(self.columns),
            "cells": [
                [
                    *key[:2],
                    self.cells[key],
                    spec.kind,
                    spec.series,
                    spec.nature,
                    spec.shift,
                    spec.measure,
                    spec.decimals,
                ]
                for key, spec in self.view.cells.items()
            ],
            "background": [[*key, address] for key, address in self.background.items()],
        }
        if self.view.lists:
            facts["lists"] = [
                [code, [[key.column, spec.kind, spec.measure, spec.decimals] for key, spec in line.cells.items()]]
                for code, line in self.view.lists.items()
            ]
        text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:8]


def place(view: View) -> Grid:
    """The map of a view: no two cells on one address, the same view always the same map."""
    label_columns = len(label_headings(view.form))
    first = FIRST_LABEL_COLUMN + label_columns
    columns = {column.code: first + i for i, column in enumerate(view.columns)}
    depth = max((len(path) for path in _paths(view)), default=1)
    number_row = HEAD_ROWS + depth + 2
    rows = {row.code: number_row + 1 + i for i, (row, _) in enumerate(view.rows)}
    check_column = first + len(columns)
    calls = _calls(view)
    return Grid(
        view=view,
        sheet=sheet_name(view.form),
        rows=rows,
        columns=columns,
        headings=(*_label_headings(view.form, depth), *_figure_headings(view, first, depth)),
        number_row=number_row,
        label_columns=label_columns,
        check_column=check_column,
        background=_background(calls, rows, check_column + 1),
        calls=calls,
    )


def sheet_name(form: Form) -> str:
    """The form's code as Excel allows a sheet to be called."""
    return allowed(form.code)[:31]


def allowed(words: str) -> str:
    """Words without what Excel refuses in the name of a sheet."""
    return _NOT_IN_SHEET_NAMES.sub("-", words)


def _label_headings(form: Form, depth: int) -> Iterator[Heading]:
    for i, text in enumerate(label_headings(form)):
        yield Heading(text, HEAD_ROWS + 1, FIRST_LABEL_COLUMN + i, HEAD_ROWS + depth, FIRST_LABEL_COLUMN + i)


def _figure_headings(view: View, first: int, depth: int) -> Iterator[Heading]:
    """Neighbours with a common prefix share its heading; the last heading of a path reaches down to the numbers."""
    paths = _paths(view)
    for level in range(depth):
        start = 0
        while start < len(paths):
            end = _end_of_heading(paths, start, level)
            if level < len(paths[start]):
                is_last = level == len(paths[start]) - 1
                bottom = depth if is_last else level + 1
                left, right = first + start, first + end - 1
                yield Heading(paths[start][level], HEAD_ROWS + level + 1, left, HEAD_ROWS + bottom, right)
            start = end


def _paths(view: View) -> list[tuple[str, ...]]:
    """Heading paths as the audience of the view reads them."""
    return [column.heading(view.row_set.audience) for column in view.columns]


def _end_of_heading(paths: list[tuple[str, ...]], start: int, level: int) -> int:
    end, prefix = start + 1, paths[start][: level + 1]
    if level >= len(paths[start]) - 1:
        return end
    while end < len(paths) and len(paths[end]) > level + 1 and paths[end][: level + 1] == prefix:
        end += 1
    return end


def _calls(view: View) -> dict[BackgroundKey, tuple[Outside, Place]]:
    return {
        _background_key(view, asked, place): (asked, place)
        for spec in view.cells.values()
        if spec.kind is CellKind.COMPUTED and spec.formula
        for place in [Place(spec.key.row, spec.key.column)]
        for asked in outside(parse(spec.formula), place, view)
    }


def _background_key(view: View, asked: Outside, place: Place) -> BackgroundKey:
    """Questions that name the same cell by other words, or by their place alone, are one."""
    if isinstance(asked, Cell):
        there = bind.foreign(asked, place, view)
        named = f"{{{there.form}}}![{there.key.row}].({there.key.column})" if there else "{}"
        return BackgroundKey(place.row or "", named)
    words = [asked.function.value]
    for argument in asked.arguments:
        if isinstance(argument, Cell):
            about = bind.key(argument, place, view)
            row = about.row if about and about.row != place.row else ""
            words.append(f"{f'[{row}].' if row else ''}({about.column if about else ''})")
        elif isinstance(argument, Number | Text):
            words.append(str(argument.value))
    return BackgroundKey(place.row or "", " ".join(words))


def _background(keys: Iterable[BackgroundKey], rows: Mapping[str, int], first: int) -> dict[BackgroundKey, str]:
    """One hidden column for each distinct question, in order of first appearance."""
    columns: dict[str, int] = {}
    for key in keys:
        columns.setdefault(key.asks, first + len(columns))
    return {key: a1(rows[key.row], columns[key.asks]) for key in keys}
