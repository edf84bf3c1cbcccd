"""What the fragments of a worksheet's table fix: everything about its cells but what their values say."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from ingest.reader.expat import KINDS
from ingest.reader.fragments import COLUMN, LITERAL, ROW, SHARED, Fragment, Unusual


class Table(NamedTuple):
    """A table without its values. From ``addresses`` to ``styles`` it tells of the cells with a value, a formula or a
    text of their own, in the order of the sheet; values are numbered from 0.
    """

    rows: int
    cells: int  # of any kind
    last_row: int  # the last with a cell
    reach: int  # the furthest column of a cell
    hidden: tuple[int, ...]  # rows
    blanks: tuple[tuple[str, str], ...]  # address and style
    addresses: tuple[str, ...]
    kinds: tuple[str, ...]
    texts: tuple[str, ...]  # empty for cells with a value
    formulas: tuple[str | None, ...]
    styles: tuple[str, ...]
    values: tuple[int, ...]  # which cell each value is of
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
    addresses, kinds, texts, formulas, styles = zip(*placed, strict=True) if placed else ((),) * 5
    return Table(
        rows=rows,
        cells=cells + len(values),
        last_row=max(before, fragments[-1].leave) >> ROW,
        reach=reach,
        hidden=tuple(hidden),
        blanks=tuple(blanks),
        addresses=addresses,
        kinds=kinds,
        texts=texts,
        formulas=formulas,
        styles=styles,
        values=tuple(values),
        shared=tuple(at for at, mode in enumerate(modes) if mode == SHARED),
        literal=tuple(at for at, mode in enumerate(modes) if mode == LITERAL),
    )


_MOST_FRAGMENTS = 8_000  # of a table worth remembering; at most 32 of them are
_remembered = lru_cache(maxsize=32)(_table)
