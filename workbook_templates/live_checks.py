"""The column "Kiểm tra": beside each row the sentence of the first check it breaks, else how far it is filled.

A live check is never stricter than the server's: while something it reads is blank it keeps silent, and what
only the server can judge (``formula.check_to_excel`` gives None) is left to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from registry.catalogue.forms import View
from registry.catalogue.model import BlankRule, Rule, RuleLevel, RuleScope
from registry.rules import bind
from registry.rules.applicable import in_force
from registry.rules.bind import Place
from registry.rules.context import Context
from registry.rules.lookup import Outside
from registry.rules.needs import asked_by
from registry.rules.parse import parse
from registry.rules.places import places
from registry.rules.tree import Call, Cell, Function, Node, walk
from vietnamese.copydeck import deck
from workbook_templates.formula import SheetResolver, check_to_excel
from workbook_templates.grid import FIRST_LABEL_COLUMN, Grid, a1
from workbook_templates.validation import cut

_say = deck(Path(__file__).parent / "copy.toml")
PREFIXES = {name: _say(f"check.{name}") for name in ("error", "warning", "note")}
_KINDS = {
    RuleLevel.BLOCK: "error",
    RuleLevel.ERROR: "error",
    RuleLevel.WARNING: "warning",
    RuleLevel.NOTE: "note",
}
_MOST_ARGUMENTS = 250  # of a function of Excel, which allows 255
_LONGEST_TEXT = 255  # of a text inside a formula
_LONGEST_FORMULA = 8000
_SILENT = '=""'


class LiveCheck(NamedTuple):
    """A check of one rule at one place, as an Excel condition without "="."""

    row: str  # code of the row it is shown beside
    rule: Rule
    condition: str  # TRUE, FALSE, or "" while something is missing


def live_checks(context: Context, rules: tuple[Rule, ...], grid: Grid) -> list[LiveCheck]:
    """Every check the workbook can make by itself, gravest first; ``grid`` knows what they ask (``asked``)."""
    held = [rule for rule in gravest_first(rules) if _speaks_here(rule, context)]
    return [check for rule in held for check in _of_rule(context, rule, grid)]


def applicable(context: Context, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """The rules that run at some place of the view, whatever its figures."""
    return tuple(
        rule
        for rule in rules
        if _speaks_here(rule, context) and any(True for _ in places(rule, _nodes(rule), context.view))
    )


def _nodes(rule: Rule) -> tuple[Node, ...]:
    return tuple(parse(text) for text in (rule.condition, rule.formula) if text)


def _speaks_here(rule: Rule, context: Context) -> bool:
    """True for rules of the form that speak to a unit in this period."""
    return rule.scope == RuleScope.UNIT and in_force(rule, context.view, context.period.last)


def asked(context: Context, rules: tuple[Rule, ...]) -> Iterator[tuple[Outside, Place]]:
    """What the checks in force ask from outside the table, and where: ``Grid.asking`` gives each a hidden cell."""
    view = context.view
    for rule in rules:
        if _speaks_here(rule, context):
            yield from ((one, at) for one, at in asked_by(rule, view) if _names_a_cell(one, at, view))


def _names_a_cell(one: Outside, place: Place, view: View) -> bool:
    if isinstance(one, Cell):
        return bind.foreign(one, place, view) is not None
    named = one.arguments[0] if one.arguments else None
    return not isinstance(named, Cell) or bind.key(named, place, view) is not None


def _of_rule(context: Context, rule: Rule, grid: Grid) -> Iterator[LiveCheck]:
    nodes = _nodes(rule)
    whole = Call(Function.IF, nodes) if len(nodes) > 1 else nodes[0]
    for place in places(rule, nodes, context.view):
        formula = check_to_excel(whole, SheetResolver(context.view, place, grid.cells, grid.hidden))
        row = _row_shown(nodes[-1], place, context.view)
        if formula is not None and formula != _SILENT and row is not None:
            yield LiveCheck(row, rule, formula[1:])


def _row_shown(formula: Node, place: Place, view: View) -> str | None:
    named = (bind.key(one, place, view) for one in walk(formula) if isinstance(one, Cell))
    return next((key.row for key in named if key), place.row)


def gravest_first(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """What must be mended before what may be explained, otherwise in the order of the catalogue."""
    return tuple(sorted(rules, key=lambda rule: list(_KINDS).index(rule.level)))


def sentence(rule: Rule) -> str:
    """What the check column says of a broken rule: how grave it is, then its message."""
    return cut(PREFIXES[_KINDS[rule.level]] + rule.message, _LONGEST_TEXT)


def inputs_by_row(grid: Grid) -> dict[str, list[str]]:
    """A1 of the inputs of each row that has any, from left to right."""
    found: dict[str, list[str]] = {}
    for key in grid.view.inputs:
        found.setdefault(key.row, []).append(grid.cells[key])
    return found


def statuses(checks: list[LiveCheck], grid: Grid) -> dict[str, str]:
    """The formula of the check column by row code: the first broken rule's sentence, else what is still blank."""
    by_row, inputs = _broken_by_row(checks), inputs_by_row(grid)
    rows = [code for code in grid.rows if code in by_row or code in inputs]
    return {row: _status(by_row.get(row, {}), _filled(inputs.get(row, []))) for row in rows}


