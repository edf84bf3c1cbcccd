"""Figures that seem to be in another scale than their cell: the first thing checked of a figure (PRACTICE F9)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from ingest.factor import suspected_factor
from ingest.known import earlier
from ingest.text import Place
from ingest.thresholds import FEWEST_COUNTED, HUNDRED, SPREAD, THOUSANDS, USUAL_INDEX
from registry.catalogue.forms import CellSpec, View
from registry.catalogue.measures import times
from registry.catalogue.model import Frequency, RowNature
from registry.catalogue.values import BLANK, CellKey, CellValue, State
from registry.findings import Finding
from registry.periods import Period
from registry.rules.background import Need
from registry.rules.context import Context
from registry.rules.identity import ViewIdentity
from vietnamese.numbers import format_number

SHARES = ("%", "điểm %", "‰")
_APART = THOUSANDS[0] // SPREAD
_VALUE = State.VALUE  # asked of every cell, and slow to look up in an enumeration


class _Compared(NamedTuple):
    """An input with what its figures are compared with."""

    spec: CellSpec
    needs: tuple[Need, ...]
    unit: Decimal  # mantissa of one of the cell's measure
    factors: tuple[int, ...]
    usual: int | None  # mantissa, where nothing is known
    fewest: int


def scale_findings(
    context: Context, values: Mapping[CellKey, CellValue], place: Callable[[CellKey], Place]
) -> Iterator[Finding]:
    """Figures a thousand (a million; of shares a hundred) times what the background knows of them, or so small."""
    figures = context.background.figures
    for spec, needs, unit, factors, usual, fewest in _compared(context.identity, context.period, context.frequency):
        value = values.get(spec.key, BLANK)
        if value.state is not _VALUE or value.number is None:
            continue
        mantissa = value.number * unit
        known = (one.mantissa for need in needs if (one := figures.get(need)) and one.state is _VALUE)
        first = next(known, None)
        if first is None and usual is None:
            continue
        if first is not None and factors is THOUSANDS and first <= _APART * mantissa and mantissa <= _APART * first:
            continue
        sizes = (usual or 0,) if first is None else (first, *known)
        suspected = suspected_factor(mantissa, map(Decimal, sizes), factors)
        likely = times(value.number, 1 / suspected) if suspected else None
        if suspected is None or likely is None or min(abs(value.number), abs(likely)) < fewest:
            continue
        code = "measure-share-suspected" if factors is HUNDRED else "measure-factor-suspected"
        yield place(spec.key).finding(
            code,
            found=format_number(value.number),
            expected=format_number(likely),
            measure=spec.measure,
            known=format_number(Decimal(sizes[0]) / unit),
            times=format_number(Decimal(max(suspected.numerator, suspected.denominator))),
        )


@lru_cache(maxsize=128)
def _compared(identity: ViewIdentity, period: Period, frequency: Frequency) -> tuple[_Compared, ...]:
    view = identity.view
    return tuple(one for spec in view.inputs.values() if (one := _of(view, spec, period, frequency)))


def _of(view: View, spec: CellSpec, period: Period, frequency: Frequency) -> _Compared | None:
    definitions, series = view.definitions, spec.series
    if series is None or spec.measure not in definitions.measures:
        return None
    shown, canonical = definitions.measures[spec.measure], definitions.canonical(series)
    unit = times(Decimal(10**canonical.decimals), shown.factor / canonical.factor)
    if unit is None or shown.dimension != canonical.dimension:
        return None
    needs = tuple(Need(series, code) for code in earlier(period, frequency, spec.shift, own=spec.prefill))
    is_index = definitions.indicators[series.indicator].nature is RowNature.INDEX
    is_share = spec.measure in SHARES
    usual = int(USUAL_INDEX * unit) if is_index and is_share else None
    return _Compared(
        spec, needs, unit, HUNDRED if is_share else THOUSANDS, usual, FEWEST_COUNTED if shown.counted else 0
    )
