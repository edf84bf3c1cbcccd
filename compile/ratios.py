"""Ratios of the province whose parts do not both stand in the form: Σ numerators over Σ denominators, never a sum
of ratios."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from typing import NamedTuple

from registry.catalogue.forms import CellSpec, Definitions, View
from registry.catalogue.measures import MANTISSA_LIMIT
from registry.catalogue.model import CellKind, Frequency, Indicator, RowNature
from registry.catalogue.values import CellKey, Known, Nature, SeriesKey, State
from registry.periods import NoSuchPeriod, Period, previous, year_of
from registry.rules.background import Background, Need

Parts = Mapping[CellKey, Sequence[CellKey | Need]]
"""Of each ratio that was reckoned its numerator and denominator: a cell of the form, or a figure known besides."""

_BACK = 12  # a denominator such as the population stays good until the next count: at most a year


def ratio_needs(view: View, period: Period, frequency: Frequency) -> frozenset[Need]:
    """Figures that ratio rows lean on and that ``rules.needs`` does not list: parts that are no rows of the form."""
    return frozenset(
        need
        for spec, indicator in _ratios(view)
        for part in (indicator.numerator, indicator.denominator)
        if part
        for own in _own_periods(spec, period, frequency)
        for need in _candidates(part, own, frequency)
    )


def with_ratios(
    background: Background,
    view: View,
    period: Period,
    frequency: Frequency,
    mantissas: Mapping[CellKey, tuple[int, Nature]],
) -> tuple[Background, Parts]:
    """``background`` with the province's own ratios, from the totals of this form and what is known besides, and what
    each was made of.

    ``mantissas`` are the form's totals by cell. A ratio the warehouse already knows stays as it is; one whose parts
    are not both known stays unknown.
    """
    found: dict[Need, Known] = {}
    made: dict[CellKey, Sequence[CellKey | Need]] = {}
    for spec, indicator in _ratios(view):
        for own in _own_periods(spec, period, frequency):
            assert spec.series is not None
            need = Need(spec.series, own.code)
            parts = [
                _part(code, spec, own, frequency, view, background, mantissas)
                for code in (indicator.numerator, indicator.denominator)
            ]
            ratio = _ratio(indicator, parts, view.definitions) if background.get(*need) is None else None
            if ratio is not None:
                found[need] = ratio
                made[spec.key] = [one.where for one in parts if one is not None]
    return Background({**background.figures, **found}), made


class _Part(NamedTuple):
    """A figure a ratio is made of."""

    indicator: str
    mantissa: int
    nature: Nature
    where: CellKey | Need


def _ratios(view: View) -> Iterator[tuple[CellSpec, Indicator]]:
    """Cells that show a ratio of other figures instead of computing it by formula."""
    for spec in view.cells.values():
        if spec.kind is CellKind.SHOWN and spec.series is not None:
            indicator = view.definitions.indicators[spec.series.indicator]
            if indicator.nature is RowNature.RATIO and indicator.numerator and indicator.denominator:
                yield spec, indicator


def _own_periods(spec: CellSpec, period: Period, frequency: Frequency) -> Iterator[Period]:
    """The period a ratio is of; none before the first round of a report asked for once."""
    with suppress(NoSuchPeriod):
        yield previous(period, frequency, max(spec.shift, 0))


def _part(
    code: str | None,
    spec: CellSpec,
    own: Period,
    frequency: Frequency,
    view: View,
    background: Background,
    mantissas: Mapping[CellKey, tuple[int, Nature]],
) -> _Part | None:
    if code is None:
        return None
    for row, _ in view.rows:
        if row.indicator == code:
            own_cell = CellKey(row.code, spec.key.column)
            key = own_cell if own_cell in mantissas else _of_this_period(row.code, spec, view, mantissas)
            if key is not None:
                return _Part(code, *mantissas[key], key)
    for need in _candidates(code, own, frequency):
        known = background.get(*need)
        if known is not None and known.state.is_number:
            return _Part(code, known.mantissa, known.nature, need)
    return None


def _of_this_period(
    row: str, spec: CellSpec, view: View, mantissas: Mapping[CellKey, tuple[int, Nature]]
) -> CellKey | None:
    """A cumulative column holds nothing for a stock: its figure is the one of the same shift."""
    same = (key for key, other in view.inputs.items() if key.row == row and other.shift == spec.shift)
    return next((key for key in same if key in mantissas), None)


def _candidates(code: str, own: Period, frequency: Frequency) -> Iterator[Need]:
    """Where a part may be known: its own period, else the latest before it, else the year's figure."""
    series = SeriesKey(code)
    for back in range(_BACK + 1):
        try:
            yield Need(series, previous(own, frequency, back).code)
        except NoSuchPeriod:
            break
    year = year_of(own)
    yield Need(series, year.code)
    yield Need(series, str(year.year - 1))


def _ratio(indicator: Indicator, parts: list[_Part | None], definitions: Definitions) -> Known | None:
    above, below = parts
    if above is None or below is None or below.mantissa == 0:
        return None
    numerator, denominator = (_exact(part.indicator, part.mantissa, definitions) for part in (above, below))
    percent = definitions.measures[indicator.measure]
    scaled = numerator / denominator * Fraction(indicator.scale) * 10**percent.decimals
    mantissa = _half_away_from_zero(scaled)
    if abs(mantissa) >= MANTISSA_LIMIT:
        return None
    weakest = min((above.nature, below.nature), key=list(Nature).index)
    return Known(mantissa, weakest, State.VALUE if mantissa else State.ZERO)


def _exact(code: str, mantissa: int, definitions: Definitions) -> Fraction:
    """A figure in base units of its dimension."""
    measure = definitions.measures[definitions.indicators[code].measure]
    return Fraction(mantissa, 10**measure.decimals) * measure.factor


def _half_away_from_zero(value: Fraction) -> int:
    doubled = abs(value) * 2 + 1
    whole = doubled.numerator // (doubled.denominator * 2)
    return whole if value >= 0 else -whole
