"""Measures (đơn vị tính) and exact integer figures: a figure is a mantissa in its indicator's canonical measure."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import lru_cache

MANTISSA_LIMIT = 10**15
_EXACT = Context(prec=60)
_FEW_DIGITS = 30  # so many times a ratio of measures stay within 60


class MantissaOverflow(ValueError):
    """The figure does not fit: |mantissa| must stay below 10^15 (DESIGN: Two addresses)."""


class NotRepresentable(ValueError):
    """The figure has more digits than the canonical measure keeps."""


class MeasureClash(ValueError):
    """Two measures of different dimensions cannot be converted into one another."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One unit of measure; ``factor`` base units of its dimension make one of it.

    ``decimals`` is the fixed number of decimals of mantissas when this measure is canonical
    (đồng 0, tấn 3, ha 2, % 4). ``counted`` measures (hộ, con, vụ) are exact, others are rounded.
    """

    code: str  # as printed: "tỷ đồng"
    dimension: str  # "tiền VND"
    factor: Fraction = field(hash=False)  # measures are keys of caches, and fractions are slow to hash
    decimals: int
    counted: bool


def rounded(value: Decimal, decimals: int) -> Decimal:
    """Half away from zero, everywhere (DESIGN: The rules)."""
    return value.quantize(_last_place(decimals), rounding=ROUND_HALF_UP, context=_EXACT)


@lru_cache(maxsize=64)
def _last_place(decimals: int) -> Decimal:
    return Decimal(1).scaleb(-decimals)


def times(value: Decimal, ratio: Fraction) -> Decimal | None:
    """``value`` so many times over, exactly; None where that has no end ("1/3")."""
    over = _EXACT.multiply(value, ratio.numerator)
    found = _EXACT.divide(over, ratio.denominator)
    return found if _EXACT.multiply(found, ratio.denominator) == over else None


def _ratio(shown: Measure, canonical: Measure) -> Fraction:
    if shown.dimension != canonical.dimension:
        raise MeasureClash(f"{shown.code} ≠ {canonical.code}")
    return shown.factor / canonical.factor


def to_mantissa(value: Decimal, shown: Measure, canonical: Measure) -> int:
    """Exact mantissa of ``value`` given in ``shown``, at ``canonical.decimals``.

    Raises NotRepresentable, MantissaOverflow, MeasureClash.
    """
    mantissa = _whole(value, _scale(shown, canonical))
    if mantissa is None:
        raise NotRepresentable(f"{value} {shown.code}")
    if abs(mantissa) >= MANTISSA_LIMIT:
        raise MantissaOverflow(f"{value} {shown.code}")
    return mantissa


def last_unit(decimals: int, shown: Measure, canonical: Measure) -> Fraction:
    """One last unit of a figure of so many decimals, in mantissas; 0 for what is counted. Raises MeasureClash."""
    scale = _scale(shown, canonical)
    return Fraction(0) if canonical.counted else scale / 10**decimals


def whole_below(decimals: int, shown: Measure, canonical: Measure) -> int:
    """The limit below which every figure of so many decimals has a mantissa; 0 where some have none."""
    if shown.dimension != canonical.dimension:
        return 0
    scale = _scale(shown, canonical)
    return int(MANTISSA_LIMIT // scale) if (scale / 10**decimals).denominator == 1 else 0


def _whole(value: Decimal, scale: Fraction) -> int | None:
    """``value`` so many times over where that is whole; None elsewhere."""
    if scale.denominator == 1 and len(value.as_tuple().digits) <= _FEW_DIGITS:
        product = _EXACT.multiply(value, scale.numerator)
        return int(product) if product == product.to_integral_value() else None
    exact = Fraction(value) * scale
    return exact.numerator if exact.denominator == 1 else None


def from_mantissa(mantissa: int, shown: Measure, canonical: Measure) -> Decimal:
    """The figure in ``shown``, exact when finite; a factor that does not divide is cut at 50 digits."""
    return told(mantissa, steps_between(shown, canonical))


def told(mantissa: int, steps: tuple[Decimal, Decimal]) -> Decimal:
    """``from_mantissa`` by the steps between the two measures."""
    return _EXACT.divide(_EXACT.multiply(mantissa, steps[0]), steps[1])


@lru_cache(maxsize=1024)
def _scale(shown: Measure, canonical: Measure) -> Fraction:
    return _ratio(shown, canonical) * Fraction(10) ** canonical.decimals


@lru_cache(maxsize=1024)
def steps_between(shown: Measure, canonical: Measure) -> tuple[Decimal, Decimal]:
    """What a mantissa is multiplied by and divided by to be shown. Raises MeasureClash."""
    one = 1 / _scale(shown, canonical)
    return Decimal(one.numerator), Decimal(one.denominator)
