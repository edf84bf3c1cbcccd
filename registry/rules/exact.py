"""Arithmetic of rules: 60 digits, with quotients that never end brought back to what they stand for."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal

_WIDE = Context(prec=60)
_LARGEST = Decimal(10) ** 28
_FINEST = Decimal(1).scaleb(-30)

add = _WIDE.add
subtract = _WIDE.subtract
multiply = _WIDE.multiply
divide = _WIDE.divide
negative = _WIDE.minus


def settled(value: Decimal) -> Decimal:
    """``value`` without the dust of endless quotients: 1/3*3 is 1. Exact for any sum of figures."""
    if abs(value) >= _LARGEST:
        return value
    return value.quantize(_FINEST, ROUND_HALF_EVEN, _WIDE)


def rounded(value: Decimal, decimals: int) -> Decimal:
    """Half away from zero; a value no figure could have stays as it is."""
    if abs(value) >= _LARGEST:
        return value
    return settled(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _WIDE)


def ratio(numerator: Decimal, denominator: Decimal) -> Decimal | None:
    """The quotient, None when the denominator is nothing."""
    return divide(numerator, denominator) if settled(denominator) else None
