"""What stands in each slot of a unit's workbook: the one list that a full build writes and a stamp writes."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from registry.catalogue.values import CellValue, State

SIGN = {State.NIL: "-", State.NOT_AVAILABLE: "…", State.NOT_APPLICABLE: "x"}


class Content(NamedTuple):
    """A cell's value, and the formula it is the cached value of."""

    value: Decimal | float | str | None = None
    formula: str | None = None


def of_cell(value: CellValue, formula: str | None = None) -> Content:
    """A figure, sign or words as the form shows them; under a formula what a reader that does not recalculate finds,
    exact to 15 digits, which is all a figure has.
    """
    if value.state in SIGN:
        return Content(SIGN[value.state], formula)
    if value.amount is None:
        return Content(value.text, formula)
    return Content(value.amount if formula is None else float(value.amount), formula)
