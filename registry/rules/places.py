"""Where in a view a rule runs: once for each row, each column, or once."""

from __future__ import annotations

from collections.abc import Iterator

from registry.catalogue.forms import View
from registry.catalogue.model import CellKind, Row, RowKind, Rule
from registry.rules import bind
from registry.rules.bind import Place
from registry.rules.program import cells_among
from registry.rules.tree import Cell, Node, Range, in_table, walk

_FIGURELESS = (CellKind.CLOSED, CellKind.NOTE)


def places(rule: Rule, nodes: tuple[Node, ...], view: View) -> Iterator[Place]:
    """The places at which a rule with these trees (condition, formula) runs; raises bind.UnknownName.

    A rule naming only columns runs on every data row, or those it is limited to, that has a figure cell in one
    of them; a rule naming only rows runs on every column in which one of them is an input.
    """
    references = [one for node in nodes for one in walk(node) if isinstance(one, Cell | Range)]
    own = [one for one in references if not bind.is_foreign(one, view)]
    needs_row = any(isinstance(one, Cell) and one.row is None for one in own)
    needs_column = any(one.column is None for one in own)
    rows: list[str | None] = [row.code for row in _rows(rule, view)] if needs_row else [None]
    columns: list[str | None] = [column.code for column in view.columns] if needs_column else [None]
    inside = tuple(one for node in nodes for one in walk(node) if isinstance(one, Cell))
    read = tuple(one for node in nodes for one in in_table(node))
    for row in rows:
        for column in columns:
            place = Place(row, column)
            if _applies(place, inside, read, view):
                yield place


def _rows(rule: Rule, view: View) -> Iterator[Row]:
    """Data rows, or the rows named, of the natures named."""
    for row, _ in view.rows:
        if row.code in rule.rows or (not rule.rows and row.kind is RowKind.DATA):
            indicator = view.definitions.indicators[row.indicator] if row.indicator else None
            if not rule.natures or (indicator is not None and indicator.nature in rule.natures):
                yield row


def _applies(place: Place, inside: tuple[Cell, ...], read: tuple[Node, ...], view: View) -> bool:
    """``inside``: every cell named, also within background functions; ``read``: what is read in the table."""
    named = [key for one in inside if (key := bind.key(one, place, view))]
    cells = (*named, *cells_among(read, place, view))
    kinds = {view.cells[key].kind for key in cells}
    if place.column is not None:
        in_column = {view.cells[key].kind for key in cells if key.column == place.column}
        return CellKind.INPUT in in_column
    return any(kind not in _FIGURELESS for kind in kinds) if cells else place == Place()
