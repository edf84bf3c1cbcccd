"""Slips of the hand: another scale, two digits that changed places."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from math import inf, log

from ingest.experience import Band
from ingest.plausibility.told import DIGITS, SCALE_LARGE, SCALE_SMALL, Told, told, weight
from ingest.plausibility.watched import Watched
from ingest.thresholds import BESIDE_USUAL, CLOSE, EXPERIENCED, JUMP, MEANT
from registry.findings import Severity


def scale(cell: Watched, number: Decimal, amount: float, band: Band) -> Told | None:
    """A thousand, a hundred or ten times what it would fit as: another measure, or a zero too many or too few."""
    fitting = []
    for times, close in EXPERIENCED.items():
        for meant in (amount / times, amount * times):
            distance = min((abs(log(meant / one)) for _, one in band.near), default=inf)
            is_usual = band.least / BESIDE_USUAL <= meant <= band.most * BESIDE_USUAL and not band.only_scale
            is_near = distance < close and not (times == 10 and band.only_scale)
            if is_near or (is_usual and times > 10):
                fitting.append((distance, times, meant))
    if not fitting:
        return None
    _, times, meant = min(fitting)
    code = SCALE_LARGE if meant < amount else SCALE_SMALL
    return told(cell, code, Severity.WARNING, number, band.near, times=times, meant=cell.shown(meant))


def swapped(cell: Watched, number: Decimal, amount: float, at: int, known: int) -> Told | None:
    """Two digits put back would give the figure known all but exactly."""
    if abs(amount - known) <= JUMP * known or known < cell.small:
        return None
    meant = _put_back(number, known / cell.unit, MEANT)
    return told(cell, DIGITS, Severity.NOTE, number, ((at, known),), meant=cell.said(meant)) if meant else None


def swapped_into(cell: Watched, number: Decimal, amount: float, band: Band) -> Told | None:
    """Two digits put back would make an unusual figure a usual one."""
    for at, one in band.near:
        meant = _put_back(number, float(one) / cell.unit, CLOSE)
        if meant is not None and band.holds(float(meant) * cell.unit):
            return told(cell, DIGITS, weight(amount, band, cell), number, ((at, one),), meant=cell.said(meant))
    return None


def _put_back(number: Decimal, sought: float, distance: float) -> Decimal | None:
    """The figure with two neighbouring digits changed that lies nearest to the one sought, if near enough."""
    written = f"{abs(number):f}"
    places = [at for at, sign in enumerate(written) if sign != "."]
    best: tuple[float, Decimal] | None = None
    for left, right in pairwise(places):
        if written[left] == written[right]:
            continue
        signs = list(written)
        signs[left], signs[right] = signs[right], signs[left]
        other = Decimal("".join(signs))
        off = abs(log(float(other) / sought)) if other else inf
        if off < distance and (best is None or off < best[0]):
            best = off, other
    return best[1] if best else None
