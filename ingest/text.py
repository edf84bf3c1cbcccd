"""Text of a cell as it will be kept: composed letters, no characters a person cannot see."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from ingest.model import RawCell
from registry.catalogue.model import Row
from registry.catalogue.values import BLANK, CellKey, CellValue, State
from registry.findings import Finding, finding
from vietnamese.convert import convert_text, says

LONGEST_NOTE = 4_000  # characters

_INVISIBLE = frozenset({"Cc", "Cf", "Cs"})
_KEPT = "\n\t\u00ad"  # a soft hyphen the conversion left may be the letter ư of TCVN3


def row_name(row: Row) -> str:
    """What a person calls a row: its label without the dashes that set it in."""
    return row.label.strip("–-+ ")


class Place(NamedTuple):
    """Where a cell stands, as findings say it."""

    sheet: str | None
    cell: str | None
    row: str
    column: str
    key: CellKey | None = None  # what an explanation is kept by

    def finding(self, code: str, **more: object) -> Finding:
        """A finding about this cell."""
        if self.key is not None:
            more |= {"row_code": self.key.row, "column_code": self.key.column}
            more |= {} if self.key.line is None else {"line": self.key.line}
        return finding(code, sheet=self.sheet, cell=self.cell, row=self.row, column=self.column, **more)


def note_value(cell: RawCell | None, place: Place) -> tuple[CellValue, tuple[Finding, ...]]:
    """What a note cell says, with what is wrong with it."""
    if cell is None:
        return BLANK, ()
    text = clean(cell.raw)
    if not text:
        return BLANK, ()
    return CellValue(State.VALUE, text=text[:LONGEST_NOTE]), tuple(_findings(cell, text, place))


def clean(raw: str) -> str:
    """NFC without control and invisible characters, outer blanks removed; line breaks kept."""
    composed = unicodedata.normalize("NFC", raw.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " "))
    return "".join(one for one in composed if one in _KEPT or unicodedata.category(one) not in _INVISIBLE).strip()


def _findings(cell: RawCell, text: str, place: Place) -> Iterator[Finding]:
    if cell.kind == "e":
        yield place.finding("text-error-cell", found=text)
    if len(text) > LONGEST_NOTE:
        yield place.finding("text-too-long", found=str(len(text)), limit=LONGEST_NOTE)


def is_called(name: str, expected: str) -> bool:
    """Whether a sheet has its name, be it in a legacy charset: sheet names have no font to tell."""
    return name == expected or says(name, expected)


def name_found(name: str, expected: str) -> tuple[Finding, ...]:
    """What there is to say of a sheet's name typed in a legacy charset."""
    meant = name if name.casefold() == expected.casefold() else convert_text(name).unicode
    read = expected if meant == name and is_called(name, expected) else meant
    is_same = read.casefold() == name.casefold()
    return () if is_same else (finding("text-sheet-name", sheet=name, found=name, expected=read),)


def short(text: str) -> str:
    """A text as findings quote it: at most 60 characters."""
    return text if len(text) <= 60 else text[:59] + "…"
