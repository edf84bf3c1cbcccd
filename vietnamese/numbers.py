"""Numbers as Vietnamese clerks write them, read exactly or not at all; never a float."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from enum import StrEnum
from functools import lru_cache
from typing import Literal

from vietnamese.fold import fold

LONGEST_TEXT = 80
LIMIT = Decimal(10) ** 15  # FACTS 3: |v| < 1e15
_MOST_DECIMALS = 15
_EXCEL_DIGITS = 15  # what Excel itself shows and keeps of a binary double
_LEAST_EXPONENT = -20 * _EXCEL_DIGITS
_NOUGHT, _ONE = Decimal(0), Decimal(1)
_EXCEL = Context(prec=_EXCEL_DIGITS, rounding=ROUND_HALF_UP)
_CONTEXT = Context(prec=60)

Sign = Literal["nil", "not_available", "not_applicable"]


class Habit(StrEnum):
    """Ways of writing a number other than ``1.234,5``; what a clerk is told was understood."""

    ENGLISH = "english"  # 1,234.5 or a decimal point
    SPACES = "spaces"  # 1 234 or 1'234
    PARENTHESES = "parentheses"  # (123) for -123
    FULL_WIDTH = "full-width"  # digits of East Asian keyboards
    FOREIGN_DIGITS = "foreign-digits"  # ١٢ of Arabic, ១២ of Khmer keyboards
    APOSTROPHE = "apostrophe"  # a leading ' makes Excel keep text
    INVISIBLE = "invisible"  # zero-width characters within
    SIGN = "sign"  # a dash typed for minus, a plus sign


class Doubt(StrEnum):
    """Why a text is not a number."""

    EMPTY = "empty"
    WORDS = "words"
    SEPARATORS = "separators"  # 1.23.4
    DATE = "date"  # 31/02, 1.5.2026
    RANGE = "range"  # 5-7
    ROUGH = "rough"  # ~100, >50, khoảng 10
    SIGNS = "signs"  # 5-, (-5), 500.000,-: less than nothing, or a habit of writing money
    EXPONENT = "exponent"  # 1,2E+05: what a narrow column showed, its other digits gone
    TOO_LONG = "too-long"
    TOO_LARGE = "too-large"


@dataclass(frozen=True, slots=True)
class Exact:
    """One certain reading. ``suffix`` is what follows the digits, NFC, as typed: "%", "tỷ", "ha", or empty."""

    value: Decimal
    suffix: str = ""
    habits: frozenset[Habit] = frozenset()


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Two readings of ``1.234`` or ``1,234``; ``readings[0]`` is the Vietnamese one."""

    readings: tuple[Decimal, Decimal]
    suffix: str = ""
    habits: frozenset[Habit] = frozenset()

    def settle(self, decimals: int) -> Exact | None:
        """The one reading a cell of so many decimals can hold, if there is exactly one."""
        fitting = [value for value in self.readings if _written_places(value) <= decimals]
        return Exact(fitting[0], self.suffix, self.habits) if len(fitting) == 1 else None


@dataclass(frozen=True, slots=True)
class NotANumber:
    """No reading; ``doubt`` says why."""

    doubt: Doubt


