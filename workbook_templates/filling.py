"""What one order puts into the cells of its grid: figures, live formulas, hidden background, live checks.

The formulas follow from the form, its period and its rules alone: ``Skeleton`` holds them for all units.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from registry.catalogue.model import CellKind, Rule
from registry.catalogue.values import CellKey, CellValue, State
from registry.findings import Finding
from registry.rules.bind import Place
from registry.rules.checks import SEVERITIES
from registry.rules.context import Context
from registry.rules.evaluate import check, compute
from registry.rules.lookup import background_value, looked_up
from registry.rules.parse import parse
from workbook_templates import live_checks
from workbook_templates.formula import SheetResolver, to_excel
from workbook_templates.grid import BackgroundKey, Grid
from workbook_templates.live_checks import skips_blanks
from workbook_templates.order import Order


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


@dataclass(frozen=True)
class Skeleton:
    """What the fillings of one grid have in common, whatever the figures."""

    grid: Grid  # with the hidden cells its live checks ask for
    formulas: Mapping[CellKey, str]
    statuses: Mapping[str, str]  # formula of the check column by row code
    rules: tuple[Rule, ...]  # those whose sentence can stand there before anything is typed
    inputs: Mapping[str, int]  # how many each row has
    status: tuple[str, str]  # formulas of the sheet's status line and of the count it leans on


def skeleton(context: Context, rules: tuple[Rule, ...], grid: Grid) -> Skeleton:
    """The formulas of a grid and of the checks beside its rows."""
    asking = grid.asking(live_checks.asked(context, rules))
    live = live_checks.live_checks(context, rules, asking)
    return Skeleton(
        grid=asking,
        formulas=_formulas(asking),
        statuses=live_checks.statuses(live, asking),
        rules=tuple(dict.fromkeys(one.rule for one in live if skips_blanks(one.rule))),
        inputs={row: len(inputs) for row, inputs in live_checks.inputs_by_row(asking).items()},
        status=(live_checks.line_formula(asking), live_checks.blanks_formula(asking)),
    )


def fill(order: Order, shared: Skeleton, answers: Mapping[CellKey, CellValue]) -> Filling:
    """Prefilled figures under the answers, all else computed from both as the verdict will compute it.

    Raises KeyError for an answer to a cell the view does not have.
    """
    context = order.context
    own = {key: value for key, value in answers.items() if key.line is None}  # the others fill lists
    typed = {key: value for key, value in own.items() if context.view.cells[key].kind.is_typed}
    values = compute(context, prefilled(context) | typed)
    calls = shared.grid.calls.items()
    checks = _checks(context, shared, values)
    return Filling(
        values=values,
        formulas=shared.formulas,
        background={key: background_value(context, call, *place) for key, (call, place) in calls},
        checks=checks,
        status=_status(shared, checks, values),
    )


def prefilled(context: Context) -> dict[CellKey, CellValue]:
    """The figures that prefilled inputs start from, in shown measures; unknown ones are left out."""
    figures = {key: looked_up(context, spec) for key, spec in context.view.inputs.items() if spec.prefill}
    return {
        key: CellValue(State.VALUE if figure else State.ZERO, figure)
        for key, figure in figures.items()
        if figure is not None
    }


def formula(grid: Grid, key: CellKey) -> str:
    """What stands in a computed cell, with its "="."""
    spec = grid.view.cells[key]
    resolver = SheetResolver(grid.view, Place(key.row, key.column), grid.cells, grid.hidden)
    return to_excel(parse(spec.formula), resolver, spec.decimals)


def _formulas(grid: Grid) -> dict[CellKey, str]:
    computed = (key for key, spec in grid.view.cells.items() if spec.kind is CellKind.COMPUTED and spec.formula)
    return {key: formula(grid, key) for key in computed}


def _checks(context: Context, shared: Skeleton, values: Mapping[CellKey, CellValue]) -> dict[str, Live]:
    told = said(shared.rules, check(context, shared.rules, values))
    blanks = Counter(key.row for key in _blank(shared.grid, values))
    return {
        row: Live(formula, told.get(row) or live_checks.filled(blanks[row], shared.inputs.get(row, 0)))
        for row, formula in shared.statuses.items()
    }


def said(rules: Iterable[Rule], findings: Iterable[Finding]) -> dict[str, str]:
    """What the check column says beside each row: the first rule it breaks; what rounding explains is not broken."""
    by_code = {f"rule-{rule.code}": rule for rule in rules}
    told: dict[str, str] = {}
    for finding in findings:
        rule = by_code[finding.code]
        if finding.severity is SEVERITIES[rule.level]:
            told.setdefault(dict(finding.values).get("row_code", ""), live_checks.sentence(rule))
    return told


def mistakes(sentences: Iterable[str]) -> int:
    """How many sentences of the check column tell of more than a note."""
    prefixes = tuple(live_checks.PREFIXES[kind] for kind in ("error", "warning"))
    return sum(one.startswith(prefixes) for one in sentences)


def _blank(grid: Grid, values: Mapping[CellKey, CellValue]) -> list[CellKey]:
    empty = CellValue(State.BLANK)
    return [key for key in grid.view.inputs if values.get(key, empty).state is State.BLANK]


def _status(shared: Skeleton, checks: Mapping[str, Live], values: Mapping[CellKey, CellValue]) -> Status:
    blanks = len(_blank(shared.grid, values))
    wrong = mistakes(str(one.cached) for one in checks.values())
    line, count = shared.status
    return Status(Live(line, live_checks.line(blanks, wrong)), Live(count, blanks))
