"""The measure numbers are shown in: the largest of a dimension in which they stay readable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from registry.catalogue.measures import Measure, from_mantissa, rounded
from registry.rules.answers import Figure

_READABLE = Decimal(100_000)
_THOUSAND = 1000
_PERCENT, _PLACES = "%", 2  # a ratio worked out has no end


@dataclass(frozen=True, slots=True)
class Displayed:
    """How the figures of a panel are written; ``canonical`` by indicator."""

    measure: Measure
    canonical: Mapping[str, Measure]

    def number(self, figure: Figure, indicator: str) -> Decimal | None:
        """The figure in the measure shown, exact; of a percentage two decimals."""
        if figure.mantissa is None:
            return None
        found = from_mantissa(figure.mantissa, self.measure, self.canonical[indicator])
        return rounded(found, _PLACES) if self.measure.code == _PERCENT else found


def displayed(
    told: Iterable[tuple[str, Figure]], canonical: Mapping[str, Measure], measures: Iterable[Measure]
) -> Displayed:
    """The measure for figures of some indicators of one dimension: their own, or so many thousands of it."""
    listed = [(figure.mantissa, canonical[code]) for code, figure in told if figure.mantissa is not None]
    own = min(canonical.values(), key=lambda one: one.factor)
    larger = [one for one in measures if one.dimension == own.dimension and _is_thousands(one.factor / own.factor)]
    for one in sorted(larger, key=lambda one: one.factor):
        if all(abs(from_mantissa(mantissa, one, of)) < _READABLE for mantissa, of in listed):
            return Displayed(one, canonical)
    return Displayed(max(larger, key=lambda one: one.factor), canonical)


def _is_thousands(ratio: Fraction) -> bool:
    """True of 1, 1.000, 1.000.000 …"""
    while ratio >= _THOUSAND:
        ratio /= _THOUSAND
    return ratio == 1
