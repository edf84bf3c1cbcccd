"""Rules as Excel formulas: the second back end of the rule language, equal in result to ``rules.evaluate``.

Only functions of Excel 2010. A formula tests that what it reads is there before it reckons: an operand that is
neither a number nor a nil sign makes the result "", a nil sign counts as 0, and so does division by nothing
make "". Signs of ``=``: inside formulas exactly equal, inside checks equal at the declared precision.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from registry.rules.checks import conjuncts
from registry.rules.functions import decimals_of
from registry.rules.shorthand import spelled_out
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
    is_additive,
    is_background,
)
from workbook_templates.resolver import Resolver, SheetResolver

__all__ = ["NIL_SIGNS", "Resolver", "SheetResolver", "check_to_excel", "to_excel"]

NIL_SIGNS = ("-", "–", "kps")  # typed for không phát sinh; Excel compares without case
_SUM_PLACES, _RATIO_PLACES = 6, 9  # where binary dust is cut before a comparison


def to_excel(node: Node, resolve: Resolver, decimals: int | None = None) -> str:
    """The formula, with its "=", of a computed cell; rounded half away from zero when ``decimals`` are given.

    ``to_excel(parse("(c06)/(c05)*100"), resolve, 1)`` tests both cells and the divisor, then rounds.
    """
    figure = _figure(node, resolve)
    value = figure.value if decimals is None else f"ROUND({figure.value},{decimals})"
    return "=" + _guarded(figure.guards, value)


def check_to_excel(node: Node, resolve: Resolver) -> str | None:
    """The formula, with its "=", of a live check: TRUE, FALSE, or "" while something it reads is missing.

    None for checks a workbook cannot make: ``=`` between quotients of rounded figures, which only the server
    judges at their precision.
    """
    try:
        parts = [_condition(part, resolve, tolerant=True) for part in conjuncts(node)]
    except _NeedsTheServer:
        return None
    if len(parts) == 1:
        return "=" + _guarded(parts[0].guards, parts[0].value)
    truths = ",".join(part.truth for part in parts)
    return f'=IF(MIN({truths})=0,FALSE,IF(MAX({truths})=1,TRUE,""))'


class _NeedsTheServer(ValueError):
    """An equality whose precision is no fixed number."""


# --- what a node becomes ---------------------------------------------------------------------------------------------

_COMPARISON, _SUM, _PRODUCT, _ATOM = range(4)


class Guard(NamedTuple):
    """Something that must hold before a value may be reckoned; a late one may itself fail unless the early hold."""

    test: str
    late: bool = False


class Piece(NamedTuple):
    """A value in Excel's spelling, right wherever all its guards hold."""

    value: str
    level: int = _ATOM
    guards: tuple[Guard, ...] = ()

    def within(self, level: int) -> str:
        """The value as an operand of something that binds at ``level``."""
        return self.value if self.level >= level else f"({self.value})"

    @property
    def truth(self) -> str:
        """A condition as a number: 1 true, 0 false, 0.5 unknown."""
        certain = f"IF({self.value},1,0)"
        return _guarded(self.guards, certain, "0.5") if self.guards else certain


_NOTHING = Piece("0", _ATOM, (Guard("FALSE"),))


def _joined(*pieces: Piece) -> tuple[Guard, ...]:
    return tuple(dict.fromkeys(guard for piece in pieces for guard in piece.guards))


def _guarded(guards: Iterable[Guard], value: str, otherwise: str = '""') -> str:
    """``value`` under its guards: early ones together, late ones one inside another."""
    listed = tuple(guards)
    if Guard("FALSE") in listed:
        return otherwise
    early = [guard.test for guard in listed if not guard.late]
    tests = ([_all(early)] if early else []) + [guard.test for guard in listed if guard.late]
    for test in reversed(tests):
        value = f"IF({test},{value},{otherwise})"
    return value


def _all(tests: Sequence[str]) -> str:
    return tests[0] if len(tests) == 1 else f"AND({','.join(tests)})"


# --- figures ---------------------------------------------------------------------------------------------------------


