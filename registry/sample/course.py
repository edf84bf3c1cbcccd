"""How the province's sample figures run through the year: flows, stocks, seasons, cumulative figures, indices."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from registry.catalogue.model import RowNature
from registry.catalogue.values import Aspect
from registry.sample.sources import Magnitude, chance, indicators, magnitudes, rows, swing

_GROWING = (RowNature.SEASON, RowNature.CROP_YEAR)


def round_half_up(value: Fraction, decimals: int = 0) -> Fraction:
    """Half away from zero."""
    scaled = abs(value) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole if value >= 0 else -whole, 10**decimals)


def season_year(code: str, year: int, month: int) -> int:
    """The year a season is named by: the one it ends in."""
    return year + 1 if month in _opening_months(code) else year


@cache
def _opening_months(code: str) -> frozenset[int]:
    """Months of the year before in a season that crosses the year: 11 and 12 of T(11-5)."""
    months = rows()[code].months
    if not {1, 12} <= months:
        return frozenset()
    first = next(month for month in range(12, 0, -1) if (month - 2) % 12 + 1 not in months)
    return frozenset(range(first, 13))


def season_end(code: str, year: int, month: int) -> tuple[int, int]:
    """Year and month in which the season running (or last run) in a month is complete."""
    months = rows()[code].months or frozenset({12})
    last = next(one for one in sorted(months, reverse=True) if one % 12 + 1 not in months)
    return season_year(code, year, month), last


def in_year(values: tuple[Fraction, Fraction], year: int) -> Fraction:
    """The value of any year on the line through 2025 and 2026."""
    return values[0] + (values[1] - values[0]) * (year - 2025)


@cache
def province(code: str, year: int, month: int) -> Fraction:
    """The province's figure in its printed measure, before rounding.

    Of a flow the month's, of a stock the level, of seasons, crop years and cumulative rows the cumulative one.
    Zero in months in which a season is closed.
    """
    size = magnitudes()[code]
    if size.of:
        return province(size.of, year, month) * size.ratio * (size.course[month - 1] / 100 if size.course else 1)
    nature = indicators()[code].nature
    if nature is RowNature.POINT:
        return _level(size, year, month)
    if nature in _GROWING:
        return in_year(size.values, season_year(code, year, month)) * size.course[month - 1] / 100
    if nature is RowNature.CUMULATIVE:
        return cumulative(code, year, month)
    return cumulative(code, year, month) - cumulative(code, year, month - 1)


def _level(size: Magnitude, year: int, month: int) -> Fraction:
    if size.yearly:
        return in_year(size.values, year)
    return size.values[0] + (size.values[1] - size.values[0]) * (12 * (year - 2025) + month - size.month) / 12


@cache
def cumulative(code: str, year: int, month: int) -> Fraction:
    """What a flow comes to from January to a month, rounded as printed so that months add up to it."""
    size = magnitudes()[code]
    weights = [_weight(code, year, one, share) for one, share in enumerate(size.course, start=1)]
    whole = in_year(size.values, year) / sum(weights[: size.month])
    return round_half_up(whole * sum(weights[:month]), rows()[code].decimals)


def _weight(code: str, year: int, month: int, share: Fraction) -> Fraction:
    return share * (1 + swing(Fraction(4, 100), "month", code, year, month))


def index(code: str, aspect: Aspect, year: int, month: int) -> Fraction:
    """An index with base 100, two decimals: month on month, on the year before, cumulative on the year before."""
    size = magnitudes()[code]
    wide = size.course[0]
    if aspect is Aspect.INDEX_MONTH:
        return round_half_up(100 + wide / 3 + swing(wide, aspect, code, year, month), 2)
    center = in_year(size.values, year)
    if aspect is Aspect.INDEX_CUMULATIVE:
        return round_half_up(center + (month - size.month) * wide / 20, 2)
    return round_half_up(center + swing(wide, aspect, code, year, month), 2)


def is_sparse(code: str, unit: str, year: int, month: int) -> bool:
    """True in most months and communes for what breaks out here and there."""
    return magnitudes()[code].basis == "scattered" and chance("outbreak", code, unit, year, month) < Fraction(7, 10)
