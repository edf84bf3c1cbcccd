"""Where in a workbook the cells, rows and background figures stand that a formula names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from registry.catalogue.forms import View
from registry.catalogue.values import CellKey
from registry.rules import bind
from registry.rules.bind import Place
from registry.rules.lookup import Outside
from registry.rules.precision import half_unit
from registry.rules.tree import Call, Cell, Function, Range


class Resolver(Protocol):
    """Where in the workbook things stand; None where there is no such cell, which reads as blank."""

    def cell(self, reference: Cell) -> str | None:
        """A1 of the cell a reference means."""

    def cells(self, reference: Range) -> Sequence[str]:
        """A1 of every cell of a row range, in printed order."""

    def background(self, call: Call) -> str | None:
        """A1 of the hidden cell that holds what a background function comes to (or a literal in Excel's spelling)."""

    def half_unit(self, node: Cell | Range | Call) -> Decimal:
        """How far one figure meant here may lie from what was measured (``rules.precision``); for checks."""


@dataclass(frozen=True, slots=True)
class SheetResolver:
    """Resolves what a formula at ``place`` means by the addresses of a grid."""

    view: View
    place: Place
    addresses: Mapping[CellKey, str]
    hidden: Callable[[Outside, Place], str | None]  # A1 of the hidden cell for what is asked from outside at a place

    def cell(self, reference: Cell) -> str | None:
        """A1 of the cell a reference means."""
        if bind.is_foreign(reference, self.view):
            return self.hidden(reference, self.place)
        key = bind.key(reference, self.place, self.view)
        return self.addresses[key] if key else None

    def cells(self, reference: Range) -> list[str]:
        """A1 of every cell of a row range the view has."""
        return [found for one in bind.cells(reference, self.place, self.view) if (found := self.cell(one))]

    def background(self, call: Call) -> str | None:
        """A1 of the hidden cell, None when the call names no cell of this view."""
        named = call.arguments[0] if call.arguments else None
        if isinstance(named, Cell) and bind.key(named, self.place, self.view) is None:
            return None
        return self.hidden(call, self.place)

    def half_unit(self, node: Cell | Range | Call) -> Decimal:
        """Half of the last unit of a rounded figure, 0 for exact ones."""
        if isinstance(node, Call):
            named = node.arguments[0] if node.arguments else None
            return self.half_unit(named) * _periods(node) if isinstance(named, Cell) else Decimal(0)
        if isinstance(node, Range):
            widths = (self.half_unit(one) for one in bind.cells(node, self.place, self.view))
            return max(widths, default=Decimal(0))
        if there := bind.foreign(node, self.place, self.view):
            return half_unit(there.view, there.spec)
        key = bind.key(node, self.place, self.view)
        return half_unit(self.view, self.view.cells[key]) if key else Decimal(0)


def _periods(call: Call) -> int:
    return 12 if call.function is Function.CUMULATIVE else 1
