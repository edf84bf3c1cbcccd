"""Functions that say in one word what others say in several: every back end reckons them by what they stand for."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from registry.rules.tree import Binary, Call, Compare, Function, Node, Number, children


def spelled_out(call: Call) -> Node | None:
    """What a call stands for, None for functions that stand for themselves.

    >>> spelled_out(Call(Function.RATIO, (Number(Decimal(1)), Number(Decimal(8)))))
    ... # 1 / 8 * 100
    """
    longer = _LONGER.get(call.function)
    return longer(*call.arguments) if longer else None


def weight(node: Node) -> int:
    """How many nodes a tree comes to in a back end: shorthand and branches write their arguments more than once."""
    if not isinstance(node, Call):
        return 1 + sum(weight(child) for child in children(node))
    return 1 + sum(weight(argument) * _times(node, at) for at, argument in enumerate(node.arguments))


def _times(call: Call, place: int) -> int:
    if call.function is Function.IN:
        return len(call.arguments) - 1 if place == 0 else 1
    times = _TIMES.get(call.function, (1,))
    return times[min(place, len(times) - 1)]


_ZERO, _ONE, _HUNDRED = Number(Decimal(0)), Number(Decimal(1)), Number(Decimal(100))


def _ratio(part: Node, whole: Node) -> Node:
    return Binary("*", Binary("/", part, whole), _HUNDRED)


def _change(now: Node, before: Node) -> Node:
    return _ratio(Binary("-", now, before), before)


def _average(*cells: Node) -> Node:
    return Binary("/", Call(Function.SUM, cells), Call(Function.COUNT, cells))


def _remainder(number: Node, divisor: Node) -> Node:
    return Binary("-", number, Binary("*", divisor, Call(Function.INT, (Binary("/", number, divisor),))))


def _sign(number: Node) -> Node:
    negative = Call(Function.IF, (Compare("<", number, _ZERO), Number(Decimal(-1)), _ZERO))
    return Call(Function.IF, (Compare(">", number, _ZERO), _ONE, negative))


def _between(number: Node, least: Node, most: Node) -> Node:
    return Call(Function.AND, (Compare(">=", number, least), Compare("<=", number, most)))


def _one_of(value: Node, *listed: Node) -> Node:
    return Call(Function.OR, tuple(Compare("==", value, one) for one in listed))


_LONGER: dict[Function, Callable[..., Node]] = {
    Function.RATIO: _ratio,
    Function.CHANGE: _change,
    Function.AVERAGE: _average,
    Function.MOD: _remainder,
    Function.SIGN: _sign,
    Function.BETWEEN: _between,
    Function.IN: _one_of,
}
_TIMES: dict[Function, tuple[int, ...]] = {
    Function.CHANGE: (1, 2),
    Function.AVERAGE: (2,),
    Function.MOD: (2, 2),
    Function.SIGN: (2,),
    Function.BETWEEN: (2, 1, 1),
    Function.IF: (2, 2, 2),
    Function.IF_BLANK: (2, 1),
}  # how often each argument is written; the last is for all that follow
