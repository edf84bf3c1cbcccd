"""The column "Kiểm tra": beside each row the sentence of the first check it breaks, as the person types.

A live check is never stricter than the server's: while something it reads is blank it keeps silent, and what
only the server can judge (``formula.check_to_excel`` gives None) is left to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from registry.catalogue.forms import View
from registry.catalogue.model import BlankRule, Rule
from registry.rules import bind
from registry.rules.bind import Place
from registry.rules.context import Context
from registry.rules.lookup import background_value
from registry.rules.parse import parse
from registry.rules.places import places
from registry.rules.tree import Call, Cell, Function, Node, walk
from workbook_templates.formula import SheetResolver, check_to_excel
from workbook_templates.grid import Grid
from workbook_templates.validation import cut

_LONGEST_TEXT = 255  # of a text inside a formula
_LONGEST_FORMULA = 8000
_SILENT = '=""'


class LiveCheck(NamedTuple):
    """A check of one rule at one place, as an Excel condition without "="."""

    row: str  # code of the row it is shown beside
    rule: Rule
    condition: str  # TRUE, FALSE, or "" while something is missing


def live_checks(context: Context, rules: tuple[Rule, ...], grid: Grid) -> list[LiveCheck]:
    """Every check the workbook can make by itself, rule by rule."""
    return [check for rule in rules if in_force(rule, context) for check in _of_rule(context, rule, grid)]


def applicable(context: Context, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """The rules that run at some place of the view, whatever its figures."""
    return tuple(
        rule
        for rule in rules
        if in_force(rule, context) and any(True for _ in places(rule, _nodes(rule), context.view))
    )


def _nodes(rule: Rule) -> tuple[Node, ...]:
    return tuple(parse(text) for text in (rule.condition, rule.formula) if text)


def in_force(rule: Rule, context: Context) -> bool:
    """True for rules of the form that speak to a unit in this period."""
    day = context.period.last
    begun = rule.valid_from <= day and (rule.valid_to is None or day <= rule.valid_to)
    here = rule.form == context.view.form.code and rule.table == context.view.table
    return begun and not rule.shadow and here and rule.scope == _OF_A_UNIT


_OF_A_UNIT = "đơn vị"


def _of_rule(context: Context, rule: Rule, grid: Grid) -> Iterator[LiveCheck]:
    nodes = _nodes(rule)
    whole = Call(Function.IF, nodes) if len(nodes) > 1 else nodes[0]
    for place in places(rule, nodes, context.view):
        formula = check_to_excel(whole, _resolver(context, grid, place))
        row = _row_shown(nodes[-1], place, context.view)
        if formula is not None and formula != _SILENT and row is not None:
            yield LiveCheck(row, rule, formula[1:])


def _resolver(context: Context, grid: Grid, place: Place) -> SheetResolver:
    """Figures of other periods that only a check asks for stand in its formula as literals."""

    def literal(call: Call, at: Place) -> str | None:
        value = background_value(context, call, at.row, at.column)
        if isinstance(value, Decimal):
            return f"{value:f}"
        return None if value is None else f'"{value}"'

    return SheetResolver(context.view, place, grid.cells, literal)


def _row_shown(formula: Node, place: Place, view: View) -> str | None:
    named = (bind.key(one, place, view) for one in walk(formula) if isinstance(one, Cell))
    return next((key.row for key in named if key), place.row)


def statuses(checks: list[LiveCheck]) -> dict[str, str]:
    """The formula of the check column by row code: the sentence of the first broken rule, else nothing."""
    by_row: dict[str, dict[str, list[str]]] = {}
    for check in checks:
        sentence = cut(check.rule.message, _LONGEST_TEXT).replace('"', '""')
        by_row.setdefault(check.row, {}).setdefault(sentence, []).append(f"({check.condition})=FALSE")
    return {row: _status(broken) for row, broken in by_row.items()}


def _status(broken: dict[str, list[str]]) -> str:
    formula = '""'
    for sentence, conditions in reversed(broken.items()):
        test = conditions[0] if len(conditions) == 1 else f"OR({','.join(conditions)})"
        longer = f'IF({test},"{sentence}",{formula})'
        formula = longer if len(longer) <= _LONGEST_FORMULA else formula
    return "=" + formula


def skips_blanks(rule: Rule) -> bool:
    """True when server and workbook both keep silent about blanks."""
    return rule.blanks is BlankRule.SKIP_ANY
