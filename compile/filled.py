"""What placeholders are filled from, one form's figures, and a filled text, whose numbers keep where they came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from compile.sentences import partial_note
from compile.totals import CellTotal, Totals
from registry.catalogue.forms import View
from registry.catalogue.values import CellKey, CellValue
from registry.findings import Finding


class Origin(NamedTuple):
    """The cells a filled text was read from, the one it shows first; ``unit`` where it is one unit's contribution."""

    form: str
    cells: tuple[CellKey, ...]
    unit: str = ""


class Span(NamedTuple):
    """A filled placeholder: its place in the text, and its origin; None where it could not be read."""

    start: int
    end: int
    written: str  # the placeholder
    origin: Origin | None


@dataclass(frozen=True, slots=True)
class Filled:
    """A text that was filled."""

    text: str
    spans: tuple[Span, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def runs(self) -> tuple[tuple[str, Span | None], ...]:
        """The text in pieces, each with the placeholder it stands for, None of the words between."""
        pieces: list[tuple[str, Span | None]] = []
        end = 0
        for span in self.spans:
            pieces += [(self.text[end : span.start], None), (self.text[span.start : span.end], span)]
            end = span.end
        pieces.append((self.text[end:], None))
        return tuple(piece for piece in pieces if piece[0])


@dataclass(frozen=True)
class Table:
    """One form's figures a text may be filled from."""

    view: View
    cells: Mapping[CellKey, CellTotal]
    units: Mapping[str, Mapping[CellKey, CellTotal]] = field(default_factory=dict)  # what each unit put where
    tentative: frozenset[str] = frozenset()  # units whose figures are open again ("tạm")
    partial: Mapping[CellKey, str] = field(default_factory=dict)  # who is missing from a figure, in words


def table_of(one: Totals) -> Table:
    """A compiled form."""
    units: dict[str, dict[CellKey, CellTotal]] = {}
    for (unit, key), given in one.contributions.items():
        number = given.number if given.state.is_number else None
        units.setdefault(unit, {})[key] = CellTotal(given.state, number, given.mantissa, given.nature, (unit,))
    tentative = frozenset(unit.code for unit in one.coverage.provisional)
    rows = {held.row.code: held.row for held in one.rows}
    partial = {key: partial_note(cell, rows[key.row]) for key, cell in one.cells.items() if cell.is_partial}
    return Table(one.view, one.cells, units, tentative, partial)


def own_table(view: View, values: Mapping[CellKey, CellValue]) -> Table:
    """A unit's own figures of one form, as its workbook shows them."""
    return Table(view, {key: CellTotal(one.state, one.amount, text=one.text) for key, one in values.items()})
