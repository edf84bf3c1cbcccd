"""Under which heading of an outline a row of a form belongs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path

from compile.totals import RowTotal, Totals
from registry.catalogue.model import Heading, RowKind
from vietnamese.copydeck import deck

_BREAKS = re.compile(r"[,;:.()–-]|\bvà\b")
_LETTERS = re.compile(r"\w+")
_THESAURUS = deck(Path(__file__).parent / "thesaurus.toml").sentences
_LABEL, _SECTION, _WORDS, _OWNER = 4.0, 1.0, 3.0, 0.5


def place_rows(one: Totals, headings: Iterable[Heading]) -> Mapping[int, list[RowTotal]]:
    """Rows of the form by index of heading: by words shared with the title, then by who owns the heading.

    A sub-row follows its main row. Rows that fit nowhere go with the rows before them, else to index −1.
    """
    candidates = [(index, heading) for index, heading in enumerate(headings) if heading.owners]
    placed: dict[int, list[RowTotal]] = {}
    section, home = "", -1
    for row in one.rows:
        if row.row.kind is RowKind.SECTION:
            section, home = row.row.label, -1
        elif "." not in row.row.number or home < 0:
            best = max(candidates, key=lambda held: _fit(row, section, held[1]), default=None)
            if best is not None and _fit(row, section, best[1]) > _OWNER:
                home = best[0]
        if row.row.kind is not RowKind.SECTION:
            placed.setdefault(home, []).append(row)
    return placed


def likeness(text: str, title: str) -> float:
    """The share (0..1) of a title's pairs of syllables that stand in another heading as well."""
    return _share(_pairs(text), _pairs(title))


def _fit(row: RowTotal, section: str, heading: Heading) -> float:
    title = _pairs(heading.title)
    label = f" {' '.join(_words(row.row.label))} "
    fit = _LABEL * _share(_pairs(label), title) + _SECTION * _share(_pairs(section), title)
    for word, related in _THESAURUS.items():
        named = any(f" {' '.join(_words(one))} " in label for one in related.split(";"))
        if named and word.lower() in heading.title.lower():
            fit += _WORDS * _share(_pairs(word), title)
    owned = set(row.row.suppliers) & set(heading.owners)
    return fit + (_OWNER if owned else 0.0)


def _pairs(text: str) -> frozenset[tuple[str, ...]]:
    """Neighbouring syllables within a phrase: "thủy sản" is a word, "sản; nông" is not."""
    found: set[tuple[str, ...]] = set()
    for phrase in _BREAKS.split(text.lower()):
        syllables = _words(phrase)
        found.update(pairwise(syllables))
        if len(syllables) == 1:
            found.add((syllables[0],))
    return frozenset(found)


def _words(text: str) -> list[str]:
    return _LETTERS.findall(text.lower())


def _share(words: frozenset[tuple[str, ...]], title: frozenset[tuple[str, ...]]) -> float:
    return len(words & title) / len(title) if title else 0.0
