"""Anchored cells into values: figures, words and notes as typed, and what stands where nobody should type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache, partial
from typing import NamedTuple

from ingest.anchor import Anchored
from ingest.known import known_figures
from ingest.model import RawCell
from ingest.numbers import FigureReader
from ingest.remeasured import measure_findings, ratios
from ingest.text import Place, clean, note_value, row_name
from ingest.words import WordReader
from registry.catalogue.forms import CellSpec
from registry.catalogue.measures import rounded
from registry.catalogue.model import CellKind, Column, Row
from registry.catalogue.values import BLANK, CellKey, CellValue, State
from registry.findings import Finding
from registry.rules.context import Context
from registry.rules.identity import ViewIdentity
from vietnamese.numbers import format_number, plain_numbers, stored_number

_SIGNS = {State.NIL: "-", State.NOT_AVAILABLE: "…", State.NOT_APPLICABLE: "x", State.BLANK: ""}
_CLOSED_SIGNS = ("x", "X", "×")
_VALUE = State.VALUE  # asked of every cell, and slow to look up in an enumeration


class CellReading:
    """Turns the anchored cells of a form, or of one line of a list, into values."""

    def __init__(self, context: Context, anchored: Anchored, date1904: bool, line: str = "") -> None:
        self.anchored, self.line = anchored, line  # what a person calls the line
        self.view, self.identity = context.view, context.identity
        self.ratios = ratios(context, anchored) if anchored.measures else {}
        self.figures = FigureReader(self.view, date1904, partial(known_figures, context), self.ratios)
        self.words = WordReader(self.view, date1904)
        self.rows = {row.code: row for row, _ in self.view.rows}
        self.columns = {column.code: column for column in self.view.columns}
        self._headings = {code: _heading(column) for code, column in self.columns.items()}
        self._names = {code: line or row_name(row) for code, row in self.rows.items()}

    def place(self, key: CellKey) -> Place:
        """Where a cell stands, in a person's words."""
        address = self.anchored.addresses.get(key)
        return Place(self.anchored.sheet or None, address, self._names[key.row], self._headings[key.column], key)

    def inputs(self) -> tuple[dict[CellKey, CellValue], list[Finding]]:
        """Values of the typed cells, and everything found while reading them."""
        cells = self.anchored.cells
        values = self.figures.read_plain(cells)
        found: list[Finding] = []
        for key, spec in _by_kind(self.identity).read.items():
            cell = cells.get(key)
            if cell is None or key in values:
                continue
            if spec.kind is CellKind.INPUT:
                values[key], more = self.figures.read(cell, spec, self.place(key))
                found.extend(more)
            elif spec.kind is CellKind.NOTE:
                values[key], more = note_value(cell, self.place(key))
                found.extend(more)
            elif spec.kind.is_worded:
                values[key], more = self.words.read(cell, spec, self.place(key))
                found.extend(more)
            elif spec.kind is CellKind.CLOSED and cell.raw.strip() not in ("", "-", *_CLOSED_SIGNS):
                found.append(self.place(key).finding("anchor-closed-cell", found=cell.raw.strip()[:60]))
        if self.anchored.measures:
            found.extend(measure_findings(self.anchored, self.rows, values, self.ratios))
        return values, found

    def locked(self, values: Mapping[CellKey, CellValue]) -> Iterator[Finding]:
        """Cells nobody should type in that hold something else than what belongs there."""
        cells, kinds = self.anchored.cells, _by_kind(self.identity)
        overwritten = [key for key in kinds.computed if (cell := cells.get(key)) is not None and cell.formula is None]
        for key in (*_differing(kinds.looked_up, cells, values), *overwritten):
            spec, cell, expected = self.view.cells[key], cells[key], values[key]
            if not _agrees(cell, spec, expected):
                shown = _shown(expected, spec)
                yield self.place(key).finding(_LOCKED[spec.kind], found=_raw(cell, spec), expected=shown)


class _ByKind(NamedTuple):
    """The cells of a view: those a person types in or leaves closed, and those locked to both."""

    read: dict[CellKey, CellSpec]
    computed: tuple[CellKey, ...]
    looked_up: tuple[CellKey, ...]


@lru_cache(maxsize=64)
def _by_kind(identity: ViewIdentity) -> _ByKind:
    cells = identity.view.cells
    return _ByKind(
        {key: spec for key, spec in cells.items() if spec.kind.is_typed or spec.kind is CellKind.CLOSED},
        tuple(key for key, spec in cells.items() if spec.kind is CellKind.COMPUTED),
        tuple(key for key, spec in cells.items() if spec.kind in _LOCKED and spec.kind is not CellKind.COMPUTED),
    )


def _differing(
    keys: tuple[CellKey, ...], cells: Mapping[CellKey, RawCell], values: Mapping[CellKey, CellValue]
) -> list[CellKey]:
    """The cells that do not plainly say the very figure they should."""
    its = list(map(cells.get, keys))
    numbers = plain_numbers(cell.raw if cell is not None and cell.kind == "n" else "" for cell in its)
    return [
        key
        for key, cell, number, value in zip(keys, its, numbers, map(values.__getitem__, keys), strict=True)
        if cell is not None and (number is None or value.state is not _VALUE or number != value.number)
    ]


OVERWRITTEN = "anchor-formula-overwritten"
_LOCKED = {
    CellKind.COMPUTED: OVERWRITTEN,
    CellKind.PREVIOUS: "anchor-locked-changed",
    CellKind.SAME_PERIOD: "anchor-locked-changed",
    CellKind.CUMULATIVE_SAME_PERIOD: "anchor-locked-changed",
    CellKind.CUMULATIVE: "anchor-locked-changed",
    CellKind.PLAN: "anchor-locked-changed",
    CellKind.SHOWN: "anchor-locked-changed",
}


def unread(key: CellKey, values: Mapping[CellKey, CellValue], anchored: Anchored) -> bool:
    """True where something stands that could not be understood: not a figure, yet not left empty either."""
    cell = anchored.cells.get(key)
    is_blank = values.get(key, BLANK).state is State.BLANK
    return cell is not None and is_blank and bool(clean(cell.raw) or cell.formula)


def place_of(anchored: Anchored, key: CellKey, row: Row, column: Column) -> Place:
    """Where a cell of a row and column stands, in a person's words."""
    return Place(anchored.sheet or None, anchored.addresses.get(key), row_name(row), _heading(column), key)


def _heading(column: Column) -> str:
    return " – ".join(column.path)


def _agrees(cell: RawCell, spec: CellSpec, expected: CellValue) -> bool:
    """Whether a locked cell shows what it should, at the decimals it shows."""
    if cell.kind == "n":
        number, amount = stored_number(cell.raw), expected.amount
        if number is None or amount is None or expected.state in _SIGNS:
            return False
        return number == amount or rounded(number, spec.decimals) == rounded(amount, spec.decimals)
    return cell.raw.strip() == _SIGNS.get(expected.state)


def _raw(cell: RawCell, spec: CellSpec) -> str:
    number = stored_number(cell.raw) if cell.kind == "n" else None
    return cell.raw.strip()[:60] if number is None else format_number(number, spec.decimals)


def _shown(value: CellValue, spec: CellSpec) -> str:
    if value.state in _SIGNS or value.amount is None:
        return _SIGNS.get(value.state, "")
    return format_number(value.amount, spec.decimals)
