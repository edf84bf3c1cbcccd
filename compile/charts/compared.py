"""What a number is to its plan and to another period, as numbers and in words."""

from __future__ import annotations

from decimal import Decimal

from compile.charts.model import Reading, Role, copy
from registry.catalogue.measures import rounded
from vietnamese.numbers import format_number

PERCENT = "%"  # the measure whose differences are points
_WHOLE = Decimal(100)


def comparable(done: Reading, other: Reading) -> tuple[Decimal, Decimal] | None:
    """Both numbers, where both are there and whole."""
    if done.value is None or other.value is None or not (done.is_whole and other.is_whole):
        return None
    return done.value, other.value


def percent_of(done: Decimal, base: Decimal) -> Decimal | None:
    """Percent of the plan or of the other period, one decimal; None of what is not positive."""
    if base <= 0:
        return None
    return rounded(done * _WHOLE / base, 1)


def change(done: Decimal, other: Decimal, role: Role, *, is_ratio: bool) -> str:
    """Whether it rose or fell, by how much: percent, or points where the numbers are percentages."""
    what = copy(f"text.{role.value}")
    if is_ratio:
        points = rounded(done - other, 2)
        return _told("-point", points, what, points=format_number(abs(points)))
    percent = percent_of(done, other)
    if percent is None:
        return ""
    return _told("", percent - _WHOLE, what, percent=format_number(abs(percent - _WHOLE)))


def _told(suffix: str, difference: Decimal, what: str, **said: str) -> str:
    if not difference:
        return copy("text.even", what=what)
    return copy(f"text.{'up' if difference > 0 else 'down'}{suffix}", what=what, **said)
