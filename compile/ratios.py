"""Ratios of the province whose parts do not both stand in the form: Σ numerators over Σ denominators, never a sum
of ratios."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from registry.catalogue.forms import CellSpec, Definitions, View
from registry.catalogue.measures import MANTISSA_LIMIT
from registry.catalogue.model import CellKind, Frequency, Indicator, RowNature
from registry.catalogue.values import CellKey, Known, Nature, SeriesKey, State
from registry.periods import NoSuchPeriod, Period, previous, year_of
from registry.rules.background import Background, Need

_BACK = 12  # a denominator such as the population stays good until the next count: at most a year


def ratio_needs(view: View, period: Period, frequency: Frequency) -> frozenset[Need]:
    """Figures that ratio rows lean on and that ``rules.needs`` does not list: parts that are no rows of the form."""
    return frozenset(
        need
        for spec, indicator in _ratios(view)
        for part in (indicator.numerator, indicator.denominator)
        if part
        for need in _candidates(part, _own_period(spec, period, frequency), frequency)
    )


def with_ratios(
    background: Background,
    view: View,
    period: Period,
    frequency: Frequency,
    mantissas: Mapping[CellKey, tuple[int, Nature]],
) -> Background:
    """``background`` with the province's own ratios, from the totals of this form and what is known besides.

    ``mantissas`` are the form's totals by cell. A ratio the warehouse already knows stays as it is; one whose parts
    are not both known stays unknown.
    """
    found: dict[Need, Known] = {}
    for spec, indicator in _ratios(view):
        if spec.series is None:
            continue
        own = _own_period(spec, period, frequency)
        need = Need(spec.series, own.code)
        parts = [
            _part(code, spec, own, frequency, view, background, mantissas)
            for code in (indicator.numerator, indicator.denominator)
        ]
        if background.get(*need) is None and all(parts):
            ratio = _ratio(indicator, parts, view.definitions)
            if ratio is not None:
                found[need] = ratio
    return Background({**background.figures, **found})


def _ratios(view: View) -> Iterator[tuple[CellSpec, Indicator]]:
    """Cells that show a ratio of other figures instead of computing it by formula."""
    for spec in view.cells.values():
        if spec.kind is CellKind.SHOWN and spec.series is not None:
            indicator = view.definitions.indicators[spec.series.indicator]
            if indicator.nature is RowNature.RATIO and indicator.numerator and indicator.denominator:
                yield spec, indicator


def _own_period(spec: CellSpec, period: Period, frequency: Frequency) -> Period:
    return previous(period, frequency, max(spec.shift, 0))


def _part(
    code: str | None,
    spec: CellSpec,
    own: Period,
    frequency: Frequency,
    view: View,
    background: Background,
    mantissas: Mapping[CellKey, tuple[int, Nature]],
) -> tuple[str, int, Nature] | None:
    if code is None:
        return None
    for row, _ in view.rows:
        if row.indicator == code:
            held = mantissas.get(CellKey(row.code, spec.key.column)) or _this_period(row.code, spec, view, mantissas)
            if held is not None:
                return code, *held
    for need in _candidates(code, own, frequency):
        known = background.get(*need)
        if known is not None and known.state.is_number:
            return code, known.mantissa, known.nature
    return None


def _this_period(
    row: str, spec: CellSpec, view: View, mantissas: Mapping[CellKey, tuple[int, Nature]]
) -> tuple[int, Nature] | None:
    """A cumulative column holds nothing for a stock: its figure is the one of the same shift."""
    for key, other in view.inputs.items():
        if key.row == row and other.shift == spec.shift and key in mantissas:
            return mantissas[key]
    return None


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


def _ratio(indicator: Indicator, parts: list[tuple[str, int, Nature] | None], definitions: Definitions) -> Known | None:
    above, below = parts
    if above is None or below is None or below[1] == 0:
        return None
    numerator, denominator = (_exact(part[0], part[1], definitions) for part in (above, below))
    percent = definitions.measures[indicator.measure]
    scaled = numerator / denominator * Fraction(indicator.scale) * 10**percent.decimals
    mantissa = _half_away_from_zero(scaled)
    if abs(mantissa) >= MANTISSA_LIMIT:
        return None
    weakest = min((above[2], below[2]), key=list(Nature).index)
    return Known(mantissa, weakest, State.VALUE if mantissa else State.ZERO)


def _exact(code: str, mantissa: int, definitions: Definitions) -> Fraction:
    """A figure in base units of its dimension."""
    measure = definitions.measures[definitions.indicators[code].measure]
    return Fraction(mantissa, 10**measure.decimals) * measure.factor


def _half_away_from_zero(value: Fraction) -> int:
    doubled = abs(value) * 2 + 1
    whole = doubled.numerator // (doubled.denominator * 2)
    return whole if value >= 0 else -whole
