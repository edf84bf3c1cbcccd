"""Measure clashes: ha added to tấn, hộ held against người, a share without its 100; found without any figure.

What a node measures is followed through the tree. A number written out fits everything; a factor of ten, a hundred…
may be a conversion or a mere factor, so both are kept in mind; only what fits in neither way is a clash.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from registry.catalogue.forms import View
from registry.rules import bind
from registry.rules.bind import Place
from registry.rules.shorthand import spelled_out
from registry.rules.tree import (
    Binary,
    Call,
    Cell,
    Compare,
    Function,
    Negative,
    Node,
    Number,
    Range,
    Text,
    is_background,
)

PERCENT = {"%": Fraction(1, 100), "‰": Fraction(1, 1000)}  # shares of one, whatever dimension the catalogue gives them
POINTS = "điểm %"
_COUNTS = frozenset({Function.COUNT, Function.MONTH, Function.QUARTER, Function.YEAR, Function.GROUP})

Dimensions = frozenset[tuple[str, int]]  # powers of dimensions; empty for a share
_SHARE: Dimensions = frozenset()
_POINTS: Dimensions = frozenset({(POINTS, 1)})


class MeasureClash(ValueError):
    """Two figures that cannot be added or held against one another, by their measures as printed."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(f"{one} ≠ {other}")
        self.one = one
        self.other = other


class Quantity(NamedTuple):
    """What a figure measures: the dimensions and scales it may be read in, and how that is printed."""

    readings: frozenset[tuple[Dimensions, Fraction]]
    printed: str


Measured = Quantity | None  # None fits everything


def measured(node: Node, place: Place, view: View) -> Measured:
    """What a node measures; raises MeasureClash for the first clash in it, bind.UnknownName."""
    if isinstance(node, Cell):
        return _of_cell(node, place, view)
    if isinstance(node, Range):
        return _agreed([_of_cell(one, place, view) for one in bind.cells(node, place, view)])
    if isinstance(node, Negative):
        return measured(node.operand, place, view)
    if isinstance(node, Binary):
        return _binary(node, place, view)
    if isinstance(node, Compare):
        _agreed([measured(node.left, place, view), measured(node.right, place, view)])
        return None
    return _of_call(node, place, view) if isinstance(node, Call) else None


def fits(node: Node, measure: str, place: Place, view: View) -> None:
    """Raises MeasureClash where a computed cell shows another measure than its formula comes to."""
    _agreed([_in_measure(measure, view), measured(node, place, view)])


def _of_cell(node: Cell, place: Place, view: View) -> Measured:
    if there := bind.foreign(node, place, view):
        return _in_measure(there.spec.measure, there.view)
    spec = bind.spec(node, place, view)
    return _in_measure(spec.measure, view) if spec else None


def _in_measure(code: str, view: View) -> Measured:
    measure = view.definitions.measures.get(code)
    if measure is None:
        return None
    if code in PERCENT:
        return Quantity(frozenset({(_SHARE, PERCENT[code])}), code)
    dimension = POINTS if code == POINTS else measure.dimension
    scale = Fraction(1, 100) if code == POINTS else measure.factor
    return Quantity(frozenset({(frozenset({(dimension, 1)}), scale)}), code)


def _of_call(node: Call, place: Place, view: View) -> Measured:
    if longer := spelled_out(node):
        return measured(longer, place, view)
    if is_background(node):
        named = node.arguments[0] if node.arguments else None
        return _of_cell(named, place, view) if isinstance(named, Cell) else None
    found = [measured(one, place, view) for one in node.arguments if not isinstance(one, Text)]
    if node.function in _COUNTS:
        return None
    if node.function is Function.IF:
        return _agreed(found[1:])
    return _agreed(found)


def _binary(node: Binary, place: Place, view: View) -> Measured:
    one, other = measured(node.left, place, view), measured(node.right, place, view)
    if node.operator == "+":
        return _agreed([one, other])
    if node.operator == "-":
        return _difference(_agreed([one, other]))
    if one is None or other is None:
        return _scaled(one or other, node, is_divisor=one is None and node.operator == "/")
    readings = frozenset(
        (_powers(a, b, 1 if node.operator == "*" else -1), s * t if node.operator == "*" else s / t)
        for a, s in one.readings
        for b, t in other.readings
    )
    sign = "×" if node.operator == "*" else "/"
    return Quantity(readings, f"{one.printed}{sign}{other.printed}")


def _powers(one: Dimensions, other: Dimensions, sign: int) -> Dimensions:
    powers = dict(one)
    for dimension, power in other:
        powers[dimension] = powers.get(dimension, 0) + sign * power
    return frozenset((dimension, power) for dimension, power in powers.items() if power)


def _difference(of: Measured) -> Measured:
    """The difference of two shares is points as well as a share."""
    if of is None:
        return None
    points = frozenset((_POINTS, scale) for dimensions, scale in of.readings if not dimensions)
    return of._replace(readings=of.readings | points)


def _scaled(of: Measured, node: Binary, is_divisor: bool) -> Measured:
    """A figure times or by a number: of the same measure, or converted when the number is a power of ten."""
    if of is None:
        return None
    readings = of.readings
    if is_divisor:
        readings = frozenset((_powers(_SHARE, dimensions, -1), 1 / scale) for dimensions, scale in readings)
    number = next((side.value for side in (node.right, node.left) if isinstance(side, Number)), None)
    if number is None or not _is_power_of_ten(number):
        return of._replace(readings=readings)
    factor = Fraction(number) if node.operator == "*" else 1 / Fraction(number)
    if is_divisor:
        factor = Fraction(number)
    return of._replace(readings=readings | {(dimensions, scale / factor) for dimensions, scale in readings})


def _is_power_of_ten(number: Decimal) -> bool:
    return number > 0 and number.normalize().as_tuple().digits == (1,)


def _agreed(of: list[Measured]) -> Measured:
    """What all of them measure; raises MeasureClash for the first that does not fit the ones before."""
    agreed: Measured = None
    for one in of:
        if agreed is None or one is None:
            agreed = agreed or one
            continue
        common = agreed.readings & one.readings
        if not common:
            raise MeasureClash(agreed.printed, one.printed)
        agreed = Quantity(common, agreed.printed)
    return agreed
