"""A formula that many cells share, reckoned for all of them at once: a column of a form is one step, not hundreds.

What most formulas are made of is reckoned here; anything else cell by cell, as ``closures`` does. Both agree.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from registry.catalogue.forms import View
from registry.catalogue.values import CellKey, State
from registry.rules import bind, lookup
from registry.rules.bind import Place
from registry.rules.closures import OPERATIONS, Binder
from registry.rules.frame import Frame
from registry.rules.tree import CALENDAR, Binary, Call, Cell, Node, Number, is_background

_VALUE = State.VALUE  # asked of every cell, and slow to look up in an enumeration
Figures = Callable[[Frame], Sequence[Decimal | None]]


def at_once(view: View, node: Node, places: Sequence[Place]) -> Figures:
    """The number a node comes to at each of the places; raises bind.UnknownName."""
    if isinstance(node, Number):
        literal = [node.value] * len(places)
        return lambda _: literal
    if isinstance(node, Binary):
        return _joined(at_once(view, node.left, places), at_once(view, node.right, places), OPERATIONS[node.operator])
    named = node.arguments[0] if isinstance(node, Call) and _asks_of_a_cell(node) else node
    if isinstance(named, Cell) and not bind.is_foreign(named, view):
        keys = tuple(key for place in places if (key := bind.key(named, place, view)))
        if len(keys) == len(places):
            return _answers(keys, node) if isinstance(node, Call) else _amounts(keys)
    figures = [Binder(view, place).figure(node) for place in places]
    return lambda frame: [figure(frame) for figure in figures]


def _asks_of_a_cell(node: Call) -> bool:
    return is_background(node) and node.function not in CALENDAR


def _joined(left: Figures, right: Figures, operation: Callable[[Decimal, Decimal], Decimal | None]) -> Figures:
    def joined(frame: Frame) -> list[Decimal | None]:
        pairs = zip(left(frame), right(frame), strict=True)
        return [None if one is None or other is None else operation(one, other) for one, other in pairs]

    return joined


def _amounts(keys: tuple[CellKey, ...]) -> Figures:
    def amounts(frame: Frame) -> list[Decimal | None]:
        values = map(frame.values.get, keys)
        return [
            value.number if value is not None and value.state is _VALUE else frame.amount(key)
            for key, value in zip(keys, values, strict=True)
        ]

    return amounts


def _answers(keys: tuple[CellKey, ...], call: Call) -> Figures:
    def answers(frame: Frame) -> list[Decimal | None]:
        return list(map(lookup.answers(frame.context, keys, call).get, keys))

    return answers
