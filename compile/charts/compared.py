"""What a number is to its plan and to another period, as numbers and in words."""

from __future__ import annotations

from decimal import Decimal

from compile.charts.model import Role, copy
from registry.catalogue.measures import rounded
from vietnamese.numbers import format_number

_WHOLE = Decimal(100)


def of_plan(done: Decimal | None, plan: Decimal | None) -> Decimal | None:
    """Percent of the plan, one decimal; None where either is missing or the plan is not positive."""
    if done is None or plan is None or plan <= 0:
        return None
    return rounded(done * _WHOLE / plan, 1)


def change(done: Decimal, other: Decimal, role: Role, *, is_ratio: bool) -> str:
    """Whether it rose or fell, by how much: percent, or points where the numbers are percentages."""
    what = copy(f"text.{role.value}")
    if is_ratio:
        points = rounded(done - other, 2)
        return _told("-point", points, what, points=format_number(abs(points)))
    if other <= 0:
        return ""
    percent = rounded(done * _WHOLE / other, 1) - _WHOLE
    return _told("", percent, what, percent=format_number(abs(percent)))


def _told(suffix: str, difference: Decimal, what: str, **said: str) -> str:
    if not difference:
        return copy("text.even", what=what)
    return copy(f"text.{'up' if difference > 0 else 'down'}{suffix}", what=what, **said)
