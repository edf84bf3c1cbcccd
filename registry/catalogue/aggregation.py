"""How figures of several units become one, by the rule each indicator declares, and what is never added.

Figures carry what rounding left open: each stands for anything within half of the last unit it was given in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from registry.catalogue.forms import Definitions
from registry.catalogue.model import Aggregation, Indicator
from registry.catalogue.values import Aspect, SeriesKey

ADDED = (Aggregation.SUM, Aggregation.RATIO)
"""Rules for which the sums of the parts are enough: nothing else of each unit need be known."""


def adds_up(indicator: Indicator, aspect: Aspect = Aspect.ACTUAL) -> bool:
    """True where figures of several units make a sum: no ratio, no average, no index."""
    return indicator.aggregation is Aggregation.SUM and not is_index(aspect)


def is_index(aspect: Aspect) -> bool:
    """True of the sides of an indicator that compare it with a base: they are never added."""
    return aspect.value.startswith("index")


def parts(indicator: Indicator, series: SeriesKey) -> tuple[SeriesKey, ...]:
    """The series of each unit its figure over several units is reckoned from."""
    if indicator.aggregation is Aggregation.RATIO and indicator.numerator and indicator.denominator:
        return series._replace(indicator=indicator.numerator), series._replace(indicator=indicator.denominator)
    if indicator.aggregation is Aggregation.WEIGHTED and indicator.denominator:
        return series, SeriesKey(indicator.denominator)
    return (series,)


Exact = int | Fraction
"""Whole as long as nothing was divided: thousands of them are added up. Never divided but as fractions."""


class Amount(NamedTuple):
    """What figures come to in mantissas, and the least and the most it may really be given how they were rounded."""

    exact: Exact
    least: Exact
    most: Exact

    @classmethod
    def of(cls, mantissa: int, slack: Exact = 0) -> Amount:
        """A figure that may lie ``slack`` to either side."""
        return cls(mantissa, mantissa - slack, mantissa + slack)

    @property
    def mantissa(self) -> int:
        """The nearest whole mantissa, half away from zero."""
        if isinstance(self.exact, int):
            return self.exact
        doubled = abs(self.exact) * 2 + 1
        whole = doubled.numerator // (doubled.denominator * 2)
        return whole if self.exact >= 0 else -whole

    def scaled(self, factor: Exact) -> Amount:
        """So many times the amount."""
        ends = sorted((self.least * factor, self.most * factor))
        return Amount(self.exact * factor, ends[0], ends[1])

    def over(self, other: Amount) -> Amount | None:
        """The quotient; None over nothing. Over what may be nothing it has no bounds: they are the quotient itself."""
        if not other.exact:
            return None
        exact = Fraction(self.exact) / other.exact
        if other.least <= 0 <= other.most:
            return Amount(exact, exact, exact)
        corners = [Fraction(one) / by for one in (self.least, self.most) for by in (other.least, other.most)]
        return Amount(exact, min(corners), max(corners))

    def times(self, other: Amount) -> Amount:
        """The product."""
        corners = [one * by for one in (self.least, self.most) for by in (other.least, other.most)]
        return Amount(self.exact * other.exact, min(corners), max(corners))


def added(amounts: Iterable[Amount]) -> Amount:
    """Σ, and Σ of what rounding left open."""
    listed = list(amounts)
    return Amount(
        sum([one.exact for one in listed]), sum([one.least for one in listed]), sum([one.most for one in listed])
    )


def combined(indicator: Indicator, terms: Sequence[tuple[Amount, ...]], definitions: Definitions) -> Amount | None:
    """The figure over units by the indicator's rule; each unit gives an amount for each of its ``parts``.

    None where the rule knows none: nothing to divide by, or several figures of what is never put together.
    """
    rule = indicator.aggregation
    if not terms:
        return None
    if rule is Aggregation.SUM:
        return added(one[0] for one in terms)
    if rule is Aggregation.AVERAGE:
        return added(one[0] for one in terms).scaled(Fraction(1, len(terms)))
    if rule is Aggregation.WEIGHTED and len(terms[0]) > 1:
        return added(value.times(weight) for value, weight in terms).over(added(weight for _, weight in terms))
    if rule is Aggregation.RATIO and len(terms[0]) > 1:
        sums = (added(one[at] for one in terms) for at in range(2))
        return ratio(indicator, next(sums), next(sums), definitions)
    return terms[0][0] if len(terms) == 1 and len(terms[0]) == 1 else None


def ratio(indicator: Indicator, numerator: Amount, denominator: Amount, definitions: Definitions) -> Amount | None:
    """An indicator of kind "tỷ số" from the sums of its parts, in its own mantissas; None over nothing."""
    found = numerator.over(denominator)
    if found is None:
        return None
    above, below = (_base(code, definitions) for code in (indicator.numerator, indicator.denominator))
    own = definitions.measures[indicator.measure]
    return found.scaled(above / below * Fraction(indicator.scale) * 10**own.decimals)


def _base(code: str | None, definitions: Definitions) -> Fraction:
    """Base units of its dimension in one mantissa of an indicator."""
    measure = definitions.measures[definitions.indicators[code or ""].measure]
    return Fraction(measure.factor, 10**measure.decimals)
