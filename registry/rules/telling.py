"""Trees of the rule language in words: demands, conditions and figures as an official would say them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from registry.catalogue.model import Column, Form, Row
from registry.catalogue.values import Aspect
from registry.rules import bind
from registry.rules.lookup import given_by
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
)
from vietnamese.copydeck import deck
from vietnamese.fold import fold
from vietnamese.numbers import format_number, places

_copy = deck(Path(__file__).parent / "copy.toml")
_ZERO, _ONE, _HUNDRED = (Number(Decimal(number)) for number in (0, 1, 100))


def label_of(row: Row) -> str:
    """A row's label without what only its place in the table means: ``– Trong đó: lúa`` -> ``Lúa``."""
    label = row.label.strip("–-+ ").removeprefix(_copy("explain.of-which")).strip()
    return label[:1].upper() + label[1:]


def listed(words: list[str]) -> str:
    """``A, B và C``."""
    if len(words) < 2:
        return "".join(words)
    return _copy("explain.list", first=", ".join(words[:-1]), last=words[-1])


def column_code_of(form: Form, columns: Mapping[str, Column], name: str) -> str:
    """A column of the form, or of the list table whose columns these are."""
    if columns.keys() == {column.code for column in form.columns}:
        return bind.column_code(form, name)
    found = next((one.code for one in columns.values() if fold(name) in (fold(one.code), fold(one.number))), None)
    if found is None:
        raise bind.UnknownName("column", name, "")
    return found


