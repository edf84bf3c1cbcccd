"""Formulas that were typed over, put back in the tidied copy where they still read the cells they were made for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ingest.cells import OVERWRITTEN
from ingest.judge import grid_of
from ingest.mark.job import Conversion
from ingest.mark.known import say
from ingest.seen import Address
from registry.catalogue.forms import View
from registry.catalogue.values import BLANK, CellKey, CellValue, State
from registry.findings import Finding
from registry.rules.bind import Place
from registry.rules.needs import outside
from registry.rules.parse import parse
from vietnamese.numbers import format_number
from workbook_templates.filling import formula

_FORMULAS = frozenset(("number-from-formula", "number-not-calculated"))  # in inputs: they may read the cell itself


def restored(
    view: View,
    values: Mapping[CellKey, CellValue],
    addresses: Mapping[CellKey, Address],
    findings: Sequence[Finding],
) -> Iterator[Conversion]:
    """The computed cells of the form's own table that hold a formula again, with what it comes to.

    None where a row or column has moved or is missing, and none beside inputs that are formulas themselves. A formula
    that asks for figures of other periods or forms is left out: these stand in cells nobody looks after.
    """
    overwritten = [one for one in findings if one.code == OVERWRITTEN and one.sheet and one.cell]
    if not overwritten or any(one.code in _FORMULAS for one in findings):
        return
    grid = grid_of(view)
    if any((addresses.get(key) or ("", ""))[1] != address for key, address in grid.cells.items()):
        return
    for one in overwritten:
        key = grid.keys.get(one.cell or "")
        if key is None or addresses[key] != (one.sheet, one.cell):
            continue  # of a list's line
        spec, value = view.cells[key], values.get(key, BLANK)
        shown = value.amount if value.state in (State.VALUE, State.ZERO) else None
        if shown is None or any(outside(parse(spec.formula), Place(key.row, key.column), view)):
            continue
        yield Conversion(
            sheet=one.sheet or "",
            cell=one.cell or "",
            row=one.row or "",
            column=one.column or "",
            before=one.found or "",
            after=say("list.formula", shown=format_number(shown, spec.decimals)),
            number=f"{shown:f}",
            decimals=spec.decimals,
            formula=formula(grid, key).removeprefix("="),
            codes=(OVERWRITTEN,),
        )
