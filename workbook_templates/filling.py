"""What one order puts into the cells of its grid: figures, live formulas, hidden background, live checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from registry.catalogue.model import CellKind
from registry.catalogue.values import CellKey, CellValue, State
from registry.rules.bind import Place
from registry.rules.context import Context
from registry.rules.evaluate import check, compute
from registry.rules.lookup import background_value, lookup
from registry.rules.parse import parse
from workbook_templates.formula import SheetResolver, to_excel
from workbook_templates.grid import BackgroundKey, Grid
from workbook_templates.live_checks import LiveCheck, live_checks, skips_blanks, statuses
from workbook_templates.order import Order


class Live(NamedTuple):
    """A formula and what it comes to when the workbook is made."""

    formula: str
    cached: str


@dataclass(frozen=True)
class Filling:
    """Everything that fills the slots, by the keys of the grid."""

    values: Mapping[CellKey, CellValue]
    formulas: Mapping[CellKey, str]
    background: Mapping[BackgroundKey, Decimal | str | None]
    checks: Mapping[str, Live]  # by row code


def fill(order: Order, grid: Grid, answers: Mapping[CellKey, CellValue]) -> Filling:
    """Prefilled figures under the answers, all else computed from both as the verdict will compute it.

    Raises KeyError for an answer to a cell the view does not have.
    """
    context = order.context
    own = {key: value for key, value in answers.items() if key.line is None}  # the others fill lists
    typed = {key: value for key, value in own.items() if context.view.cells[key].kind.is_typed}
    values = compute(context, prefilled(context) | typed)
    live = live_checks(context, order.rules, grid)
    return Filling(
        values=values,
        formulas=_formulas(grid),
        background={key: background_value(context, call, *place) for key, (call, place) in grid.calls.items()},
        checks=_checks(context, live, values),
    )


def prefilled(context: Context) -> dict[CellKey, CellValue]:
    """The figures that prefilled inputs start from, in shown measures; unknown ones are left out."""
    figures = {key: lookup(context, spec)[0] for key, spec in context.view.inputs.items() if spec.prefill}
    return {
        key: CellValue(State.VALUE if figure else State.ZERO, figure)
        for key, figure in figures.items()
        if figure is not None
    }


def _formulas(grid: Grid) -> dict[CellKey, str]:
    return {
        key: to_excel(
            parse(spec.formula),
            SheetResolver(grid.view, Place(key.row, key.column), grid.cells, grid.hidden),
            spec.decimals,
        )
        for key, spec in grid.view.cells.items()
        if spec.kind is CellKind.COMPUTED and spec.formula
    }


def _checks(context: Context, live: list[LiveCheck], values: Mapping[CellKey, CellValue]) -> dict[str, Live]:
    rules = tuple(dict.fromkeys(one.rule for one in live if skips_blanks(one.rule)))
    broken: dict[str, str] = {}
    for finding in check(context, rules, values):
        broken.setdefault(dict(finding.values).get("row_code", ""), finding.message or "")
    return {row: Live(formula, broken.get(row, "")) for row, formula in statuses(live).items()}