@dataclass
class Teller:
    """Puts trees into words; a column's heading is told once, its number every time."""

    form: Form
    columns: tuple[Column, ...]
    others: Mapping[str, Form]
    told: set[str] = field(default_factory=set)

    def demand(self, node: Node) -> str:
        """What must hold: ``A không được lớn hơn B``."""
        return self._judged(node, "must")

    def condition(self, node: Node) -> str:
        """What may be the case: ``A lớn hơn B``."""
        return self._judged(node, "is")

    def _judged(self, node: Node, mood: str) -> str:
        if isinstance(node, Compare):
            return self._compared(node, mood)
        if isinstance(node, Call) and node.function in (Function.AND, Function.OR):
            return self._joined(node, mood)
        if isinstance(node, Call) and node.function is Function.IF:
            return self._either(node, mood)
        if isinstance(node, Call) and node.function is Function.NOT:
            return self._denied(node.arguments[0], mood)
        if isinstance(node, Call) and (key := f"explain.{mood}.{node.function}") in _copy:
            return self._filled(key, node)
        return _copy(f"explain.{mood}.phrase", phrase=self.noun(node))

    def _joined(self, node: Call, mood: str) -> str:
        parts = list(node.arguments)
        between = _between(parts) if node.function is Function.AND else None
        if between:
            figure, least, most = between
            return _copy(
                f"explain.{mood}.between", figure=self.noun(figure), least=self.noun(least), most=self.noun(most)
            )
        key = f"explain.join.{node.function}"
        return _copy(key).join(self._judged(part, mood) for part in parts)

    def _either(self, node: Call, mood: str) -> str:
        """NẾU with conditions for branches; one branch alone demands nothing else."""
        key = "explain.either" if len(node.arguments) > 2 else "explain.only-if"
        words = [self.condition(node.arguments[0]), *(self._judged(one, mood) for one in node.arguments[1:])]
        return _copy(key, **dict(zip(_ORDINALS, words, strict=False)))

    def _denied(self, node: Node, mood: str) -> str:
        """``KHÔNG(TRỐNG(x))`` has words of its own, the rest is a case that may not be."""
        if isinstance(node, Call) and (key := f"explain.{mood}.not-{node.function}") in _copy:
            return self._filled(key, node)
        return _copy(f"explain.{mood}.NOT", first=self.condition(node))

    def _compared(self, node: Compare, mood: str) -> str:
        special = self._of_unit(node, mood) or self._near(node, mood)
        if special:
            return special
        left, right = self.noun(node.left), self.noun(node.right)
        if _is_share(node.left) and isinstance(node.right, Number) and not node.right.percent:
            right += "%"
        return _copy(f"explain.{mood}.{_OPERATORS[node.operator]}", left=left, right=right)

    def _of_unit(self, node: Compare, mood: str) -> str | None:
        """``NHÓM("loai") = "phường"``, ``THÁNG() = 12``."""
        if not isinstance(node.left, Call):
            return None
        key = f"explain.{mood}.{_OPERATORS[node.operator]}-{node.left.function}"
        if key not in _copy:
            return None
        right = self.noun(node.right)
        if isinstance(node.right, Number) and not node.left.arguments:
            right = f"{node.right.value:f}"  # the year 2026, not 2.026
        return _copy(key, right=right, named="".join(map(self.noun, node.left.arguments)))

    def _near(self, node: Compare, mood: str) -> str | None:
        """``ABS(x - 1000) > 100`` is told as the range it leaves open or shuts."""
        word = {"<=": "between", ">": "outside"}.get(node.operator)
        left, width = node.left, node.right
        if word is None or not isinstance(left, Call) or left.function is not Function.ABS:
            return None
        inner = left.arguments[0]
        if not isinstance(width, Number) or not isinstance(inner, Binary) or not isinstance(inner.right, Number):
            return None
        if inner.operator != "-":
            return None
        least, most = inner.right.value - width.value, inner.right.value + width.value
        return _copy(f"explain.{mood}.{word}", figure=self.noun(inner.left), least=_number(least), most=_number(most))

    # nouns

    def noun(self, node: Node) -> str:
        """A figure, a text or a condition as a phrase."""
        return _NOUNS[type(node)](self, node)

    def number(self, node: Number) -> str:
        """``10 %``, ``1.000``."""
        return f"{_number(node.value * 100)}%" if node.percent else _number(node.value)

    def text(self, node: Text) -> str:
        """A word between quotes; an empty one is a blank."""
        return f"“{node.value}”" if node.value else _copy("explain.empty")

    def cell(self, node: Cell) -> str:
        """``“Thu nội địa” (cột 7)``, ``cột 7 (Ước lũy kế)``, ``“Thu nội địa”``."""
        if node.form is not None and fold(node.form) != fold(self.form.code):
            return self._foreign(node, node.form)
        if node.row is None:
            return self._column(node.column or "")
        return self._in_column(f"“{self._row(node.row)}”", node.column)

    def range(self, node: Range) -> str:
        """``các dòng từ “A” đến “B” (cột 7)``."""
        if node.form is not None and fold(node.form) != fold(self.form.code):
            return self._foreign(node, node.form)
        words = _copy("explain.range", first=self._row(node.first), last=self._row(node.last))
        return self._in_column(words, node.column)

    def _foreign(self, node: Cell | Range, form: str) -> str:
        """A cell of another form, by that form's names."""
        other = next((one for code, one in self.others.items() if fold(code) == fold(form)), None)
        if other is None:
            raise bind.UnknownName("form", form, "")
        words = Teller(other, other.columns, self.others).noun(replace(node, form=None))
        return _copy("explain.foreign", words=words, form=other.code)

    def negative(self, node: Negative) -> str:
        """A figure with its sign turned."""
        return _copy("explain.negative", operand=self._tight(node.operand))

    def binary(self, node: Binary) -> str:
        """A sum, difference, product or quotient; ``a / b * 100`` is a ratio, ``LŨY_KẾ(x; 1) + x`` the cumulative."""
        ratio = _ratio(node)
        if ratio:
            return self.call(ratio)
        running = _as_running_total(node)
        if running:
            return _copy("explain.running", figure=self.noun(running))
        within = self._tight if node.operator in "*/" else self.noun
        left = within(node.left)
        right = self._tight(node.right) if node.operator in "-*/" else self.noun(node.right)
        return _copy(f"explain.operator.{_OPERATORS[node.operator]}", left=left, right=right)

    def compare(self, node: Compare) -> str:
        """A condition inside a function."""
        return self.condition(node)

    def call(self, node: Call) -> str:
        """A function's phrase, by how many arguments it has where that makes a difference."""
        if f"explain.is.{node.function}" in _copy or node.function in (Function.AND, Function.OR):
            return self.condition(node)
        apart = _as_difference(node)
        if apart:
            return _copy("explain.difference", left=self.noun(apart.left), right=self.noun(apart.right))
        part = _as_difference(node.arguments[0]) if node.function is Function.RATIO else None
        if part:
            left, right, whole = map(self.noun, (part.left, part.right, node.arguments[1]))
            return _copy("explain.difference-ratio", left=left, right=right, whole=whole)
        arguments = node.arguments
        if len(arguments) == 2 and arguments[1] == _ONE and f"explain.function.{node.function}1" in _copy:
            arguments = arguments[:1]
        giver = _giver(node)
        told = _PLANS_TOLD.get(giver) if giver else None
        if told:
            return _copy(told, first=self.noun(arguments[0]))
        if node.function is Function.PLAN:
            arguments = arguments[:1]
        counted = f"explain.function.{node.function}{len(arguments)}"
        key = counted if counted in _copy else f"explain.function.{node.function}"
        return self._filled(key, Call(node.function, arguments))

    def _filled(self, key: str, node: Call) -> str:
        words = [self.condition(one) if _is_condition(one) else self.noun(one) for one in node.arguments]
        named = dict(zip(_ORDINALS, words, strict=False))
        return _copy(key, items=listed(words), rest=listed(words[1:]), precision=_precision(node), **named)

    def _tight(self, node: Node) -> str:
        words = self.noun(node)
        return f"({words})" if isinstance(node, Binary) and not _ratio(node) else words

    def _row(self, name: str) -> str:
        code = bind.row_code(self.form, name)
        return label_of(next(row for row in self.form.rows if row.code == code))

    def _in_column(self, words: str, column: str | None) -> str:
        if column is None:
            return words
        return _copy("explain.in-column", words=words, number=self._found(column).number)

    def _column(self, name: str) -> str:
        column = self._found(name)
        if column.code in self.told:
            return _copy("explain.column", number=column.number)
        self.told.add(column.code)
        alike = [one for one in self.columns if one.path[-1] == column.path[-1]]
        heading = column.path[-1] if len(alike) == 1 else " – ".join(column.path)
        return _copy("explain.column-first", number=column.number, heading=heading)

    def _found(self, name: str) -> Column:
        columns = {column.code: column for column in self.columns}
        return columns[column_code_of(self.form, columns, name)]


