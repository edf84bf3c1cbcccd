"""What is already known of a cell, and which reading of a doubtful figure it speaks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache

from registry.catalogue.forms import CellSpec
from registry.catalogue.measures import from_mantissa
from registry.catalogue.model import Frequency
from registry.catalogue.values import State
from registry.periods import NoSuchPeriod, Period, previous, year_before
from registry.rules.context import Context
from vietnamese.numbers import places

NEAR = 10  # a figure up to so many times larger or smaller than a known one is like it


@lru_cache(maxsize=256)
def earlier(period: Period, frequency: Frequency, shift: int, *, own: bool = False) -> tuple[str, ...]:
    """Codes of the periods whose figures tell the usual size of one ``shift`` periods back: the one before it and the
    same one of the year before; first the period's ``own``, of cells that begin with a known figure.
    """
    found: list[str] = []
    for back, years in ((0, 0), (1, 0), (0, 1))[0 if own else 1 :]:
        try:
            one = previous(period, frequency, shift + back)
            found.append((year_before(one) if years else one).code)
        except NoSuchPeriod:
            continue
    return tuple(found)


def known_figures(context: Context, spec: CellSpec) -> tuple[Decimal, ...]:
    """Earlier figures of an input's series that the background holds, in the cell's shown measure; none of zeros."""
    series, definitions = spec.series, context.view.definitions
    if series is None or spec.measure not in definitions.measures:
        return ()
    periods = earlier(context.period, context.frequency, spec.shift, own=spec.prefill)
    known = (context.background.get(series, code) for code in periods)
    shown, canonical = definitions.measures[spec.measure], definitions.canonical(series)
    return tuple(
        from_mantissa(one.mantissa, shown, canonical)
        for one in known
        if one and one.state is State.VALUE and one.mantissa
    )


def is_like(value: Decimal, known: Iterable[Decimal]) -> bool:
    """True when a figure is of the size of any known one, on the same side of nought."""
    return any(one and 1 <= NEAR * value / one <= NEAR * NEAR for one in known)


def settled(readings: Sequence[Decimal], decimals: int, known: Sequence[Decimal]) -> Decimal | None:
    """The one of two readings that a cell's decimals and earlier figures allow; None where they leave both or part.

    Where only whole numbers are asked for, a whole reading needs no witness, and of two (``25.000``) it is the one with
    thousands; elsewhere people do type more decimals than asked, and earlier figures, if there are any, must speak for
    it.
    """
    fitting = [one for one in readings if places(one) <= decimals]
    if not decimals:
        fitting = sorted(fitting, key=abs)[-1:]
    if known and (decimals or len(fitting) != 1):
        alike = [one for one in readings if is_like(one, known)]
        return alike[0] if len(alike) == 1 and (alike[0] in fitting or not fitting) else None
    return fitting[0] if len(fitting) == 1 else None
