"""Cells of words, choices, days and units as they came back, kept as ``registry.catalogue.words`` says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from ingest.model import RawCell
from ingest.numbers import FIRST_DAY, LAST_SERIAL, Reading, is_date_format
from ingest.text import Place, clean, note_value, short
from ingest.unicode import original
from registry.catalogue.codec import nearest
from registry.catalogue.forms import CellSpec, View
from registry.catalogue.model import CellKind
from registry.catalogue.values import BLANK, CellValue, State
from registry.catalogue.words import SEPARATOR, units
from registry.findings import Finding
from registry.rules.identity import ViewIdentity
from vietnamese.convert import readings
from vietnamese.fold import fold
from vietnamese.numbers import format_number, stored_number
from workbook_templates.word_cells import LONGEST

_ZEROS = re.compile(r"0+")  # a format that shows 12345 as 0012345
_DAY = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4})")
_EARLIEST = 1900
_BETWEEN = re.compile(r"[;\n]")
_SIGNS_OF_NOTHING = ("-", "–", "…", "...", "x")


@dataclass(frozen=True)
class WordReader:
    """Reads the worded cells of one view."""

    view: View
    date1904: bool = False

    def read(self, cell: RawCell, spec: CellSpec, place: Place) -> Reading:
        """The cell's words as kept, and everything found about them; what cannot be understood is BLANK."""
        if spec.kind is CellKind.DATE:
            return self._day(cell, place)
        text, found = _text(cell, place)
        if not text or (text in _SIGNS_OF_NOTHING and spec.kind is not CellKind.TEXT):
            return BLANK, ()
        if spec.kind is CellKind.TEXT:
            return _kept(text, found, place)
        return self._chosen(text, cell, spec, place)

    # --- one or several of a list

    def _chosen(self, text: str, cell: RawCell, spec: CellSpec, place: Place) -> Reading:
        parts = [part.strip() for part in _BETWEEN.split(text) if part.strip()]
        if len(parts) > 1 and not spec.several and fold(text) not in self._names(spec):
            return BLANK, (place.finding("choice-several", found=short(text)),)
        chosen: list[str] = []
        found: list[Finding] = []
        for part in parts if spec.several else [text]:
            said, meant = self._meant(part, cell, spec)
            if len(meant) != 1:
                return BLANK, (self._unknown(part, meant, spec, place),)
            if said != part:
                found.append(place.finding("choice-legacy", found=short(part), expected=said))
            chosen.extend(one for one in meant if one not in chosen)
        return CellValue(State.VALUE, text=SEPARATOR.join(chosen)), tuple(found)

    def _meant(self, part: str, cell: RawCell, spec: CellSpec) -> tuple[str, tuple[str, ...]]:
        """How a part is read, and what it may stand for: in a list even one word of a legacy charset is enough."""
        names = self._names(spec)
        for said in (part, *readings(part), clean(original(cell))):
            if said.casefold() in names:
                return said, names[said.casefold()]
        return part, names.get(fold(part), ())

    def _names(self, spec: CellSpec) -> dict[str, tuple[str, ...]]:
        return _names(ViewIdentity(self.view), spec.kind, spec.choices)

    def _unknown(self, part: str, meant: tuple[str, ...], spec: CellSpec, place: Place) -> Finding:
        names = self.view.definitions.unit_names
        if meant:
            either = ", ".join(f"{names.get(one, one)} ({one})" for one in meant)
            return place.finding("unit-ambiguous", found=short(part), expected=either)
        is_unit = spec.kind is CellKind.UNIT
        known = [one.name for one in units(self.view, spec)] if is_unit else _labels(self.view, spec.choices)
        code = "unit-unknown" if is_unit else "choice-unknown"
        return place.finding(code, found=short(part), expected=nearest(part, known))

    # --- days

    def _day(self, cell: RawCell, place: Place) -> Reading:
        day = self._as_day(cell)
        if day is not None:
            return CellValue(State.VALUE, text=day.isoformat()), ()
        text = clean(cell.raw)
        if cell.kind == "s" and (not text or text in _SIGNS_OF_NOTHING):
            return BLANK, ()
        return BLANK, (place.finding("date-bad", found=short(text or f"={cell.formula}")),)

    def _as_day(self, cell: RawCell) -> date | None:
        if cell.kind == "n":
            serial = stored_number(cell.raw)
            is_day = serial is not None and 1 <= serial <= LAST_SERIAL and is_date_format(cell.number_format)
            return _of_serial(int(serial), self.date1904) if is_day and serial is not None else None
        try:
            if cell.kind == "d":
                return datetime.fromisoformat(cell.raw).date()
            written = _DAY.fullmatch(clean(cell.raw)) if cell.kind == "s" else None
            day = date(int(written[3]), int(written[2]), int(written[1])) if written else None
        except ValueError:
            return None
        return day if day and day.year >= _EARLIEST else None


def _of_serial(serial: int, date1904: bool) -> date | None:
    try:
        return date.fromordinal(FIRST_DAY[date1904].toordinal() + serial)
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=256)
def _names(identity: ViewIdentity, kind: CellKind, selection: str) -> dict[str, tuple[str, ...]]:
    """What a name or code stands for, as spelt and folded: usually one thing; a short name may be xã and phường."""
    view = identity.view
    spec = next(one for one in view.cells.values() if (one.kind, one.choices) == (kind, selection))
    spelt: dict[str, list[str]] = {}
    exact: dict[str, list[str]] = {}
    loose: dict[str, list[str]] = {}
    if kind is CellKind.UNIT:
        for unit in units(view, spec):
            spelt.setdefault(unit.name.casefold(), []).append(unit.code)
            for name in (unit.code, unit.name):
                exact.setdefault(fold(name), []).append(unit.code)
            loose.setdefault(fold(unit.short_name), []).append(unit.code)
    else:
        for member in view.members(selection):
            spelt.setdefault(member.label.casefold(), []).append(member.label)
            exact.setdefault(fold(member.label), []).append(member.label)
            loose.setdefault(fold(member.code), []).append(member.label)
    return {name: tuple(dict.fromkeys(meant)) for name, meant in (loose | exact | spelt).items() if name}


def _labels(view: View, selection: str) -> list[str]:
    return [member.label for member in view.members(selection)]


# --- words ---


def _text(cell: RawCell, place: Place) -> tuple[str, tuple[Finding, ...]]:
    """What the cell shows: digits of a number as its format pads them."""
    number = stored_number(cell.raw) if cell.kind == "n" else None
    if number is None:
        value, found = note_value(cell, place)
        return value.text or "", tuple(one for one in found if one.code != "text-too-long")
    shown = f"{number:f}" if number == number.to_integral_value() else format_number(number)
    if _ZEROS.fullmatch(cell.number_format) and number == number.to_integral_value():
        shown = f"{int(number):0{len(cell.number_format)}d}"
    return shown, (place.finding("text-from-number", found=shown),)


def _kept(text: str, found: tuple[Finding, ...], place: Place) -> Reading:
    if len(text) > LONGEST:
        return BLANK, (*found, place.finding("words-too-long", found=str(len(text)), limit=LONGEST))
    return CellValue(State.VALUE, text=text), found
