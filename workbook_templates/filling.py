"""What one order puts into the cells of its grid: figures, live formulas, hidden background, live checks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from registry.catalogue.model import CellKind
from registry.catalogue.values import CellKey, CellValue, State
from registry.rules.bind import Place
from registry.rules.checks import SEVERITIES
from registry.rules.context import Context
from registry.rules.evaluate import check, compute
from registry.rules.lookup import background_value, lookup
from registry.rules.parse import parse
from workbook_templates import live_checks
from workbook_templates.formula import SheetResolver, to_excel
from workbook_templates.grid import BackgroundKey, Grid
from workbook_templates.live_checks import LiveCheck, skips_blanks
from workbook_templates.order import Order

_TYPED = (CellKind.INPUT, CellKind.NOTE)


class Live(NamedTuple):
    """A formula and what it comes to when the workbook is made."""

    formula: str
    cached: str | int


class Status(NamedTuple):
    """What the sheet says of itself above its head."""

    line: Live
    blanks: Live  # the hidden count it leans on


@dataclass(frozen=True)
class Filling:
    """Everything that fills the slots, by the keys of the grid."""

    values: Mapping[CellKey, CellValue]
    formulas: Mapping[CellKey, str]
    background: Mapping[BackgroundKey, Decimal | str | None]
    checks: Mapping[str, Live]  # by row code
    status: Status


def fill(order: Order, grid: Grid, answers: Mapping[CellKey, CellValue]) -> Filling:
    """Prefilled figures under the answers, all else computed from both as the verdict will compute it.

    Raises KeyError for an answer to a cell the view does not have.
    """
    context = order.context
    typed = {key: value for key, value in answers.items() if context.view.cells[key].kind in _TYPED}
    values = compute(context, prefilled(context) | typed)
    live = live_checks.live_checks(context, order.rules, grid)
    checks = _checks(context, grid, live, values)
    return Filling(
        values=values,
        formulas=_formulas(grid),
        background={key: background_value(context, call, *place) for key, (call, place) in grid.calls.items()},
        checks=checks,
        status=_status(grid, checks, values),
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


def _checks(
    context: Context, grid: Grid, live: list[LiveCheck], values: Mapping[CellKey, CellValue]
) -> dict[str, Live]:
    rules = tuple(dict.fromkeys(one.rule for one in live if skips_blanks(one.rule)))
    said: dict[str, str] = {}
    by_code = {f"rule-{rule.code}": rule for rule in rules}
    for finding in check(context, rules, values):
        rule = by_code[finding.code]
        if finding.severity is SEVERITIES[rule.level]:  # what rounding explains is not broken
            said.setdefault(dict(finding.values).get("row_code", ""), live_checks.sentence(rule))
    inputs = live_checks.inputs_by_row(grid)
    blanks = Counter(key.row for key in _blank(grid, values))
    return {
        row: Live(formula, said.get(row) or live_checks.filled(blanks[row], len(inputs.get(row, ()))))
        for row, formula in live_checks.statuses(live, grid).items()
    }


def _blank(grid: Grid, values: Mapping[CellKey, CellValue]) -> list[CellKey]:
    empty = CellValue(State.BLANK)
    return [key for key in grid.view.inputs if values.get(key, empty).state is State.BLANK]


def _status(grid: Grid, checks: Mapping[str, Live], values: Mapping[CellKey, CellValue]) -> Status:
    blanks = len(_blank(grid, values))
    mistakes = tuple(live_checks.PREFIXES[kind] for kind in ("error", "warning"))
    wrong = sum(str(one.cached).startswith(mistakes) for one in checks.values())
    return Status(
        Live(live_checks.line_formula(grid), live_checks.line(blanks, wrong)),
        Live(live_checks.blanks_formula(grid), blanks),
    )
