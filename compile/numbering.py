"""List numbers of a docx, which its text does not hold: counted here as Word would print them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from compile.word_xml import attribute, child, name_of, number, parsed, value

_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
          (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_LETTERS = 26
_LARGEST = 3999
_PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: how its numbers look and where they start."""

    shape: str  # decimal, bullet, lowerLetter …
    text: str  # "%1.%2."
    start: int = 1
    is_legal: bool = False  # every number in it is an Arabic one


@dataclass(frozen=True, slots=True)
class Numbered:
    """One list; those of one ``draft`` count on together unless they start anew."""

    draft: str
    levels: Mapping[int, Level]
    starts: Mapping[int, int] = field(default_factory=dict)  # by level, where this list starts anew


class Numbering:
    """Counts the list items of one document in reading order."""

    def __init__(self, lists: Mapping[str, Numbered]) -> None:
        self._lists = lists
        self._counts: dict[tuple[str, int], int] = {}
        self._begun: set[tuple[str, int]] = set()

    def label(self, place: tuple[str, str] | None) -> str:
        """The printed number of a paragraph at (numId, ilvl); empty when it is not in a list."""
        if place is None or place[0] not in self._lists:
            return ""
        held, depth = self._lists[place[0]], number(place[1])
        level = held.levels.get(depth)
        if level is None:
            return ""
        if level.shape == "bullet":
            return "-"
        return self._next(place[0], held, depth, level)

    def _next(self, identity: str, held: Numbered, depth: int, level: Level) -> str:
        if depth in held.starts and (identity, depth) not in self._begun:
            self._begun.add((identity, depth))
            self._counts[held.draft, depth] = held.starts[depth] - 1
        self._counts[held.draft, depth] = self._counts.get((held.draft, depth), level.start - 1) + 1
        for deeper in [key for key in self._counts if key[0] == held.draft and key[1] > depth]:
            del self._counts[deeper]

        def put(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            other = held.levels.get(place, level)
            shape = "decimal" if level.is_legal and other.shape != "none" else other.shape
            return printed(self._counts.get((held.draft, place), other.start), shape)

        return _PLACE.sub(put, level.text)


def printed(count: int, shape: str) -> str:
    """A number in the shape a list asks for.

    >>> printed(14, "upperRoman"), printed(3, "lowerLetter"), printed(28, "lowerLetter"), printed(4, "decimalZero")
    ('XIV', 'c', 'bb', '04')
    """
    if shape in ("lowerRoman", "upperRoman") and 0 < count <= _LARGEST:
        roman = ""
        for unit, letters in _ROMAN:
            roman += letters * (count // unit)
            count %= unit
        return roman.upper() if shape == "upperRoman" else roman
    if shape in ("lowerLetter", "upperLetter") and 0 < count <= _LARGEST:
        letter = chr(ord("a") + (count - 1) % _LETTERS) * ((count - 1) // _LETTERS + 1)
        return letter.upper() if shape == "upperLetter" else letter
    if shape == "decimalZero":
        return f"{count:02d}"
    return "" if shape == "none" else str(count)


def lists_of(part: bytes) -> Mapping[str, Numbered]:
    """The lists a part defines by numId. Raises ValueError, SyntaxError."""
    drafts: dict[str, dict[int, Level]] = {}
    lists: dict[str, Numbered] = {}
    for one in parsed(part):
        if name_of(one) == "abstractNum":
            drafts[attribute(one, "abstractNumId")] = {
                number(attribute(level, "ilvl")): _level(level) for level in one if name_of(level) == "lvl"
            }
        elif name_of(one) == "num":
            lists[attribute(one, "numId")] = _numbered(one, drafts)
    return lists


def _numbered(one: Any, drafts: Mapping[str, Mapping[int, Level]]) -> Numbered:
    draft = value(child(one, "abstractNumId"))
    levels, starts = dict(drafts.get(draft, {})), {}
    for changed in (held for held in one if name_of(held) == "lvlOverride"):
        depth = number(attribute(changed, "ilvl"))
        if (start := child(changed, "startOverride")) is not None:
            starts[depth] = number(value(start), 1)
        if (level := child(changed, "lvl")) is not None:
            levels[depth] = _level(level)
    return Numbered(draft, levels, starts)


def _level(held: Any) -> Level:
    shape, text, start = (value(child(held, name)) for name in ("numFmt", "lvlText", "start"))
    return Level(shape or "decimal", text, number(start, 1), child(held, "isLgl") is not None)
