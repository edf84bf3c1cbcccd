"""What pages say of a compiled report: its tables, and behind every figure what it is made of, to its last cell."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from compile.tables import HeadCell, RowStyle
from compile.terms import Asked, Part
from registry.catalogue.values import Nature, SeriesKey, State


class Way(StrEnum):
    """How the province comes by a figure."""

    SUM = "sum"  # of units
    SAID = "said"  # by an agency
    OWN = "own"  # of the unit the line is about
    COMPUTED = "computed"  # by the form's formula
    KNOWN = "known"  # of another period, a plan: looked up in the warehouse
    NOTE = "note"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Given:
    """What one unit's approved version says of a cell."""

    unit: str
    name: str
    version_id: int
    state: State
    number: Decimal | None  # exact, in the measure of the province's table
    nature: Nature
    typed: str  # as its own workbook has it
    measure: str  # of its own workbook
    address: tuple[str, str] | None  # (sheet, A1) of its workbook
    provisional: bool = False  # reopened: counted until its successor is approved ("tạm")
    told: tuple[str, ...] = ()  # the unit's explanations of warnings about this cell
    cell: str = ""  # where its own form gives it under another address


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell of a compiled table."""

    row: str
    column: str
    label: str
    heading: str
    measure: str
    decimals: int
    way: Way
    text: str  # as printed
    state: State
    number: Decimal | None
    nature: Nature | None
    series: SeriesKey | None
    period: str  # the period it is a figure of
    public: bool  # the catalogue lets it be published (công khai)
    given: tuple[Given, ...] = ()
    beside: tuple[Given, ...] = ()  # another account of the same: the communes', a second agency's
    missing: tuple[str, ...] = ()  # units that owe it and have not given it
    words: str = ""  # the formula in words
    formula: str = ""
    parts: tuple[Part, ...] = ()
    asked: tuple[Asked, ...] = ()
    subjects: tuple[str, ...] = ()  # codes of the units it is about; none: the province

    @property
    def code(self) -> str:
        """Its address: ``NN14.c06``."""
        return f"{self.row}.{self.column}"

    @property
    def total(self) -> Decimal:
        """What the units gave, added up; exact."""
        return sum((one.number for one in self.given if one.number is not None), Decimal(0))

    @property
    def is_provisional(self) -> bool:
        """True when it rests on a reopened version."""
        return any(one.provisional for one in self.given)


@dataclass(frozen=True, slots=True)
class Shown:
    """One place of a table: what is printed, and the figure behind it (``NN14.c06``) where there is one; where one unit
    gave it, its version and the cell there.
    """

    text: str
    align: str
    figure: str = ""
    provisional: bool = False
    version_id: int = 0
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table."""

    style: RowStyle
    indent: int
    cells: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of the report."""

    form: str
    title: str
    head: tuple[HeadCell, ...]
    depth: int
    numbers: tuple[str, ...]
    labels: int
    label_column: int
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    coverage: tuple[str, ...] = ()

    def figure(self, code: str) -> Figure | None:
        """The figure of a cell's address."""
        return next((one for one in self.figures if one.code == code), None)


@dataclass(frozen=True, slots=True)
class Share:
    """Coverage of one kind of unit."""

    group: str
    have: int
    expected: int
    missing: tuple[str, ...]
    provisional: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Concern:
    """Something found while compiling that a reader of the report should know before it leaves."""

    form: str
    text: str


@dataclass(frozen=True, slots=True)
class Traced:
    """The whole report."""

    sheets: tuple[Sheet, ...]
    coverage: tuple[Share, ...]
    concerns: tuple[Concern, ...] = ()

    def sheet(self, form: str) -> Sheet | None:
        """The first table of a form."""
        return next((one for one in self.sheets if one.form == form), None)
