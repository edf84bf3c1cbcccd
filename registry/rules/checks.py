"""One rule at one place: whether it applies, whether it holds, and the finding when it does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from registry.catalogue.forms import View
from registry.catalogue.model import BlankRule, Rule, RuleLevel
from registry.catalogue.values import BLANK, CellKey, State
from registry.findings import Finding, Severity
from registry.rules import bind, exact
from registry.rules.bind import Place
from registry.rules.closures import Binder, Condition, Figure
from registry.rules.frame import Frame
from registry.rules.parse import parse
from registry.rules.places import places
from registry.rules.precision import last_unit
from registry.rules.program import cells_of
from registry.rules.shorthand import spelled_out
from registry.rules.tree import Call, Category, Compare, Function, Node, Number, category, is_additive
from vietnamese.copydeck import deck
from vietnamese.numbers import format_number
from vietnamese.numbers import places as decimals_of

_copy = deck(Path(__file__).parent / "copy.toml")

SEVERITIES = {
    RuleLevel.BLOCK: Severity.BLOCK,
    RuleLevel.ERROR: Severity.ERROR,
    RuleLevel.WARNING: Severity.WARNING,
    RuleLevel.NOTE: Severity.NOTE,
}
_SIGNS = {"=": "", "==": "", "<=": "≤ ", ">=": "≥ ", "<": "< ", ">": "> ", "<>": "≠ "}
_MIRRORED = {"<=": ">=", ">=": "<=", "<": ">", ">": "<"}


@dataclass(frozen=True, slots=True)
class Part:
    """One comparison of a rule, all of whose parts must hold; a part left unknown by a blank is passed over."""

    holds: Condition
    cells: tuple[CellKey, ...]
    sides: Sides | None


@dataclass(frozen=True, slots=True)
class Sides:
    """The two sides of a numeric comparison, seen from the cell the finding points at."""

    found: Figure
    expected: Figure
    operator: str
    decimals: tuple[int | None, int | None]  # to print each side with; None = as many as it needs
    percent: bool
    unit: Decimal | None  # of ``=``: differences up to one last unit pass in silence


@dataclass(frozen=True, slots=True)
class Check:
    """A rule bound to a place of a view."""

    rule: Rule
    view: View
    anchor: CellKey | None
    labels: tuple[str | None, str | None]  # of the anchor's row and column
    condition: Condition | None
    asked: tuple[CellKey, ...]  # cells the condition reads
    parts: tuple[Part, ...]
    blank_is_zero: bool  # a blank beside filled cells counts as 0

    def finding(self, frame: Frame) -> Finding | None:
        """What is wrong here, if anything."""
        doubtful = frame.doubtful
        if self.condition and (not doubtful.isdisjoint(self.asked) or not self.condition(frame)):
            return None
        rounding: Finding | None = None
        for part in self.parts:
            if doubtful and not doubtful.isdisjoint(part.cells):
                continue
            if frame.blank_is_zero and self._passes_over(part, frame):
                continue
            holds = part.holds(frame)
            if holds is False:
                return self._broken(part, frame)
            if holds and rounding is None:
                rounding = self._only_rounding(part, frame)
        return rounding

    def _passes_over(self, part: Part, frame: Frame) -> bool:
        states = [frame.values.get(key, BLANK).state for key in part.cells]
        return State.NOT_AVAILABLE in states or all(state is State.BLANK for state in states)

    def _broken(self, part: Part, frame: Frame) -> Finding:
        found, expected = _printed(part.sides, frame) if part.sides else (self._anchored(frame), None)
        return self._point(SEVERITIES[self.rule.level], found, expected, self.rule.message, self.rule.fix)

    def _only_rounding(self, part: Part, frame: Frame) -> Finding | None:
        """A difference the rounding explains, but above one last unit, is worth a note (DESIGN: The rules)."""
        if part.sides is None or part.sides.unit is None:
            return None
        one, other = part.sides.found(frame), part.sides.expected(frame)
        if one is None or other is None or one == other:
            return None
        difference = exact.settled(exact.subtract(one, other))
        if abs(difference) <= part.sides.unit:
            return None
        words = _copy("rounding.message", message=self.rule.message, difference=format_number(abs(difference)))
        return self._point(Severity.NOTE, *_printed(part.sides, frame), words, _copy("rounding.fix"))

    def _anchored(self, frame: Frame) -> str | None:
        value = frame.values.get(self.anchor, BLANK) if self.anchor else BLANK
        return format_number(value.number) if value.number is not None else value.text

    def _point(self, severity: Severity, found: str | None, expected: str | None, message: str, fix: str) -> Finding:
        row, column = self.labels
        words = {"row": row, "column": column, "found": found, "expected": expected}
        address = (("row_code", self.anchor.row), ("column_code", self.anchor.column)) if self.anchor else ()
        return Finding(
            code=f"rule-{self.rule.code}",
            severity=severity,
            row=row,
            column=column,
            found=found,
            expected=expected,
            message=_filled(message, words),
            fix=_filled(fix, words),
            values=address,
        )


def _labels(view: View, anchor: CellKey | None) -> tuple[str | None, str | None]:
    if anchor is None:
        return None, None
    column = next(column for column in view.columns if column.code == anchor.column)
    return bind.row_of(view, anchor.row).label, " – ".join(column.heading(view.row_set.audience))


def _filled(sentence: str, words: dict[str, str | None]) -> str:
    if "{" in sentence:
        for name, word in words.items():
            sentence = sentence.replace("{" + name + "}", word or "")
    return sentence


def _printed(sides: Sides, frame: Frame) -> tuple[str | None, str | None]:
    found = _written(sides.found(frame), sides.decimals[0], sides.percent)
    expected = _written(sides.expected(frame), sides.decimals[1], sides.percent)
    return found, None if expected is None else _SIGNS[sides.operator] + expected


def _written(value: Decimal | None, decimals: int | None, percent: bool) -> str | None:
    if value is None:
        return None
    if percent:
        return f"{_written(exact.multiply(value, Decimal(100)), None, False)} %"
    if decimals is None:
        shortest = 2 if abs(value) >= 1 else 4
        value = exact.rounded(value, shortest)
        return format_number(value, decimals_of(value))
    return format_number(value, decimals)


# --- binding ---------------------------------------------------------------------------------------------------------


def checks_of(rule: Rule, view: View) -> tuple[Check, ...]:
    """A rule at every place of the view where it runs; raises RuleSyntaxError, bind.UnknownName."""
    formula = parse(rule.formula)
    condition = parse(rule.condition) if rule.condition else None
    nodes = (formula, condition) if condition else (formula,)
    return tuple(_check(rule, view, place, formula, condition) for place in places(rule, nodes, view))


def _check(rule: Rule, view: View, place: Place, formula: Node, condition: Node | None) -> Check:
    binder = Binder(view, place, tolerant=True)
    anchor = next(iter(cells_of(formula, place, view)), None)
    return Check(
        rule=rule,
        view=view,
        anchor=anchor,
        labels=_labels(view, anchor),
        condition=binder.condition(condition) if condition else None,
        asked=cells_of(condition, place, view) if condition else (),
        parts=tuple(_part(binder, node) for node in conjuncts(formula)),
        blank_is_zero=rule.blanks is not BlankRule.SKIP_ANY,
    )


def conjuncts(node: Node) -> Iterator[Node]:
    """The comparisons a rule asks for, all of which must hold."""
    longer = spelled_out(node) if isinstance(node, Call) else None
    if longer:
        yield from conjuncts(longer)
    elif isinstance(node, Call) and node.function is Function.AND:
        for argument in node.arguments:
            yield from conjuncts(argument)
    else:
        yield node


def _part(binder: Binder, node: Node) -> Part:
    cells = cells_of(node, binder.place, binder.view)
    return Part(binder.condition(node), cells, _sides(binder, node) if isinstance(node, Compare) else None)


def _sides(binder: Binder, node: Compare) -> Sides | None:
    if Category.TEXT in (category(node.left), category(node.right)):
        return None
    found, expected, operator = pointed(node, binder.place, binder.view)
    return Sides(
        found=binder.figure(found),
        expected=binder.figure(expected),
        operator=operator,
        decimals=_decimals(binder, found, expected),
        percent=any(isinstance(one, Number) and one.percent for one in (found, expected)),
        unit=last_unit(binder, (found, expected)) if operator == "=" else None,
    )


def pointed(node: Compare, place: Place, view: View) -> tuple[Node, Node, str]:
    """The side a finding points at, the other, and the sign between them read that way round."""
    if not cells_of(node.left, place, view) and cells_of(node.right, place, view):
        return node.right, node.left, _MIRRORED.get(node.operator, node.operator)
    return node.left, node.right, node.operator


def _decimals(binder: Binder, *sides: Node) -> tuple[int | None, int | None]:
    keys = [key for side in sides for key in cells_of(side, binder.place, binder.view)]
    most = max((binder.view.cells[key].decimals for key in keys), default=None)
    adding = all(is_additive(side) for side in sides)
    return (most, most) if adding else (None, None)
