"""``=`` as "could be equal at the declared precision": what each side may really be, given how it was rounded.

Only figures in rounded measures widen; counted ones, figures computed in the workbook by adding, and literals
are exact. Each figure stands for anything within half of its last unit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import reduce
from typing import TYPE_CHECKING, NamedTuple

from registry.catalogue.forms import CellSpec, View
from registry.catalogue.model import CellKind
from registry.catalogue.values import BLANK, State
from registry.rules import bind, exact
from registry.rules.functions import decimals_of
from registry.rules.parse import parse
from registry.rules.shorthand import spelled_out
from registry.rules.tree import (
    Binary,
    Call,
    Cell,
    Function,
    Negative,
    Node,
    Number,
    Range,
    in_table,
    is_additive,
    is_background,
)

if TYPE_CHECKING:
    from registry.rules.closures import Binder
from registry.rules.frame import Frame

_HALF = Decimal("0.5")


class Span(NamedTuple):
    """The least and the most a figure may really be."""

    least: Decimal
    most: Decimal


Bounds = Callable[["Frame"], Span | None]


def could_be_equal(left: Bounds, right: Bounds, frame: Frame, is_dusty: bool) -> bool:
    """True when the two sides have values in common; also when one is without bounds. Only quotients and products
    leave dust (``exact.settled``).
    """
    one, other = left(frame), right(frame)
    if one is None or other is None:
        return True
    if not is_dusty:
        return one.least < other.most and other.least < one.most
    return exact.settled(one.least) < exact.settled(other.most) and exact.settled(other.least) < exact.settled(one.most)


def half_unit(view: View, spec: CellSpec) -> Decimal:
    """How far a figure in this cell may lie from what was measured; 0 for exact cells."""
    if not spec.kind.is_figure or view.definitions.measures[spec.measure].counted:
        return Decimal(0)
    if spec.kind is CellKind.COMPUTED and (not spec.formula or is_additive(parse(spec.formula))):
        return Decimal(0)
    return _HALF.scaleb(-spec.decimals)


def last_unit(binder: Binder, sides: Iterable[Node]) -> Decimal | None:
    """One last unit of a side that is a single figure, else of the coarsest rounded figure; None if all are exact."""
    listed = list(sides)
    lone = [side for side in listed if isinstance(side, Cell)]
    cells = lone or [one for side in listed for one in in_table(side) if isinstance(one, Cell)]
    specs = [spec for cell in cells if (spec := bind.spec(cell, binder.place, binder.view))]
    measures = binder.view.definitions.measures
    rounded = [spec for spec in specs if spec.kind.is_figure and not measures[spec.measure].counted]
    return Decimal(1).scaleb(-min(spec.decimals for spec in rounded)) if rounded else None


def bounds(binder: Binder, node: Node) -> Bounds:
    """What a node may really be, bound to a place."""
    if is_background(node) and isinstance(node, Call):
        return _background(binder, node)
    if isinstance(node, Call):
        longer = spelled_out(node)
        return bounds(binder, longer) if longer else _CALLS[node.function](binder, node)
    if isinstance(node, Cell):
        return _cell(binder, node)
    if isinstance(node, Negative):
        return _mapped(bounds(binder, node.operand), lambda one: Span(-one.most, -one.least))
    if isinstance(node, Binary):
        return _joined(bounds(binder, node.left), bounds(binder, node.right), _OPERATIONS[node.operator])
    value = node.value if isinstance(node, Number) else None
    return lambda _: None if value is None else Span(value, value)


def _cell(binder: Binder, node: Cell) -> Bounds:
    if (there := bind.foreign(node, binder.place, binder.view)) is not None:
        return _widened(binder.figure(node), half_unit(there.view, there.spec))
    key = bind.key(node, binder.place, binder.view)
    width = half_unit(binder.view, binder.view.cells[key]) if key else Decimal(0)

    def within(frame: Frame) -> Span | None:
        value = frame.amount(key)
        if value is None:
            return None
        is_nil = key is not None and frame.values.get(key, BLANK).state is State.NIL
        slack = Decimal(0) if is_nil else width
        return Span(exact.subtract(value, slack), exact.add(value, slack))

    return within


def _background(binder: Binder, node: Call) -> Bounds:
    value, slack = binder.figure(node), half_unit_of(binder, node)

    def within(frame: Frame) -> Span | None:
        found = value(frame)
        parts = max(frame.context.period.last.month, 1) if node.function is Function.CUMULATIVE else 1
        return None if found is None else Span(found - slack * parts, found + slack * parts)

    return within


def half_unit_of(binder: Binder, node: Call) -> Decimal:
    """How far one figure that a background function finds may lie from what was measured."""
    named = node.arguments[0] if node.arguments else None
    spec = bind.spec(named, binder.place, binder.view) if isinstance(named, Cell) else None
    return half_unit(binder.view, spec) if spec else Decimal(0)


def _widened(value: Callable[[Frame], Decimal | None], slack: Decimal) -> Bounds:
    def within(frame: Frame) -> Span | None:
        found = value(frame)
        return None if found is None else Span(exact.subtract(found, slack), exact.add(found, slack))

    return within


def _mapped(one: Bounds, change: Callable[[Span], Span]) -> Bounds:
    return lambda frame: None if (span := one(frame)) is None else change(span)


def _joined(left: Bounds, right: Bounds, join: Callable[[Span, Span], Span | None]) -> Bounds:
    def joined(frame: Frame) -> Span | None:
        one, other = left(frame), right(frame)
        return None if one is None or other is None else join(one, other)

    return joined


def _corners(one: Span, other: Span, operation: Callable[[Decimal, Decimal], Decimal]) -> Span:
    found = [operation(a, b) for a in one for b in other]
    return Span(min(found), max(found))


def _divided(one: Span, other: Span) -> Span | None:
    return None if other.least <= 0 <= other.most else _corners(one, other, exact.divide)


_OPERATIONS: dict[str, Callable[[Span, Span], Span | None]] = {
    "+": lambda one, other: Span(exact.add(one.least, other.least), exact.add(one.most, other.most)),
    "-": lambda one, other: Span(exact.subtract(one.least, other.most), exact.subtract(one.most, other.least)),
    "*": lambda one, other: _corners(one, other, exact.multiply),
    "/": _divided,
}


def _over_cells(join: Callable[[Decimal, Decimal], Decimal]) -> Callable[[Binder, Call], Bounds]:
    def bind_over(binder: Binder, node: Call) -> Bounds:
        parts = [part for argument in node.arguments for part in _parts(binder, argument)]

        def within(frame: Frame) -> Span | None:
            spans = [span for part in parts if (span := part(frame))]
            if not spans:
                return None
            return Span(reduce(join, (one.least for one in spans)), reduce(join, (one.most for one in spans)))

        return within

    return bind_over


def _parts(binder: Binder, argument: Node) -> list[Bounds]:
    if isinstance(argument, Range):
        return [_cell(binder, cell) for cell in bind.cells(argument, binder.place, binder.view)]
    return [bounds(binder, argument)]


def _abs(binder: Binder, node: Call) -> Bounds:
    def change(span: Span) -> Span:
        ends = sorted(map(exact.absolute, span))
        return Span(Decimal(0) if span.least <= 0 <= span.most else ends[0], ends[1])

    return _mapped(bounds(binder, node.arguments[0]), change)


def _rising(change: Callable[[Decimal, int], Decimal]) -> Callable[[Binder, Call], Bounds]:
    """Functions that never fall as their argument grows: the ends of a span stay its ends."""

    def bind_rising(binder: Binder, node: Call) -> Bounds:
        decimals = decimals_of(node)
        return _mapped(
            bounds(binder, node.arguments[0]),
            lambda span: Span(change(span.least, decimals), change(span.most, decimals)),
        )

    return bind_rising


def _exactly(binder: Binder, node: Call) -> Bounds:
    return _widened(binder.figure(node), Decimal(0))


def _if_blank(binder: Binder, node: Call) -> Bounds:
    """Whichever is taken; that something stands in the cell is asked as the figure asks it."""
    given, other = (bounds(binder, argument) for argument in node.arguments)
    counted = binder.figure(Call(Function.COUNT, node.arguments[:1]))
    return lambda frame: given(frame) if counted(frame) else other(frame)


def _if(binder: Binder, node: Call) -> Bounds:
    condition = binder.condition(node.arguments[0])
    branches = [bounds(binder, argument) for argument in node.arguments[1:]]

    def within(frame: Frame) -> Span | None:
        chosen = branches[:1] if condition(frame) else branches[1:]
        return chosen[0](frame) if chosen else None

    return within


_CALLS: dict[Function, Callable[[Binder, Call], Bounds]] = {
    Function.SUM: _over_cells(exact.add),
    Function.MIN: _over_cells(min),
    Function.MAX: _over_cells(max),
    Function.COUNT: _exactly,
    Function.ABS: _abs,
    Function.ROUND: _rising(exact.rounded),
    Function.ROUND_UP: _rising(exact.rounded_up),
    Function.ROUND_DOWN: _rising(exact.rounded_down),
    Function.INT: _rising(lambda value, _: exact.whole(value)),
    Function.IF: _if,
    Function.IF_BLANK: _if_blank,
}
