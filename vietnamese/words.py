"""Pieces of sentences that compare figures: tăng, giảm, bằng, đạt."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from vietnamese.copydeck import deck
from vietnamese.numbers import format_number

_copy = deck(Path(__file__).parent / "copy.toml")


def trend(value: Decimal, base: Decimal) -> str:
    """``tăng``, ``giảm`` or ``bằng``."""
    if value == base:
        return _copy("change.same")
    return _copy("change.up-word" if value > base else "change.down-word")


def change(difference: Decimal, decimals: int, measure: str = "") -> str:
    """``tăng 5,2%``, ``giảm 1.250 tấn``, ``bằng``: judged after rounding, so that "tăng 0,0%" is never said."""
    return _signed("", difference, decimals, measure)


def change_in_points(difference: Decimal, decimals: int) -> str:
    """``tăng 0,35 điểm %``: the difference of two percentages."""
    return _signed("-points", difference, decimals, "")


def reached(percent: Decimal, decimals: int) -> str:
    """``đạt 87,5%``, as is said of a plan."""
    return _copy("change.reached", amount=_amount(percent, decimals, "%"))


def _signed(kind: str, difference: Decimal, decimals: int, measure: str) -> str:
    shown = difference.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    if not shown:
        return _copy("change.same")
    direction = "up" if shown > 0 else "down"
    return _copy(f"change.{direction}{kind}", amount=_amount(abs(shown), decimals, measure))


def _amount(value: Decimal, decimals: int, measure: str) -> str:
    return format_number(value, decimals) + ("" if measure in ("", "%", "‰") else " ") + measure
