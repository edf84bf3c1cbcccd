"""A cell as a figure: what was typed, in the measure the workbook shows, exactly or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from ingest.model import RawCell
from ingest.text import Place, clean, short
from registry.catalogue.forms import CellSpec, View
from registry.catalogue.measures import MantissaOverflow, NotRepresentable, rounded, to_mantissa
from registry.catalogue.values import BLANK, CellValue, State
from registry.findings import Finding, Severity
from vietnamese.dates import format_date
from vietnamese.fold import fold
from vietnamese.numbers import Ambiguous, Doubt, Exact, NotANumber, format_number, parse_number, sign_of, stored_number
from workbook_templates.validation import acceptance

PERCENT = ("%", "điểm %")  # measures a cell with a percent format may stand in
_SIGNS = {"nil": State.NIL, "not_available": State.NOT_AVAILABLE}
_DOUBTS = {
    Doubt.WORDS: "number-is-text",
    Doubt.SEPARATORS: "number-is-text",
    Doubt.TOO_LONG: "number-is-text",
    Doubt.DATE: "number-is-date",
    Doubt.RANGE: "number-is-range",
    Doubt.TOO_LARGE: "number-too-big",
}
_NOT_A_PLACEHOLDER = re.compile(r'"[^"]*"|\[[^\]]*\]|[\\_*].')  # literal text, colours and locales, escapes
_DATE_LETTERS = re.compile(r"[dmyhs]", re.IGNORECASE)
FIRST_DAY = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
LAST_SERIAL = 2_958_465  # 31/12/9999

Reading = tuple[CellValue, tuple[Finding, ...]]


@dataclass(frozen=True)
class FigureReader:
    """Reads the input cells of one view; ``date1904`` only matters for showing a date typed by mistake."""

    view: View
    date1904: bool = False

    def read(self, cell: RawCell | None, spec: CellSpec, place: Place) -> Reading:
        """The cell's value in its shown measure, rounded to its decimals, and everything found about it.

        A cell that cannot be understood is BLANK with an error finding.
        """
        if cell is None:
            return BLANK, ()
        return _Cell(self, cell, spec, place).reading()


def is_date_format(code: str) -> bool:
    """True for number formats that show a serial number as a date or time."""
    return bool(_DATE_LETTERS.search(_NOT_A_PLACEHOLDER.sub("", code.split(";")[0]).replace("General", "")))


def is_percent_format(code: str) -> bool:
    """True for number formats that show 0,125 as 12,5 %."""
    return "%" in _NOT_A_PLACEHOLDER.sub("", code)


@dataclass(frozen=True)
class _Cell:
    reader: FigureReader
    cell: RawCell
    spec: CellSpec
    place: Place

    def reading(self) -> Reading:
        of_kind: dict[str, Callable[[], Reading]] = {
            "n": self._numeric,
            "s": self._typed,
            "d": self._date,
            "e": lambda: self._wrong("number-error-cell", self.cell.raw),
            "b": lambda: self._wrong("number-is-text", "TRUE" if self.cell.raw == "1" else "FALSE"),
            "": lambda: self._wrong("number-not-calculated", f"={self.cell.formula}"),
        }
        value, found = of_kind[self.cell.kind]()
        if self.cell.formula is not None and self.cell.kind in ("n", "s"):
            found = (*found, self.place.finding("number-from-formula", found=f"={self.cell.formula}"))
        return value, found

    def _wrong(self, code: str, found: str, **more: object) -> Reading:
        return BLANK, (self.place.finding(code, found=short(found), **{"expected": self.spec.measure, **more}),)

    def _date(self) -> Reading:
        return self._wrong("number-is-date", self.cell.raw)

    # --- cells the file holds as numbers

    def _numeric(self) -> Reading:
        value = stored_number(self.cell.raw)
        if value is None:
            return self._wrong("number-too-big", self.cell.raw)
        code = self.cell.number_format
        if is_percent_format(code):
            return self._percent(value)
        if is_date_format(code):
            return self._wrong("number-is-date", self._as_date(value))
        return self._figure(value, ())

    def _percent(self, value: Decimal) -> Reading:
        points = value * 100
        if self.spec.measure not in PERCENT:
            return self._wrong("measure-percent", f"{format_number(points)}%")
        note = self.place.finding("measure-percent-converted", found=f"{format_number(points)}%")
        return self._figure(points, (note,))

    def _as_date(self, serial: Decimal) -> str:
        if not 0 < serial <= LAST_SERIAL:
            return format_number(serial)
        return format_date(FIRST_DAY[self.reader.date1904] + timedelta(days=int(serial)))

    # --- cells the file holds as text

    def _typed(self) -> Reading:
        text = clean(self.cell.raw)
        sign = sign_of(text)
        if sign == "not_applicable":
            return self._wrong("number-closed-sign", text)
        if sign is not None:
            return CellValue(_SIGNS[sign]), ()
        parsed = parse_number(text, self.spec.decimals)
        if isinstance(parsed, Ambiguous) and parsed.suffix and self.spec.decimals == 0:
            parsed = parsed.settle(0) or parsed
        if isinstance(parsed, NotANumber):
            return (BLANK, ()) if parsed.doubt is Doubt.EMPTY else self._wrong(_DOUBTS[parsed.doubt], text)
        if isinstance(parsed, Ambiguous):
            fraction, whole = sorted(parsed.readings, key=abs)
            return self._wrong("number-ambiguous", text, whole=f"{whole:f}", fraction=format_number(fraction))
        return self._exact(parsed, text)

    def _exact(self, parsed: Exact, text: str) -> Reading:
        if parsed.suffix and not self._is_own_measure(parsed.suffix):
            return self._wrong("measure-clash", text, suffix=parsed.suffix)
        note = self.place.finding("number-converted", found=text, expected=format_number(parsed.value))
        return self._figure(parsed.value, (note,))

    def _is_own_measure(self, suffix: str) -> bool:
        """``tỷ`` and ``tỷ đồng`` say the same in a column of tỷ đồng."""
        own, said = fold(self.spec.measure), fold(suffix)
        return own == said or own.startswith(f"{said} ") or (said == "%" and self.spec.measure in PERCENT)

    # --- both

    def _figure(self, value: Decimal, notes: tuple[Finding, ...]) -> Reading:
        kept = rounded(value, self.spec.decimals)
        notes = (*notes, *self._precision(value, kept))
        wrong = next((one for one in notes if one.severity is Severity.ERROR), None) or self._limits(kept)
        if wrong:
            return BLANK, (*(one for one in notes if one is not wrong), wrong)
        return CellValue(State.VALUE if kept else State.ZERO, kept), notes

    def _precision(self, value: Decimal, kept: Decimal) -> tuple[Finding, ...]:
        if kept == value:
            return ()
        code = "number-not-whole" if self._accepted() == "whole" else "number-rounded"
        shown = format_number(kept, self.spec.decimals)
        return (self.place.finding(code, found=format_number(value), expected=shown, measure=self.spec.measure),)

    def _accepted(self) -> str:
        return acceptance(self.reader.view, self.spec).kind

    def _limits(self, value: Decimal) -> Finding | None:
        shown = format_number(value)
        if value < 0 and self._accepted() != "number":
            return self.place.finding("number-negative", found=shown, expected=self.spec.measure)
        definitions = self.reader.view.definitions
        if self.spec.series is None:
            return None
        try:
            to_mantissa(value, definitions.measures[self.spec.measure], definitions.canonical(self.spec.series))
        except MantissaOverflow:
            return self.place.finding("number-too-big", found=shown, expected=self.spec.measure)
        except NotRepresentable:
            canonical = definitions.canonical(self.spec.series)
            return self.place.finding("measure-too-fine", found=shown, expected=canonical.code)
        return None
