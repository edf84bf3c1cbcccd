"""How a change is said: tăng, giảm, không đổi, gấp n lần; and which way a word of a text says a figure moved."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from pathlib import Path

from vietnamese.copydeck import deck
from vietnamese.numbers import format_number, places

_copy = deck(Path(__file__).parent / "copy.toml")
_MANY_TIMES = Decimal(300)  # percent from which "gấp n lần" is said


class Direction(StrEnum):
    """Which way a figure moved."""

    RISE = "rise"
    FALL = "fall"
    SAME = "same"


def direction(change: Decimal) -> Direction:
    """Of a difference: above zero it rose, below it fell."""
    return Direction.SAME if not change else Direction.RISE if change > 0 else Direction.FALL


def moved(percent: Decimal, decimals: int) -> str:
    """``tăng 5,0%`` of 105 percent of the base; ``gấp 4,0 lần`` from 300 on. ``percent`` is rounded to be printed."""
    shown = _rounded(percent, decimals)
    if shown >= _MANY_TIMES:
        return _copy("change.times", value=format_number(shown / 100, 1))
    way = direction(shown - 100)
    return _copy(f"change.{way}", value=_copy("change.percent", value=format_number(abs(shown - 100), decimals)))


def moved_by(change: Decimal, decimals: int, measure: str) -> str:
    """``tăng 120 con``, ``giảm 1,25 điểm %``: an amount of change with its measure."""
    shown = _rounded(change, decimals)
    amount = _copy("change.amount", value=format_number(abs(shown), decimals), measure=measure)
    return _copy(f"change.{direction(shown)}", value=amount)


def attained(percent: Decimal, decimals: int, plan: str, *, is_over: bool, lower_is_better: bool = False) -> str:
    """``đạt 85,2% kế hoạch năm``, ``vượt 3,2% …``; ``is_over``: its time has passed, then below it is "chưa đạt".

    Of what is better low (poor households) only the share of the plan is said.
    """
    shown = _rounded(percent, decimals)
    way = "share" if lower_is_better else _standing(shown, is_over)
    value = shown - 100 if way == "above" else shown
    return _copy(f"attained.{way}", value=format_number(value, decimals), plan=plan)


def _standing(percent: Decimal, is_over: bool) -> str:
    if percent > 100:
        return "above"
    return "below" if percent == 100 or not is_over else "missed"


def plan_name(kind: str) -> str:
    """``kế hoạch năm``, ``dự toán HĐND tỉnh giao``: what a figure is held against."""
    return _copy(f"plan.{kind}")


def percent_decimals(percent: Decimal, least: int) -> int:
    """Decimals a percentage is printed with: at least so many, all that it has."""
    return max(least, places(percent))


def _rounded(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


# --- words in a text --------------------------------------------------------------------------------------------------


def _spoken(key: str) -> re.Pattern[str]:
    words = sorted(_copy(key).split(";"), key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, words)) + r")(?!\w)")


_SPOKEN = {Direction.RISE: _spoken("spoken.rise"), Direction.FALL: _spoken("spoken.fall")}
_UNMOVED = _spoken("spoken.neither")


def directions_in(text: str) -> list[tuple[int, Direction]]:
    """Where an NFC text says that something rose or fell, in order of place; "tăng cường", "giảm nghèo" say neither."""
    said = text.lower()
    neither = {at for one in _UNMOVED.finditer(said) for at in range(*one.span())}
    found = [(one.start(), way) for way, words in _SPOKEN.items() for one in words.finditer(said)]
    return sorted(one for one in found if one[0] not in neither)
