"""What the elements of a Word document say: one table and one walk, for everybody who reads documents."""

from __future__ import annotations

import re
from collections.abc import Mapping

from vietnamese.charsets import font_voice

SOFT_HYPHEN = "\u00ad"  # in a font of TCVN3 the letter ư, elsewhere where a word may be parted
LEFT_OUT = frozenset({"del", "moveFrom"})  # what stands there was taken out, or stands elsewhere
_STANDS_FOR = {
    "tab": "\t",
    "ptab": "\t",
    "br": "\n",
    "cr": "\n",
    "noBreakHyphen": "-",
    "softHyphen": SOFT_HYPHEN,
}


def said(name: str, attributes: Mapping[str, str]) -> str:
    """What an element of a run says that holds no text: a blank, a hyphen, a symbol's letter; "" of all others.

    ``name`` is without its namespace; those of the attributes may have theirs, as expat or lxml write it.
    """
    return _letter(attributes) if name == "sym" else _STANDS_FOR.get(name, "")


def _letter(symbol: Mapping[str, str]) -> str:
    """The letter a symbol of a legacy text font is: the low byte of its code."""
    code = attribute(symbol, "char")
    is_text = font_voice(attribute(symbol, "font")).charset is not None
    is_code = is_text and re.fullmatch("[0-9A-Fa-f]{1,4}", code)
    return chr(int(code, 16) & 0xFF) if is_code and int(code, 16) & 0xFF >= 0x20 else ""


def attribute(attributes: Mapping[str, str], name: str) -> str:
    """An attribute whatever its namespace; empty without it."""
    return next((value for key, value in attributes.items() if _bare(key) == name), "")


def _bare(name: str) -> str:
    return name.rpartition("}")[2].rpartition(":")[2]


class Paragraphs:
    """Puts paragraphs together while a parser walks a part; those of a text box end before the one that holds it."""

    def __init__(self) -> None:
        self._open: list[list[str]] = []
        self._left_out = 0  # elements open whose text is none
        self._in_text = False

    def opens(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if name == "p":
            self._open.append([])
        elif self._open and not self._left_out and (mark := said(name, attributes)):
            self._open[-1].append(mark)
        self._left_out += name in LEFT_OUT
        self._in_text = name == "t" and not self._left_out

    def text(self, characters: str) -> None:
        """Characters between tags."""
        if self._in_text and self._open:
            self._open[-1].append(characters)

    def closes(self, name: str) -> str | None:
        """An element ends; the text of the paragraph that does, without soft hyphens."""
        self._in_text = False
        self._left_out -= name in LEFT_OUT
        if name != "p" or not self._open:
            return None
        return "".join(self._open.pop()).replace(SOFT_HYPHEN, "")
