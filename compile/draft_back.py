"""What came back of a draft: texts under its headings with their numbers linked again, and what was done to them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from compile.differences import differences
from compile.draft_document import Number
from compile.marked import marked
from ingest.edited import NUMBER, Edited, EditedText, Said
from ingest.pieces import Found
from workbook_templates.official.wordml import Run


@dataclass(frozen=True, slots=True)
class Sent:
    """One heading as it went out."""

    n: int
    tag: str
    title: str
    body: str
    numbers: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class HandChanged:
    """A linked number typed over: it is like any other number now; ``new`` is empty where it was taken out."""

    placeholder: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class BackText:
    """One heading as it came back; ``is_changed`` against what went out."""

    n: int
    body: str
    is_changed: bool
    numbers: tuple[HandChanged, ...] = ()


@dataclass(frozen=True, slots=True)
class Back:
    """A whole draft that came back."""

    texts: tuple[BackText, ...]
    missing: tuple[str, ...]  # titles of headings that are not there any more
    added: tuple[str, ...]  # headings that are none of the draft's
    outside: tuple[str, ...] = ()  # paragraphs under no heading that it did not go out with


def came_back(sent: Sequence[Sent], edited: Edited, around: Collection[str] = ()) -> Back:
    """Held against what went out, with the paragraphs ``around`` its text; a heading that is missing keeps its text."""
    found: Mapping[str, EditedText] = {one.tag: one for one in edited.texts}
    texts, missing = [], []
    for one in sent:
        text = found.get(one.tag)
        if text is None or text.found is Found.NOWHERE:
            missing.append(one.title)
        else:
            texts.append(_text(one, text))
    outside = tuple(one for one in edited.outside if one not in around)
    return Back(tuple(texts), tuple(missing), edited.added, outside)


def _text(sent: Sent, text: EditedText) -> BackText:
    told: dict[int, HandChanged] = {}
    seen: set[int] = set()
    lines = []
    for paragraph in text.paragraphs:
        pieces = [_said(sent, piece, told, seen) for piece in paragraph]
        lines.append(" ".join(marked(pieces).split()))
    body = "\n\n".join(line for line in lines if line)
    for at, number in enumerate(sent.numbers):
        if at not in seen and at not in told:
            if body.count(number.printed) == 1:  # its control is lost, its words are not
                body = body.replace(number.printed, number.placeholder)
            else:
                told[at] = HandChanged(number.placeholder, number.printed, "")
    changes = tuple(told[at] for at in sorted(told))
    return BackText(sent.n, body, bool(differences(sent.body, body)), changes)


def _said(sent: Sent, piece: Said, told: dict[int, HandChanged], seen: set[int]) -> Run:
    at = _place(sent, piece.number)
    if at is None:
        return Run(piece.text, piece.bold, piece.italic)
    number = sent.numbers[at]
    if _bare(piece.text) == _bare(number.printed):
        seen.add(at)
        return Run(number.placeholder, piece.bold, piece.italic)
    told[at] = HandChanged(number.placeholder, number.printed, piece.text.strip())
    return Run(piece.text, piece.bold, piece.italic)


def _place(sent: Sent, tag: str) -> int | None:
    """Which of the heading's numbers a control holds; one copied from another heading is words."""
    n, _, at = tag.removeprefix(NUMBER).partition(".")
    if n != str(sent.n):
        return None
    return next((place for place in range(len(sent.numbers)) if at == str(place)), None)


def _bare(text: str) -> str:
    return " ".join(text.split())
