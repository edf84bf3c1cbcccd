"""What passes between the steps of ingest; all of it frozen and picklable (it crosses a process boundary)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from registry.catalogue.values import CellKey, CellValue
from registry.findings import Finding, Severity

if TYPE_CHECKING:  # the reading child has no use for these and starts faster without them
    from ingest.experience import Experience
    from registry.catalogue.model import Rule, Unit
    from registry.rules.context import Context

READER = "xml-2"  # name and version of the reader, part of every verdict's key


class CarrierState(StrEnum):
    """What the four carriers of a workbook say together (FACTS 4)."""

    VALID = "valid"
    MISSING = "missing"
    INVALID = "invalid"
    MIXED = "mixed"
    TRIAL = "trial"  # a workbook to look at before the period is opened


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose workbook this is, as its token says; fields are None unless ``state`` is VALID."""

    state: CarrierState
    unit: str | None = None
    unit_born: int | None = None
    form: str | None = None
    form_version: int | None = None
    period: str | None = None
    grid_hash: str | None = None
    carriers: tuple[str, ...] = ()  # which were present: "cell", "sheet", "property", "name"


class RawCell(NamedTuple):
    """One cell as it stands in the file (a tuple: there are thousands, and they cross a process boundary)."""

    a1: str
    kind: str  # "n" number, "s" text, "b" boolean, "e" error, "d" ISO date, "" a formula without a cached value
    raw: str  # text of <v> or of the string; for numbers the digits as written in the file
    formula: str | None = None  # without "="; "" where it is shared with a cell above or beside
    number_format: str = ""
    runs: tuple[tuple[str, str], ...] = ()  # (text, font) of rich text; empty = one run in the cell's font
    font: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """How a worksheet is drawn, as far as the drawing says what a cell is: for reading forms nobody here made."""

    merges: tuple[str, ...] = ()  # "B2:C4"
    hidden_columns: tuple[tuple[int, int], ...] = ()  # first and last, from 1
    bold: tuple[str, ...] = ()  # cells with a value in bold letters
    indents: dict[str, int] = field(default_factory=dict)  # cells with a value set in from the left
    blank_formats: dict[str, str] = field(default_factory=dict)  # number formats of empty cells


@dataclass(frozen=True, slots=True)
class RawSheet:
    """One worksheet: its non-empty cells by A1, rows hidden by the user, protection, its look, what is noted."""

    name: str
    cells: dict[str, RawCell]
    hidden_rows: tuple[int, ...] = ()
    protected: bool = False
    state: str = "visible"  # visible | hidden | veryHidden
    look: Look = field(default_factory=Look)
    notes: dict[str, RawCell] = field(default_factory=dict)  # notes and comments by A1, each as a cell of text
    choices: dict[str, tuple[str, ...]] = field(default_factory=dict)  # ranges -> list written into their validation


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything read from a workbook, kept with the file's SHA-256 and never read again by another reader."""

    sheets: tuple[RawSheet, ...]
    names: dict[str, str] = field(default_factory=dict)  # defined name -> reference
    properties: dict[str, str] = field(default_factory=dict)  # custom document properties
    findings: tuple[Finding, ...] = ()  # found while guarding and reading
    date1904: bool = False  # dates count from 1904 (old Macintosh workbooks)
    reader: str = READER


@dataclass(frozen=True)
class Case:
    """What a submission is judged against; the unit's own truth, handed in."""

    unit: Unit
    context: Context
    rules: tuple[Rule, ...]
    waived: Mapping[str, int] = field(default_factory=dict)  # finding codes under a waiver in force, with its number
    experience: Experience | None = None  # None: figures are not compared with those of other periods and units
    waiting: frozenset[CellKey] = frozenset()  # cells others give: nothing is said yet of what hangs on them

    def weighed(self, found: Finding) -> Finding:
        """An error under a waiver in force no longer rejects; it is a warning to explain, and says which waiver."""
        if found.severity is Severity.ERROR and found.code in self.waived:
            waived = ("waived", str(self.waived[found.code]))
            return replace(found, severity=Severity.WARNING, values=(*found.values, waived))
        return found


class Status(StrEnum):
    """Verdict on an upload (DESIGN: The rules)."""

    REFUSED = "refused"  # not judged: unreadable, hostile, not ours, wrong identity
    REJECTED = "rejected"  # has block or error
    ACCEPTED_WITH_WARNINGS = "accepted_with_warnings"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer about one file: every cell as it will be stored and everything found."""

    status: Status
    identity: Identity
    values: dict[CellKey, CellValue] = field(default_factory=dict)
    addresses: dict[CellKey, tuple[str, str]] = field(default_factory=dict)  # (sheet, A1) each value came from
    findings: tuple[Finding, ...] = ()
    reader: str = READER
