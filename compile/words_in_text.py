"""A paragraph as words and numbers with their places, sentence by sentence; and phrases found among them."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from registry.periods import Period
from vietnamese.copydeck import deck
from vietnamese.fold import fold
from vietnamese.numbers import Ambiguous, Exact, parse_number

words = deck(Path(__file__).parent / "narrative_words.toml")
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+[²³]?|\S")
_ENDS = ".;!?…"
_ATTACHED = "/-–_"
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number or a mark, and where it stands in its paragraph."""

    text: str
    key: str  # what it is compared by: small letters, the tone mark wherever it was put
    start: int
    end: int

    @property
    def is_number(self) -> bool:
        """True of digits with their separators."""
        return self.text[0].isdigit()

    @property
    def is_mark(self) -> bool:
        """True of punctuation."""
        return not self.text[0].isalnum() and self.text != "%"


def sentences(text: str) -> Iterator[tuple[Token, ...]]:
    """The tokens of each sentence; a text without any accent is compared without accents."""
    is_plain = text.isascii()
    sentence: list[Token] = []
    for match in _TOKEN.finditer(text):
        token = Token(match[0], key_of(match[0], is_plain), *match.span())
        sentence.append(token)
        if token.text in _ENDS and (token.end == len(text) or not text[token.end].isalnum()):
            yield tuple(sentence)
            sentence = []
    if sentence:
        yield tuple(sentence)


@lru_cache(maxsize=8192)
def key_of(word: str, is_plain: bool = False) -> str:
    """One key for "hoà" and "hòa"; with ``is_plain`` for "hoa" as well."""
    if is_plain:
        return fold(word)
    low = word.lower()
    return low if low.isascii() else "".join(sorted(unicodedata.normalize("NFD", low)))


class Phrases:
    """Phrases looked for among tokens."""

    def __init__(self, told: Iterable[str]) -> None:
        keys = {
            tuple(key_of(word, is_plain) for word in _TOKEN.findall(phrase))
            for phrase in told
            for is_plain in (False, True)
        }
        self._by_first: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for key in sorted(keys, key=len, reverse=True):
            self._by_first[key[0]].append(key)

    def at(self, tokens: Sequence[Token], place: int) -> int:
        """How many tokens the longest phrase at a place takes; 0 where none begins there."""
        for key in self._by_first.get(tokens[place].key, ()):
            if tuple(token.key for token in tokens[place : place + len(key)]) == key:
                return len(key)
        return 0

    def anywhere(self, tokens: Sequence[Token]) -> bool:
        """True when any phrase is among the tokens."""
        return any(self.at(tokens, place) for place in range(len(tokens)))


def phrases(key: str) -> Phrases:
    """The phrases of an entry of ``narrative_words.toml``, ";" between them."""
    return Phrases(words(key).split(";"))


def single(key: str) -> frozenset[str]:
    """The keys of an entry's single words, with accents and without."""
    said = words(key).split()
    return frozenset(key_of(word, is_plain) for word in said for is_plain in (False, True))


# --- numbers ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said:
    """A number of a text: its readings, the likely one first, and how it was written."""

    readings: tuple[Decimal, ...]
    is_rough: bool = False

    def agrees(self, actual: Decimal, grain: Decimal) -> bool:
        """Whether ``actual``, in the measure of the text and known to ``grain``, may be what was written.

        A number is good to half of its last digit; with two noughts or more at its end to half of these, at most a
        hundredth of it; one called rough ("khoảng", "gần", "trên") to a tenth.
        """
        return any(
            abs(actual - one) <= max(_grain(one), grain, abs(one) / 10 if self.is_rough else Decimal(0))
            for one in self.readings
        )


def _grain(number: Decimal) -> Decimal:
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    if exponent < 0:
        return Decimal(5).scaleb(exponent - 1)
    digits = str(int(abs(number)))
    noughts = len(digits) - len(digits.rstrip("0"))
    if noughts < 2 or not number:
        return Decimal("0.5")
    return max(Decimal("0.5"), min(Decimal(5).scaleb(noughts - 1), abs(number) / 100))


def number_of(token: Token, text: str, is_rough: bool) -> Said | None:
    """The number of a token; None of parts of dates and of document numbers, and of what has no certain reading."""
    before, after = text[max(token.start - 1, 0) : token.start], text[token.end : token.end + 1]
    if (before and (before in _ATTACHED or before.isalnum())) or (after and after in _ATTACHED):
        return None
    read = parse_number(token.text)
    if isinstance(read, Exact):
        return Said((read.value,), is_rough)
    return Said(read.readings, is_rough) if isinstance(read, Ambiguous) else None


# --- times -----------------------------------------------------------------------------------------------------------


class When(StrEnum):
    """What time a phrase speaks of, seen from the period reported."""

    NOW = "now"
    TO_DATE = "to_date"
    BEFORE = "before"
    SAME = "same"
    PLAN = "plan"  # whoever gave it
    CENTRAL = "central"  # the plan given by the central government
    NEITHER = ""  # a day, the year itself: changes nothing
    OTHER = "other"  # a period no cell is of


_MONTH, _YEAR, _DAY, _QUARTER, _FIRST = (key_of(one) for one in ("tháng", "năm", "ngày", "quý", "đầu"))
_SPANS: Mapping[When, Phrases] = {
    When(one): phrases(f"span.{one}") for one in ("to_date", "now", "before", "same", "plan", "other")
}


def time_at(tokens: Sequence[Token], place: int, period: Period) -> tuple[When, int] | None:
    """The time a phrase at a place names, and how many tokens it takes: "tháng 10", "9 tháng đầu năm", "cùng kỳ"."""
    for when, spoken in _SPANS.items():
        if taken := spoken.at(tokens, place):
            return when, taken
    keys = [token.key for token in tokens[place : place + 6]] + [""] * 6
    if keys[0] == _DAY and keys[1].isdigit():
        taken = 2
        while place + taken < len(tokens) and (keys[taken] in ("/", "-", _MONTH, _YEAR) or keys[taken].isdigit()):
            taken += 1
            if taken >= len(keys) - 1:
                break
        return When.NEITHER, taken
    if keys[0] == _MONTH and keys[1].isdigit():
        return _month(keys, period)
    if keys[0].isdigit() and keys[1] == _MONTH:
        taken = 4 if keys[2:4] == [_FIRST, _YEAR] else 2
        return (When.TO_DATE if int(keys[0]) == period.last.month else When.OTHER), taken
    if keys[0] == _QUARTER and (keys[1] in _ROMAN or keys[1].isdigit()):
        number = _ROMAN.get(keys[1]) or int(keys[1])
        return (When.NEITHER if number * 3 == period.last.month else When.OTHER), 2
    if keys[0] == _YEAR and keys[1].isdigit():
        return (When.NEITHER if int(keys[1]) == period.year else When.OTHER), 2
    return None


def _month(keys: Sequence[str], period: Period) -> tuple[When, int]:
    named, taken, year = int(keys[1]), 2, period.year
    if keys[2] in ("/", _YEAR) and keys[3].isdigit():
        taken, year = 4, int(keys[3])
    before = (period.year, period.last.month - 1) if period.last.month > 1 else (period.year - 1, 12)
    if (year, named) == (period.year, period.last.month):
        return When.NOW, taken
    if (year, named) == before or (taken == 2 and named == before[1]):
        return When.BEFORE, taken
    return (When.SAME if (year, named) == (period.year - 1, period.last.month) else When.OTHER), taken