def _figure(node: Node, resolve: Resolver) -> Piece:
    if isinstance(node, Number):
        return Piece(_literal(node.value) if node.value >= 0 else f"({_literal(node.value)})")
    if isinstance(node, Cell):
        return _read(resolve.cell(node))
    if isinstance(node, Negative):
        operand = _figure(node.operand, resolve)
        return Piece(f"(-{operand.within(_ATOM)})", _ATOM, operand.guards)
    if isinstance(node, Binary):
        return _binary(node, resolve)
    if isinstance(node, Call):
        longer = spelled_out(node)
        if longer:
            return _figure(longer, resolve)
        return _hidden(node, resolve) if is_background(node) else _FUNCTIONS[node.function](node, resolve)
    return _NOTHING


def _literal(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _read(address: str | None) -> Piece:
    if address is None:
        return _NOTHING
    signs = ",".join(f'{address}="{sign}"' for sign in NIL_SIGNS)
    return Piece(f"N({address})", _ATOM, (Guard(f"OR(ISNUMBER({address}),{signs})"),))


def _hidden(node: Call, resolve: Resolver) -> Piece:
    address = resolve.background(node)
    return _NOTHING if address is None else Piece(f"N({address})", _ATOM, (Guard(f"ISNUMBER({address})"),))


def _binary(node: Binary, resolve: Resolver) -> Piece:
    left, right = _figure(node.left, resolve), _figure(node.right, resolve)
    level = _SUM if node.operator in "+-" else _PRODUCT
    strict = node.operator in "-/"
    value = f"{left.within(level)}{node.operator}{right.within(level + 1 if strict else level)}"
    guards = _joined(left, right)
    return Piece(value, level, (*guards, _not_nothing(node.right, right)) if node.operator == "/" else guards)


def _not_nothing(node: Node, divisor: Piece) -> Guard:
    late = "/" in divisor.value
    if isinstance(node, Cell | Number) or is_background(node) or not is_additive(node):
        return Guard(f"{divisor.within(_SUM)}<>0", late)
    return Guard(f"ROUND({divisor.value},{_SUM_PLACES})<>0", late)


def _round(node: Call, resolve: Resolver) -> Piece:
    operand = _figure(node.arguments[0], resolve)
    return operand._replace(value=f"ROUND({operand.value},{decimals_of(node)})", level=_ATOM)


def _cut(node: Call, resolve: Resolver) -> Piece:
    """ROUNDUP, ROUNDDOWN and INT would take binary dust for a figure."""
    operand = _figure(node.arguments[0], resolve)
    decimals = "" if node.function is Function.INT else f",{decimals_of(node)}"
    value = f"{node.function.value}(ROUND({operand.value},{_RATIO_PLACES}){decimals})"
    return operand._replace(value=value, level=_ATOM)


def _abs(node: Call, resolve: Resolver) -> Piece:
    operand = _figure(node.arguments[0], resolve)
    return operand._replace(value=f"ABS({operand.value})", level=_ATOM)


def _if(node: Call, resolve: Resolver) -> Piece:
    condition = _condition(node.arguments[0], resolve, tolerant=False)
    chosen = _figure(node.arguments[1], resolve)
    other = _figure(node.arguments[2], resolve) if len(node.arguments) > 2 else _NOTHING
    return _branches(condition, chosen, other)


def _if_blank(node: Call, resolve: Resolver) -> Piece:
    given, other = (_figure(argument, resolve) for argument in node.arguments)
    if Guard("FALSE") in given.guards:
        return other
    test = _guarded(given.guards, "TRUE", "FALSE")
    guards = (Guard(f"IF({test},TRUE,{_reached(other)})", late=True),) if other.guards else ()
    return Piece(f"IF({test},{given.value},{other.value})", _ATOM, guards)


def _branches(condition: Piece, chosen: Piece, other: Piece) -> Piece:
    reached = f"IF({condition.value},{_reached(chosen)},{_reached(other)})"
    guards = condition.guards
    if chosen.guards or other.guards:
        guards = (*guards, Guard(reached, late=True))
    return Piece(f"IF({condition.value},{chosen.value},{other.value})", _ATOM, guards)


def _reached(piece: Piece) -> str:
    return _guarded(piece.guards, "TRUE", "FALSE")


# SUM, MIN and MAX pass over blank cells they name; a nil sign among them counts as 0.


def _over_cells(node: Call, resolve: Resolver) -> tuple[list[str], list[str], Piece]:
    """Areas of cells named directly, values reckoned, and a piece with the guards of the latter."""
    addresses: list[str] = []
    reckoned: list[Piece] = []
    for argument in node.arguments:
        if isinstance(argument, Range):
            addresses.extend(resolve.cells(argument))
        elif isinstance(argument, Cell):
            address = resolve.cell(argument)
            addresses.extend([address] if address else [])
        else:
            reckoned.append(_figure(argument, resolve))
    areas = _areas(addresses)
    guards = _joined(*reckoned)
    if not reckoned:
        guards = (Guard(f"COUNT({','.join(areas)})+{_nils(areas)}>0" if areas else "FALSE"),)
    return areas, [piece.value for piece in reckoned], Piece("", _ATOM, guards)


def _nils(areas: Iterable[str]) -> str:
    """How many cells say không phát sinh; figures written into a check are no cells."""
    cells = [area for area in areas if _ADDRESS.match(area)]
    return "+".join(f'COUNTIF({area},"{sign}")' for area in cells for sign in NIL_SIGNS) or "0"


def _count(node: Call, resolve: Resolver) -> Piece:
    areas, _, _ = _over_cells(node, resolve)
    calculations = [_figure(one, resolve) for one in node.arguments if not isinstance(one, Cell | Range)]
    counted = [f"COUNT({','.join(areas)})", _nils(areas)] if areas else []
    return Piece("+".join([*counted, *(_guarded(one.guards, "1", "0") for one in calculations)]) or "0", _SUM)


def _sum(node: Call, resolve: Resolver) -> Piece:
    areas, values, piece = _over_cells(node, resolve)
    return piece._replace(value=f"SUM({','.join(areas + values)})")


def _extreme(node: Call, resolve: Resolver) -> Piece:
    areas, values, piece = _over_cells(node, resolve)
    name, listed = node.function.value, ",".join(areas + values)
    if not areas:
        return piece._replace(value=f"{name}({listed})")
    return piece._replace(value=f"IF({_nils(areas)}>0,{name}(0,{listed}),{name}({listed}))")


_ADDRESS = re.compile(r"(\$?[A-Z]+\$?)([0-9]+)")


def _areas(addresses: Iterable[str]) -> list[str]:
    """Addresses with those that stand one below another written as one area: D5:D9."""
    runs: list[list[str]] = []
    for address in addresses:
        if runs and _follows(runs[-1][-1], address):
            runs[-1].append(address)
        else:
            runs.append([address])
    return [run[0] if len(run) == 1 else f"{run[0]}:{run[-1]}" for run in runs]


def _follows(above: str, below: str) -> bool:
    one, other = _ADDRESS.fullmatch(above), _ADDRESS.fullmatch(below)
    return bool(one and other and one[1] == other[1] and int(other[2]) == int(one[2]) + 1)


_FUNCTIONS: dict[Function, Callable[[Call, Resolver], Piece]] = {
    Function.SUM: _sum,
    Function.MIN: _extreme,
    Function.MAX: _extreme,
    Function.COUNT: _count,
    Function.ROUND: _round,
    Function.ROUND_UP: _cut,
    Function.ROUND_DOWN: _cut,
    Function.INT: _cut,
    Function.ABS: _abs,
    Function.IF: _if,
    Function.IF_BLANK: _if_blank,
}


# --- conditions ------------------------------------------------------------------------------------------------------


def _condition(node: Node, resolve: Resolver, tolerant: bool) -> Piece:
    if isinstance(node, Compare):
        if Category.TEXT in (category(node.left), category(node.right)):
            return _text_comparison(node, resolve)
        return _comparison(node, resolve, tolerant)
    assert isinstance(node, Call)
    if longer := spelled_out(node):
        return _condition(longer, resolve, tolerant)
    if node.function in (Function.BLANK, Function.NIL):
        return _stands(node, resolve)
    if node.function is Function.IF:
        return _implied(node, resolve, tolerant)
    parts = [_condition(argument, resolve, tolerant) for argument in node.arguments]
    if node.function is Function.NOT:
        return parts[0]._replace(value=f"NOT({parts[0].value})", level=_ATOM)
    return _decided(node.function, parts)


def _stands(node: Call, resolve: Resolver) -> Piece:
    named, is_nil = node.arguments[0], node.function is Function.NIL
    address = resolve.cell(named) if isinstance(named, Cell) else None
    if address is None:
        return Piece("FALSE" if is_nil else "TRUE")
    if not is_nil:
        return Piece(f'{address}=""', _COMPARISON)
    signs = ",".join(f'{address}="{sign}"' for sign in NIL_SIGNS)
    return Piece(f"OR({signs})")


def _decided(function: Function, parts: Sequence[Piece]) -> Piece:
    """AND is the least of the truths, OR the greatest; 0.5 is unknown."""
    if not any(part.guards for part in parts):
        return Piece(f"{function.value}({','.join(part.value for part in parts)})")
    choose = "MIN" if function is Function.AND else "MAX"
    truth = f"{choose}({','.join(part.truth for part in parts)})"
    return Piece(f"{truth}=1", _COMPARISON, (Guard(f"{truth}<>0.5"),))


def _implied(node: Call, resolve: Resolver, tolerant: bool) -> Piece:
    condition, chosen, *rest = (_condition(argument, resolve, tolerant) for argument in node.arguments)
    return _branches(condition, chosen, rest[0] if rest else Piece("TRUE"))


def _comparison(node: Compare, resolve: Resolver, tolerant: bool) -> Piece:
    left, right = _figure(node.left, resolve), _figure(node.right, resolve)
    operator = "=" if node.operator == "==" else node.operator
    guards = _joined(left, right)
    difference = f"{left.within(_SUM)}-{right.within(_PRODUCT)}"
    slack = _slack(node, resolve) if tolerant and node.operator == "=" else Decimal(0)
    if slack:
        return Piece(f"ROUND(ABS({difference}),{_SUM_PLACES})<{_literal(slack)}", _COMPARISON, guards)
    if all(isinstance(side, Cell | Number) or is_background(side) for side in (node.left, node.right)):
        return Piece(f"{left.value}{operator}{right.value}", _COMPARISON, guards)
    places = _SUM_PLACES if is_additive(node.left) and is_additive(node.right) else _RATIO_PLACES
    return Piece(f"ROUND({difference},{places}){operator}0", _COMPARISON, guards)


def _text_comparison(node: Compare, resolve: Resolver) -> Piece:
    sides = [_words(side, resolve) for side in (node.left, node.right)]
    operator = "<>" if node.operator == "<>" else "="
    if node.operator not in ("=", "==", "<>"):
        return _NOTHING
    return Piece(f"{sides[0].value}{operator}{sides[1].value}", _COMPARISON, _joined(*sides))


def _words(node: Node, resolve: Resolver) -> Piece:
    if isinstance(node, Text):
        return Piece('"' + node.value.replace('"', '""') + '"')
    address = None
    if isinstance(node, Cell):
        address = resolve.cell(node)
    elif isinstance(node, Call):
        address = resolve.background(node)
    return (
        _NOTHING if address is None else Piece(address, _ATOM, (Guard(f'IF(ISTEXT({address}),{address}<>"",FALSE)'),))
    )


def _slack(node: Compare, resolve: Resolver) -> Decimal:
    """How much two sides may differ by rounding alone; raises _NeedsTheServer when that is no fixed number."""
    return _spread(node.left, resolve) + _spread(node.right, resolve)


def _spread(node: Node, resolve: Resolver) -> Decimal:
    if isinstance(node, Call) and (longer := spelled_out(node)):
        return _spread(longer, resolve)
    if isinstance(node, Number | Text) or (isinstance(node, Call) and node.function is Function.COUNT):
        return Decimal(0)
    if isinstance(node, Cell) or (isinstance(node, Call) and is_background(node)):
        return resolve.half_unit(node)
    if isinstance(node, Range):
        return resolve.half_unit(node) * len(resolve.cells(node))
    if isinstance(node, Negative):
        return _spread(node.operand, resolve)
    if isinstance(node, Binary):
        return _spread_of_two(node, resolve)
    if isinstance(node, Call) and node.function in (Function.SUM, Function.ABS):
        return sum((_spread(argument, resolve) for argument in node.arguments), Decimal(0))
    spreads = [_spread(argument, resolve) for argument in node.arguments] if isinstance(node, Call) else []
    if any(spreads) or not isinstance(node, Call):
        raise _NeedsTheServer
    return Decimal(0)


def _spread_of_two(node: Binary, resolve: Resolver) -> Decimal:
    left, right = _spread(node.left, resolve), _spread(node.right, resolve)
    if node.operator in "+-" or not (left or right):
        return left + right
    factor = node.right if left else node.left
    if not isinstance(factor, Number) or not factor.value or (left and right) or (node.operator == "/" and not left):
        raise _NeedsTheServer
    spread = left or right
    return spread * abs(factor.value) if node.operator == "*" else spread / abs(factor.value)
