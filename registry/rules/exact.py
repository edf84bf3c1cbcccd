"""Arithmetic of rules: 60 digits, with quotients that never end brought back to what they stand for."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Context, Decimal
from functools import cache

_WIDE = Context(prec=60)
_LARGEST = Decimal(10) ** 28
_LEAST = _LARGEST.copy_negate()
_FINEST = Decimal(1).scaleb(-30)
_DUST = _FINEST / 2  # settles to nothing
_DUST_BELOW = _DUST.copy_negate()

add = _WIDE.add
subtract = _WIDE.subtract
multiply = _WIDE.multiply
divide = _WIDE.divide
negative = _WIDE.minus
absolute = _WIDE.abs


def settled(value: Decimal) -> Decimal:
    """``value`` without the dust of endless quotients: 1/3*3 is 1. Exact for any sum of figures."""
    if not _LEAST < value < _LARGEST:
        return value
    return value.quantize(_FINEST, ROUND_HALF_EVEN, _WIDE)


def rounded(value: Decimal, decimals: int) -> Decimal:
    """Half away from zero; a value no figure could have stays as it is."""
    return _cut(value, decimals, ROUND_HALF_UP)


def all_rounded(values: Iterable[Decimal | None], decimals: int) -> list[Decimal | None]:
    """``rounded`` of each; None stays None."""
    unit = _unit(decimals)
    return [
        value.quantize(_FINEST, ROUND_HALF_EVEN, _WIDE).quantize(unit, ROUND_HALF_UP, _WIDE)
        if value is not None and _LEAST < value < _LARGEST
        else value
        for value in values
    ]


def rounded_up(value: Decimal, decimals: int) -> Decimal:
    """Away from zero."""
    return _cut(value, decimals, ROUND_UP)


def rounded_down(value: Decimal, decimals: int) -> Decimal:
    """Towards zero."""
    return _cut(value, decimals, ROUND_DOWN)


def whole(value: Decimal) -> Decimal:
    """The largest whole number not above ``value``."""
    return _cut(value, 0, ROUND_FLOOR)


def _cut(value: Decimal, decimals: int, rounding: str) -> Decimal:
    if not _LEAST < value < _LARGEST:
        return value
    return value.quantize(_FINEST, ROUND_HALF_EVEN, _WIDE).quantize(_unit(decimals), rounding, _WIDE)


@cache
def _unit(decimals: int) -> Decimal:
    return Decimal(1).scaleb(-decimals)


def ratio(numerator: Decimal, denominator: Decimal) -> Decimal | None:
    """The quotient, None when the denominator is nothing."""
    return None if _DUST_BELOW <= denominator <= _DUST else divide(numerator, denominator)