ParsedNumber = Exact | Ambiguous | NotANumber

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_MINUSES = "-−–—‐‑‒"
_APOSTROPHES = "'’‘`´"
_NUMBER = re.compile(rf"([{_MINUSES}+]?) ?([0-9][0-9., {_APOSTROPHES}]*[0-9]|[.,]?[0-9]+)")
_IN_PARENTHESES = re.compile(r"\( ?([^()]*?) ?\)(.*)", re.DOTALL)
_SYMBOLS = "%‰₫$"
_WORD = r"[^\W\d_]+[²³23]?"
_SUFFIX = re.compile(rf"(?:[{_SYMBOLS}]|{_WORD})(?:[ /.,-]{{1,2}}{_WORD})*\.?")
_DATE = re.compile(
    r"(?:[0-9]{1,2}([/.-])[0-9]{1,2}\1(?:[0-9]{2}){1,2}|[0-9]{4}([/.-])[0-9]{1,2}\2[0-9]{1,2}|[0-9]{1,2}/[0-9]{1,4})"
    r"(?: [0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?"
)
_MORE_OR_LESS = "trở lên|trở xuống|hơn|có lẻ"
_RUN = "[0-9][0-9., ]*"
_RANGE = re.compile(rf"(?:từ )?{_RUN}(?:[{_MINUSES}~÷→]|đến|tới) ?{_RUN}(?:{_WORD}.*|[{_SYMBOLS}])?", re.IGNORECASE)
_ROUGH = re.compile(
    rf"(?:[~≈≃∼<>≤≥±]|(?:khoảng|chừng|cỡ|tầm|độ|gần|hơn|trên|dưới|ước(?: tính| khoảng| đạt)?|xấp xỉ"
    rf"|ít nhất|tối thiểu|tối đa) )=? ?{_RUN}.*|{_RUN}(?:\+|{_MORE_OR_LESS})",
    re.IGNORECASE,
)
_TWO_SIGNS = re.compile(rf"[{_MINUSES}+]{{1,2}} ?[{_MINUSES}+(] ?{_RUN}\)?|{_RUN}[{_MINUSES}]")
_EXPONENT = re.compile(rf"[{_MINUSES}+]?[0-9]+(?:[.,][0-9]+)?[eE][-+−]?[0-9]{{1,3}}")
_CURRENCY = re.compile(r"(vn[đd]|₫|đ|usd|\$) ?(?=[0-9])", re.IGNORECASE)
_PARTS = re.compile(rf"([0-9][0-9.,]*) ?({_WORD}(?: {_WORD}){{0,2}}) ?,? ?")
_STORED = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_LONGEST_SUFFIX = 40

_NIL = {"kps", "khong phat sinh", "ko phat sinh", "k phat sinh"}
_NOT_AVAILABLE = {"chua co", "chua co so lieu", "chua co sl"}
_DOTS = re.compile(r"\.(?: ?\.)+|[…‥⋯]+\.*")
_DASHES = re.compile(rf"[{_MINUSES}]{{1,3}}")


def parse_number(text: str, decimals: int | None = None) -> ParsedNumber:
    """Read a typed number.

    ``decimals`` is how many the cell declares: with 0, ``1.234`` is 1234; otherwise both readings are given.
    A unit word takes that certainty away, for it may not be the cell's measure ("1,234 tỷ" in a column of triệu):
    when it is, ``Ambiguous.settle(decimals)`` decides. No rounding, no scaling: "5 triệu" is ``Exact(5, "triệu")``
    and "5%" is ``Exact(5, "%")``.
    """
    if len(text) > LONGEST_TEXT:
        return NotANumber(Doubt.TOO_LONG)
    plain, habits = _tidied(text)
    if not plain:
        return NotANumber(Doubt.EMPTY)
    bracketed = _IN_PARENTHESES.fullmatch(plain)
    if bracketed:
        habits |= {Habit.PARENTHESES}
        plain = bracketed[1] + bracketed[2]
    currency = _CURRENCY.match(plain)
    if currency:
        plain = f"{plain[currency.end() :]} {currency[1]}"
    written = _NUMBER.match(plain)
    if not written:
        return NotANumber(_doubt(plain))
    suffix = plain[written.end() :].strip()
    if suffix and not _is_suffix(suffix):
        return NotANumber(_doubt(plain))
    if bracketed and written[1]:
        return NotANumber(Doubt.SIGNS)
    negative = bool(bracketed) or written[1] not in ("", "+")
    if written[1] not in ("", "-"):
        habits |= {Habit.SIGN}
    digits = _digits(written[2])
    if isinstance(digits, NotANumber):
        return NotANumber(_doubt(plain))
    return _reading(digits, negative, suffix, habits, decimals)


def parse_parts(text: str) -> tuple[Exact, ...]:
    """The parts of a figure told in several measures: ``1 tỷ 051 triệu`` is (1 "tỷ", 51 "triệu").

    Empty where any part lacks its word or is not whole: in ``5 triệu 300`` nobody says 300 of what.
    """
    if len(text) > LONGEST_TEXT:
        return ()
    plain, _ = _tidied(text)
    parts: list[Exact] = []
    end = 0
    while part := _PARTS.match(plain, end):
        number = parse_number(part[1], 0)
        if not isinstance(number, Exact) or places(number.value):
            return ()
        parts.append(Exact(number.value, part[2]))
        end = part.end()
    return tuple(parts) if len(parts) > 1 and end == len(plain) else ()


