"""A tree back in words: the one spelling of a rule that ``parse`` reads to an equal tree."""

from __future__ import annotations

from decimal import Decimal

from registry.rules.functions import official_name
from registry.rules.tree import Binary, Call, Cell, Compare, Negative, Node, Number, Range, Text

_SUM, _PRODUCT, _ATOM = 1, 2, 3
_LEVELS = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT}


def written(node: Node) -> str:
    """The rule as its author would type it: ``LŨY_KẾ((c06); 2) + (c05)``."""
    return _spelled(node)[0]


def _spelled(node: Node) -> tuple[str, int]:
    if isinstance(node, Number):
        return _literal(node), _ATOM if node.value >= 0 else _SUM
    if isinstance(node, Text):
        return '"' + node.value.replace('"', '""') + '"', _ATOM
    if isinstance(node, Cell | Range):
        return _reference(node), _ATOM
    if isinstance(node, Negative):
        return f"-{_within(node.operand, _ATOM)}", _SUM
    if isinstance(node, Binary):
        level = _LEVELS[node.operator]
        return f"{_within(node.left, level)} {node.operator} {_within(node.right, level + 1)}", level
    if isinstance(node, Compare):
        return f"{_within(node.left, _SUM)} {node.operator} {_within(node.right, _SUM)}", 0
    return f"{official_name(node.function)}({_arguments(node)})", _ATOM


def _arguments(node: Call) -> str:
    arguments = [written(argument) for argument in node.arguments]
    if len(arguments) == 1 and "," in arguments[0]:
        return f"({arguments[0]})"
    return "; ".join(arguments)


def _within(node: Node, level: int) -> str:
    text, own = _spelled(node)
    return text if own >= level else f"({text})"


def _literal(node: Number) -> str:
    value = node.value * Decimal(100) if node.percent else node.value
    return f"{value.normalize():f}".replace(".", ",") + ("%" if node.percent else "")


def _reference(node: Cell | Range) -> str:
    rows = (node.first, node.last) if isinstance(node, Range) else (node.row,)
    row = ":".join(f"[{name}]" for name in rows if name is not None)
    column = f"({node.column})" if node.column is not None else ""
    form = f"{{{node.form}}}!" if node.form is not None else ""
    return form + ".".join(part for part in (row, column) if part)
