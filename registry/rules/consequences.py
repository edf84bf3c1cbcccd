"""Faults that follow from another: told once, where they begin."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from registry.catalogue.forms import View
from registry.catalogue.values import CellKey
from registry.findings import Finding, is_blocking
from registry.rules.program import hanging_on


def without_consequences(view: View, found: Iterable[Finding]) -> list[Finding]:
    """Findings of rules without those of the same rule in cells computed from one it refuses already.

    A wrong figure makes its subtotal, total and cumulative wrong. Only what keeps the form from being sent counts as a
    beginning: corrected, everything that hangs on it is judged again.
    """
    listed = list(found)
    begins: dict[str, set[CellKey]] = defaultdict(set)
    for one in listed:
        if is_blocking([one]) and (cell := _cell(one)):
            begins[one.code].add(cell)
    follows = {
        code: {cell for begin in cells for cell in hanging_on(view, [begin]) if cell != begin}
        for code, cells in begins.items()
        if len(cells) > 1
    }
    return [one for one in listed if _cell(one) not in follows.get(one.code, ())]


def _cell(found: Finding) -> CellKey | None:
    """The cell a rule's finding names."""
    values = dict(found.values)
    return CellKey(values["row_code"], values["column_code"]) if "row_code" in values else None
