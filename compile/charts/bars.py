"""Bars beside bars: for each indicator what was done, its plan and the other period, said in words as well.

Indicators of different measures stand in one chart: each has a scale of its own, so only its own bars compare.
"""

from __future__ import annotations

from decimal import Decimal

from compile.charts.compared import PERCENT, change, comparable, percent_of
from compile.charts.legend import Mark
from compile.charts.model import Chart, Reading, Role, Strand, copy
from compile.charts.scale import scale, short
from compile.charts.svg import BLUE, DIM, GREY, INK, OCHRE, RED, box, line, linked, text, wide, wrapped
from compile.charts.trend import told
from vietnamese.numbers import format_number, places

_MARGIN, _SIZE, _BAR, _GAP = 14.0, 13.0, 15.0, 4.0
_COLOURS = {Role.ACTUAL: RED, Role.PLAN: BLUE, Role.SAME_PERIOD: GREY, Role.PREVIOUS: OCHRE}


def marks(chart: Chart) -> list[Mark]:
    """A key for each strand."""
    return [Mark(one.name, _COLOURS[one.role]) for one in chart.strands]


def body(chart: Chart, width: float, top: float) -> tuple[str, float]:
    """A group of bars for each label, with what the comparison comes to."""
    parts: list[str] = []
    for n, head in enumerate(chart.strands[0].readings):
        measure = head.measure or chart.measure
        for one in wrapped(f"{head.label} ({measure})", width - 2 * _MARGIN, _SIZE + 0.5):
            top += 18
            parts.append(text(one, _MARGIN, top, size=_SIZE + 0.5, weight="bold"))
        top += 6
        drawn, top = _group(chart, n, width, top, measure)
        parts += drawn
        for one in wrapped(said_of(chart, n), width - 2 * _MARGIN, _SIZE):
            top += 16 if one else 0
            parts.append(text(one, _MARGIN, top, size=_SIZE, fill=DIM))
        top += 10
    return "".join(parts), top


def _group(chart: Chart, n: int, width: float, top: float, measure: str) -> tuple[list[str], float]:
    readings = [(strand, strand.readings[n]) for strand in chart.strands]
    words = [_value(one, chart) for _, one in readings]
    room = width - 2 * _MARGIN - max(wide(one, _SIZE) for one in words) - 10
    values = [one.value for _, one in readings if one.value is not None]
    axis = scale(values)
    nought = _MARGIN + axis.at(Decimal(0), room)
    first = top
    parts = []
    for (strand, one), said in zip(readings, words, strict=True):
        end = nought
        if one.value is not None:
            end = _MARGIN + axis.at(one.value, room)
            bar = box(nought, top, end - nought or 1, _BAR, fill=_COLOURS[strand.role], round_=1.5)
            parts.append(linked(bar, "", told(strand.name, one, measure)))
        weight = "bold" if strand.role is Role.ACTUAL else ""
        ink = INK if one.value is not None else DIM
        parts.append(text(said, max(end, nought) + 6, top + 12, size=_SIZE, weight=weight, fill=ink))
        top += _BAR + _GAP
    parts.append(line(nought, first - 2, nought, top - 2, stroke=DIM))
    return parts, top


def _value(one: Reading, chart: Chart) -> str:
    if one.value is None:
        return copy("text.blank")
    return short(one.value, min(places(one.value), chart.decimals)) + (
        copy("text.provisional-sign") if one.is_provisional else ""
    )


def said_of(chart: Chart, n: int) -> str:
    """ "đạt 87,5 % kế hoạch; tăng 4,2 % so với cùng kỳ" of one label; empty where nothing can be said."""
    done = chart.strands[0].readings[n]
    said = []
    for strand in chart.strands[1:]:
        both = comparable(done, strand.readings[n])
        if both is not None:
            said.append(_compared(*both, strand, is_ratio=(done.measure or chart.measure) == PERCENT))
    return "; ".join(filter(None, said))


def _compared(done: Decimal, other: Decimal, strand: Strand, *, is_ratio: bool) -> str:
    if strand.role is Role.PLAN:
        percent = percent_of(done, other)
        return "" if percent is None else copy("text.of-plan", percent=format_number(percent))
    return change(done, other, strand.role, is_ratio=is_ratio)
