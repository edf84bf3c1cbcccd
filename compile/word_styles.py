"""What the named styles of a Word document make of a paragraph or a run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from compile.word_xml import attribute, child, is_on, name_of, parsed, value

ALIGNMENTS = {"center": "center", "right": "right", "end": "right", "both": "both", "justify": "both"}
_LEVELS = frozenset("012345678")
_LONGEST_CHAIN = 20  # styles based on one another


@dataclass(frozen=True, slots=True)
class Style:
    """A style with what it takes over from those it is based on; None where nothing is said."""

    level: int | None = None
    list_at: tuple[str, str] | None = None  # (numId, ilvl)
    align: str | None = None
    bold: bool | None = None
    italic: bool | None = None
    caps: bool | None = None
    is_contents: bool = False  # a line of a table of contents


PLAIN = Style()


@dataclass(frozen=True)
class Styles:
    """The styles of a document by id."""

    held: Mapping[str, Style] = field(default_factory=dict)

    def of(self, identity: str) -> Style:
        """A style; of an unknown one nothing is said."""
        return self.held.get(identity, PLAIN)


def styles_of(part: bytes) -> Styles:
    """The styles a part defines. Raises ValueError, SyntaxError."""
    own: dict[str, tuple[str, Style]] = {}
    for style in parsed(part):
        if name_of(style) == "style":
            own[attribute(style, "styleId")] = (value(child(style, "basedOn")), _own(style))
    return Styles({identity: _resolved(identity, own) for identity in own})


def outline_level(held: Any) -> int | None:
    """The heading level an ``outlineLvl`` gives, from 0; None of body text."""
    level = value(held)
    return int(level) if level in _LEVELS else None


def list_place(held: Any) -> tuple[str, str] | None:
    """(numId, ilvl) of a ``numPr``; None where there is none."""
    return None if held is None else (value(child(held, "numId")), value(child(held, "ilvl")))


def switch(held: Any) -> bool | None:
    """A property switched on or off; None where nothing is said."""
    return None if held is None else is_on(held)


def _own(style: Any) -> Style:
    paragraph, look = child(style, "pPr"), child(style, "rPr")
    name = value(child(style, "name")).lower()
    named = re.fullmatch(r"heading ([1-9])", name)
    level = outline_level(child(paragraph, "outlineLvl"))
    return Style(
        level=int(named[1]) - 1 if named and level is None else level,
        list_at=list_place(child(paragraph, "numPr")),
        align=ALIGNMENTS.get(value(child(paragraph, "jc"))),
        bold=switch(child(look, "b")),
        italic=switch(child(look, "i")),
        caps=switch(child(look, "caps")),
        is_contents=re.fullmatch(r"toc (heading|\d)", name) is not None,
    )


def _resolved(identity: str, own: Mapping[str, tuple[str, Style]]) -> Style:
    found: dict[str, Any] = {}
    for _ in range(_LONGEST_CHAIN):
        based_on, style = own.get(identity, ("", PLAIN))
        for one in fields(Style):
            said = getattr(style, one.name)
            if found.get(one.name) is None and said is not None:
                found[one.name] = said
        identity = based_on
    return Style(**found)
