"""A cell as a figure: what was typed, in the measure the workbook shows, exactly or not at all."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from ingest.model import RawCell
from ingest.shown import LITERAL, as_shown, is_hiding, shows_whole
from ingest.text import Place, clean, short
from ingest.written import Asked, made_a_date_of, understood
from registry.catalogue.forms import CellSpec, View
from registry.catalogue.measures import (
    MANTISSA_LIMIT,
    MantissaOverflow,
    NotRepresentable,
    rounded,
    times,
    to_mantissa,
    whole_below,
)
from registry.catalogue.values import BLANK, CellKey, CellValue, State
from registry.findings import Finding, Severity
from registry.rules.identity import ViewIdentity
from vietnamese.dates import format_date
from vietnamese.numbers import format_number, plain_numbers, sign_of, stored_number
from workbook_templates.validation import acceptance

PERCENT = ("%", "điểm %")  # measures a cell with a percent format may stand in
_SIGNS = {"nil": State.NIL, "not_available": State.NOT_AVAILABLE}
_DATE_LETTERS = re.compile(r"[dmyhs]", re.IGNORECASE)
FIRST_DAY = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
LAST_SERIAL = 2_958_465  # 31/12/9999

_ONE = Fraction(1)
_VALUE = State.VALUE  # asked for every figure, and slow to look up in an enumeration

Reading = tuple[CellValue, tuple[Finding, ...]]


def _nothing_known(_: CellSpec) -> tuple[Decimal, ...]:
    return ()


@dataclass(frozen=True)
class FigureReader:
    """Reads the input cells of one view; ``date1904`` only matters for showing a date typed by mistake.

    ``known`` gives earlier figures of a cell, asked only where a reading is in doubt. ``ratios`` are of cells whose row
    says another measure than the form: how many of the form's one of it makes.
    """

    view: View
    date1904: bool = False
    known: Callable[[CellSpec], tuple[Decimal, ...]] = _nothing_known
    ratios: Mapping[CellKey, Fraction] = field(default_factory=dict)

    def read(self, cell: RawCell | None, spec: CellSpec, place: Place) -> Reading:
        """The cell's value in its shown measure, rounded to its decimals, and everything found about it.

        A cell that cannot be understood is BLANK with an error finding.
        """
        if cell is None:
            return BLANK, ()
        return _Cell(self, cell, spec, place).reading()

    def read_plain(self, cells: Mapping[CellKey, RawCell]) -> dict[CellKey, CellValue]:
        """The values of input cells that ``read`` has nothing to say of, as far as a glance tells: of a usual file all.

        They hold a number of no more decimals than asked, in a format that shows it, within the limits.
        """
        if self.ratios:
            return {}
        values: dict[CellKey, CellValue] = {}
        for keys, decimals, below in _plain_inputs(ViewIdentity(self.view)):
            its = list(map(cells.get, keys))
            codes = {cell.number_format for cell in its if cell is not None}
            usual = {code for code in codes if _is_usual(code, decimals)}
            raws = (
                cell.raw
                if cell is not None and cell.kind == "n" and cell.formula is None and cell.number_format in usual
                else ""
                for cell in its
            )
            for key, number in zip(keys, plain_numbers(raws), strict=True):
                if number is not None and number < below and (kept := rounded(number, decimals)) == number:
                    values[key] = CellValue(_VALUE if kept else State.ZERO, kept)
        return values


@lru_cache(maxsize=64)
def _plain_inputs(identity: ViewIdentity) -> tuple[tuple[tuple[CellKey, ...], int, int], ...]:
    """Input cells of equal decimals, with the limit below which all their figures can be kept."""
    definitions = identity.view.definitions
    alike: dict[tuple[int, int], list[CellKey]] = defaultdict(list)
    for key, spec in identity.view.inputs.items():
        below = MANTISSA_LIMIT
        if spec.series is not None:
            shown = definitions.measures.get(spec.measure)
            below = whole_below(spec.decimals, shown, definitions.canonical(spec.series)) if shown else 0
        alike[spec.decimals, below].append(key)
    return tuple((tuple(keys), decimals, below) for (decimals, below), keys in alike.items())


def _is_usual(code: str, decimals: int) -> bool:
    return not is_percent_format(code) and not is_date_format(code) and shows_whole(code, decimals)


@lru_cache(maxsize=1024)
def is_date_format(code: str) -> bool:
    """True for number formats that show a serial number as a date or time."""
    return bool(_DATE_LETTERS.search(LITERAL.sub("", code.split(";")[0]).replace("General", "")))


@lru_cache(maxsize=1024)
def is_percent_format(code: str) -> bool:
    """True for number formats that show 0,125 as 12,5 %."""
    return "%" in LITERAL.sub("", code)


class _Cell(NamedTuple):
    reader: FigureReader
    cell: RawCell
    spec: CellSpec
    place: Place

    def reading(self) -> Reading:
        value, found = _OF_KIND[self.cell.kind](self)
        if self.cell.formula is not None and self.cell.kind in ("n", "s"):
            found = (*found, self.place.finding("number-from-formula", found=f"={self.cell.formula}"))
        return value, found

    def _wrong(self, code: str, found: str, **more: object) -> Reading:
        return BLANK, (self.place.finding(code, found=short(found), **{"expected": self.spec.measure, **more}),)

    def _date(self) -> Reading:
        return self._wrong("number-is-date", self.cell.raw)

    def _error(self) -> Reading:
        return self._wrong("number-error-cell", self.cell.raw)

    def _truth(self) -> Reading:
        return self._wrong("number-is-text", "TRUE" if self.cell.raw == "1" else "FALSE")

    def _uncalculated(self) -> Reading:
        return self._wrong("number-not-calculated", f"={self.cell.formula}")

    # --- cells the file holds as numbers

    def _numeric(self) -> Reading:
        value = stored_number(self.cell.raw)
        if value is None:
            is_number = any(one.isdigit() for one in self.cell.raw)
            return self._wrong("number-too-big" if is_number else "number-is-text", self.cell.raw)
        code = self.cell.number_format
        if is_percent_format(code):
            return self._percent(value)
        if is_date_format(code):
            return self._instead_of_date(value)
        ratio = self.reader.ratios.get(self.spec.key) if self.reader.ratios else None
        figure = value if ratio is None else times(value, ratio) or value
        return self._figure(figure, self._otherwise_shown(value, code))

    def _otherwise_shown(self, value: Decimal, code: str) -> tuple[Finding, ...]:
        """A note where what is kept is not what the person saw: the format leaves out decimals, thousands or all."""
        if is_hiding(code):
            return (self.place.finding("number-hidden", found=format_number(value)),)
        seen = as_shown(value, code)
        if seen is None or rounded(seen, self.spec.decimals) == rounded(value, self.spec.decimals):
            return ()
        shown = format_number(seen)
        return (self.place.finding("number-shown-otherwise", found=format_number(value), shown=shown),)

    def _percent(self, value: Decimal) -> Reading:
        points = value * 100
        if self.spec.measure not in PERCENT:
            return self._wrong("measure-percent", f"{format_number(points)}%")
        note = self.place.finding("measure-percent-converted", found=f"{format_number(points)}%")
        return self._figure(points, (note,))

    def _instead_of_date(self, serial: Decimal) -> Reading:
        """Asked, with what the spreadsheet may have made a date of: it puts the year it was typed in behind."""
        if not 0 < serial <= LAST_SERIAL:
            return self._wrong("number-is-date", format_number(serial))
        day = FIRST_DAY[self.reader.date1904] + timedelta(days=int(serial))
        year = self.reader.view.shape.year
        if serial % 1 == 0 and year and self.spec.decimals:
            shows_day = "d" in LITERAL.sub("", self.cell.number_format).lower()
            known = self.reader.known(self.spec)
            if typed := made_a_date_of(day, year, self.spec.decimals, known, shows_day=shows_day):
                either = " / ".join(map(format_number, typed))
                return self._wrong("number-date-from-decimal", format_date(day), typed=either)
        return self._wrong("number-is-date", format_date(day))

    # --- cells the file holds as text

    def _typed(self) -> Reading:
        text = clean(self.cell.raw)
        sign = sign_of(text)
        if sign == "not_applicable":
            return self._wrong("number-closed-sign", text)
        if sign is not None:
            return CellValue(_SIGNS[sign]), ()
        value, code, words = understood(text, self._asked())
        if value is None:
            return self._wrong(code, text, **words) if code else (BLANK, ())
        shown = format_number(value)
        note = self.place.finding(code, found=text, expected=shown, measure=self.spec.measure, **words)
        return self._figure(value, (note,))

    def _asked(self) -> Asked:
        spec, definitions = self.spec, self.reader.view.definitions
        measure = definitions.measures.get(spec.measure)
        ratio = self.reader.ratios.get(spec.key, _ONE)
        return Asked(spec.decimals, measure, definitions.measure_names, lambda: self.reader.known(spec), ratio)

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
        if value < 0 and self._accepted() != "number":
            return self.place.finding("number-negative", found=format_number(value), expected=self.spec.measure)
        definitions = self.reader.view.definitions
        if self.spec.series is None:
            return None
        try:
            to_mantissa(value, definitions.measures[self.spec.measure], definitions.canonical(self.spec.series))
        except MantissaOverflow:
            return self.place.finding("number-too-big", found=format_number(value), expected=self.spec.measure)
        except NotRepresentable:
            canonical = definitions.canonical(self.spec.series)
            return self.place.finding("measure-too-fine", found=format_number(value), expected=canonical.code)
        return None


_OF_KIND: dict[str, Callable[[_Cell], Reading]] = {
    "n": _Cell._numeric,
    "s": _Cell._typed,
    "d": _Cell._date,
    "e": _Cell._error,
    "b": _Cell._truth,
    "": _Cell._uncalculated,
}
