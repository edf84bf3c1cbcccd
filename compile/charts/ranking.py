"""Units by size: horizontal bars, the first few drawn, everybody in the table behind."""

from __future__ import annotations

from compile.charts.legend import Mark, Shape
from compile.charts.model import Chart, Reading, copy
from compile.charts.scale import scale, short
from compile.charts.svg import DIM, GREY, INK, LINE, RED, box, cut, line, linked, text, wide
from compile.charts.trend import told

_MARGIN, _SIZE, _ROW, _BAR = 14.0, 13.0, 24.0, 15.0


def marks(chart: Chart) -> list[Mark]:
    """One colour, said by the title; grey is what has no place."""
    has_part = any(not one.is_whole for one, _ in chart.numbers())
    return [Mark(copy("text.unranked"), GREY, Shape.BOX)] if has_part else []


def body(chart: Chart, width: float, top: float) -> tuple[str, float]:
    """A bar for each of the first units; readings come in the order of their rank."""
    strand = chart.strands[0]
    known = [one for one in strand.readings if one.value is not None]
    shown = known[: chart.top]
    names = min(0.42 * width, max(wide(_name(one), _SIZE) for one in shown) + 4)
    left = _MARGIN + names + 6
    decimals = chart.decimals
    values = [_value(one, decimals) for one in shown]
    room = width - _MARGIN - left - max(wide(one, _SIZE) for one in values) - 8
    axis = scale([one.value for one in shown if one.value is not None])
    nought = left + axis.at(axis.ticks[0] * 0, room)
    parts = []
    for n, (one, said) in enumerate(zip(shown, values, strict=True), 1):
        y = top + (n - 1) * _ROW
        end = left + axis.at(one.value or axis.ticks[0], room)
        drawn = text(cut(_name(one), names, _SIZE), left - 6, y + 15, size=_SIZE, anchor="end", fill=INK)
        drawn += box(nought, y + 4, end - nought or 1, _BAR, fill=RED if one.is_whole else GREY, round_=1.5)
        parts.append(linked(drawn, one.link, told(strand.name, one, chart.measure)))
        parts.append(text(said, max(end, nought) + 5, y + 16, size=_SIZE, fill=INK))
    bottom = top + len(shown) * _ROW
    parts.append(line(nought, top, nought, bottom, stroke=DIM if axis.ticks[0] < 0 else LINE))
    if rest := len(known) - len(shown):
        bottom += 18
        parts.append(text(copy("text.more", count=rest), left, bottom - 4, size=_SIZE, fill=DIM))
    return "".join(parts), bottom + 4


def _name(one: Reading) -> str:
    return f"{one.place}. {one.label}" if one.place else one.label


def _value(one: Reading, decimals: int) -> str:
    sign = copy("text.provisional-sign") if one.is_provisional else ""
    return "" if one.value is None else short(one.value, decimals) + sign
