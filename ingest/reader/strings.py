"""Shared and inline strings: their text, and the runs of those written in several fonts."""

from __future__ import annotations

import re
from typing import NamedTuple

from ingest.container import Container
from ingest.reader.package import Attributes, local, parse

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Text(NamedTuple):
    """A string; runs are (text, font), font empty where the run takes the cell's."""

    text: str
    runs: tuple[tuple[str, str], ...] = ()


def unescaped(text: str) -> str:
    """``_x000D_`` as the character it stands for (ECMA-376 22.9.2.19)."""
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(escape: re.Match[str]) -> str:
    code = int(escape[1], 16)
    return escape[0] if code == 0 or 0xD800 <= code <= 0xDFFF else chr(code)


class StringBuilder:
    """Collects the text of one ``si`` or ``is`` element, told of every element inside it; phonetics are left out."""

    def __init__(self) -> None:
        self._runs: list[tuple[str, str]] = []
        self._plain: list[str] = []
        self._font = ""
        self._in_text = self._in_run = self._in_phonetic = False

    def opens(self, kind: str, attributes: Attributes) -> None:
        """An element inside the string begins."""
        if kind == "t":
            self._in_text = not self._in_phonetic
        elif kind == "r":
            self._in_run, self._font = True, ""
            self._flush()
        elif kind == "rFont":
            self._font = attributes.get("val", "")
        elif kind == "rPh":
            self._in_phonetic = True

    def closes(self, kind: str) -> None:
        """An element inside the string ends."""
        if kind == "t":
            self._in_text = False
        elif kind == "rPh":
            self._in_phonetic = False
        elif kind == "r":
            self._flush()
            self._in_run, self._font = False, ""

    def add(self, characters: str) -> None:
        """Characters at the place reached."""
        if self._in_text:
            self._plain.append(characters)

    def _flush(self) -> None:
        if self._plain:
            self._runs.append((unescaped("".join(self._plain)), self._font))
            self._plain.clear()

    def done(self) -> Text:
        """The whole string."""
        self._flush()
        text = "".join(one for one, _ in self._runs)
        return Text(text, tuple(self._runs) if len(self._runs) > 1 or any(font for _, font in self._runs) else ())


def read_strings(container: Container, part: str) -> list[Text]:
    """The shared strings in order; empty without the part. Raises Refused."""
    if part not in container:
        return []
    found: list[Text] = []
    at_hand = StringBuilder()

    def opens(tag: str, attributes: Attributes) -> None:
        nonlocal at_hand
        kind = local(tag)
        if kind == "si":
            at_hand = StringBuilder()
        else:
            at_hand.opens(kind, attributes)

    def closes(tag: str) -> None:
        kind = local(tag)
        if kind == "si":
            found.append(at_hand.done())
        else:
            at_hand.closes(kind)

    def text(more: str) -> None:
        at_hand.add(more)

    parse(container.read(part), part, opens, closes, text)
    return found
