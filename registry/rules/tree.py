"""The tree a rule is parsed into: frozen nodes and their JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any


class Function(StrEnum):
    """Every function of the language by its English name; ``functions`` holds the other spellings."""

    SUM = "SUM"
    ROUND = "ROUND"
    IF = "IF"
    ABS = "ABS"
    MIN = "MIN"
    MAX = "MAX"
    AND = "AND"
    OR = "OR"
    NOT = "NOT"
    BLANK = "ISBLANK"
    RATIO = "RATIO"  # first / second * 100
    PREVIOUS = "PREVIOUS"
    SAME_PERIOD = "SAME_PERIOD"
    CUMULATIVE = "CUMULATIVE"
    PLAN = "PLAN"
    MEDIAN = "MEDIAN"
    SUBORDINATES = "SUBORDINATES"
    MONTH = "MONTH"
    QUARTER = "QUARTER"
    YEAR = "YEAR"
    GROUP = "GROUP"
    COUNT = "COUNT"
    INT = "INT"
    ROUND_UP = "ROUNDUP"
    ROUND_DOWN = "ROUNDDOWN"
    IF_BLANK = "IFBLANK"
    NIL = "ISNIL"
    AVERAGE = "AVERAGE"
    MOD = "MOD"
    SIGN = "SIGN"
    CHANGE = "CHANGE"
    BETWEEN = "BETWEEN"
    IN = "IN"


class Category(StrEnum):
    """What a node yields."""

    NUMBER = "number"
    TEXT = "text"
    CONDITION = "condition"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class Number:
    """A literal; ``10%`` is 0.1 with ``percent`` set."""

    value: Decimal
    percent: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A literal between quotes."""

    value: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A reference as written; a missing row or column is that of the cell or place the rule stands at."""

    row: str | None = None
    column: str | None = None
    form: str | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """The rows from ``first`` to ``last`` that the view has, in one column."""

    first: str
    last: str
    column: str | None = None
    form: str | None = None


@dataclass(frozen=True, slots=True)
class Negative:
    """Minus an operand."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Binary:
    """``+ - * /`` of two numbers."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Compare:
    """``= == <> < <= > >=`` of two numbers or two texts."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    function: Function
    arguments: tuple[Node, ...] = ()


Node = Number | Text | Cell | Range | Negative | Binary | Compare | Call

BACKGROUND = frozenset(
    {
        Function.PREVIOUS,
        Function.SAME_PERIOD,
        Function.CUMULATIVE,
        Function.PLAN,
        Function.MEDIAN,
        Function.SUBORDINATES,
        Function.MONTH,
        Function.QUARTER,
        Function.YEAR,
        Function.GROUP,
    }
)  # answered from outside the table
CALENDAR = frozenset({Function.MONTH, Function.QUARTER, Function.YEAR})  # of the period itself
_CONDITIONS = frozenset(
    {Function.AND, Function.OR, Function.NOT, Function.BLANK, Function.NIL, Function.BETWEEN, Function.IN}
)


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below one."""
    if isinstance(node, Binary | Compare):
        return (node.left, node.right)
    if isinstance(node, Negative):
        return (node.operand,)
    return node.arguments if isinstance(node, Call) else ()


def walk(node: Node, into: Callable[[Node], bool] = lambda _: True) -> Iterator[Node]:
    """A node and all below it, left to right; nodes for which ``into`` is False are given but not entered."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        if into(one):
            waiting.extend(reversed(children(one)))


def is_background(node: Node) -> bool:
    """True for a call answered from outside the table."""
    return isinstance(node, Call) and node.function in BACKGROUND


def in_table(node: Node) -> Iterator[Node]:
    """Like ``walk`` but without what stands inside background functions: that names series, not cells."""
    return walk(node, lambda one: not is_background(one))


def category(node: Node) -> Category:
    """What a node yields; a reference counts as a number, though a text may stand in a note cell."""
    if isinstance(node, Text):
        return Category.TEXT
    if isinstance(node, Range):
        return Category.RANGE
    if isinstance(node, Compare):
        return Category.CONDITION
    if not isinstance(node, Call):
        return Category.NUMBER
    if node.function is Function.GROUP:
        return Category.TEXT
    if node.function is Function.IF:
        return category(node.arguments[1]) if isinstance(node.arguments[1], Compare | Call) else Category.NUMBER
    return Category.CONDITION if node.function in _CONDITIONS else Category.NUMBER


def depth(node: Node) -> int:
    """Levels of nesting; 1 for a literal or a reference."""
    deepest, level = 0, [node]
    while level:
        deepest += 1
        level = [child for one in level for child in children(one)]
    return deepest


def is_additive(node: Node) -> bool:
    """True when only sums and differences stand between the figures, so that nothing is ever rounded."""
    adding = (Function.SUM, Function.CUMULATIVE, Function.PREVIOUS, Function.SAME_PERIOD, Function.ABS)
    return all(
        isinstance(one, Cell | Range | Negative | Number)
        or (isinstance(one, Binary) and one.operator in "+-")
        or (isinstance(one, Call) and one.function in adding)
        for one in in_table(node)
    )


# --- JSON ------------------------------------------------------------------------------------------------------------


def to_json(node: Node) -> dict[str, Any]:
    """A tree of dictionaries, lists and strings that ``from_json`` reads back to an equal node."""
    return _WRITERS[type(node)](node)


_WRITERS: dict[type, Callable[[Any], dict[str, Any]]] = {
    Number: lambda n: {"node": "number", "value": str(n.value), "percent": n.percent},
    Text: lambda n: {"node": "text", "value": n.value},
    Cell: lambda n: {"node": "cell", "row": n.row, "column": n.column, "form": n.form},
    Range: lambda n: {"node": "range", "first": n.first, "last": n.last, "column": n.column, "form": n.form},
    Negative: lambda n: {"node": "negative", "operand": to_json(n.operand)},
    Binary: lambda n: {"node": "binary", "operator": n.operator, "left": to_json(n.left), "right": to_json(n.right)},
    Compare: lambda n: {"node": "compare", "operator": n.operator, "left": to_json(n.left), "right": to_json(n.right)},
    Call: lambda n: {
        "node": "call",
        "function": n.function.value,
        "arguments": [to_json(argument) for argument in n.arguments],
    },
}


def from_json(data: dict[str, Any]) -> Node:
    """The node ``to_json`` wrote."""
    return _READERS[data["node"]](data)


_READERS: dict[str, Callable[[dict[str, Any]], Node]] = {
    "number": lambda d: Number(Decimal(d["value"]), d["percent"]),
    "text": lambda d: Text(d["value"]),
    "cell": lambda d: Cell(d["row"], d["column"], d["form"]),
    "range": lambda d: Range(d["first"], d["last"], d["column"], d["form"]),
    "negative": lambda d: Negative(from_json(d["operand"])),
    "binary": lambda d: Binary(d["operator"], from_json(d["left"]), from_json(d["right"])),
    "compare": lambda d: Compare(d["operator"], from_json(d["left"]), from_json(d["right"])),
    "call": lambda d: Call(Function(d["function"]), tuple(from_json(one) for one in d["arguments"])),
}
