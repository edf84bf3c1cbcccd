"""What a marking is asked to do; it crosses a process boundary as JSON."""

from __future__ import annotations

from dataclasses import dataclass

from registry.findings import Finding


@dataclass(frozen=True, slots=True)
class Conversion:
    """A cell to be written as it was understood: a number in its shown measure, or a text."""

    sheet: str
    cell: str
    row: str
    column: str
    before: str
    after: str = ""  # as a person reads it
    number: str | None = None  # digits of an exact decimal: "1234.5"
    decimals: int = 0  # shown, where the cell's own format shows no numbers
    formula: str = ""  # without "=", where the number is what it comes to
    text: str | None = None
    font: str = ""  # typeface the text needs, where its own is of an old encoding
    codes: tuple[str, ...] = ()  # findings that are settled by it


@dataclass(frozen=True, slots=True)
class Job:
    """Findings in the order they are listed; what may be written anew; lines under the title of the list."""

    findings: tuple[Finding, ...]
    lines: tuple[str, ...] = ()
    conversions: tuple[Conversion, ...] = ()
