"""A form's sheet that came back as it was issued, but for what was typed: most do, and need not be searched."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from ingest.a1 import join, split
from ingest.frame import BELOW, Frame, is_figure
from ingest.model import RawCell, RawSheet
from ingest.printed import row_measures, unit_line_findings
from registry.rules.identity import ViewIdentity
from workbook_templates.grid import CODE_COLUMN, Grid, place


def as_issued(sheet: RawSheet, grid: Grid) -> Frame | None:
    """The frame of a sheet whose codes, labels, measures and headings stand where they were issued and say the same,
    with nothing else between them: there is nothing to be said of what is printed. None of any other sheet.
    """
    issued = _issued(ViewIdentity(grid.view))
    try:
        printed = issued.printed(sheet.cells)
    except KeyError:
        return None
    if tuple([cell.raw for cell in printed]) != issued.texts:
        return None
    others = frozenset(sheet.cells.keys() - issued.known)
    below = _just_below(ViewIdentity(grid.view), others)
    if below is None or any(is_figure(sheet.cells[address]) for address in below):
        return None
    if not issued.codes.isdisjoint([sheet.cells[address].raw.strip() for address in others]):
        return None
    rows = {code: [row] for code, row in grid.rows.items()}
    columns = {code: [column] for code, column in grid.columns.items()}
    frame = Frame(sheet, CODE_COLUMN, grid.code_row, rows, columns, is_as_issued=True)
    return None if any(unit_line_findings(frame, grid)) else frame


@dataclass(frozen=True)
class _Issued:
    """What a form's sheet holds whatever the unit."""

    printed: Callable[[dict[str, RawCell]], tuple[RawCell, ...]]  # takes the printed cells; raises KeyError
    texts: tuple[str, ...]
    known: frozenset[str]  # where these and the form's own cells stand
    codes: frozenset[str]


@lru_cache(maxsize=64)
def _issued(identity: ViewIdentity) -> _Issued:
    grid = place(identity.view)
    texts = {address: text for address, text in _texts(grid) if text}
    return _Issued(
        itemgetter(*texts),
        tuple(texts.values()),
        frozenset((*texts, *grid.cells.values())),
        frozenset((*grid.rows, *grid.columns)),
    )


def _texts(grid: Grid) -> Iterator[tuple[str, str]]:
    """The codes, labels, measures and headings by their place."""
    for code, column in grid.columns.items():
        yield join(grid.code_row, column), code
    for one in grid.headings:
        yield join(one.top, one.left), one.text
    measures = dict(row_measures(grid))
    for row, _ in grid.view.rows:
        said = (row.code, row.number, row.label, measures.get(row.code, ""))[: 1 + grid.label_columns]
        for column, text in enumerate(said, CODE_COLUMN):
            yield join(grid.rows[row.code], column), text


@lru_cache(maxsize=64)
def _just_below(identity: ViewIdentity, others: frozenset[str]) -> tuple[str, ...] | None:
    """Of cells that are not the form's, those where a row may have been added; None where one stands in the table.

    Above it are the head, between headings and rows the columns' numbers, beside it checks and hidden figures.
    """
    grid = place(identity.view)
    inside = [at for at in others if split(at)[0] >= grid.heading_row and split(at)[1] < grid.check_column]
    rows = {at: split(at)[0] for at in inside if split(at)[0] != grid.number_row}
    if any(row <= grid.last_row for row in rows.values()):
        return None
    return tuple(at for at, row in rows.items() if row <= grid.last_row + BELOW)
