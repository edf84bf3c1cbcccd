"""What the fragments of a worksheet's table fix: everything about its cells but what their values say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, compress, pairwise
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


class _Run(NamedTuple):
    """What the fragments from one that begins a row up to the next fix together, as a ``Fragment`` and a ``Table``."""

    least: int
    most: int
    leave: int
    rows: int
    cells: int
    reach: int
    hidden: tuple[int, ...]
    blanks: tuple[tuple[str, str], ...]
    addresses: tuple[str, ...]
    kinds: tuple[str, ...]
    formulas: tuple[str | None, ...]
    drawn: tuple[str, ...]
    texts: tuple[tuple[int, str], ...]  # which cell has a text of its own
    modes: bytes  # of the values


def _run(fragments: tuple[Fragment, ...]) -> _Run:
    before, rows, cells, reach = fragments[0].least, 0, len(fragments), 0
    hidden: list[int] = []
    blanks: list[tuple[str, str]] = []
    placed: list[tuple[str, str, str | None, str]] = []
    texts: list[tuple[int, str]] = []
    for one in fragments:
        if not one.least <= before < one.most:
            raise Unusual
        if one.others is not None:
            rows += one.others.rows
            cells += one.others.cells
            reach = max(reach, one.others.reach)
            hidden += one.others.hidden
            blanks += one.others.blanks
            texts += ((len(placed) + at, own.text) for at, own in enumerate(one.others.whole))
            placed += ((own.address, KINDS.get(own.stated, "n"), own.formula, own.style) for own in one.others.whole)
        if one.address:
            before = one.leave
            placed.append((one.address, one.kind, one.formula, one.style))
            reach = max(reach, before & COLUMN)
    addresses, kinds, formulas, drawn = zip(*placed, strict=True) if placed else ((),) * 4
    return _Run(
        least=fragments[0].least,
        most=fragments[0].most,
        leave=max(one.leave for one in fragments),
        rows=rows,
        cells=cells,
        reach=reach,
        hidden=tuple(hidden),
        blanks=tuple(blanks),
        addresses=addresses,
        kinds=kinds,
        formulas=formulas,
        drawn=drawn,
        texts=tuple(texts),
        modes=bytes(one.mode for one in fragments),
    )


_MOST_OF_A_RUN = 64  # fragments of a run worth remembering: rows with the same cells left empty come back
_remembered_run = lru_cache(maxsize=4096)(_run)


def _table(fragments: tuple[Fragment, ...]) -> Table:
    starts = [at for at, one in enumerate(fragments) if one.others is not None and one.others.rows]
    bounds = sorted({0, *starts, len(fragments) - 1, len(fragments)})
    parts = [fragments[start:end] for start, end in pairwise(bounds)]
    runs = [(_remembered_run if len(part) <= _MOST_OF_A_RUN else _run)(part) for part in parts]
    before = 0
    texts: dict[int, str] = {}
    cells = 0
    for run in runs:
        if not run.least <= before < run.most:
            raise Unusual
        before = max(before, run.leave)
        for at, text in run.texts:
            texts[cells + at] = text
        cells += len(run.addresses)
    modes = b"".join(run.modes for run in runs)[:-1]
    values = [at for at in range(cells) if at not in texts] if texts else range(cells)
    order = dict(zip((*values, *texts), range(cells), strict=True)) if texts else {}
    drawn = (*chain.from_iterable(run.drawn for run in runs),)
    blanks = (*chain.from_iterable(run.blanks for run in runs),)
    return Table(
        rows=sum(run.rows for run in runs),
        cells=sum(run.cells for run in runs) - 1,
        last_row=before >> ROW,
        reach=max(run.reach for run in runs),
        hidden=(*chain.from_iterable(run.hidden for run in runs),),
        blanks=blanks,
        addresses=(*chain.from_iterable(run.addresses for run in runs),),
        kinds=(*chain.from_iterable(run.kinds for run in runs),),
        formulas=(*chain.from_iterable(run.formulas for run in runs),),
        drawn=drawn,
        styles=(*{*drawn, *(style for _, style in blanks)},),
        values=tuple(values),
        texts=tuple(texts.values()),
        order=tuple(map(order.__getitem__, range(cells))) if texts else (),
        shared=(*compress(range(len(modes)), modes.translate(_ARE[SHARED])),),
        literal=(*compress(range(len(modes)), modes.translate(_ARE[LITERAL])),),
    )


_ARE = {wanted: bytes(mode == wanted for mode in range(256)) for wanted in (SHARED, LITERAL)}
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
    codes = {style: look.number_format for style, look in meant.items()}
    fonts = {style: look.font for style, look in meant.items()}
    noted = {style: look.is_bold or look.indent > 0 for style, look in meant.items()}
    cells = [*compress(zip(table.addresses, table.drawn, strict=True), map(noted.__getitem__, table.drawn))]
    return Looks(
        formats=(*map(codes.__getitem__, table.drawn),),
        fonts=(*map(fonts.__getitem__, table.drawn),),
        bold=tuple(address for address, style in cells if meant[style].is_bold),
        indents={address: meant[style].indent for address, style in cells if meant[style].indent},
        blank_formats={address: codes[style] for address, style in table.blanks if codes[style] != PLAIN.number_format},
    )
