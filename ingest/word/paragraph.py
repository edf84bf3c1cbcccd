"""The text of one paragraph in pieces, each with its font, and converted text dealt out to them again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from ingest.mark.xml import Element, kind, like
from ingest.word.fonts import Fonts, attribute, inner
from ingest.word.text import LEFT_OUT, SOFT_HYPHEN, said

_BLANKS = re.compile(r"([ \t\n\r]+)")
_BESIDES = frozenset({"rPr", "instrText", "delText", "lastRenderedPageBreak"})
_PASSED_BY = LEFT_OUT | {"p"}  # paragraphs of a text box are read for themselves
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_BEFORE_CAPS = frozenset({"rStyle", "rFonts", "b", "bCs", "i", "iCs"})


@dataclass(frozen=True)
class Piece:
    """A stretch of text that one element holds, or what an element that is no text stands for (``is_fixed``)."""

    element: Element
    text: str
    font: str | None = None
    is_fixed: bool = False


def pieces(paragraph: Element, fonts: Fonts) -> list[Piece]:
    """The pieces in order. A soft hyphen and a symbol of a legacy font are letters like any other."""
    return [piece for run in _runs(paragraph) for piece in _of_run(run, paragraph, fonts)]


def _runs(parent: Element) -> Iterator[Element]:
    for one in parent:
        if kind(one) == "r":
            yield one
        elif kind(one) not in _PASSED_BY:
            yield from _runs(one)


def _of_run(run: Element, paragraph: Element, fonts: Fonts) -> Iterator[Piece]:
    for one in run:
        name = kind(one)
        if name == "t":
            text = one.text or ""
            yield Piece(one, text, fonts.font(run, paragraph, text))
        elif name == "softHyphen":
            yield Piece(one, SOFT_HYPHEN, fonts.font(run, paragraph, SOFT_HYPHEN))
        elif name and name not in _BESIDES:
            text = said(name, {str(key): str(value) for key, value in one.attrib.items()})
            is_letter = name == "sym" and bool(text)
            yield Piece(one, text or "\t", attribute(one, "font") if is_letter else None, is_fixed=not is_letter)


def dealt(text: str, parts: Sequence[str]) -> list[str] | None:
    """``text``, which ``parts`` became when joined and converted, in as many parts; None when words do not match.

    A word that several parts hold is split letter by letter where that can be told, else the first part has it.
    """
    before, after = _BLANKS.split("".join(parts)), _BLANKS.split(text)
    if len(before) != len(after):
        return None
    owners = [at for at, part in enumerate(parts) for _ in part]
    found = [""] * len(parts)
    starts = accumulate((len(word) for word in before), initial=0)
    for start, old, new in zip(starts, before, after, strict=False):
        holders = owners[start : start + len(old)]
        if len(old) == len(new):
            for at, letter in zip(holders, new, strict=True):
                found[at] += letter
        elif holders:
            found[holders[0]] += new
    return found


def rewrite(piece: Piece, text: str) -> None:
    """Put converted text where a piece stood."""
    element = piece.element
    if text == piece.text:
        return
    if kind(element) == "t":
        _say(element, text)
        return
    before = element.getprevious()
    parent = element.getparent()
    assert parent is not None
    if before is not None and kind(before) == "t":
        _say(before, (before.text or "") + text)
    else:
        written = parent.makeelement(like(element, "t"), {})
        _say(written, text)
        element.addprevious(written)
    parent.remove(element)


def _say(element: Element, text: str) -> None:
    element.text = text
    if text != text.strip():
        element.set(_SPACE, "preserve")


def draw_in_capitals(run: Element) -> None:
    """Let a run look as its capitals font drew it, once that font is replaced."""
    look = inner(run, "rPr")
    if look is None:
        look = run.makeelement(like(run, "rPr"), {})
        run.insert(0, look)
    if inner(look, "caps") is None:
        at = sum(kind(one) in _BEFORE_CAPS for one in look)
        look.insert(at, look.makeelement(like(look, "caps"), {}))
