"""What experience says of one cell, and which checks had grounds to say anything: both by the same conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from math import exp, log

from ingest.experience import NORMAL, Band, Experience, Past, Spread, flow, growing, level, point, two_months
from ingest.plausibility.slips import scale, swapped, swapped_into
from ingest.plausibility.told import (
    DIGITS,
    REPEATED,
    SCALE_LARGE,
    SCALE_SMALL,
    SEASON,
    SIGN,
    TWO_MONTHS,
    UNLIKE,
    UNUSUAL,
    VANISHED,
    Told,
    told,
    usual_range,
    weight,
)
from ingest.plausibility.watched import OF_THE_YEAR, Course, Watched
from ingest.thresholds import FEW, OFFICIAL, RARE, STEADY_FLOW, TELLING_DIGITS, UNLIKE_WIDTHS
from ingest.thresholds import UNLIKE as UNLIKE_TIMES
from registry.catalogue.values import Aspect, CellKey, CellValue
from registry.findings import Severity
from registry.periods import PeriodKind

_FLOW, _LEVEL = Course.FLOW, Course.LEVEL  # asked of every cell, and slow to look up in an enumeration
_STEADY = STEADY_FLOW, STEADY_FLOW * STEADY_FLOW
_OFFICIAL = log(OFFICIAL)


def look(cell: Watched, values: Mapping[CellKey, CellValue], known: Experience) -> Told | None:
    """What the checks say of one cell: first a glance that all but a few cells pass, then the rest."""
    value = values.get(cell.key)
    past = known.past.get(cell.key)
    if value is None or (past is None and cell.key not in known.alike):
        return None
    number = value.number
    if not number:
        return _vanished(cell, past) if value.amount == 0 and past is not None else None
    amount = float(number) * cell.unit
    if past is None:
        return _unlike(cell, number, amount, known)
    if not cell.always and past.low <= amount <= past.high:
        last = past.at.get(cell.at - 1, 0)
        if cell.course is not _FLOW or amount <= _STEADY[0] * last <= _STEADY[1] * amount:
            return _within(cell, number, amount, past, last)
    if amount * past.sign < 0:
        return _wrong_sign(cell, number, past)
    return _closer(cell, number, amount, past, known) if amount > 0 else None


def grounds(cell: Watched, number: Decimal, past: Past | None, known: Experience) -> Iterator[str]:
    """The checks that could have said something of this figure: what their hits are a share of."""
    amount = float(number) * cell.unit
    if past is None or len(past.at) < FEW:
        if amount and cell.key in known.alike and _is_comparable(cell):
            yield UNLIKE
        return
    band = _band(cell, past)
    if _standing(cell, past) is not None:
        yield VANISHED
    if not amount:
        return
    if past.sign:
        yield SIGN
    if _is_telling(cell, number) and past.at.get(cell.at - 1):
        yield REPEATED
    if band is None or _is_small(cell, amount, band):
        return
    yield SCALE_LARGE
    yield SCALE_SMALL
    if cell.course is _FLOW and two_months(past, cell.period, amount):
        yield TWO_MONTHS
    if not band.only_scale:
        yield DIGITS
        yield _out_of_course(cell)


def beyond(cell: Watched, number: Decimal, past: Past | None, known: Experience) -> float:
    """How far a figure lies beyond what is usual of the unit, or of units of its kind where its own past is short: the
    natural logarithm of how many times; of an index or a ratio in widths of the usual range. 0 within it, and where
    nothing is known.
    """
    amount = float(number) * cell.unit
    band = None if past is None else _band(cell, past)
    if band is None:
        spread = known.alike.get(cell.key)
        if spread is None or amount <= 0 or not _is_comparable(cell):
            return 0.0
        return max(0.0, abs(log(amount) - spread.middle) - _half(spread))
    if band.holds(amount) or _is_small(cell, amount, band):
        return 0.0
    if cell.course is Course.POINT or amount <= 0 or band.low <= 0:
        return max(band.low - amount, amount - band.high) / max(band.high - band.low, cell.unit)
    return log(amount / band.high) if amount > band.high else log(band.low / amount)


def _closer(cell: Watched, number: Decimal, amount: float, past: Past, known: Experience) -> Told | None:
    before = past.at.get(cell.at, 0)  # the estimate that this figure makes official
    if before > 0 and abs(log(amount / before)) < _OFFICIAL:
        return swapped(cell, number, amount, cell.at, before)
    band = _band(cell, past)
    if band is None:
        return _unlike(cell, number, amount, known) if len(past.at) < FEW else None
    if band.holds(amount):
        together = two_months(past, cell.period, amount) if cell.course is _FLOW else None
        if together:
            return _both_months(cell, number, *together)
        return _within(cell, number, amount, past, past.at.get(cell.at - 1, 0))
    if _is_small(cell, amount, band):
        return None
    out_of_scale = scale(cell, number, amount, band)
    if out_of_scale or band.only_scale:
        return out_of_scale
    return swapped_into(cell, number, amount, band) or _unusual(cell, number, amount, band)


# --- what is usual ---------------------------------------------------------------------------------------------------


def _band(cell: Watched, past: Past) -> Band | None:
    if cell.course is _FLOW:
        return None if _is_rare(past) else flow(past, cell.period)
    if cell.course is _LEVEL:
        return level(past, cell.period)
    if cell.course is Course.GROWING:
        return growing(past, cell.period, cell.season)
    return point(past, cell.period, cell.unit)


def _is_rare(past: Past) -> bool:
    """True of what breaks out here and there: nothing in a third of the periods or more."""
    return RARE * sum(1 for one in past.at.values() if one == 0) >= len(past.at)


def _is_small(cell: Watched, amount: float, band: Band) -> bool:
    """True where chance alone moves a figure by as much as a mistake does."""
    return max(amount, *(one for _, one in band.near), band.least) < cell.small


# --- the checks ------------------------------------------------------------------------------------------------------


def _wrong_sign(cell: Watched, number: Decimal, past: Past) -> Told | None:
    """Below nothing where every figure so far was above it, or the other way round."""
    if len(past.at) < FEW:
        return None
    last = max(past.at)
    return told(cell, SIGN, Severity.WARNING, number, ((last, past.at[last]),), count=len(past.at))


def _vanished(cell: Watched, past: Past) -> Told | None:
    """A stock that is gone from one period to the next."""
    band = _standing(cell, past)
    return told(cell, VANISHED, Severity.WARNING, Decimal(0), band.near) if band else None


def _standing(cell: Watched, past: Past) -> Band | None:
    """What is usual of a stock that was there in every period and cannot be gone; None of all else."""
    if cell.course is not _LEVEL or cell.series.aspect in OF_THE_YEAR:
        return None
    band = level(past, cell.period)
    return band if band is not None and band.least >= cell.small and 0 not in past.at.values() else None


def _unusual(cell: Watched, number: Decimal, amount: float, band: Band) -> Told:
    weighed = weight(amount, band, cell)
    return told(cell, _out_of_course(cell), weighed, number, band.near, **usual_range(cell, band))


def _out_of_course(cell: Watched) -> str:
    return SEASON if cell.course is Course.GROWING else UNUSUAL


def _both_months(cell: Watched, number: Decimal, amount: float, band: Band) -> Told | None:
    """January and February together out of the ordinary, whatever Tết did to each."""
    if band.holds(amount) or max(amount, band.least) < cell.small or not band.near:
        return None
    words = usual_range(cell, band) | {"both": cell.shown(amount)}
    return told(cell, TWO_MONTHS, weight(amount, band, cell), number, band.near, **words)


def _within(cell: Watched, number: Decimal, amount: float, past: Past, last: int) -> Told | None:
    """Of figures that are not unusual: the same as last period's, or two digits changed of a stock or an estimate."""
    before = past.at.get(cell.at, 0)
    if before > 0:
        return swapped(cell, number, amount, cell.at, before)
    if cell.course is _FLOW:
        return _repeated(cell, number, last) if abs(amount - last) < 0.5 else None
    return swapped(cell, number, amount, cell.at - 1, last) if cell.course is _LEVEL else None


