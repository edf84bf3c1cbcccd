"""The neutral table: one picture of a table that workbook and document both draw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import groupby

from registry.catalogue.values import CellKey, State
from vietnamese.numbers import format_number

SIGNS = {  # PRACTICE F10: what officials type and read
    State.NIL: "-",
    State.NOT_AVAILABLE: "…",
    State.NOT_APPLICABLE: "x",
    State.BLANK: "",
}


class Align(StrEnum):
    LEFT = "left"
    CENTRE = "center"
    RIGHT = "right"


class Tone(StrEnum):
    """Why a place of the unit-by-unit table is empty."""

    PLAIN = ""
    OWED = "owed"  # the unit owes the figure and has not given it
    CLOSED = "closed"  # the unit does not report this row


class RowStyle(StrEnum):
    """How a line of the table is set."""

    DATA = "data"
    SECTION = "section"  # a heading of the form
    TOTAL = "total"
    GROUP = "group"  # "Xã, phường": a heading without numbers
    DETAIL = "detail"  # folded away under the line above


@dataclass(frozen=True, slots=True)
class SumOf:
    """The number is Σ of the units' numbers in a cell."""

    key: CellKey
    communes_only: bool


@dataclass(frozen=True, slots=True)
class SumOfUnits:
    """The number is Σ of these units' numbers in a cell."""

    units: tuple[str, ...]
    key: CellKey


@dataclass(frozen=True, slots=True)
class SameAs:
    """The number is one unit's number in a cell."""

    unit: str
    key: CellKey


@dataclass(frozen=True, slots=True)
class Minus:
    """The number of the cell ``first`` columns along less that of ``second``, on the same line."""

    first: int
    second: int


@dataclass(frozen=True, slots=True)
class PercentOf:
    """100 × the number of column ``part`` over that of ``whole``, on the same line."""

    part: int
    whole: int


@dataclass(frozen=True, slots=True)
class Reckoned:
    """The number is what the form's own formula of a cell makes of the others on the sheet."""

    key: CellKey


Link = SumOf | SumOfUnits | SameAs | Minus | PercentOf | Reckoned


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one place: text as printed, and the exact number behind it where there is one."""

    text: str = ""
    number: Decimal | None = None
    decimals: int | None = 0  # None: as they come
    align: Align = Align.LEFT
    mark: str = ""  # "ước", "CT": printed after the number
    link: Link | None = None  # where a reader can follow the number to
    anchor: tuple[str, CellKey] | None = None  # (unit, cell): what others follow to here
    tone: Tone = Tone.PLAIN
    url: str = ""  # of words: where they lead, another sheet as ``internal:'…'!A1``
    day: date | None = None  # of words that say a day, or a moment on Vietnamese clocks


EMPTY = Cell()


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column: its heading path, outermost first, the number printed under it, its width in characters."""

    path: tuple[str, ...]
    number: str = ""
    width: float = 12
    folded: bool = False  # folded away until the reader asks


@dataclass(frozen=True, slots=True)
class TableRow:
    """One line; ``indent`` belongs to its label."""

    cells: tuple[Cell, ...]
    style: RowStyle = RowStyle.DATA
    indent: int = 0
    code: str = ""  # row code, for sums by kind of line


@dataclass(frozen=True, slots=True)
class HeadCell:
    """A merged heading: 0-based place and span within the head."""

    text: str
    row: int
    column: int
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Table:
    """A whole table with what is printed above and below it."""

    title: str
    columns: tuple[TableColumn, ...]
    rows: tuple[TableRow, ...]
    subtitles: tuple[str, ...] = ()
    left: tuple[str, ...] = ()  # head block, left
    right: tuple[str, ...] = ()
    above: tuple[str, ...] = ()  # lines between head and table, at the right: "Đơn vị tính: …"
    notes: tuple[str, ...] = ()
    labels: int = 2  # leading text columns that stay in sight
    label_column: int = 1  # the one that is indented
    paper: str = "A4"
    landscape: bool = True
    is_signed: bool = False  # has the foot with the three signatures

    @property
    def head(self) -> tuple[HeadCell, ...]:
        """The headings merged as the paths say."""
        return headings(tuple(column.path for column in self.columns))

    @property
    def depth(self) -> int:
        """Lines of the head, without the row of column numbers."""
        return max(len(column.path) for column in self.columns)

    @property
    def has_numbers(self) -> bool:
        """True when a row of column numbers is printed."""
        return any(column.number for column in self.columns)


def headings(paths: tuple[tuple[str, ...], ...]) -> tuple[HeadCell, ...]:
    """Merge neighbouring equal paths across and short paths down.

    >>> [(cell.text, cell.columns) for cell in headings((("A",), ("B", "x"), ("B", "y")))]
    [('A', 1), ('B', 2), ('x', 1), ('y', 1)]
    """
    depth = max(len(path) for path in paths)
    cells: list[HeadCell] = []
    for level in range(depth):
        for same, group in groupby(enumerate(paths), key=lambda one: (one[1][: level + 1], len(one[1]) > level)):
            path, reaches = same
            if reaches:
                places = [place for place, _ in group]
                is_leaf = all(len(paths[place]) == level + 1 for place in places)
                rows = depth - level if is_leaf else 1
                cells.append(HeadCell(path[level], level, places[0], rows, len(places)))
    return tuple(cells)


def text_cell(text: str, align: Align = Align.LEFT) -> Cell:
    """A cell of words."""
    return Cell(text, align=align)


def number_cell(
    state: State,
    number: Decimal | None,
    decimals: int,
    *,
    link: Link | None = None,
    anchor: tuple[str, CellKey] | None = None,
    mark: str = "",
) -> Cell:
    """A cell of a figure: the number, or the sign of its state where it has none."""
    if state.is_number and state is not State.NIL and number is not None:
        printed = format_number(number, decimals) + (f" {mark}" if mark else "")
        return Cell(printed, number, decimals, Align.RIGHT, mark, link, anchor)
    # a sum whose parts are all nil prints "-": there is nothing to add up on paper
    return Cell(SIGNS.get(state, ""), None, decimals, Align.CENTRE if state in SIGNS else Align.RIGHT, "", None, anchor)
