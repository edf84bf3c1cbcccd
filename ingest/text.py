"""Text of a cell as it will be kept: composed letters, no characters a person cannot see."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from ingest.model import RawCell
from registry.catalogue.model import Row
from registry.catalogue.values import BLANK, CellValue, State
from registry.findings import Finding, finding

LONGEST_NOTE = 4_000  # characters

_LEGACY_FONT = re.compile(r"^\s*(\.vn|vni[- ]|vps )", re.IGNORECASE)
_LEGACY_LETTERS = re.compile(r"[\u00a1-\u00fe]")
_UNICODE_LETTERS = re.compile(r"[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs"})
_KEPT = "\n\t"


def row_name(row: Row) -> str:
    """What a person calls a row: its label without the dashes that set it in."""
    return row.label.strip("–-+ ")


class Place(NamedTuple):
    """Where a cell stands, as findings say it."""

    sheet: str | None
    cell: str | None
    row: str
    column: str

    def finding(self, code: str, **more: object) -> Finding:
        """A finding about this cell."""
        return finding(code, sheet=self.sheet, cell=self.cell, row=self.row, column=self.column, **more)


def note_value(cell: RawCell | None, place: Place) -> tuple[CellValue, tuple[Finding, ...]]:
    """What a note cell says, NFC, with what was done to it."""
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
    if is_legacy(cell):
        yield place.finding("text-legacy-font", found=short(text), font=_legacy_fonts(cell))
    elif unicodedata.normalize("NFC", cell.raw) != cell.raw:
        yield place.finding("text-composed", found=short(text))
    if len(text) > LONGEST_NOTE:
        yield place.finding("text-too-long", found=str(len(text)), limit=LONGEST_NOTE)


def is_legacy(cell: RawCell) -> bool:
    """True for letters of TCVN3 or VNI: typed in one of their fonts, none of them Unicode Vietnamese."""
    runs = cell.runs or ((cell.raw, cell.font),)
    return any(
        _LEGACY_FONT.match(font) and _LEGACY_LETTERS.search(text) and not _UNICODE_LETTERS.search(text)
        for text, font in runs
    )


def _legacy_fonts(cell: RawCell) -> str:
    fonts = [font for _, font in cell.runs] or [cell.font]
    return ", ".join(dict.fromkeys(font for font in fonts if _LEGACY_FONT.match(font)))


def short(text: str) -> str:
    """A text as findings quote it: at most 60 characters."""
    return text if len(text) <= 60 else text[:59] + "…"
