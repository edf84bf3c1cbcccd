"""The lines of an official form: number, label, measure, how deep it is set in, and what kind of line it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ingest.official.doubts import Doubts
from ingest.official.paper import At, Paper
from ingest.official.table import Table
from ingest.official.words import (
    CAPITAL,
    CLOSED,
    DASH,
    DITTO,
    DOTTED,
    PLACEHOLDER,
    ROMAN,
    SERIAL,
    SMALL_LETTER,
    SPLIT_LABEL,
    TOTAL,
)
from registry.catalogue.model import RowKind
from vietnamese.fold import fold

_DEEPEST = 9
_IN_PARENTHESES = re.compile(r".*\(([^()]{1,24})\)[\s:.]*")


@dataclass(frozen=True, slots=True)
class Line:
    """One line as printed; ``at`` is its label's cell."""

    row: int  # on the sheet
    at: At
    number: str
    label: str
    measure: str  # as printed, "" where nothing is
    indent: int
    kind: RowKind
    is_bold: bool = False


def lines_of(table: Table, doubts: Doubts) -> list[Line]:
    """The lines of a table, every one with its level and kind."""
    printed = list(_printed(table, doubts))
    kinds = [_kind(table, line) for line in printed]
    levels = _Levels(table)
    placed = [replace(line, kind=kind, indent=levels.of(line, kind)) for line, kind in zip(printed, kinds, strict=True)]
    return [_hesitant(line, doubts) for line in placed]


def is_list(lines: list[Line]) -> bool:
    """True when no line names anything: the form has as many lines as there are things to list."""
    return all(PLACEHOLDER.fullmatch(line.label) or SERIAL.fullmatch(fold(line.label)) for line in lines)


# --- as printed ------------------------------------------------------------------------------------------------------


def _printed(table: Table, doubts: Doubts) -> Iterator[Line]:
    paper, previous = table.paper, ""
    number_at = table.number_column.column if table.number_column else 0
    for row in table.body:
        number = paper.text(row, number_at) if number_at else ""
        at = paper.anchor(row, table.label_column.column)
        label = paper.text(row, at[1]) if at[0] == row else ""
        if label == number and at[1] == number_at:  # a line merged over number and label
            number = ""
        if not label and number and not _is_number(number):
            number, label, at = "", number, (row, number_at)
        if number_at and _is_decimal(paper, row, number_at):
            number = _mended(number, previous, (row, number_at), doubts)
        if not number and (split := SPLIT_LABEL.fullmatch(label)):
            number, label = split["number"].rstrip(".)") if "." in split["number"] else split["number"], split["label"]
        if not label and not number:
            _unread(table, row, doubts)
            continue
        previous = number or previous
        ink = paper.inks.get(at)
        measure = _measure(table, row)
        yield Line(row, at, number, label, measure, 0, RowKind.DATA, bool(ink and ink.is_bold))


def _unread(table: Table, row: int, doubts: Doubts) -> None:
    filled = [column for column in table.paper.columns_of(row) if table.paper.text(row, column)]
    if filled:
        doubts.add("official-row-unread", (row, filled[0]), found=table.paper.text(row, filled[0]))


def _is_number(text: str) -> bool:
    return any(shape.fullmatch(text) for shape in (DOTTED, ROMAN, CAPITAL, SMALL_LETTER, DASH)) or text == "+"


def _is_decimal(paper: Paper, row: int, column: int) -> bool:
    ink = paper.inks.get((row, column))
    return ink is not None and ink.cell.kind == "n"


def _mended(number: str, previous: str, at: At, doubts: Doubts) -> str:
    """A number like 1.10 typed as a figure is kept as 1.1: after 1.9 it can only have been 1.10."""
    whole, dot, last = number.partition(".")
    before, _, step = previous.rpartition(".")
    if dot and before == whole and step.isdecimal() and int(last) * 10 == int(step) + 1:
        doubts.add("official-number-mended", at, found=number, expected=f"{whole}.{int(last) * 10}")
        return f"{whole}.{int(last) * 10}"
    return number


