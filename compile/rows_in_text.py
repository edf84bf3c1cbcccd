"""The rows of a unit's tables by what a text may call them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from compile.filled import Table
from compile.row_figures import RowFigures
from compile.unit_table import is_matrix
from compile.words_in_text import Token, key_of, single, words
from registry.catalogue.model import RowKind
from registry.catalogue.row_names import plain_label, short_names

SLOT = "…"  # in another name of an indicator: where its number stands, "tiếp nhận … hồ sơ"
LINKS = single("words.link")
"""Words that may stand between a name and its number."""
_FEWEST = 2  # words of a name that may be recognised
_HEADS = [one.split() for one in words("name.head").split(";")]
_TAILS = [one.split() for one in words("name.tail").split(";")]
_LONG = dict(one.split("=") for one in words("name.short").split(";"))


@dataclass(frozen=True, slots=True)
class Known:
    """A row somebody may speak of, and the table it stands in."""

    table: Table
    figures: RowFigures

    @property
    def measure(self) -> str:
        """The measure its level is shown in; empty where it has no cell."""
        spec = self.figures.headline or self.figures.of.now
        return spec.measure if spec else ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name among tokens: the rows it may mean, and how many tokens it takes; ``slot`` is where its number stands."""

    rows: tuple[Known, ...]
    length: int
    slot: int | None = None


class Named:
    """Every row of some tables, found by name, the longest name first."""

    def __init__(self, tables: Iterable[Table]) -> None:
        self._rows: dict[tuple[str, ...], list[Known]] = defaultdict(list)
        for table in tables:
            if not is_matrix(table.view.form):
                for row, _ in table.view.rows:
                    if row.kind is not RowKind.SECTION:
                        known = Known(table, RowFigures(row, table.view, table.cells))
                        for name in dict.fromkeys(_names(known)):
                            self._rows[name].append(known)
        self._longest = max(map(len, self._rows), default=0)
        self._first: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for name in sorted(self._rows, key=len, reverse=True):
            self._first[name[0]].append(name)

    def at(self, tokens: Sequence[Token], place: int) -> Mention | None:
        """The longest name that begins at a place."""
        for name in self._first.get(tokens[place].key, ()):
            found = _fits(name, tokens, place)
            if found is not None:
                length, slot = found
                return Mention(tuple(self._rows[name]), length, slot)
        return None


def _fits(name: tuple[str, ...], tokens: Sequence[Token], place: int) -> tuple[int, int | None] | None:
    """Tokens the name takes, and where its number stands, which words of linking may stand before."""
    at, slot = place, None
    for word in name:
        at += place < at < len(tokens) and tokens[at].text == ","  # within a name: "tái canh, ghép cải tạo"
        if word == SLOT:
            while at < len(tokens) and tokens[at].key in LINKS:
                at += 1
            slot = at
            if at >= len(tokens) or not tokens[at].is_number:
                return None
        elif at >= len(tokens) or tokens[at].key != word:
            return None
        at += 1
    return at - place, slot


def _names(known: Known) -> Iterator[tuple[str, ...]]:
    for words_of in _said(known):
        for is_plain in (False, True):
            name = tuple(one if one == SLOT else key_of(one, is_plain) for one in words_of)
            if len(name) >= _FEWEST:
                yield name


def _said(known: Known) -> Iterator[list[str]]:
    row, indicator = known.figures.row, known.figures.indicator
    called = [indicator.name, *indicator.also] if indicator else []
    if indicator is None or row.indent == 0:
        called.append(plain_label(row.label))  # a sub-row's own label needs the row above it
    for name in called:
        for one in (name, *short_names(name), *_turned(name)):
            yield from _variants(_split(one))


def _turned(name: str) -> Iterator[str]:
    """``Sắn: diện tích hiện có`` as ``diện tích sắn``."""
    head, colon, rest = name.partition(": ")
    if colon:
        yield " ".join([*_without(rest.split(), _TAILS, at_end=True), head])


def _split(name: str) -> list[str]:
    said: list[str] = []
    for word in name.replace("(", " ").replace(")", " ").split():
        bare = word.strip(",.:–-")
        said += [bare] if bare else []
    return said


def _variants(name: list[str]) -> Iterator[list[str]]:
    """The name, without what may be left off its ends, and spelled out."""
    spelled = [long for word in name for long in _LONG.get(word.lower(), word).split()]
    for one in (name, spelled):
        headless = _without(one, _HEADS, at_end=False)
        for some in (one, headless):
            yield some
            yield _without(some, _TAILS, at_end=True)


def _without(name: list[str], parts: list[list[str]], *, at_end: bool) -> list[str]:
    low = [word.lower() for word in name]
    for part in parts:
        if (low[-len(part) :] if at_end else low[: len(part)]) == part and len(low) > len(part) + 1:
            return name[: -len(part)] if at_end else name[len(part) :]
    return name
