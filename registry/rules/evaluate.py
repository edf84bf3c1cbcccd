"""Computing a table and checking it: the first of the three back ends of the rule language (Decimal closures)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache

from registry.catalogue.forms import CellSpec
from registry.catalogue.model import CellKind, Rule
from registry.catalogue.values import BLANK, CellKey, CellValue, State
from registry.findings import Finding
from registry.rules import exact
from registry.rules.checks import Check, checks_of
from registry.rules.closures import Frame
from registry.rules.context import Context
from registry.rules.lookup import asks, lookup
from registry.rules.program import CyclicFormula, ViewIdentity, steps

__all__ = ["CyclicFormula", "check", "compute"]

_CLOSED = CellValue(State.NOT_APPLICABLE)


def compute(context: Context, inputs: Mapping[CellKey, CellValue]) -> dict[CellKey, CellValue]:
    """The whole table in shown measures, each figure rounded to its cell's decimals.

    ``inputs`` gives the typed cells; one not given is blank (a prefilled cell too: the workbook carries its
    figure once somebody sent it). What is given for other kinds of cell is not looked at. Raises CyclicFormula
    for a catalogue that was never checked.
    """
    values = {key: _before_formulas(context, spec, inputs) for key, spec in context.view.cells.items()}
    frame = Frame(context, values)
    for step in steps(context.view):
        figure = step.figure(frame)
        values[step.spec.key] = _as_value(None if figure is None else exact.rounded(figure, step.spec.decimals))
    return values


def _before_formulas(context: Context, spec: CellSpec, inputs: Mapping[CellKey, CellValue]) -> CellValue:
    if spec.kind.is_typed:
        return inputs.get(spec.key, BLANK)
    if spec.kind is CellKind.CLOSED:
        return _CLOSED
    return _as_value(lookup(context, spec)[0]) if asks(spec) else BLANK


def _as_value(figure: Decimal | None) -> CellValue:
    if figure is None:
        return BLANK
    return CellValue(State.VALUE, figure) if figure else CellValue(State.ZERO, Decimal(0))


def check(context: Context, rules: Iterable[Rule], values: Mapping[CellKey, CellValue]) -> tuple[Finding, ...]:
    """What the rules in force have to say about a computed table, rule by rule and place by place.

    Rules of other forms, in shadow mode or out of date on the period's last day say nothing. Code, severity and
    words come from the rule; ``values`` of a finding name the cell: ("row_code", ...), ("column_code", ...).
    """
    frames = {zero: Frame(context, values, zero) for zero in (False, True)}
    identity = ViewIdentity(context.view)
    found: list[Finding] = []
    for rule in rules:
        if _in_force(rule, context):
            for one in _checks(identity, rule):
                finding = one.finding(frames[one.blank_is_zero])
                found.extend([finding] if finding else [])
    return tuple(found)


@lru_cache(maxsize=8192)
def _checks(identity: ViewIdentity, rule: Rule) -> tuple[Check, ...]:
    return checks_of(rule, identity.view)


def _in_force(rule: Rule, context: Context) -> bool:
    day = context.period.last
    begun = rule.valid_from <= day and (rule.valid_to is None or day <= rule.valid_to)
    here = rule.form == context.view.form.code and rule.table == context.view.table
    return begun and not rule.shadow and here
