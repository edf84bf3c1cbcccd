"""A worksheet as a person sees it: visible cells with their text in Unicode, merged cells as one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from ingest.a1 import split
from ingest.model import RawCell, RawSheet
from ingest.text import clean
from registry.catalogue.codec import text_of
from vietnamese.convert import Runs, context_of, convert_runs
from vietnamese.numbers import stored_number

MOST_ROWS, MOST_COLUMNS = 2_000, 120  # no form is larger; what lies beyond is not read
_LONGEST = 600  # characters of a heading or label
_SPACES = re.compile(r"[ \t\u00a0]+")

At = tuple[int, int]  # row and column, from 1


class Box(NamedTuple):
    """A merged range, clipped to what is read."""

    top: int
    left: int
    bottom: int
    right: int


class Ink(NamedTuple):
    """A cell with something in it."""

    text: str  # Unicode, line breaks kept
    cell: RawCell
    is_bold: bool
    indent: int  # of the alignment, or of leading blanks
    charset: str | None  # what the text was converted from


@dataclass(frozen=True)
class Paper:
    """The visible part of one sheet."""

    name: str
    inks: dict[At, Ink]
    boxes: dict[At, Box]  # of every cell of a merged range
    blank_formats: dict[At, str]
    choices: tuple[tuple[Box, tuple[str, ...]], ...] = ()  # ranges whose cells offer a list, in Unicode
    hidden_columns: frozenset[int] = frozenset()
    hidden: At | None = None  # the first cell with something in it that is hidden
    is_cut: bool = False  # something lies beyond what is read
    _lines: dict[int, list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, sheet: RawSheet) -> Paper:
        """The paper of a sheet; cells in hidden rows and columns are left out."""
        hidden_rows = set(sheet.hidden_rows)
        placed = {at: cell for cell in sheet.cells.values() if (at := _place(cell.a1)) is not None}
        near = {at: cell for at, cell in placed.items() if at[0] <= MOST_ROWS and at[1] <= MOST_COLUMNS}
        spans = sheet.look.hidden_columns
        hidden_columns = frozenset(column for a, b in spans for column in range(a, min(b, MOST_COLUMNS) + 1))
        boxes = {at: box for ref in sheet.look.merges for box in _boxes(ref) for at in _cells(box)}
        covered = {
            at
            for at in near
            if at[0] in hidden_rows or (at[1] in hidden_columns and not _shows(boxes.get(at), hidden_columns))
        }
        seen = {at: cell for at, cell in sorted(near.items()) if at not in covered}
        inks = _inks(seen, sheet)
        blanks = {at: code for a1, code in sheet.look.blank_formats.items() if (at := _place(a1)) is not None}
        lines: dict[int, list[int]] = {}
        for row, column in inks:
            lines.setdefault(row, []).append(column)
        hidden = min(covered, default=None)
        choices = tuple((box, _offered(listed)) for refs, listed in sheet.choices.items() for box in _ranges(refs))
        return cls(sheet.name, inks, boxes, blanks, choices, hidden_columns, hidden, len(near) < len(placed), lines)

    def text(self, row: int, column: int) -> str:
        """What stands in the cell itself, on one line."""
        ink = self.inks.get((row, column))
        return one_line(ink.text) if ink else ""

    def covering(self, row: int, column: int) -> str:
        """What a person reads at the cell: its own text or that of the merged range it lies in."""
        return self.text(*self.anchor(row, column))

    def anchor(self, row: int, column: int) -> At:
        """The first cell of the merged range the cell lies in."""
        box = self.boxes.get((row, column))
        return (box.top, box.left) if box else (row, column)

    def columns_of(self, row: int) -> list[int]:
        """The columns of a row with something in them, from left to right."""
        return self._lines.get(row, [])

    @cached_property
    def rows(self) -> list[int]:
        """The rows with something in them, from top to bottom."""
        return sorted(self._lines)

    def format_at(self, row: int, column: int) -> str:
        """The number format of a cell, empty when it says nothing."""
        ink = self.inks.get((row, column))
        code = ink.cell.number_format if ink else self.blank_formats.get((row, column), "")
        return "" if code == "General" else code

    def offered(self, row: int, column: int) -> tuple[str, ...]:
        """What may be chosen in the cells of a column from a row on: the first list its cells offer, if any does."""
        lists = (listed for box, listed in self.choices if box.left <= column <= box.right and row <= box.bottom)
        return next(lists, ())


def one_line(text: str) -> str:
    """Text with line breaks and runs of blanks as single blanks."""
    return " ".join(text.split())


def _shows(box: Box | None, hidden: frozenset[int]) -> bool:
    """True for a merged range that reaches beyond the hidden columns it begins in."""
    return box is not None and any(column not in hidden for column in range(box.left, box.right + 1))


def _place(a1: str) -> At | None:
    try:
        return split(a1)
    except ValueError:
        return None


def _inks(cells: dict[At, RawCell], sheet: RawSheet) -> dict[At, Ink]:
    bold = set(sheet.look.bold)
    texts: dict[At, Runs] = {at: _runs(cell) for at, cell in cells.items() if cell.kind == "s"}
    context = context_of(texts.values())
    inks: dict[At, Ink] = {}
    for at, cell in cells.items():
        charset = None
        if at in texts:
            converted = convert_runs(texts[at], context)
            raw, charset = converted.unicode[:_LONGEST], converted.charset
        else:
            raw = _number_text(cell)
        indent = sheet.look.indents.get(cell.a1, 0) or _leading(raw)
        if (text := clean(_SPACES.sub(" ", raw))) or cell.formula is not None:
            inks[at] = Ink(text, cell, cell.a1 in bold, indent, charset)
    return inks


def _runs(cell: RawCell) -> Runs:
    return tuple((text, font) for text, font in cell.runs) if cell.runs else ((cell.raw[:_LONGEST], cell.font),)


def _number_text(cell: RawCell) -> str:
    if cell.kind != "n":
        return cell.raw if cell.kind == "d" else ""
    number = stored_number(cell.raw)
    return "" if number is None else text_of(number)


def _leading(raw: str) -> int:
    """Levels that blanks before a text set it in: two or three to a level."""
    blanks = len(raw) - len(raw.lstrip(" \t\u00a0"))
    return min(9, (blanks + 1) // 3 if blanks > 1 else 0)


def _boxes(reference: str) -> Iterator[Box]:
    first, _, last = reference.partition(":")
    start, end = _place(first), _place(last or first)
    if start and end and start[0] <= MOST_ROWS and start[1] <= MOST_COLUMNS:
        yield Box(*start, min(end[0], MOST_ROWS), min(end[1], MOST_COLUMNS))


def _ranges(references: str) -> Iterator[Box]:
    return (box for one in references.split() for box in _boxes(one))


def _offered(listed: Iterable[str]) -> tuple[str, ...]:
    """The words of a list in Unicode, judged together: they have no font, and alone a word tells little."""
    runs: list[Runs] = [((one, ""),) for one in listed]
    context = context_of(runs)
    return tuple(text for one in runs if (text := one_line(clean(convert_runs(one, context).unicode))))


def _cells(box: Box) -> Iterator[At]:
    return ((row, column) for row in range(box.top, box.bottom + 1) for column in range(box.left, box.right + 1))
