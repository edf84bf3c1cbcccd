"""Figures typed as text, in the measure of their cell: read with certainty, settled by what is known, or asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from ingest.known import is_like, settled
from registry.catalogue.measure_words import Names, ratio_told
from registry.catalogue.measures import Measure, rounded, times
from vietnamese.convert import readings
from vietnamese.numbers import Ambiguous, Doubt, Exact, format_number, parse_number, parse_parts, places

_DOUBTS = {
    Doubt.EMPTY: "",
    Doubt.WORDS: "number-is-text",
    Doubt.SEPARATORS: "number-is-text",
    Doubt.TOO_LONG: "number-is-text",
    Doubt.DATE: "number-is-date",
    Doubt.RANGE: "number-is-range",
    Doubt.ROUGH: "number-is-rough",
    Doubt.SIGNS: "number-sign-unclear",
    Doubt.EXPONENT: "number-exponent",
    Doubt.TOO_LARGE: "number-too-big",
}
_HALF = re.compile(r"(\S+) (?:rưỡi|rưởi|ruoi)( .+)?", re.IGNORECASE)


class Understood(NamedTuple):
    """What a text comes to: ``value`` in the cell's measure, or None where ``code`` is why not; "" of a blank text."""

    value: Decimal | None
    code: str
    words: dict[str, str]


@dataclass(frozen=True)
class Asked:
    """What a cell asks for: so many decimals of a measure, which stands in ``names`` among others.

    ``known`` gives earlier figures, asked only where a reading is in doubt. ``ratio`` is how many of the cell's measure
    one of its row's measure makes, which somebody may have changed.
    """

    decimals: int
    measure: Measure | None
    names: Names
    known: Callable[[], tuple[Decimal, ...]]
    ratio: Fraction = Fraction(1)

    def ratio_of(self, suffix: str) -> Fraction | None:
        """How many of the cell's measure one of what stands behind the digits makes; None of what is none of it."""
        return ratio_read(suffix, self.measure, self.names) if suffix else self.ratio


def ratio_read(said: str, own: Measure | None, names: Names) -> Fraction | None:
    """``ratio_told`` of words in any charset: one word is enough here, ``tÊn`` are tấn."""
    ratios = (ratio_told(one, own, names) for one in readings(said)) if own else ()
    return next((one for one in ratios if one), None)


def understood(text: str, asked: Asked) -> Understood:
    """Reads a text that is none of the signs; findings named by ``code`` take ``words``."""
    parsed = parse_number(text)
    if isinstance(parsed, Exact):
        return _exact(parsed, asked)
    if isinstance(parsed, Ambiguous):
        return _settled(parsed, asked)
    return _in_parts(text, asked) or Understood(None, _DOUBTS[parsed.doubt], {})


def _exact(parsed: Exact, asked: Asked) -> Understood:
    parsed = _with_half(parsed)
    ratio = asked.ratio_of(parsed.suffix)
    value = times(parsed.value, ratio) if ratio else None
    if ratio is None or value is None:
        return _clash(parsed.suffix)
    return _converted(value, asked, parsed.suffix, is_scaled=ratio != 1)


def _with_half(parsed: Exact) -> Exact:
    """``2 triệu rưỡi`` is 2,5 triệu; left alone where it is not one word whose half is meant, or of no whole number."""
    told = _HALF.fullmatch(parsed.suffix)
    if told is None or not parsed.value or places(parsed.value):
        return parsed
    return Exact(parsed.value + Decimal("0.5").copy_sign(parsed.value), told[1] + (told[2] or ""), parsed.habits)


def _settled(parsed: Ambiguous, asked: Asked) -> Understood:
    """``1.234``: as the decimals of the cell and its earlier figures have it, else asked."""
    ratio = asked.ratio_of(parsed.suffix)
    readings = [value for one in parsed.readings if ratio and (value := times(one, ratio)) is not None]
    if ratio is None or len(readings) < len(parsed.readings):
        return _clash(parsed.suffix)
    known = asked.known()
    value = settled(readings, asked.decimals, known)
    if value is None:
        fraction, whole = sorted(parsed.readings, key=abs)
        return Understood(None, "number-ambiguous", {"whole": f"{whole:f}", "fraction": format_number(fraction)})
    if known and is_like(value, known):
        return Understood(value, "number-settled", {"known": format_number(known[0])})
    return _converted(value, asked, parsed.suffix, is_scaled=ratio != 1)


def _in_parts(text: str, asked: Asked) -> Understood | None:
    """``1 tỷ 051 triệu``, ``3 nghìn 2 trăm``: parts of ever smaller measures; None where it is no such figure."""
    parts = [*parse_parts(text)]
    parts[-1:] = map(_with_half, parts[-1:])
    told = [(part.value, ratio) for part in parts if (ratio := asked.ratio_of(part.suffix))]
    values = [value for amount, ratio in told if (value := times(amount, ratio)) is not None]
    is_falling = all(one > other for (_, one), (_, other) in pairwise(told))
    if len(values) < 2 or len(values) < len(parts) or not is_falling:
        return None
    return _converted(sum(values, Decimal(0)), asked, text, is_scaled=True)


def _converted(value: Decimal, asked: Asked, suffix: str, *, is_scaled: bool) -> Understood:
    if is_scaled and value and not rounded(value, asked.decimals):
        return _clash(suffix)  # so little in the cell's measure that nothing would be left
    return Understood(value, "measure-converted" if is_scaled else "number-converted", {})


def _clash(suffix: str) -> Understood:
    return Understood(None, "measure-clash", {"suffix": suffix})


def made_a_date_of(day: date, year: int, decimals: int, known: Iterable[Decimal], *, shows_day: bool) -> list[Decimal]:
    """What a spreadsheet may have made a date of in ``year``: 1.5 or 5.1 become 1/5, day or month first.

    Where no day is shown 5.12 may have become May 2012. Where earlier figures are like one of the two, it alone.
    """
    ways: tuple[str, ...]
    if shows_day:
        ways = (f"{day.day}.{day.month}", f"{day.month}.{day.day}") if abs(day.year - year) <= 1 else ()
    else:
        ways = (f"{day.month}.{day.year % 100:02d}",) if day.day == 1 else ()
    typed = [one for one in dict.fromkeys(map(Decimal, ways)) if places(one) <= decimals]
    known = tuple(known)
    alike = [one for one in typed if is_like(one, known)]
    return alike if len(alike) == 1 else typed
