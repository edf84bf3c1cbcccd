"""Figures in another scale than they should be: a thousand times what is known of the cell, or a thousandth."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from ingest.thresholds import SPREAD, THOUSANDS


def suspected_factor(value: Decimal, known: Iterable[Decimal], factors: Iterable[int] = THOUSANDS) -> Fraction | None:
    """By what a figure seems to be multiplied: one of ``factors``, or 1 through one of them; None where it seems right.

    ``known`` are figures of the same cell or of cells like it (earlier periods, similar units), in the same measure.
    All of them but noughts must agree that ``value`` is out by the same factor, give or take ``SPREAD`` times.
    """
    sizes = [abs(one) for one in known if one]
    size = abs(value)
    if not size or not sizes:
        return None
    for factor in factors:
        if all(_is_about(size, one * factor) for one in sizes):
            return Fraction(factor)
        if all(_is_about(size * factor, one) for one in sizes):
            return Fraction(1, factor)
    return None


def _is_about(one: Decimal, other: Decimal) -> bool:
    return other <= one * SPREAD and one <= other * SPREAD
