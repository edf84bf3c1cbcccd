"""Computing a table and checking it: the first of the three back ends of the rule language (Decimal closures)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache

from registry.catalogue.forms import View
from registry.catalogue.model import CellKind, Rule
from registry.catalogue.values import BLANK, CellKey, CellValue, State
from registry.findings import Finding
from registry.rules import exact
from registry.rules.applicable import in_force
from registry.rules.checks import Check, checks_of
from registry.rules.context import Context
from registry.rules.frame import Frame
from registry.rules.identity import ViewIdentity
from registry.rules.lookup import all_looked_up
from registry.rules.program import CyclicFormula, batches, hanging_on

__all__ = ["CyclicFormula", "check", "compute", "runs_in"]

_CLOSED = CellValue(State.NOT_APPLICABLE)
_ZERO = CellValue(State.ZERO, Decimal(0))


def compute(context: Context, inputs: Mapping[CellKey, CellValue]) -> dict[CellKey, CellValue]:
    """The whole table in shown measures, each figure rounded to its cell's decimals.

    ``inputs`` gives the typed cells; one not given is blank (a prefilled cell too: the workbook carries its
    figure once somebody sent it). What is given for other kinds of cell is not looked at. Raises CyclicFormula
    for a catalogue that was never checked.
    """
    values = dict(_empty(context.identity))
    values.update((key, value) for key, value in inputs.items() if key in context.view.typed)
    for keys, figures in all_looked_up(context):
        values.update(zip(keys, _as_values(figures), strict=True))
    frame = Frame(context, values)
    for batch in batches(context.identity):
        figures = exact.all_rounded(batch.figures(frame), batch.decimals)
        values.update(zip(batch.keys, _as_values(figures), strict=True))
    return values


@lru_cache(maxsize=128)
def _empty(identity: ViewIdentity) -> dict[CellKey, CellValue]:
    """The table before anything is known."""
    return {key: _CLOSED if spec.kind is CellKind.CLOSED else BLANK for key, spec in identity.view.cells.items()}


def _as_values(figures: Iterable[Decimal | None]) -> Iterator[CellValue]:
    value, make = State.VALUE, CellValue
    return (make(value, figure) if figure else BLANK if figure is None else _ZERO for figure in figures)


def check(
    context: Context,
    rules: Iterable[Rule],
    values: Mapping[CellKey, CellValue],
    doubtful: Iterable[CellKey] = (),
) -> tuple[Finding, ...]:
    """What the rules in force have to say about a computed table, rule by rule and place by place.

    Nothing is said of what hangs on ``doubtful`` cells, which are found fault with already. Rules of other forms, in
    shadow mode or out of date on the period's last day say nothing. Code, severity and words come from the rule;
    ``values`` of a finding name the cell: ("row_code", ...), ("column_code", ...).
    """
    unread = hanging_on(context.view, doubtful)
    frames = (Frame(context, values, doubtful=unread), Frame(context, values, blank_is_zero=True, doubtful=unread))
    checks = _bound(context.identity).in_force(tuple(rules), context.period.last)
    found = (one.finding(frames[one.blank_is_zero]) for one in checks)
    return tuple(one for one in found if one is not None)


def runs_in(view: View, rule: Rule) -> bool:
    """True when the rule has a place in the view or its lists; raises RuleSyntaxError, bind.UnknownName."""
    where = view if rule.table == view.table else view.lists.get(rule.table)
    return rule.form == view.form.code and where is not None and bool(_bound(ViewIdentity(where)).checks(rule))


class _Bound:
    """The rules met with one view so far, bound once; known by identity, because hashing a rule costs more than
    judging it.
    """

    def __init__(self, view: View) -> None:
        self._view = view
        self._known: dict[int, tuple[Rule, tuple[Check, ...]]] = {}
        self._asked: tuple[tuple[Rule, ...], date, tuple[Check, ...]] = ((), date.min, ())

    def in_force(self, rules: tuple[Rule, ...], day: date) -> tuple[Check, ...]:
        """Every check of those of the rules that judge a period ending on the day; the last answer is kept."""
        asked, then, checks = self._asked
        if rules is not asked or day != then:
            checks = tuple(one for rule in rules if in_force(rule, self._view, day) for one in self.checks(rule))
            self._asked = (rules, day, checks)
        return checks

    def checks(self, rule: Rule) -> tuple[Check, ...]:
        """A rule at every place of the view where it runs."""
        known = self._known.get(id(rule))
        if known is None:  # the rule is kept beside its checks, so that its identity stays its own
            if len(self._known) >= _MOST_RULES:
                self._known.clear()
            known = self._known[id(rule)] = (rule, checks_of(rule, self._view))
        return known[1]


_MOST_RULES = 4096


@lru_cache(maxsize=128)
def _bound(identity: ViewIdentity) -> _Bound:
    return _Bound(identity.view)