def sign_of(text: str) -> Sign | None:
    """The state a sign stands for (PRACTICE F10): ``-`` or KPS nil, ``…`` not available, ``x`` not applicable."""
    if len(text) > LONGEST_TEXT:
        return None
    plain, _ = _tidied(text)
    if _DASHES.fullmatch(plain):
        return "nil"
    if _DOTS.fullmatch(plain):
        return "not_available"
    folded = fold(plain).replace(".", "").strip()
    if folded in _NIL:
        return "nil"
    if folded in _NOT_AVAILABLE:
        return "not_available"
    return "not_applicable" if folded in ("x", "×") else None


def stored_number(raw: str) -> Decimal | None:
    """The number a workbook's XML holds (``1.0000000000000001E-5``), at the 15 digits Excel shows.

    None when it is no finite number below 10^15. Whole numbers are taken as they stand in the file.
    """
    if len(raw) <= _EXCEL_DIGITS and raw.isascii() and raw.isdigit():
        return Decimal(raw)
    if len(raw) > LONGEST_TEXT or not _STORED.fullmatch(raw):
        return None
    try:
        value = Decimal(raw)
    except InvalidOperation:
        return None
    if not value:
        return _NOUGHT
    if not _LEAST_EXPONENT <= value.adjusted() < _EXCEL_DIGITS:
        return None
    if value == value.to_integral_value():
        return value.quantize(_ONE, context=_CONTEXT)
    shown = _EXCEL.plus(value)
    return None if abs(shown) >= LIMIT else shown.normalize(_CONTEXT) + _NOUGHT


def plain_numbers(raws: Iterable[str]) -> list[Decimal | None]:
    """``stored_number`` of texts that are digits alone with at most one point (``12.5``); None of all others."""
    return [
        Decimal(raw) if len(raw) <= _EXCEL_DIGITS and raw.isascii() and raw.replace(".", "", 1).isdigit() else None
        for raw in raws
    ]


def format_number(value: Decimal, decimals: int | None = None) -> str:
    """``1.234.567,8``: thousands by ``.``, decimals by ``,``, rounded half away from zero.

    ``decimals=None`` keeps the digits the value has.
    """
    if decimals is None:
        decimals = places(value)
    shown = value.quantize(_last_place(decimals), rounding=ROUND_HALF_UP, context=_CONTEXT)
    whole, _, fraction = f"{abs(shown):,f}".partition(".")
    minus = "-" if shown < 0 else ""
    return minus + whole.replace(",", ".") + (f",{fraction}" if fraction else "")


@lru_cache(maxsize=64)
def _last_place(decimals: int) -> Decimal:
    return Decimal(1).scaleb(-decimals)


def places(value: Decimal) -> int:
    """Decimals a value really needs: 2 for 1.250."""
    return _written_places(value.normalize(_CONTEXT))


def _written_places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


@dataclass(frozen=True, slots=True)
class _Digits:
    whole: str  # digits only
    fraction: str  # digits only
    other: tuple[str, str] | None = None  # whole and fraction of the second reading
    habits: frozenset[Habit] = frozenset()


def _tidied(text: str) -> tuple[str, frozenset[Habit]]:
    habits: set[Habit] = set()
    if text.isascii():
        return _without_apostrophe(text.strip(), habits)
    composed = unicodedata.normalize("NFC", text)
    narrow = composed.translate(_FULL_WIDTH)
    if narrow != composed:
        habits.add(Habit.FULL_WIDTH)
    visible = "".join(letter for letter in narrow if unicodedata.category(letter) != "Cf")
    if visible != narrow:
        habits.add(Habit.INVISIBLE)
    spaced = "".join(" " if unicodedata.category(letter) == "Zs" else letter for letter in visible)
    plain = "".join(str(unicodedata.decimal(letter, letter)) for letter in spaced).strip()
    if plain != spaced.strip():
        habits.add(Habit.FOREIGN_DIGITS)
    return _without_apostrophe(plain, habits)


def _without_apostrophe(plain: str, habits: set[Habit]) -> tuple[str, frozenset[Habit]]:
    if len(plain) > 1 and plain[0] in _APOSTROPHES:
        plain = plain[1:].strip()
        habits.add(Habit.APOSTROPHE)
    return plain, frozenset(habits)


def _is_suffix(suffix: str) -> bool:
    starts_well = (suffix[0].isalpha() or suffix[0] in _SYMBOLS) and suffix.lower() not in _NO_SUFFIXES
    return starts_well and len(suffix) <= _LONGEST_SUFFIX and _SUFFIX.fullmatch(suffix) is not None