_NOUNS: dict[type, Callable[[Teller, Any], str]] = {
    Number: Teller.number,
    Text: Teller.text,
    Cell: Teller.cell,
    Range: Teller.range,
    Negative: Teller.negative,
    Binary: Teller.binary,
    Compare: Teller.compare,
    Call: Teller.call,
}
_ORDINALS = ("first", "second", "third", "fourth", "fifth")
_OPERATORS = {
    "=": "equal",
    "==": "exact",
    "<>": "different",
    "<": "less",
    "<=": "most",
    ">": "more",
    ">=": "least",
    "+": "plus",
    "-": "minus",
    "*": "times",
    "/": "over",
}


def _number(value: Decimal) -> str:
    return format_number(value, places(value))


def _precision(node: Call) -> str:
    """To which decimals a call rounds: ``hàng đơn vị``, ``2 chữ số thập phân``, ``hàng 1.000``."""
    asked = node.arguments[1] if len(node.arguments) > 1 else _ZERO
    sign, number = (-1, asked.operand) if isinstance(asked, Negative) else (1, asked)
    decimals = sign * int(number.value) if isinstance(number, Number) else 0
    if decimals > 0:
        return _copy("explain.precision.decimals", count=decimals)
    if decimals < 0:
        return _copy("explain.precision.tens", number=_number(Decimal(10) ** -decimals))
    return _copy("explain.precision.whole")


_PLANS_TOLD = {Aspect.PLAN_CENTRAL: "explain.central-plan", Aspect.SCENARIO: "explain.scenario"}


def _giver(call: Call) -> Aspect | None:
    """Whose plan a call names; None where it names nobody."""
    return given_by(call.arguments[1]) if call.function is Function.PLAN and len(call.arguments) > 1 else None


def _is_share(node: Node) -> bool:
    """True for a figure in percent: TỶ_LỆ, TĂNG_GIẢM, ``a / b * 100``."""
    return _ratio(node) is not None or (isinstance(node, Call) and node.function is Function.CHANGE)


def _is_condition(node: Node) -> bool:
    return category(node) is Category.CONDITION


def _between(parts: list[Node]) -> tuple[Node, Node, Node] | None:
    """``x >= a VÀ x <= b`` as (x, a, b)."""
    if len(parts) != 2:
        return None
    low, high = parts
    if not (isinstance(low, Compare) and isinstance(high, Compare) and low.left == high.left):
        return None
    return (low.left, low.right, high.right) if (low.operator, high.operator) == (">=", "<=") else None


def _ratio(node: Node) -> Call | None:
    """TỶ_LỆ(a; b), also when written ``a / b * 100``."""
    if isinstance(node, Call) and node.function is Function.RATIO:
        return node
    if not isinstance(node, Binary) or node.operator != "*" or node.right != _HUNDRED:
        return None
    quotient = node.left
    if isinstance(quotient, Binary) and quotient.operator == "/":
        return Call(Function.RATIO, (quotient.left, quotient.right))
    return None


def _as_running_total(node: Binary) -> Node | None:
    """``LŨY_KẾ(x; 1) + x``, which is what LŨY_KẾ(x) is parsed to, as x."""
    left = node.left
    if node.operator == "+" and isinstance(left, Call) and left == Call(Function.CUMULATIVE, (node.right, _ONE)):
        return node.right
    return None


def _as_difference(node: Node) -> Binary | None:
    """``ABS(a - b)`` as its difference."""
    inner = node.arguments[0] if isinstance(node, Call) and node.function is Function.ABS else None
    return inner if isinstance(inner, Binary) and inner.operator == "-" else None
