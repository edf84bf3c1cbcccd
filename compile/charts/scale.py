"""Round ticks, short numbers and classes: exact arithmetic up to the coordinate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal

from registry.catalogue.measures import rounded
from vietnamese.numbers import format_number, places

_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
_SHORT = Context(prec=2, rounding=ROUND_FLOOR)
_NOUGHT = Decimal(0)
_HUNDRED, _THOUSAND = Decimal(100), Decimal(1000)


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps numbers onto a stretch of the drawing; ``ticks`` are round and enclose every number."""

    ticks: tuple[Decimal, ...]

    def at(self, value: Decimal, length: float) -> float:
        """How far along ``length`` a number lies."""
        return float((value - self.ticks[0]) / (self.ticks[-1] - self.ticks[0])) * length

    @property
    def labels(self) -> tuple[str, ...]:
        """The ticks as Vietnamese people write them, with as many decimals as the finest needs."""
        decimals = max(places(one) for one in self.ticks)
        return tuple(format_number(one, decimals) for one in self.ticks)


def scale(values: Sequence[Decimal], *, from_nought: bool = True, wanted: int = 5) -> Scale:
    """A scale of about ``wanted`` steps over the values; one without them runs from 0 to 1."""
    least, most = min(values, default=_NOUGHT), max(values, default=_NOUGHT)
    if from_nought:
        least, most = min(least, _NOUGHT), max(most, _NOUGHT)
    if least == most:
        least, most = (_NOUGHT, abs(most) or Decimal(1)) if most >= 0 else (most, _NOUGHT)
    step = _step((most - least) / wanted)
    first = (least / step).to_integral_value(ROUND_FLOOR)
    last = (most / step).to_integral_value(ROUND_CEILING)
    return Scale(tuple((first + n) * step for n in range(int(last - first) + 1)))


def _step(rough: Decimal) -> Decimal:
    power = Decimal(1).scaleb(rough.adjusted())
    return next(one for one in _STEPS if one * power >= rough) * power


def short(value: Decimal, decimals: int = 2) -> str:
    """A number for beside a bar: the three or four digits that matter; the table has all of them.

    ``decimals`` is how many the chart has at most, so that 153,0 stands beside 241,6.
    """
    size = abs(value)
    kept = min(decimals, 0 if size >= _THOUSAND else 1 if size >= _HUNDRED else 2)
    return format_number(rounded(value, kept), kept)


def whole(value: Decimal) -> str:
    """The number as it is, to the last digit."""
    return format_number(value, places(value))


def classes(values: Sequence[Decimal], wanted: int = 5) -> tuple[Decimal, ...]:
    """Rising lower bounds of at most ``wanted`` classes with about as many values each; bounds are round.

    The first is the least value; a class holds what is at or above its bound and below the next one's.
    """
    ordered = sorted(values)
    if not ordered:
        return ()
    bounds = [ordered[0]]
    for n in range(1, wanted):
        exact = ordered[n * len(ordered) // wanted]
        bound = _SHORT.plus(exact) if exact >= 0 else exact
        if bound > bounds[-1]:
            bounds.append(bound)
    return tuple(bounds)


def class_of(value: Decimal, bounds: Sequence[Decimal]) -> int:
    """The place of the class a value is in."""
    return max(n for n, bound in enumerate(bounds) if value >= bound)
