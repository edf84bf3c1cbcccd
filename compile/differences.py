"""What changed between two texts, paragraph by paragraph and word by word, for people to read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_WORDS = re.compile(r"\{\{.*?\}\}|\s+|[^\s{]+|\{")  # a placeholder is one word
_ALIKE = 0.4  # share of words two paragraphs have in common to be one that was changed


class Kind(StrEnum):
    """What happened to a paragraph, or to some words of one."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Words:
    """Some words of a paragraph."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One paragraph."""

    kind: Kind
    words: tuple[Words, ...]


def differences(old: str, new: str) -> tuple[Change, ...]:
    """Every paragraph of both texts in order; empty when the texts are equal, blank lines aside."""
    before, after = _paragraphs(old), _paragraphs(new)
    if before == after:
        return ()
    found: list[Change] = []
    for step, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if step == "equal":
            found += [_whole(Kind.SAME, one) for one in before[a:b]]
        else:
            found += _paired(before[a:b], after[c:d])
    return tuple(found)


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _whole(kind: Kind, text: str) -> Change:
    return Change(kind, (Words(kind, text),))


def _paired(before: list[str], after: list[str]) -> Iterator[Change]:
    """Paragraphs that stand against each other: those alike are one changed, the others were taken out and put in."""
    left = list(before)
    for text in after:
        at = next((n for n, one in enumerate(left) if _likeness(one, text) >= _ALIKE), None)
        if at is None:
            yield _whole(Kind.ADDED, text)
            continue
        yield from (_whole(Kind.REMOVED, one) for one in left[:at])
        yield Change(Kind.CHANGED, tuple(_words(left[at], text)))
        del left[: at + 1]
    yield from (_whole(Kind.REMOVED, one) for one in left)


def _likeness(old: str, new: str) -> float:
    return SequenceMatcher(None, old.split(), new.split(), autojunk=False).ratio()


def _words(old: str, new: str) -> Iterator[Words]:
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    for step, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if step == "equal":
            yield Words(Kind.SAME, "".join(before[a:b]))
            continue
        if b > a:
            yield Words(Kind.REMOVED, "".join(before[a:b]))
        if d > c:
            yield Words(Kind.ADDED, "".join(after[c:d]))
