"""How one field of the catalogue is written in a cell, and read back: text on one side, a value on the other."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

from registry.catalogue.model import Applies, Occasion
from vietnamese.copydeck import deck
from vietnamese.fold import nearest as likeliest

_copy = deck(Path(__file__).parent / "copy.toml")

Raw = str | Decimal | date | time | bool | None  # what a cell of a workbook or a CSV file holds
E = TypeVar("E", bound=StrEnum)

_DASHES = str.maketrans({"—": "–", "-": "–", "−": "–"})
_NUMBER = re.compile(r"[-–]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?")
_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_TIME = re.compile(r"([01]?\d|2[0-3])(?:[:h]|\s*giờ\s*)([0-5]\d)?")
_MONTHS = re.compile(r"(\d{1,2})(?:\s*[-–]\s*(\d{1,2}))?")
YES, NO = "có", "không"


class BadValue(ValueError):
    """The text is not a value of this field; ``expected`` says what would be, ``near`` is the closest one."""

    def __init__(self, expected: str, near: str = "") -> None:
        super().__init__(expected)
        self.expected = expected
        self.near = near


@dataclass(frozen=True, slots=True)
class Codec:
    """``parse`` takes non-empty NFC text and raises BadValue; ``show`` is its inverse; ``choices`` feed a dropdown."""

    parse: Callable[[str], Any]
    show: Callable[[Any], str]
    choices: tuple[str, ...] = ()
    numeric: bool = False


def clean(text: str) -> str:
    """NFC, no-break spaces as spaces, nothing blank at either end, line ends as ``\\n``."""
    joined = unicodedata.normalize("NFC", text).replace("\u00a0", " ").replace("\r\n", "\n").replace("\r", "\n")
    return joined.strip()


def text_of(raw: Raw, numeric: bool = False) -> str:
    """The text a cell stands for: numbers with a decimal comma in numeric fields, days as 01/07/2025."""
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return YES if raw else NO
    if isinstance(raw, Decimal):
        digits = format(raw.normalize(), "f") if raw else "0"
        return digits.replace(".", ",") if numeric else digits
    if isinstance(raw, time):
        return raw.strftime("%H:%M")
    if isinstance(raw, date):
        return _show_date(raw.date() if isinstance(raw, datetime) else raw)
    return clean(raw)


def nearest(found: str, valid: Iterable[str]) -> str:
    """The valid word that was probably meant, empty when none is near."""
    return next(iter(likeliest(found, valid, 1)), "")


# --- single values ---------------------------------------------------------------------------------------------------


def _parse_int(text: str) -> int:
    if not re.fullmatch(r"[-–]?\d{1,9}", text):
        raise BadValue(_copy("expected.integer"))
    return int(text.replace("–", "-"))


def _parse_decimal(text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise BadValue(_copy("expected.decimal"))
    return Decimal(text.replace(".", "").replace(",", ".").replace("–", "-"))


def show_decimal(value: Decimal) -> str:
    """``Decimal("1234.50")`` -> ``"1234,5"``: no grouping, no trailing zeros."""
    return text_of(value, numeric=True)


def _parse_fraction(text: str) -> Fraction:
    upper, _, lower = text.partition("/")
    try:
        return Fraction(_parse_decimal(upper.strip())) / Fraction(_parse_decimal(lower.strip() or "1"))
    except (BadValue, ZeroDivisionError):
        raise BadValue(_copy("expected.fraction")) from None


def _show_fraction(value: Fraction) -> str:
    return str(value)


def _parse_date(text: str) -> date:
    match = _DATE.fullmatch(text)
    try:
        if match:
            day, month, year = map(int, match.groups())
            return date(year, month, day)
    except ValueError:
        pass
    raise BadValue(_copy("expected.date"))


def _show_date(value: date) -> str:
    return f"{value.day:02d}/{value.month:02d}/{value.year:04d}"


def _parse_time(text: str) -> time:
    match = _TIME.fullmatch(text)
    if not match:
        raise BadValue(_copy("expected.time"))
    return time(int(match[1]), int(match[2] or 0))


def _parse_bool(text: str) -> bool:
    word = text.casefold()
    if word not in (YES, NO):
        raise BadValue(f"{YES}, {NO}", nearest(text, (YES, NO)))
    return word == YES


TEXT = Codec(clean, str)
INTEGER = Codec(_parse_int, str, numeric=True)
DECIMAL = Codec(_parse_decimal, show_decimal, numeric=True)
FLOAT = Codec(lambda text: float(_parse_decimal(text)), lambda value: show_decimal(Decimal(repr(value))), numeric=True)
FRACTION = Codec(_parse_fraction, _show_fraction, numeric=True)
DATE = Codec(_parse_date, _show_date)
TIME = Codec(_parse_time, lambda value: str(value.strftime("%H:%M")))
BOOL = Codec(_parse_bool, lambda value: YES if value else NO, (YES, NO))


def _key(word: str) -> str:
    return " ".join(clean(word).casefold().translate(_DASHES).split())


def whole(least: int, most: int) -> Codec:
    """A whole number within bounds: what would be computed with it must end."""

    def parse(text: str) -> int:
        number = _parse_int(text)
        if not least <= number <= most:
            raise BadValue(f"{least}–{most}")
        return number

    return Codec(parse, str, numeric=True)


def text_up_to(most: int) -> Codec:
    """Text of a bounded length."""

    def parse(text: str) -> str:
        if len(text) > most:
            raise BadValue(_copy("expected.length", most=most))
        return text

    return Codec(parse, str)


def words(meaning: Mapping[str, E]) -> Codec:
    """One of a closed list of words; case, kinds of dash and spacing do not matter."""
    by_key = {_key(word): value for word, value in meaning.items()}
    by_value = {value: word for word, value in meaning.items()}
    shown = tuple(word for word in meaning if word)

    def parse(text: str) -> E:
        try:
            return by_key[_key(text)]
        except KeyError:
            raise BadValue(", ".join(shown), nearest(text, shown)) from None

    return Codec(parse, lambda value: by_value[value], shown)


def one_of(*choices: str) -> Codec:
    """One of a closed list of words that stand for themselves."""
    by_key = {_key(word): word for word in choices}

    def parse(text: str) -> str:
        if _key(text) not in by_key:
            raise BadValue(", ".join(choices), nearest(text, choices))
        return by_key[_key(text)]

    return Codec(parse, str, choices)


def enum(kind: type[E]) -> Codec:
    """One of an enumeration's own words."""
    return words({member.value: member for member in kind})