def _repeated(cell: Watched, number: Decimal, last: int) -> Told | None:
    """What occurs in a period hardly occurs to the last digit again in the next."""
    if not _is_telling(cell, number):
        return None
    return told(cell, REPEATED, Severity.NOTE, number, ((cell.at - 1, last),))


def _is_telling(cell: Watched, number: Decimal) -> bool:
    return cell.course is _FLOW and cell.series.aspect is Aspect.ACTUAL and digits(number) >= TELLING_DIGITS


def digits(number: Decimal) -> int:
    """Digits that tell something: without zeros before and behind."""
    return len(f"{abs(number):f}".replace(".", "").strip("0"))


def _unlike(cell: Watched, number: Decimal, amount: float, known: Experience) -> Told | None:
    """A unit without a past of its own, far from every unit of its kind."""
    spread = known.alike.get(cell.key)
    if spread is None or known.alike_in is None or amount <= 0 or not _is_comparable(cell):
        return None
    distance = abs(log(amount) - spread.middle)
    if distance <= _half(spread) or max(amount, exp(spread.middle)) < cell.small:
        return None
    words = {"count": spread.count, "period": known.alike_in.label}
    middle = cell.shown(exp(spread.middle))
    return Told(UNLIKE, Severity.WARNING, cell.said(number), middle, tuple(words.items()))


def _half(spread: Spread) -> float:
    return max(UNLIKE_WIDTHS * NORMAL * spread.width, log(UNLIKE_TIMES))


def _is_comparable(cell: Watched) -> bool:
    """What grows from month to month or moves with Tết is not compared with another month's."""
    moves = cell.course is _FLOW and cell.period.kind is PeriodKind.MONTH and cell.period.number <= 2
    return cell.course in (_FLOW, _LEVEL) and not moves and cell.series.aspect is Aspect.ACTUAL
