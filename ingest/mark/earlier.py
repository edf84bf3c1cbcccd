"""The marks of an earlier marking: its sheet of results, and how the marked cells looked before."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from ingest.mark.book import Book
from ingest.mark.known import LIST_MARK
from ingest.mark.package import Package
from ingest.mark.styles import NO_FILL, trusted_fill
from ingest.mark.xml import Element, like, parsed

_FIRST_CELL = re.compile(rb"""<(?:\w+:)?c\b[^<>]*\sr=["']A1["'][^<>]*>(.*?)</(?:\w+:)?c>""", re.DOTALL)
_INDEX = re.compile(rb"<(?:\w+:)?v>\s*(\d{1,7})\s*</")
Place = tuple[str, str]  # sheet and A1


@dataclass(frozen=True)
class Earlier:
    """What an earlier marking left; ``sheet`` is the name of its sheet of results."""

    sheet: str
    fills: dict[Place, str]

    def fill(self, place: Place) -> str:
        """How a cell was filled; one that nobody knows of (rows were moved) as most marked cells were."""
        return self.fills.get(place) or self._usual

    @cached_property
    def _usual(self) -> str:
        usual = Counter(self.fills.values()).most_common(1)
        return usual[0][0] if usual else NO_FILL


NOTHING = Earlier("", {})


def earlier(package: Package, book: Book) -> Earlier:
    """What an earlier marking left in a workbook; ``NOTHING`` where there was none, or its sheet is gone."""
    strings = book.target("sharedStrings")
    mark = LIST_MARK.encode()
    texts = _strings(package, strings) if strings in package and mark in package.read(strings) else []
    for one in book.sheets:
        data = package.read(one.part)
        first = _FIRST_CELL.search(data, 0, 20_000)
        index = _INDEX.search(first[1]) if first else None
        is_ours = first is not None and (mark in first[1] or (index and _at(texts, int(index[1])) == LIST_MARK))
        if is_ours:
            return Earlier(one.name, _fills(parsed(data), texts))
    return NOTHING


def _strings(package: Package, part: str) -> list[str]:
    root = parsed(package.read(part))
    return ["".join(text.text or "" for text in one.iter(like(root, "t"))) for one in root.iter(like(root, "si"))]


def _fills(root: Element, texts: list[str]) -> dict[Place, str]:
    """The fills noted in the hidden column."""
    fills: dict[Place, str] = {}
    for cell in root.iter(like(root, "c")):
        address = cell.get("r", "")
        if address.startswith("A") and address[1:].isdecimal():
            parts = _text(cell, texts).split("|", 2)
            if len(parts) == 3:
                fills[parts[2], parts[0]] = trusted_fill(parts[1])
    return fills


def _text(cell: Element, texts: list[str]) -> str:
    value = cell.findtext(like(cell, "v")) or ""
    if cell.get("t") == "s":
        return _at(texts, int(value)) if value.isdecimal() else ""
    return value or "".join(text.text or "" for text in cell.iter(like(cell, "t")))


def _at(texts: list[str], index: int) -> str:
    return texts[index] if index < len(texts) else ""
