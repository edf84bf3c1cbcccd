"""List numbers of a docx, which its text does not hold: counted here as Word would print them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
          (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: how its numbers look and where they start."""

    shape: str  # decimal, bullet, lowerLetter …
    text: str  # "%1.%2."
    start: int = 1


class Numbering:
    """Counts list items in reading order."""

    def __init__(self, part: Any | None) -> None:
        self._lists = _lists(part) if part is not None else {}
        self._counts: dict[tuple[str, int], int] = {}

    def label(self, properties: Any) -> str:
        """The printed number of a paragraph with these ``numPr``; empty when it is not in a list."""
        if properties is None:
            return ""
        values = {_name(child): _attribute(child, "val") for child in properties}
        identity, level = values.get("numId", ""), values.get("ilvl", "0")
        levels = self._lists.get(identity)
        depth = int(level) if level.isdigit() else 0
        if not levels or depth not in levels:
            return ""
        if levels[depth].shape == "bullet":
            return "-"
        return self._next(identity, depth, levels)

    def _next(self, identity: str, depth: int, levels: dict[int, Level]) -> str:
        self._counts[identity, depth] = self._counts.get((identity, depth), levels[depth].start - 1) + 1
        for deeper in [key for key in self._counts if key[0] == identity and key[1] > depth]:
            del self._counts[deeper]

        def put(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            level = levels.get(place, levels[depth])
            return printed(self._counts.get((identity, place), level.start), level.shape)

        return re.sub(r"%([1-9])", put, levels[depth].text)


def printed(number: int, shape: str) -> str:
    """A number in the shape a list asks for.

    >>> printed(14, "upperRoman"), printed(3, "lowerLetter")
    ('XIV', 'c')
    """
    if shape in ("lowerRoman", "upperRoman"):
        roman = ""
        for value, letters in _ROMAN:
            roman += letters * (number // value)
            number %= value
        return roman.upper() if shape == "upperRoman" else roman
    if shape in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (number - 1) % 26)
        return letter.upper() if shape == "upperLetter" else letter
    return "" if shape == "none" else str(number)


def _lists(part: Any) -> dict[str, dict[int, Level]]:
    drafts: dict[str, dict[int, Level]] = {}
    lists: dict[str, dict[int, Level]] = {}
    for child in part:
        if _name(child) == "abstractNum":
            drafts[_attribute(child, "abstractNumId")] = _levels(child)
        elif _name(child) == "num":
            draft = next((_attribute(one, "val") for one in child if _name(one) == "abstractNumId"), "")
            lists[_attribute(child, "numId")] = drafts.get(draft, {})
    return lists


def _levels(draft: Any) -> dict[int, Level]:
    levels = {}
    for child in draft:
        depth = _attribute(child, "ilvl")
        if _name(child) == "lvl" and depth.isdigit():
            values = {_name(one): _attribute(one, "val") for one in child}
            start = values.get("start", "1")
            levels[int(depth)] = Level(
                values.get("numFmt", "decimal"), values.get("lvlText", ""), int(start) if start.isdigit() else 1
            )
    return levels


def _name(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _attribute(element: Any, name: str) -> str:
    return next((str(value) for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")
