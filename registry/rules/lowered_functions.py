"""The functions of the language as steps (``lowering``), each with what it may really be (``precision``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from registry.rules import bind
from registry.rules.functions import decimals_of
from registry.rules.tree import Call, Cell, Function

if TYPE_CHECKING:
    from registry.rules.lowering import Lowering

Span = tuple[int, int]  # the steps that hold the least and the most
_Result = Callable[["Lowering", Call], int]
_Spanning = Callable[["Lowering", Call], Span]


def _over(name: str) -> _Result:
    """Cells named directly may be blank; a blank calculation leaves the whole blank, like any operand."""

    def over_cells(one: Lowering, node: Call) -> int:
        cells, calculations = one.listed(node)
        if not cells and not calculations:
            return one.nothing
        value = one.op(name, *cells, *calculations)
        known = one.every(one.op("is_known", part) for part in calculations)
        return one.op("if", known, value, one.nothing) if calculations else value

    return over_cells


def _span_over(name: str) -> _Spanning:
    def over_cells(one: Lowering, node: Call) -> Span:
        spans = one.spans(node)
        if not spans:
            return one.nothing, one.nothing
        return one.op(name, *(least for least, _ in spans)), one.op(name, *(most for _, most in spans))

    return over_cells


def _count(one: Lowering, node: Call) -> int:
    cells, calculations = one.listed(node, given=True)
    ones = [one.op("if", one.op("is_known", part), one.number(1), one.number(0)) for part in (*cells, *calculations)]
    return one.op("sum", *ones) if ones else one.number(0)


def _cut(name: str) -> _Result:
    def cut(one: Lowering, node: Call) -> int:
        return one.book.step(name, (one.figure(node.arguments[0]),), decimals_of(node))

    return cut


def _span_cut(name: str) -> _Spanning:
    def cut(one: Lowering, node: Call) -> Span:
        least, most = one.span(node.arguments[0])
        return one.book.step(name, (least,), decimals_of(node)), one.book.step(name, (most,), decimals_of(node))

    return cut


def _abs(one: Lowering, node: Call) -> int:
    return one.op("abs", one.figure(node.arguments[0]))


def _span_abs(one: Lowering, node: Call) -> Span:
    least, most = span = one.span(node.arguments[0])
    ends = (one.op("abs", least), one.op("abs", most))
    nearest = one.op("if", one.straddles(span), one.number(0), one.op("least", *ends))
    return nearest, one.op("greatest", *ends)


def _if(one: Lowering, node: Call) -> int:
    chosen, *other = (one.figure(branch) for branch in node.arguments[1:])
    return one.op("if", one.condition(node.arguments[0]), chosen, other[0] if other else one.nothing)


def _span_if(one: Lowering, node: Call) -> Span:
    condition = one.condition(node.arguments[0])
    chosen, *rest = (one.span(branch) for branch in node.arguments[1:])
    other = rest[0] if rest else (one.nothing, one.nothing)
    # precision takes the second branch also where the condition is unknown: the figure is blank there anyway
    return one.op("if", condition, chosen[0], other[0]), one.op("if", condition, chosen[1], other[1])


def _if_blank(one: Lowering, node: Call) -> int:
    given, other = one.given_in(node.arguments[0]), one.figure(node.arguments[1])
    return one.op("if", one.op("is_known", given), given, other)


def _span_if_blank(one: Lowering, node: Call) -> Span:
    is_known = one.op("is_known", one.given_in(node.arguments[0]))
    given, other = one.span(node.arguments[0]), one.span(node.arguments[1])
    return one.op("if", is_known, given[0], other[0]), one.op("if", is_known, given[1], other[1])


def _exactly(one: Lowering, node: Call) -> Span:
    value = one.figure(node)
    return value, value


def _logic(name: str) -> _Result:
    return lambda one, node: one.op(name, *(one.condition(argument) for argument in node.arguments))


def _blank(one: Lowering, node: Call) -> int:
    named, view = node.arguments[0], one.context.view
    if isinstance(named, Cell) and bind.foreign(named, one.place, view):
        return one.op("is_null", one.figure(named))
    return one.is_blank(bind.key(named, one.place, view) if isinstance(named, Cell) else None)


def _nil(one: Lowering, node: Call) -> int:
    named = node.arguments[0]
    key = bind.key(named, one.place, one.context.view) if isinstance(named, Cell) else None
    return one.is_nil(key)


def _implied(one: Lowering, node: Call) -> int:
    chosen, *other = (one.condition(branch) for branch in node.arguments[1:])
    return one.op("if", one.condition(node.arguments[0]), chosen, other[0] if other else one.truth(True))


FIGURES: dict[Function, _Result] = {
    Function.SUM: _over("sum"),
    Function.MIN: _over("least"),
    Function.MAX: _over("greatest"),
    Function.COUNT: _count,
    Function.ROUND: _cut("round"),
    Function.ROUND_UP: _cut("round_up"),
    Function.ROUND_DOWN: _cut("round_down"),
    Function.INT: _cut("whole"),
    Function.ABS: _abs,
    Function.IF: _if,
    Function.IF_BLANK: _if_blank,
}
SPANS: dict[Function, _Spanning] = {
    Function.SUM: _span_over("sum"),
    Function.MIN: _span_over("least"),
    Function.MAX: _span_over("greatest"),
    Function.COUNT: _exactly,
    Function.ROUND: _span_cut("round"),
    Function.ROUND_UP: _span_cut("round_up"),
    Function.ROUND_DOWN: _span_cut("round_down"),
    Function.INT: _span_cut("whole"),
    Function.ABS: _span_abs,
    Function.IF: _span_if,
    Function.IF_BLANK: _span_if_blank,
}
CONDITIONS: dict[Function, _Result] = {
    Function.AND: _logic("and"),
    Function.OR: _logic("or"),
    Function.NOT: _logic("not"),
    Function.BLANK: _blank,
    Function.NIL: _nil,
    Function.IF: _implied,
}
