"""What a check says of a cell, against the nearest figure known."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import log

from ingest.experience import Band
from ingest.plausibility.watched import Course, Watched
from ingest.thresholds import STRONG
from registry.catalogue.model import Frequency
from registry.findings import Severity
from registry.periods import previous

SIGN, DIGITS = "plausible-sign", "plausible-digits"
SCALE_LARGE, SCALE_SMALL = "plausible-scale-large", "plausible-scale-small"
UNUSUAL, SEASON, TWO_MONTHS = "plausible-unusual", "plausible-season", "plausible-two-months"
VANISHED, REPEATED, UNLIKE = "plausible-vanished", "plausible-repeated", "plausible-unlike"
SAME_AS_ANOTHER = "plausible-same-as-another"
CHECKS = (SIGN, SCALE_LARGE, SCALE_SMALL, DIGITS, UNUSUAL, SEASON, TWO_MONTHS, VANISHED, REPEATED, UNLIKE)
_STRONG = log(STRONG)


@dataclass(frozen=True, slots=True)
class Told:
    """A finding that has no place yet."""

    code: str
    severity: Severity
    found: str
    expected: str
    words: tuple[tuple[str, object], ...]


def told(
    cell: Watched, code: str, severity: Severity, number: Decimal, near: tuple[tuple[int, int], ...], **words: object
) -> Told:
    """Against the nearest figure known, its period named."""
    at, amount = near[0] if near else (cell.at, 0)
    period = previous(cell.period, Frequency.MONTH, cell.at - at) if at != cell.at else None
    named = {"period": (period or cell.period).label} | words
    return Told(code, severity, cell.said(number), cell.shown(amount), tuple(named.items()))


def usual_range(cell: Watched, band: Band) -> dict[str, object]:
    """How many figures what is usual rests on, the smallest and the largest."""
    return {"count": band.count, "least": cell.shown(band.least), "most": cell.shown(band.most)}


def weight(amount: float, band: Band, cell: Watched) -> Severity:
    """A note near the limits, a warning well beyond them."""
    if cell.course is Course.POINT:
        beyond = max(band.low - amount, amount - band.high)
        return Severity.WARNING if beyond > band.high - band.low else Severity.NOTE
    beyond = log(amount / band.high) if amount > band.high else log(band.low / amount)
    return Severity.WARNING if beyond > _STRONG else Severity.NOTE
