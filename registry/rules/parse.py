"""From the text of a rule to its tree."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from registry.rules import functions
from registry.rules.shorthand import weight
from registry.rules.tree import (
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
    depth,
)
from vietnamese.copydeck import deck

if TYPE_CHECKING:
    from lark import Lark

LONGEST = 1000  # characters
DEEPEST = 40  # levels
HEAVIEST = 300  # nodes, once shorthand is spelled out
LONGEST_NUMBER = 15  # digits: what a figure may have, and all that Excel keeps

_copy = deck(Path(__file__).parent / "copy.toml")
_OPERATORS = {"−": "-", "–": "-", "×": "*", "÷": "/", "≤": "<=", "≥": ">=", "≠": "<>"}
_SPACES = str.maketrans(dict.fromkeys("\u00a0\u2007\u202f", " "))


class RuleSyntaxError(ValueError):
    """A text that is not a rule; ``column`` counts characters from 1, ``reason`` names the sentence."""

    def __init__(self, reason: str, column: int, **values: object) -> None:
        super().__init__(_copy(f"syntax.{reason}", column=column, **values))
        self.reason = reason
        self.column = column


@lru_cache(maxsize=8192)
def parse(text: str) -> Node:
    """The tree of a formula or rule; raises RuleSyntaxError.

    >>> parse("(5)")
    Cell(row=None, column='5', form=None)
    """
    plain = unicodedata.normalize("NFC", text).translate(_SPACES)
    if not plain.strip():
        raise RuleSyntaxError("empty", 1)
    if len(plain) > LONGEST:
        raise RuleSyntaxError("long", LONGEST + 1, length=len(plain), most=LONGEST)
    _refuse_deep_brackets(plain)
    node = _tree(plain)
    if depth(node) > DEEPEST:
        raise RuleSyntaxError("deep", 1, most=DEEPEST)
    if weight(node) > HEAVIEST:
        raise RuleSyntaxError("nodes", 1, most=HEAVIEST)
    return node


def _refuse_deep_brackets(text: str) -> None:
    """Nesting no rule could have, seen before any work is put into it."""
    level = 0
    for position, letter in enumerate(text):
        level += (letter == "(") - (letter == ")")
        if level > 2 * DEEPEST:
            raise RuleSyntaxError("deep", position + 1, most=DEEPEST)


def _tree(text: str) -> Node:
    from lark.exceptions import UnexpectedEOF, UnexpectedInput, UnexpectedToken

    try:
        tree = _grammar().parse(text)
    except UnexpectedEOF:
        raise RuleSyntaxError("end", len(text) + 1) from None
    except UnexpectedInput as error:
        at_end = isinstance(error, UnexpectedToken) and error.token.type == "$END"
        if at_end or error.pos_in_stream is None:
            raise RuleSyntaxError("end", len(text) + 1) from None
        raise _unexpected(text, error.pos_in_stream) from None
    if _levels(tree) > 3 * DEEPEST:
        raise RuleSyntaxError("deep", 1, most=DEEPEST)
    return _Builder(text).node(tree)


def _unexpected(text: str, position: int) -> RuleSyntaxError:
    if text[position] == ",":
        return RuleSyntaxError("separator", position + 1)
    if text[position] == "." and text[position - 1 : position].isdigit():
        return RuleSyntaxError("point", position + 1)
    return RuleSyntaxError("unexpected", position + 1, here=text[position : position + 12])


@cache
def _grammar() -> Lark:
    from lark import Lark

    text = (Path(__file__).parent / "grammar.lark").read_text(encoding="utf-8")
    return Lark(text, parser="lalr", lexer="contextual", propagate_positions=True, maybe_placeholders=True)


@dataclass(frozen=True, slots=True)
class _Builder:
    """Turns lark's tree into ours, refusing what the grammar alone lets through."""

    text: str

    def node(self, branch: Any) -> Node:
        """The node of one branch of lark's tree."""
        return getattr(self, f"_{branch.data}")(branch, branch.children)  # type: ignore[no-any-return]

    def _disjunction(self, branch: Any, parts: list[Any]) -> Node:
        return Call(Function.OR, self._conditions(branch, parts))

    def _conjunction(self, branch: Any, parts: list[Any]) -> Node:
        return Call(Function.AND, self._conditions(branch, parts))

    def _conditions(self, branch: Any, parts: list[Any]) -> tuple[Node, ...]:
        nodes = tuple(self.node(part) for part in parts)
        if any(category(node) is not Category.CONDITION for node in nodes):
            raise RuleSyntaxError("condition", branch.meta.end_column)
        return nodes

    def _comparison(self, branch: Any, parts: list[Any]) -> Node:
        sides = [self.node(part) for part in parts[::2]]
        if any(category(side) not in (Category.NUMBER, Category.TEXT) for side in sides):
            raise RuleSyntaxError("side", branch.meta.column)
        links = tuple(
            Compare(_OPERATORS.get(sign, str(sign)), left, right)
            for left, sign, right in zip(sides, parts[1::2], sides[1:], strict=False)
        )
        return links[0] if len(links) == 1 else Call(Function.AND, links)

    def _binary(self, branch: Any, parts: list[Any]) -> Node:
        left, sign, right = parts
        return Binary(_OPERATORS.get(sign, str(sign)), self._figure(branch, left), self._figure(branch, right))

    def _negative(self, branch: Any, parts: list[Any]) -> Node:
        operand = self._figure(branch, parts[-1])
        return Number(-operand.value, operand.percent) if isinstance(operand, Number) else Negative(operand)

    def _positive(self, branch: Any, parts: list[Any]) -> Node:
        return self._figure(branch, parts[-1])

    def _figure(self, branch: Any, part: Any) -> Node:
        node = self.node(part)
        if category(node) is not Category.NUMBER:
            raise RuleSyntaxError("number", branch.meta.end_column)
        return node

    def _number(self, _: Any, parts: list[Any]) -> Node:
        return Number(_decimal(parts[0]))

    def _percent(self, _: Any, parts: list[Any]) -> Node:
        return Number(_decimal(parts[0]).scaleb(-2), percent=True)

    def _text(self, _: Any, parts: list[Any]) -> Node:
        return Text(parts[0][1:-1].replace('""', '"'))

    def _call(self, branch: Any, parts: list[Any]) -> Node:
        name, listed = str(parts[0]), parts[1]
        column = branch.meta.column
        function = functions.named(name)
        if function is None:
            similar = functions.similar(name)
            raise RuleSyntaxError("function_similar" if similar else "function", column, name=name, similar=similar)
        arguments = tuple(self.node(part) for part in listed.children) if listed else ()
        if len(arguments) == 1:
            self._refuse_two_readings(branch)
        if reason := functions.misplaced(function, arguments):
            raise RuleSyntaxError(reason, column, name=name)
        return _with_the_period_itself(Call(function, arguments))

    def _refuse_two_readings(self, branch: Any) -> None:
        """``f(1,5)`` may be f(1; 5) or f of one and a half; inside inner brackets a comma is surely decimal."""
        level = 0
        for position in range(branch.meta.start_pos, branch.meta.end_pos):
            letter = self.text[position]
            level += {"(": 1, ")": -1}.get(letter, 0)
            if letter == '"':
                return
            if letter == "," and level == 1:
                raise RuleSyntaxError("comma", position + 1)

    def _column(self, _: Any, parts: list[Any]) -> Node:
        return Cell(column=_name(parts[0]))

    def _row(self, _: Any, parts: list[Any]) -> Node:
        name = _name(parts[0])
        return Cell(column=name) if name.isdecimal() else Cell(row=name)

    def _cell(self, _: Any, parts: list[Any]) -> Node:
        return Cell(_name(parts[0]), _name(parts[1]))

    def _row_range(self, _: Any, parts: list[Any]) -> Node:
        return Range(*(_name(part) for part in parts))

    def _in_form(self, _: Any, parts: list[Any]) -> Node:
        named = self.node(parts[1])
        assert isinstance(named, Cell | Range)
        return replace(named, form=_name(parts[0]))


def _name(token: str) -> str:
    return token[1:-1].strip()


def _decimal(token: Any) -> Decimal:
    if sum(letter.isdigit() for letter in token) > LONGEST_NUMBER:
        raise RuleSyntaxError("digits", token.column, most=LONGEST_NUMBER)
    return Decimal(token.rstrip("% \t\r\n\f").replace(",", "."))


def _with_the_period_itself(call: Call) -> Node:
    """``LŨY_KẾ(x)`` is what came before this period and the cell itself: the background ends one period back."""
    back = call.arguments[1] if len(call.arguments) > 1 else Number(Decimal(0))
    if call.function is not Function.CUMULATIVE or back != Number(Decimal(0)):
        return call
    earlier = Call(Function.CUMULATIVE, (call.arguments[0], Number(Decimal(1))))
    return Binary("+", earlier, call.arguments[0])


def _levels(tree: Any) -> int:
    deepest, level = 0, [tree]
    while level:
        deepest += 1
        level = [child for branch in level for child in getattr(branch, "children", ())]
    return deepest
