"""What one order puts on the sheet of a list: the lines it starts with, live formulas and checks of a line, totals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from registry.catalogue.model import CellKind
from registry.catalogue.values import CellKey, CellValue
from registry.rules.bind import Place
from registry.rules.context import Context
from registry.rules.evaluate import check, compute
from registry.rules.lines import Line, as_line, lines_of, of_line, totals
from registry.rules.lookup import Outside
from registry.rules.parse import parse
from workbook_templates import live_checks
from workbook_templates.filling import Live, mistakes, prefilled, said
from workbook_templates.formula import SheetResolver, to_excel
from workbook_templates.list_grid import ListGrid
from workbook_templates.order import Order


@dataclass(frozen=True)
class ListFilling:
    """Everything on a list's sheet; formulas are those of its first line, ``list_grid.in_row`` moves them."""

    lines: Mapping[int, Line]  # by number from 1
    formulas: Mapping[CellKey, str]
    check: str  # formula of the check column, "" where no check can be made in the workbook
    broken: Mapping[int, str]  # what the check column says of a line now
    totals: Line
    status: Live  # what the sheet says of itself above its head


def fill_list(order: Order, grid: ListGrid, answers: Mapping[CellKey, CellValue]) -> ListFilling:
    """Answers for the list stand in the place of the lines it would start with; all else is computed from them."""
    context, table = order.context, grid.table.code
    given = lines_of(answers).get(table) or lines_of(context.lines.start).get(table, {})
    line_context = of_line(context, table, {})
    live = live_checks.live_checks(line_context, order.rules, grid)
    rules = tuple(dict.fromkeys(one.rule for one in live if live_checks.skips_blanks(one.rule)))
    lines: dict[int, Line] = {}
    broken: dict[int, str] = {}
    for n, line in enumerate(given.values(), start=1):
        here = of_line(context, table, line)
        lines[n] = compute(here, prefilled(here) | line)
        found = check(here, rules, lines[n])
        broken[n] = said(rules, found).get(table, "")
    kept = {key: value for n, line in lines.items() for key, value in as_line(n, line).items()}
    return ListFilling(
        lines=lines,
        formulas=_formulas(line_context, grid),
        check=live_checks.line_status(live),
        broken=broken,
        totals=totals(context, table, kept),
        status=Live(live_checks.lines_formula(grid), live_checks.lines(len(lines), mistakes(broken.values()))),
    )


def _formulas(context: Context, grid: ListGrid) -> dict[CellKey, str]:
    return {
        key: to_excel(
            parse(spec.formula),
            SheetResolver(context.view, Place(key.row, key.column), grid.cells, _left_to_the_server),
            spec.decimals,
        )
        for key, spec in context.view.cells.items()
        if spec.kind is CellKind.COMPUTED and spec.formula
    }


def _left_to_the_server(_: Outside, __: Place) -> None:
    """Figures of other periods follow a line's key, which a person may type: a workbook cannot know them."""


def started(context: Context, answers: Mapping[CellKey, CellValue]) -> dict[str, int]:
    """How many lines each list has before anybody types."""
    given = lines_of(answers)
    return {table: len(given.get(table) or lines) for table, lines in (lines_of(context.lines.start) | given).items()}
