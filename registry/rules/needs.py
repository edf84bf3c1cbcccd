"""Which figures of other periods a form leans on, so that they can be fetched at once and frozen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from registry.catalogue.forms import View
from registry.catalogue.model import CellKind, Frequency, Rule
from registry.periods import Period
from registry.rules import bind
from registry.rules.background import Need
from registry.rules.bind import Place
from registry.rules.lookup import Outside, asks, call_terms, cell_terms, foreign_terms
from registry.rules.parse import parse
from registry.rules.places import places
from registry.rules.tree import Call, Cell, Function, Node, Range, in_table, is_background


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
    for one, place in _outside(view, rules):
        if not _is_about_below(one):
            found |= _asked(view, period, frequency, one, place)
    return frozenset(found)


def needs_of_rules(view: View, period: Period, frequency: Frequency, rules: Iterable[Rule]) -> frozenset[Need]:
    """What rules ask for besides the table: all that is needed to judge one already computed."""
    here = (view.form.code, view.table)
    asked = (one for rule in rules if (rule.form, rule.table) == here for one in asked_by(rule, view))
    return frozenset().union(
        *(_asked(view, period, frequency, one, place) for one, place in asked if not _is_about_below(one))
    )


def needs_below(view: View, period: Period, frequency: Frequency, rules: Iterable[Rule] = ()) -> frozenset[Need]:
    """The figures whose sums over the units below CẤP_DƯỚI asks for."""
    found: set[Need] = set()
    for one, place in _outside(view, rules):
        if _is_about_below(one):
            found |= _asked(view, period, frequency, one, place)
    return frozenset(found)


def _is_about_below(one: Outside) -> bool:
    return isinstance(one, Call) and one.function is Function.SUBORDINATES


def _asked(view: View, period: Period, frequency: Frequency, one: Outside, place: Place) -> set[Need]:
    if isinstance(one, Cell):
        there = bind.foreign(one, place, view)
        return {term.need for term in (foreign_terms(period, frequency, there) if there else None) or ()}
    named = one.arguments[0] if one.arguments else None
    spec = bind.spec(named, place, view) if isinstance(named, Cell) else None
    terms = call_terms(view, period, frequency, spec, one) if spec else None
    return {term.need for term in terms or ()}


def _outside(view: View, rules: Iterable[Rule]) -> Iterator[tuple[Outside, Place]]:
    for key, spec in view.cells.items():
        if spec.kind is CellKind.COMPUTED and spec.formula:
            place = Place(key.row, key.column)
            yield from ((one, place) for one in outside(parse(spec.formula), place, view))
    for rule in rules:
        if (rule.form, rule.table) == (view.form.code, view.table):
            yield from asked_by(rule, view)


def asked_by(rule: Rule, view: View) -> Iterator[tuple[Outside, Place]]:
    """What a rule asks from outside the table, at every place where it runs."""
    nodes = tuple(parse(text) for text in (rule.condition, rule.formula) if text)
    if any(True for node in nodes for _ in leaning(node)):
        for place in places(rule, nodes, view):
            yield from ((one, place) for node in nodes for one in outside(node, place, view))


def leaning(node: Node) -> Iterator[Node]:
    """What a tree asks of the calendar, other periods, other units and forms, as it is written."""
    for one in in_table(node):
        if is_background(one) or (isinstance(one, Cell | Range) and one.form is not None):
            yield one


def outside(node: Node, place: Place, view: View) -> Iterator[Outside]:
    """What a tree asks from outside the table: background functions, and cells of other forms one by one."""
    for one in in_table(node):
        if isinstance(one, Call) and is_background(one):
            yield one
        elif isinstance(one, Cell | Range) and bind.is_foreign(one, view):
            yield from bind.cells(one, place, view) if isinstance(one, Range) else (one,)
