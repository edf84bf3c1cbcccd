"""What the fragments of a worksheet's table fix: everything about its cells but what their values say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from ingest.reader.expat import KINDS
from ingest.reader.fragments import COLUMN, LITERAL, ROW, SHARED, Fragment, Unusual
from ingest.reader.styles import PLAIN, Style


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table without its values. ``addresses``, ``kinds``, ``formulas`` and ``drawn`` tell of the cells with a value,
    a formula or a text of their own, in the order of the sheet; values are numbered from 0.
    """

    rows: int
    cells: int  # of any kind
    last_row: int  # the last with a cell
    reach: int  # the furthest column of a cell
    hidden: tuple[int, ...]  # rows
    blanks: tuple[tuple[str, str], ...]  # address and style
    addresses: tuple[str, ...]
    kinds: tuple[str, ...]
    formulas: tuple[str | None, ...]
    drawn: tuple[str, ...]  # style of each
    styles: tuple[str, ...]  # all there are
    values: tuple[int, ...]  # which cell each value is of
    texts: tuple[str, ...]  # of the cells with a text of their own
    order: tuple[int, ...]  # of the values and then the texts: which is each cell's
    shared: tuple[int, ...]  # values that are numbers of shared strings
    literal: tuple[int, ...]  # values that stand for themselves, blanks and all


def table_of(fragments: tuple[Fragment, ...]) -> Table:
    """The table of fragments, the last of which ends it; those of usual size are remembered. Raises Unusual."""
    return (_remembered if len(fragments) <= _MOST_FRAGMENTS else _table)(fragments)


def _table(fragments: tuple[Fragment, ...]) -> Table:
    rows = cells = before = reach = 0
    hidden: list[int] = []
    blanks: list[tuple[str, str]] = []
    placed: list[tuple[str, str, str, str | None, str]] = []
    values: list[int] = []
    for one in fragments:
        if not one.least <= before < one.most:
            raise Unusual
        if one.others is not None:
            rows += one.others.rows
            cells += one.others.cells
            reach = max(reach, one.others.reach)
            hidden += one.others.hidden
            blanks += one.others.blanks
            placed += (
                (own.address, KINDS.get(own.stated, "n"), own.text, own.formula, own.style) for own in one.others.whole
            )
        reach = max(reach, before & COLUMN)
        if one is not fragments[-1]:
            before = one.leave
            values.append(len(placed))
            placed.append((one.address, one.kind, "", one.formula, one.style))
    modes = [one.mode for one in fragments[:-1]]
    addresses, kinds, texts, formulas, drawn = zip(*placed, strict=True) if placed else ((),) * 5
    own = sorted(set(range(len(placed))).difference(values))
    order = dict(zip((*values, *own), range(len(placed)), strict=True))
    return Table(
        rows=rows,
        cells=cells + len(values),
        last_row=max(before, fragments[-1].leave) >> ROW,
        reach=reach,
        hidden=tuple(hidden),
        blanks=tuple(blanks),
        addresses=addresses,
        kinds=kinds,
        formulas=formulas,
        drawn=drawn,
        styles=tuple({*drawn, *(style for _, style in blanks)}),
        values=tuple(values),
        texts=tuple(texts[at] for at in own),
        order=tuple(order[at] for at in range(len(placed))),
        shared=tuple(at for at, mode in enumerate(modes) if mode == SHARED),
        literal=tuple(at for at, mode in enumerate(modes) if mode == LITERAL),
    )


_MOST_FRAGMENTS = 8_000  # of a table worth remembering; at most 32 of them are
_remembered = lru_cache(maxsize=32)(_table)


class Looks(NamedTuple):
    """How the cells of a table are drawn, with a style sheet: number formats and fonts in their order."""

    formats: tuple[str, ...]
    fonts: tuple[str, ...]
    bold: tuple[str, ...]  # addresses
    indents: dict[str, int]
    blank_formats: dict[str, str]


@lru_cache(maxsize=32)
def look_of(table: Table, styles: tuple[Style, ...]) -> Looks:
    """How a table is drawn when its styles mean these."""
    meant = dict(zip(table.styles, styles, strict=True))
    looks = [meant[style] for style in table.drawn]
    codes = ((address, meant[style].number_format) for address, style in table.blanks)
    return Looks(
        formats=tuple(look.number_format for look in looks),
        fonts=tuple(look.font for look in looks),
        bold=tuple(address for address, look in zip(table.addresses, looks, strict=True) if look.is_bold),
        indents={address: look.indent for address, look in zip(table.addresses, looks, strict=True) if look.indent},
        blank_formats={address: code for address, code in codes if code != PLAIN.number_format},
    )