_NO_SUFFIXES = frozenset(
    (*_MORE_OR_LESS.split("|"), "e2", "e3", "o")
)  # 1e3 is an exponent, in 12O a letter is a nought


def _doubt(plain: str) -> Doubt:
    for form, doubt in _REFUSED:
        if form.fullmatch(plain):
            return doubt
    is_digits = any(letter.isdigit() for letter in plain) and not any(letter.isalpha() for letter in plain)
    return Doubt.SEPARATORS if is_digits else Doubt.WORDS


_REFUSED = (
    (_DATE, Doubt.DATE),
    (_RANGE, Doubt.RANGE),
    (_ROUGH, Doubt.ROUGH),
    (_EXPONENT, Doubt.EXPONENT),
    (_TWO_SIGNS, Doubt.SIGNS),
)


def _digits(written: str) -> _Digits | NotANumber:
    """Split a run of digits and separators; the shape of the groups says which separator is which."""
    blank = next((mark for mark in written if mark == " " or mark in _APOSTROPHES), None)
    marks = [mark for mark in written if mark in ".,"]
    habits = frozenset({Habit.SPACES}) if blank else frozenset()
    if blank:
        return _spaced(written, blank, marks, habits)
    kinds = set(marks)
    if not marks:
        return _Digits(written, "")
    if len(kinds) == 2:
        return _two_separators(written, marks)
    mark = marks[0]
    english = frozenset({Habit.ENGLISH})
    groups = written.split(mark)
    if len(marks) > 1:
        if not _grouped(groups):
            return NotANumber(Doubt.SEPARATORS)
        return _Digits("".join(groups), "", habits=english if mark == "," else frozenset())
    whole, fraction = groups
    as_decimal = (whole or "0", fraction)
    if not _grouped(groups):
        return _Digits(*as_decimal, habits=english if mark == "." else frozenset())
    as_thousands = (whole + fraction, "")
    first, second = (as_thousands, as_decimal) if mark == "." else (as_decimal, as_thousands)
    return _Digits(*first, other=second)


def _spaced(written: str, blank: str, marks: list[str], habits: frozenset[Habit]) -> _Digits | NotANumber:
    if len(marks) > 1:
        return NotANumber(Doubt.SEPARATORS)
    whole, _, fraction = written.partition(marks[0]) if marks else (written, "", "")
    groups = whole.split(blank)
    if not _grouped(groups) or not (fraction.isdigit() or not marks):
        return NotANumber(Doubt.SEPARATORS)
    return _Digits("".join(groups), fraction, habits=habits | ({Habit.ENGLISH} if "." in marks else set()))


def _two_separators(written: str, marks: list[str]) -> _Digits | NotANumber:
    decimal = marks[-1]
    whole, _, fraction = written.rpartition(decimal)
    groups = whole.split("." if decimal == "," else ",")
    if marks.count(decimal) > 1 or not _grouped(groups):
        return NotANumber(Doubt.SEPARATORS)
    return _Digits("".join(groups), fraction, habits=frozenset({Habit.ENGLISH}) if decimal == "." else frozenset())


def _grouped(groups: list[str]) -> bool:
    """Whether these are thousands groups: 1–3 digits not starting with 0, then threes."""
    first, *rest = groups
    return (
        first.isdigit()
        and len(first) <= 3
        and not first.startswith("0")
        and all(len(group) == 3 and group.isdigit() for group in rest)
    )


def _reading(
    digits: _Digits, negative: bool, suffix: str, habits: frozenset[Habit], decimals: int | None
) -> ParsedNumber:
    habits |= digits.habits
    first = _value(digits.whole, digits.fraction, negative)
    if first is None:
        return NotANumber(Doubt.TOO_LARGE)
    if digits.other is None:
        return Exact(first, suffix, habits)
    second = _value(*digits.other, negative)
    if second is None:
        return NotANumber(Doubt.TOO_LARGE)
    both = Ambiguous((first, second), suffix, habits)
    if decimals == 0 and suffix in ("", "%"):
        return both.settle(0) or both
    return both


def _value(whole: str, fraction: str, negative: bool) -> Decimal | None:
    value = Decimal(f"{'-' if negative else ''}{whole}.{fraction or '0'}")
    if abs(value) >= LIMIT or len(fraction) > _MOST_DECIMALS:
        return None
    return Decimal(0) if not value else value if fraction else value.quantize(Decimal(1))
