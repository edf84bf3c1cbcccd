"""A tree bound to one place of one view, as functions of a frame: nothing is looked up by name at run time.

A blank operand makes the result blank, never zero; SUM, MIN and MAX pass over blank cells named directly;
không phát sinh counts as 0; division by nothing is blank. A condition on a blank is unknown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce

from registry.catalogue.forms import View
from registry.catalogue.values import BLANK, State
from registry.rules import bind, exact, lookup
from registry.rules.bind import Place
from registry.rules.frame import Frame
from registry.rules.functions import decimals_of
from registry.rules.precision import bounds, could_be_equal
from registry.rules.shorthand import spelled_out
from registry.rules.tree import (
    CALENDAR,
    Binary,
    Call,
    Category,
    Cell,
    Compare,
    Function,
    Negative,
    Node,
    Number,
    Range,
    Text,
    category,
    in_table,
    is_background,
)

Figure = Callable[[Frame], Decimal | None]
Condition = Callable[[Frame], bool | None]
Words = Callable[[Frame], str | None]


@dataclass(frozen=True, slots=True)
class Binder:
    """Binds trees to a place. When ``tolerant``, ``=`` means "could be equal at the declared precision"."""

    view: View
    place: Place
    tolerant: bool = False

    def figure(self, node: Node) -> Figure:
        """The number a node comes to; raises bind.UnknownName."""
        return _FIGURES[type(node)](self, node)

    def condition(self, node: Node) -> Condition:
        """Whether a condition holds, None when a blank leaves it unknown; raises bind.UnknownName."""
        if isinstance(node, Compare):
            return _comparison(self, node)
        assert isinstance(node, Call)
        longer = spelled_out(node)
        return self.condition(longer) if longer else _CONDITIONS[node.function](self, node)

    def words(self, node: Node) -> Words:
        """The text a node holds; raises bind.UnknownName."""
        if isinstance(node, Text):
            literal = node.value
            return lambda _: literal
        if isinstance(node, Call) and node.function is Function.GROUP and isinstance(node.arguments[0], Text):
            group_set = node.arguments[0].value
            return lambda frame: lookup.group_of(frame.context, group_set)
        key = bind.key(node, self.place, self.view) if isinstance(node, Cell) else None
        return lambda frame: (frame.values.get(key, BLANK).text or None) if key else None


# --- figures ---------------------------------------------------------------------------------------------------------


def _number(_: Binder, node: Number) -> Figure:
    value = node.value
    return lambda _: value


def _nothing(_: Binder, __: Node) -> Figure:
    return lambda _: None


def _cell(binder: Binder, node: Cell) -> Figure:
    if (there := bind.foreign(node, binder.place, binder.view)) is not None:
        return lambda frame: frame.elsewhere(there)
    key = bind.key(node, binder.place, binder.view)

    def cell(frame: Frame) -> Decimal | None:
        value = frame.values.get(key) if key else None
        return value.number if value is not None and value.state is State.VALUE else frame.amount(key)

    return cell


def _negative(binder: Binder, node: Negative) -> Figure:
    operand = binder.figure(node.operand)
    return lambda frame: None if (value := operand(frame)) is None else exact.negative(value)


OPERATIONS: dict[str, Callable[[Decimal, Decimal], Decimal | None]] = {
    "+": exact.add,
    "-": exact.subtract,
    "*": exact.multiply,
    "/": exact.ratio,
}


def _binary(binder: Binder, node: Binary) -> Figure:
    return _joined(binder.figure(node.left), binder.figure(node.right), OPERATIONS[node.operator])


def _joined(left: Figure, right: Figure, operation: Callable[[Decimal, Decimal], Decimal | None]) -> Figure:
    def joined(frame: Frame) -> Decimal | None:
        one, other = left(frame), right(frame)
        return None if one is None or other is None else operation(one, other)

    return joined


def _call(binder: Binder, node: Call) -> Figure:
    longer = spelled_out(node)
    return binder.figure(longer) if longer else _FUNCTIONS.get(node.function, _background)(binder, node)


def _sum(binder: Binder, node: Call) -> Figure:
    return _over_cells(binder, node, exact.add)


def _least(binder: Binder, node: Call) -> Figure:
    return _over_cells(binder, node, min)


def _largest(binder: Binder, node: Call) -> Figure:
    return _over_cells(binder, node, max)


def _over_cells(binder: Binder, node: Call, join: Callable[[Decimal, Decimal], Decimal]) -> Figure:
    """Cells named directly may be blank; a blank calculation leaves the whole blank, like any operand."""
    cells, calculations = _listed(binder, node)

    def over_cells(frame: Frame) -> Decimal | None:
        figures = [value for cell in cells if (value := cell(frame)) is not None]
        for calculation in calculations:
            value = calculation(frame)
            if value is None:
                return None
            figures.append(value)
        return reduce(join, figures) if figures else None

    return over_cells


def _listed(binder: Binder, node: Call, cell: Callable[[Binder, Cell], Figure] | None = None) -> _Listed:
    """The cells a function names directly, ranges cell by cell, and the calculations among its arguments."""
    cells: list[Figure] = []
    calculations: list[Figure] = []
    for argument in node.arguments:
        if isinstance(argument, Range | Cell):
            named = bind.cells(argument, binder.place, binder.view) if isinstance(argument, Range) else (argument,)
            cells.extend((cell or _cell)(binder, one) for one in named)
        else:
            calculations.append(binder.figure(argument))
    return cells, calculations


_Listed = tuple[list[Figure], list[Figure]]


def _count(binder: Binder, node: Call) -> Figure:
    """Cells that hold a number and calculations that come to one; a blank is not counted even where it is 0."""
    cells, calculations = _listed(binder, node, _given)
    everything = (*cells, *calculations)
    return lambda frame: Decimal(sum(one(frame) is not None for one in everything))


def _given(binder: Binder, node: Cell) -> Figure:
    """What stands in a cell, whatever the blank strategy."""
    if (there := bind.foreign(node, binder.place, binder.view)) is not None:
        return lambda frame: frame.elsewhere(there)
    key = bind.key(node, binder.place, binder.view)
    return lambda frame: frame.values.get(key, BLANK).amount if key else None


def _if_blank(binder: Binder, node: Call) -> Figure:
    named, other = node.arguments[0], binder.figure(node.arguments[1])
    given = _given(binder, named) if isinstance(named, Cell) else binder.figure(named)
    return lambda frame: other(frame) if (value := given(frame)) is None else value


def _changed(change: Callable[[Decimal], Decimal]) -> Callable[[Binder, Call], Figure]:
    def changed(binder: Binder, node: Call) -> Figure:
        operand = binder.figure(node.arguments[0])
        return lambda frame: None if (value := operand(frame)) is None else change(value)

    return changed


def _cut(cut: Callable[[Decimal, int], Decimal]) -> Callable[[Binder, Call], Figure]:
    def bind_cut(binder: Binder, node: Call) -> Figure:
        operand, decimals = binder.figure(node.arguments[0]), decimals_of(node)
        return lambda frame: None if (value := operand(frame)) is None else cut(value, decimals)

    return bind_cut


def _if(binder: Binder, node: Call) -> Figure:
    condition = binder.condition(node.arguments[0])
    chosen = binder.figure(node.arguments[1])
    other = binder.figure(node.arguments[2]) if len(node.arguments) > 2 else _nothing(binder, node)

    def branch(frame: Frame) -> Decimal | None:
        holds = condition(frame)
        return None if holds is None else chosen(frame) if holds else other(frame)

    return branch


def _background(binder: Binder, node: Call) -> Figure:
    if node.function in CALENDAR:
        return lambda frame: lookup.calendar(frame.context.period, node.function)
    named = node.arguments[0]
    key = bind.key(named, binder.place, binder.view) if isinstance(named, Cell) else None
    return (lambda frame: frame.answer(node, key)) if key else _nothing(binder, node)


_FUNCTIONS: dict[Function, Callable[[Binder, Call], Figure]] = {
    Function.SUM: _sum,
    Function.MIN: _least,
    Function.MAX: _largest,
    Function.COUNT: _count,
    Function.ROUND: _cut(exact.rounded),
    Function.ROUND_UP: _cut(exact.rounded_up),
    Function.ROUND_DOWN: _cut(exact.rounded_down),
    Function.INT: _changed(exact.whole),
    Function.ABS: _changed(exact.absolute),
    Function.IF: _if,
    Function.IF_BLANK: _if_blank,
}
_FIGURES: dict[type, Callable[[Binder, object], Figure]] = {
    Number: _number,  # type: ignore[dict-item]
    Text: _nothing,  # type: ignore[dict-item]
    Cell: _cell,  # type: ignore[dict-item]
    Negative: _negative,  # type: ignore[dict-item]
    Binary: _binary,  # type: ignore[dict-item]
    Call: _call,  # type: ignore[dict-item]
}


# --- conditions ------------------------------------------------------------------------------------------------------

_ORDERS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "=": lambda one, other: one == other,
    "==": lambda one, other: one == other,
    "<>": lambda one, other: one != other,
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
}


def _comparison(binder: Binder, node: Compare) -> Condition:
    if Category.TEXT in (category(node.left), category(node.right)):
        return _text_comparison(binder, node)
    left, right, order = _settled(binder, node.left), _settled(binder, node.right), _ORDERS[node.operator]
    meet = _meet(binder, node) if binder.tolerant and node.operator == "=" else None

    def compared(frame: Frame) -> bool | None:
        one, other = left(frame), right(frame)
        if one is None or other is None:
            return None
        return order(one, other) or (meet is not None and meet(frame))

    return compared


def _meet(binder: Binder, node: Compare) -> Callable[[Frame], bool]:
    """Whether the two sides could be equal given how they were rounded."""
    sides = bounds(binder, node.left), bounds(binder, node.right)
    is_dusty = _is_dusty(node.left) or _is_dusty(node.right)
    return lambda frame: could_be_equal(*sides, frame, is_dusty)


def _settled(binder: Binder, node: Node) -> Figure:
    """A side of a comparison without the dust that only quotients leave."""
    figure = binder.figure(node)
    if not _is_dusty(node):
        return figure
    return lambda frame: None if (value := figure(frame)) is None else exact.settled(value)


def _is_dusty(node: Node) -> bool:
    return any(_divides(one) for one in in_table(node))


def _divides(node: Node) -> bool:
    """Measures may divide a figure of elsewhere too; a product is settled because its digits may be too many."""
    if isinstance(node, Call):
        return spelled_out(node) is not None or is_background(node)
    return (isinstance(node, Binary) and node.operator in "*/") or (isinstance(node, Cell) and node.form is not None)


def _text_comparison(binder: Binder, node: Compare) -> Condition:
    left, right, wanted = binder.words(node.left), binder.words(node.right), node.operator in ("=", "==")

    def compared(frame: Frame) -> bool | None:
        one, other = left(frame), right(frame)
        if one is None or other is None or node.operator not in ("=", "==", "<>"):
            return None
        return (one.casefold() == other.casefold()) is wanted

    return compared


def _and(binder: Binder, node: Call) -> Condition:
    return _decided(binder, node, False)


def _or(binder: Binder, node: Call) -> Condition:
    return _decided(binder, node, True)


def _decided(binder: Binder, node: Call, by: bool) -> Condition:
    """One part that is ``by`` decides; else any unknown part leaves the whole unknown."""
    parts = [binder.condition(argument) for argument in node.arguments]

    def decided(frame: Frame) -> bool | None:
        found = [part(frame) for part in parts]
        return by if by in found else None if None in found else not by

    return decided


def _not(binder: Binder, node: Call) -> Condition:
    part = binder.condition(node.arguments[0])
    return lambda frame: None if (holds := part(frame)) is None else not holds


def _is_blank(binder: Binder, node: Call) -> Condition:
    named = node.arguments[0]
    if isinstance(named, Cell) and (there := bind.foreign(named, binder.place, binder.view)) is not None:
        return lambda frame: frame.elsewhere(there) is None
    key = bind.key(named, binder.place, binder.view) if isinstance(named, Cell) else None
    return lambda frame: key is None or frame.values.get(key, BLANK).state is State.BLANK


def _is_nil(binder: Binder, node: Call) -> Condition:
    named = node.arguments[0]
    key = bind.key(named, binder.place, binder.view) if isinstance(named, Cell) else None
    return lambda frame: key is not None and frame.values.get(key, BLANK).state is State.NIL


def _implied(binder: Binder, node: Call) -> Condition:
    """IF between conditions; without a second branch, nothing is asked when the condition fails."""
    condition = binder.condition(node.arguments[0])
    chosen = binder.condition(node.arguments[1])
    other = binder.condition(node.arguments[2]) if len(node.arguments) > 2 else None

    def branch(frame: Frame) -> bool | None:
        holds = condition(frame)
        if holds is None:
            return None
        return chosen(frame) if holds else other(frame) if other else True

    return branch


_CONDITIONS: dict[Function, Callable[[Binder, Call], Condition]] = {
    Function.AND: _and,
    Function.OR: _or,
    Function.NOT: _not,
    Function.BLANK: _is_blank,
    Function.NIL: _is_nil,
    Function.IF: _implied,
}