# --- several values in one cell --------------------------------------------------------------------------------------


def _parts(text: str, separator: str = ";") -> list[str]:
    return [part for part in (clean(piece) for piece in text.split(separator)) if part]


def listed(codec: Codec = TEXT, separator: str = ";") -> Codec:
    """A tuple in the order written, e.g. ``SNNMT; STC``."""
    joint = f"{separator} " if separator == ";" else f" {separator} "
    return Codec(
        lambda text: tuple(codec.parse(part) for part in _parts(text, separator)),
        lambda values: joint.join(codec.show(value) for value in values),
    )


def several(codec: Codec = TEXT) -> Codec:
    """A set, shown sorted."""
    return Codec(
        lambda text: frozenset(codec.parse(part) for part in _parts(text)),
        lambda values: "; ".join(sorted(codec.show(value) for value in values)),
    )


def _parse_pair(text: str) -> tuple[str, str]:
    left, sign, right = text.partition("=")
    if not (sign and clean(left) and clean(right)):
        raise BadValue(_copy("expected.pair"))
    return clean(left), clean(right)


PAIR = Codec(_parse_pair, "=".join)
MEMBERS = Codec(  # of a series: ``lĩnh vực=đất đai; hình thức=trực tuyến``
    lambda text: ";".join(sorted("=".join(_parse_pair(part)) for part in _parts(text))),
    lambda members: "; ".join(_parts(members)),
)


# --- kỳ --------------------------------------------------------------------------------------------------------------


def _months(text: str) -> frozenset[int]:
    months: set[int] = set()
    for part in _parts(text, ","):
        match = _MONTHS.fullmatch(part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
        if not (1 <= first <= 12 and 1 <= last <= 12):
            raise BadValue(_copy("expected.months"))
        months.update((first - 1 + step) % 12 + 1 for step in range((last - first) % 12 + 1))
    return frozenset(months)


def _parse_occasion(text: str) -> Occasion:
    kinds, bracket, rest = text.partition("(")
    if bracket and not rest.rstrip().endswith(")"):
        raise BadValue(_copy("expected.occasion"))
    named = frozenset(_APPLIES.parse(part) for part in _parts(kinds, ","))
    return Occasion(named, _months(rest.rstrip().rstrip(")")) if bracket else frozenset())


def _show_months(months: frozenset[int]) -> str:
    if len(months) == 12:
        return "1-12"
    runs: list[str] = []
    for first in sorted(month for month in months if (month - 2) % 12 + 1 not in months):
        last = first
        while last % 12 + 1 in months:
            last = last % 12 + 1
        runs.append(str(first) if first == last else f"{first}-{last}")
    return ", ".join(runs)


def _show_occasion(value: Occasion) -> str:
    kinds = ", ".join(kind.value for kind in Applies if kind in value.kinds)
    return kinds + (f"({_show_months(value.months)})" if value.months else "")


_APPLIES = enum(Applies)
OCCASION = Codec(_parse_occasion, _show_occasion)