def _measure(table: Table, row: int) -> str:
    """ĐVT of a line: its own, that of a merged range, or that above a ditto mark."""
    if table.measure_column is None:
        return ""
    column = table.measure_column.column
    box = table.paper.boxes.get((row, column))
    text = table.paper.covering(row, column) if box is None or box.left == box.right else ""
    above = row
    while DITTO.fullmatch(fold(text)) and above > min(table.body):
        above -= 1
        text = table.paper.covering(above, column) or text
    return "" if DITTO.fullmatch(fold(text)) or fold(text) in CLOSED else text.strip("- ")


def measure_in_label(label: str) -> str:
    """What stands in parentheses at the end of a label: "Diện tích gieo trồng (ha)" -> "ha"."""
    found = _IN_PARENTHESES.fullmatch(label)
    return found[1].strip() if found else ""


# --- kinds -----------------------------------------------------------------------------------------------------------


def _kind(table: Table, line: Line) -> RowKind:
    if TOTAL.fullmatch(fold(line.label)) and not line.number:
        return RowKind.TOTAL
    if line.measure:
        return RowKind.DATA
    figures = {head.column for head in table.figures}
    if any(column in figures for column in table.paper.columns_of(line.row)):
        return RowKind.DATA
    box = table.paper.boxes.get(line.at)
    if box and any(box.left <= column <= box.right for column in figures):
        return RowKind.SECTION
    is_upper = line.label == line.label.upper() and any(letter.isalpha() for letter in line.label)
    is_numbered = bool(ROMAN.fullmatch(line.number) or CAPITAL.fullmatch(line.number))
    if table.measure_column is None:
        return RowKind.SECTION if is_upper and (is_numbered or line.is_bold) else RowKind.DATA
    is_heading = is_upper or is_numbered or line.is_bold or line.label.endswith(":")
    return RowKind.SECTION if is_heading and not measure_in_label(line.label) else RowKind.DATA


def _hesitant(line: Line, doubts: Doubts) -> Line:
    signs = ROMAN.fullmatch(line.number) or CAPITAL.fullmatch(line.number) or line.label == line.label.upper()
    if line.kind is RowKind.SECTION and not signs:
        doubts.add("official-row-section", line.at, row=line.label)
    return line


# --- levels ----------------------------------------------------------------------------------------------------------


class _Levels:
    """How deep each line is set in, by its number, its dash, or the drawing; remembers the lines above."""

    def __init__(self, table: Table) -> None:
        self._paper = table.paper
        self._number_column = table.number_column.column if table.number_column else 0
        self._base = 0  # of arabic numbers: 1 below a Roman line that has figures of its own
        self._numbered = 0  # level of the last numbered line
        self._dash: dict[str, int] = {}  # level of each sign since the last numbered line

    def of(self, line: Line, kind: RowKind) -> int:
        """The level of the next line."""
        number, sign = line.number.rstrip(".)"), line.label[:1]
        if DASH.fullmatch(line.number) or line.number == "+":
            number, sign = "", line.number
        if ROMAN.fullmatch(number) or CAPITAL.fullmatch(number):
            self._base = 0 if kind is RowKind.SECTION else 1
            level = 0
        elif DOTTED.fullmatch(number):
            level = self._base + number.count(".")
        elif number:
            return min(_DEEPEST, self._numbered + 1)
        else:
            return min(_DEEPEST, self._unnumbered(line, sign, kind))
        self._numbered, self._dash = level, {}
        return min(_DEEPEST, level)

    def _unnumbered(self, line: Line, sign: str, kind: RowKind) -> int:
        if kind is not RowKind.DATA:
            return 0
        if DASH.fullmatch(sign) or sign == "+":
            kind_of_sign = "+" if sign == "+" else "-"
            above = [level for other, level in self._dash.items() if other != kind_of_sign]
            level = self._dash.get(kind_of_sign, max(above, default=self._numbered) + 1)
            self._dash[kind_of_sign] = level
            return level
        ink = self._paper.inks.get(line.at)
        if ink and ink.indent:
            return ink.indent
        box = self._paper.boxes.get((line.row, self._number_column))
        return self._numbered + 1 if box and box.top < line.row else 0
