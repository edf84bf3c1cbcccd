"""A line over periods: a gap where one is blank, a hollow point where provisional, dashed for what it is held to."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR

from compile.charts.compared import PERCENT
from compile.charts.legend import Mark, Shape
from compile.charts.model import Chart, Reading, Role, Strand, copy
from compile.charts.scale import Scale, scale, short, whole
from compile.charts.svg import (
    BLUE,
    DIM,
    GREY,
    GROUND,
    LINE,
    OCHRE,
    STRANDS,
    cut,
    line,
    linked,
    tag,
    text,
    wide,
)

_HALF = 50  # percentages above it differ by little: their axis need not begin at 0
_TALL, _MARGIN, _SIZE = 220.0, 14.0, 12.5
_COLOURS = {Role.PLAN: BLUE, Role.SAME_PERIOD: GREY, Role.PREVIOUS: OCHRE}


def marks(chart: Chart) -> list[Mark]:
    """A key for each strand, and what the sign of a figure of which units are missing says."""
    named = [
        Mark(one.name, colour, Shape.LINE if one.role is Role.ACTUAL else Shape.DASHED)
        for one, colour in zip(chart.strands, _colours(chart), strict=True)
    ]
    has_part = any(not one.is_whole for one, _ in chart.numbers())
    return [*named, Mark(copy("text.partial-note"), DIM, Shape.NONE)] if has_part else named


def _colours(chart: Chart) -> list[str]:
    own = iter(STRANDS * len(chart.strands))
    return [next(own) if one.role is Role.ACTUAL else _COLOURS[one.role] for one in chart.strands]


def body(chart: Chart, width: float, top: float) -> tuple[str, float]:
    """Axes, lines and the last number of what was done."""
    values = [value for _, value in chart.numbers()]
    is_high = chart.measure == PERCENT and min(values) > _HALF
    if is_high:
        values += [min(values).to_integral_value(ROUND_FLOOR) - 1, max(values).to_integral_value(ROUND_CEILING)]
    axis = scale(values, from_nought=not is_high)
    left = _MARGIN + max(wide(one, _SIZE) for one in axis.labels) + 6
    right = width - _MARGIN - 8
    labels = [one.label for one in chart.strands[0].readings]
    top += 14
    parts = _grid(axis, left, right, top)
    xs = _places(len(labels), left, right)
    parts += _labels(labels, xs, top + _TALL, right - left)
    order = sorted(zip(chart.strands, _colours(chart), strict=True), key=lambda pair: pair[0].role is Role.ACTUAL)
    for strand, colour in order:
        parts += _strand(chart, strand, colour, xs, axis, top)
    return "".join(parts), top + _TALL + 28


def _places(count: int, left: float, right: float) -> list[float]:
    pad = min(24.0, (right - left) / (2 * count))
    if count == 1:
        return [(left + right) / 2]
    return [left + pad + n * (right - left - 2 * pad) / (count - 1) for n in range(count)]


def _grid(axis: Scale, left: float, right: float, top: float) -> list[str]:
    parts = []
    for tick, label in zip(axis.ticks, axis.labels, strict=True):
        y = top + _TALL - axis.at(tick, _TALL)
        parts.append(line(left, y, right, y, stroke=GREY if not tick else LINE))
        parts.append(text(label, left - 6, y + 4, size=_SIZE, anchor="end", fill=DIM))
    return parts


def _labels(labels: list[str], xs: list[float], y: float, room: float) -> list[str]:
    """Every label where there is room, else every second, third …, counted from the last."""
    widest = max(wide(one, _SIZE) for one in labels) + 8
    each = max(1, -int(-widest * len(labels) // room))
    last = len(labels) - 1
    return [
        text(label, x, y + 18, size=_SIZE, anchor="middle", fill=DIM)
        for n, (label, x) in enumerate(zip(labels, xs, strict=True))
        if (last - n) % each == 0
    ]


def _strand(chart: Chart, strand: Strand, colour: str, xs: list[float], axis: Scale, top: float) -> list[str]:
    points = [
        (one, x, top + _TALL - axis.at(one.value, _TALL))
        for one, x in zip(strand.readings, xs, strict=True)
        if one.value is not None
    ]
    is_done = strand.role is Role.ACTUAL
    parts = [
        tag(
            "path",
            d=path,
            fill="none",
            stroke=colour,
            stroke_width=2.5 if is_done else 1.8,
            stroke_dasharray="" if is_done else "5 3",
            stroke_linejoin="round",
        )
        for path in _runs(chart, strand, xs, axis, top)
    ]
    for one, x, y in points:
        dot = _dot(one, x, y, colour, is_done=is_done)
        parts.append(linked(dot, "", told(strand.name, one, chart.measure)))
    if is_done and points:
        one, x, y = points[-1]
        sign = copy("text.provisional-sign") if one.is_provisional else ""
        words = cut(short(one.value or axis.ticks[0], chart.decimals) + sign, 120, 14)
        x = min(x, xs[-1] + 14 - wide(words, 14) / 2)
        parts.append(text(words, x, y - 10, size=14, anchor="middle", fill=colour, weight="bold", klass="chart-halo"))
    return parts


def _dot(one: Reading, x: float, y: float, colour: str, *, is_done: bool) -> str:
    """A point; a diamond where units are missing from it."""
    look = {
        "fill": GROUND if one.is_provisional else colour,
        "stroke": colour,
        "stroke_width": 2 if is_done else 1,
    }
    half = 4 if is_done else 2.5
    if one.is_whole:
        return tag("circle", cx=x, cy=y, r=half, **look)
    wing = half + 2
    corners = ((x, y - wing), (x + wing, y), (x, y + wing), (x - wing, y))
    return tag("polygon", points=" ".join(f"{at:.1f},{up:.1f}" for at, up in corners), **look)


def told(strand: str, one: Reading, measure: str) -> str:
    """What the pointer reads on a point."""
    sign = f" {copy('text.provisional')}" if one.is_provisional else ""
    value = copy("text.blank") if one.value is None else whole(one.value)
    part = "" if one.is_whole or one.value is None else f" {one.note}"
    return f"{strand}, {one.label}: {value} {one.measure or measure}{sign}{part}"


def _runs(chart: Chart, strand: Strand, xs: list[float], axis: Scale, top: float) -> list[str]:
    """The line in pieces: it is not drawn across a blank, nor from one running total to the next one's."""
    runs: list[list[str]] = [[]]
    last = ""
    for one, x in zip(strand.readings, xs, strict=True):
        if one.value is None or (chart.is_running and (one.run or one.key[:4]) != last):
            runs.append([])
        last = one.run or one.key[:4]
        if one.value is None:
            continue
        y = top + _TALL - axis.at(one.value, _TALL)
        runs[-1].append(f"{'L' if runs[-1] else 'M'}{x:.1f} {y:.1f}")
    return [" ".join(run) for run in runs if len(run) > 1]