def line_status(checks: list[LiveCheck]) -> str:
    """The formula of the check column on a line of a list: the first broken rule's sentence; a blank line is silent."""
    return "".join(_status(broken, '""') for broken in _broken_by_row(checks).values())


def _broken_by_row(checks: list[LiveCheck]) -> dict[str, dict[str, list[str]]]:
    by_row: dict[str, dict[str, list[str]]] = {}
    for check in checks:
        quoted = sentence(check.rule).replace('"', '""')
        by_row.setdefault(check.row, {}).setdefault(quoted, []).append(f"({check.condition})=FALSE")
    return by_row


def _status(broken: dict[str, list[str]], formula: str) -> str:
    for quoted, conditions in reversed(broken.items()):
        test = conditions[0] if len(conditions) == 1 else f"OR({','.join(conditions)})"
        longer = f'IF({test},"{quoted}",{formula})'
        formula = longer if len(longer) <= _LONGEST_FORMULA else formula
    return "=" + formula


def _filled(inputs: list[str]) -> str:
    if not inputs:
        return '""'
    typed, count = _typed(inputs), len(inputs)
    some = _say("check.some", blanks=f'"&{count}-{typed}&"')
    return f'IF({typed}={count},"{_say("check.full")}",IF({typed}=0,"{_say("check.none")}","{some}"))'


def filled(blanks: int, inputs: int) -> str:
    """What the formula of a row without a broken rule comes to."""
    if not inputs:
        return ""
    return _say("check.full" if not blanks else "check.none" if blanks == inputs else "check.some", blanks=blanks)


def _typed(addresses: Iterable[str]) -> str:
    """How many of the cells are not blank: a prefilled figure and a sign count as typed."""
    ranges = list(_ranges(addresses))
    parts = [ranges[at : at + _MOST_ARGUMENTS] for at in range(0, len(ranges), _MOST_ARGUMENTS)]
    return "+".join(f"COUNTA({','.join(part)})" for part in parts)


def _ranges(addresses: Iterable[str]) -> Iterator[str]:
    """Cells that stand beneath each other, or one alone, as ranges."""
    placed = sorted((_letters(one), int(one[len(_letters(one)) :])) for one in addresses)
    for _, run in groupby(enumerate(placed), key=lambda pair: (pair[1][0], pair[1][1] - pair[0])):
        cells = [f"{column}{row}" for _, (column, row) in run]
        yield cells[0] if len(cells) == 1 else f"{cells[0]}:{cells[-1]}"


def _letters(address: str) -> str:
    return address.rstrip("0123456789")


def broken(grid: Grid) -> str:
    """Excel's count of the rows that break a check which is more than a note."""
    return "+".join(f'COUNTIF({grid.checked},"{PREFIXES[kind]}*")' for kind in ("error", "warning"))


def blanks_formula(grid: Grid) -> str:
    """The formula that counts the inputs still blank."""
    inputs = [grid.cells[key] for key in grid.view.inputs]
    return f"={len(inputs)}-({_typed(inputs)})" if inputs else "=0"


def line_formula(grid: Grid) -> str:
    """The formula of the sheet's status line: "Còn 3 ô chưa nhập, 1 chỗ lệch"."""
    blanks, wrong = grid.blanks, broken(grid)
    some = _say("check.some", blanks=f'"&{blanks}&"')
    mistakes = _say("check.broken", broken=f'"&{wrong}&"')
    full = _say("check.full")
    return (
        f'=IF({blanks}+{wrong}=0,"{_say("check.fine")}",IF({blanks}=0,"{full}","{some}")&IF({wrong}=0,"","{mistakes}"))'
    )


def line(blanks: int, wrong: int) -> str:
    """What the status line's formula comes to."""
    if blanks + wrong == 0:
        return _say("check.fine")
    mistakes = _say("check.broken", broken=wrong) if wrong else ""
    return (_say("check.some", blanks=blanks) if blanks else _say("check.full")) + mistakes


def lines_formula(grid: Grid) -> str:
    """The formula of a list's status line: "Đã nhập 12 dòng, 1 chỗ lệch"."""
    wrong = broken(grid)
    numbers = f"{a1(grid.first_row, FIRST_LABEL_COLUMN)}:{a1(grid.last_row, FIRST_LABEL_COLUMN)}"
    typed = _say("check.lines", lines=f'"&COUNT({numbers})&"')
    mistakes = _say("check.broken", broken=f'"&{wrong}&"')
    return f'="{typed}"&IF({wrong}=0,"","{mistakes}")'


def lines(count: int, wrong: int) -> str:
    """What the formula of a list's status line comes to."""
    return _say("check.lines", lines=count) + (_say("check.broken", broken=wrong) if wrong else "")


def skips_blanks(rule: Rule) -> bool:
    """True when server and workbook both keep silent about blanks."""
    return rule.blanks is BlankRule.SKIP_ANY
