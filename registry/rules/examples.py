"""The examples an author writes beside a rule, tried when the catalogue is loaded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from registry.catalogue.forms import View
from registry.catalogue.model import Frequency, Rule
from registry.catalogue.values import CellKey, CellValue, State
from registry.periods import parse as parse_period
from registry.rules import bind
from registry.rules.background import Background
from registry.rules.checks import SEVERITIES, checks_of
from registry.rules.context import Context
from registry.rules.frame import Frame
from registry.rules.needs import leaning
from registry.rules.parse import parse
from registry.rules.tree import CALENDAR, Call, Function, Node
from vietnamese.numbers import Ambiguous, Exact, parse_number, sign_of

_ASSIGNMENT = re.compile(r"\s*\[([^\[\]]+)\]\s*\.\s*\(([^()]+)\)\s*=(.*)", re.DOTALL)
_STATES = {"nil": State.NIL, "not_available": State.NOT_AVAILABLE, "not_applicable": State.NOT_APPLICABLE}


class BadExample(ValueError):
    """The text is not a list of ``[row].(column)=figure`` of cells that meet in some period."""


def can_be_tried(rule: Rule) -> bool:
    """False for rules that lean on other periods, forms or on the unit: an example cannot give those."""
    return all(isinstance(one, Call) and one.function in CALENDAR for one in _leaning(rule))


def is_caught(rule: Rule, example: str, views: Iterable[View]) -> bool:
    """True when the rule finds fault with the figures of an example, in any view that has all its cells.

    Raises BadExample, bind.UnknownName, RuleSyntaxError.
    """
    tried = False
    for view in views:
        values = _values(example, view)
        if values.keys() <= view.cells.keys():
            tried = True
            if _finds_fault(rule, view, values):
                return True
    if not tried:
        raise BadExample(example)
    return False


def _finds_fault(rule: Rule, view: View, values: dict[CellKey, CellValue]) -> bool:
    """Whether any check of the rule does, in any month of a year: only THÁNG and QUÝ can tell them apart."""
    checks = checks_of(rule, view)
    for period in _MONTHS if _names_the_month(rule) else _MONTHS[:1]:
        frame = Frame(Context(view, period, Frequency.MONTH, Background()), values)
        for one in checks:
            frame.blank_is_zero = one.blank_is_zero
            found = one.finding(frame)
            if found is not None and found.severity is SEVERITIES[rule.level]:
                return True
    return False


_MONTHS = tuple(parse_period(f"2026{month:02d}") for month in range(1, 13))


def _names_the_month(rule: Rule) -> bool:
    months = (Function.MONTH, Function.QUARTER)
    return any(isinstance(one, Call) and one.function in months for one in _leaning(rule))


def _leaning(rule: Rule) -> Iterator[Node]:
    texts = [text for text in (rule.formula, rule.condition) if text]
    return (one for text in texts for one in leaning(parse(text)))


def _values(example: str, view: View) -> dict[CellKey, CellValue]:
    values: dict[CellKey, CellValue] = {}
    for part in filter(str.strip, example.split(";")):
        assignment = _ASSIGNMENT.fullmatch(part)
        if not assignment:
            raise BadExample(part)
        row, column, figure = (text.strip() for text in assignment.groups())
        key = CellKey(bind.row_code(view.form, row), bind.column_code(view.form, column))
        values[key] = _value(figure)
    if not values:
        raise BadExample(example)
    return values


def _value(figure: str) -> CellValue:
    if not figure:
        return CellValue(State.BLANK)
    if sign := sign_of(figure):
        return CellValue(_STATES[sign])
    number = parse_number(figure)
    if not isinstance(number, Exact | Ambiguous):
        raise BadExample(figure)
    value = number.value if isinstance(number, Exact) else number.readings[0]
    return CellValue(State.VALUE, value) if value else CellValue(State.ZERO, value)
