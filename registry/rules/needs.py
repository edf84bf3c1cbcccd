"""Which figures of other periods a form leans on, so that they can be fetched at once and frozen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from registry.catalogue.forms import View
from registry.catalogue.model import CellKind, Frequency, Rule
from registry.periods import Period
from registry.rules import bind
from registry.rules.background import Need
from registry.rules.bind import Place
from registry.rules.lookup import asks, call_terms, cell_terms
from registry.rules.parse import parse
from registry.rules.places import places
from registry.rules.tree import Call, Cell, Function, Node, is_background, walk


def needs(view: View, period: Period, frequency: Frequency, rules: Iterable[Rule] = ()) -> frozenset[Need]:
    """Every figure asked for by looked-up, prefilled and shown cells, formulas and rules.

    What CẤP_DƯỚI asks for is not among them: that is ``needs_below``.
    """
    found = {
        term.need
        for spec in view.cells.values()
        if asks(spec)
        for term in cell_terms(view, period, frequency, spec) or ()
    }
    for call, place in _calls(view, rules):
        if call.function is not Function.SUBORDINATES:
            found |= _asked(view, period, frequency, call, place)
    return frozenset(found)


def needs_below(view: View, period: Period, frequency: Frequency, rules: Iterable[Rule] = ()) -> frozenset[Need]:
    """The figures whose sums over the units below CẤP_DƯỚI asks for."""
    found: set[Need] = set()
    for call, place in _calls(view, rules):
        if call.function is Function.SUBORDINATES:
            found |= _asked(view, period, frequency, call, place)
    return frozenset(found)


def _asked(view: View, period: Period, frequency: Frequency, call: Call, place: Place) -> set[Need]:
    named = call.arguments[0] if call.arguments else None
    spec = bind.spec(named, place, view) if isinstance(named, Cell) else None
    terms = call_terms(view, period, frequency, spec, call) if spec else None
    return {term.need for term in terms or ()}


def _calls(view: View, rules: Iterable[Rule]) -> Iterator[tuple[Call, Place]]:
    for key, spec in view.cells.items():
        if spec.kind is CellKind.COMPUTED and spec.formula:
            for call in background_calls(parse(spec.formula)):
                yield call, Place(key.row, key.column)
    for rule in rules:
        if rule.form == view.form.code and rule.table == view.table:
            yield from _calls_of(rule, view)


def _calls_of(rule: Rule, view: View) -> Iterator[tuple[Call, Place]]:
    nodes = tuple(parse(text) for text in (rule.condition, rule.formula) if text)
    calls = [call for node in nodes for call in background_calls(node)]
    if calls:
        for place in places(rule, nodes, view):
            yield from ((call, place) for call in calls)


def background_calls(node: Node) -> Iterator[Call]:
    """The calls in a tree that are answered from outside the table."""
    return (one for one in walk(node) if isinstance(one, Call) and is_background(one))
