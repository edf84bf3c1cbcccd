"""The legend: what each colour, line and mark stands for, in words, before the drawing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from compile.charts.svg import DIM, INK, box, line, tag, text, wide, wrapped

_SIZE = 13.0
_MARGIN, _GAP, _SIGN, _HEIGHT = 14.0, 18.0, 22.0, 20.0


class Shape(StrEnum):
    """How a key of the legend is drawn."""

    LINE = "line"
    DASHED = "dashed"
    BOX = "box"
    OUTLINE = "outline"
    TICK = "tick"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Mark:
    """One key: its words, colour and shape."""

    words: str
    fill: str
    shape: Shape = Shape.BOX


def legend(marks: list[Mark], width: float, top: float) -> tuple[str, float]:
    """The keys in as many lines as they need; nothing for none. Returns where the drawing goes on."""
    if not marks:
        return "", top
    parts: list[str] = []
    x, y = _MARGIN, top
    for mark in marks:
        sign = _SIGN if mark.shape is not Shape.NONE else 0
        lines = wrapped(mark.words, width - 2 * _MARGIN - sign, _SIZE)
        needed = sign + max(wide(one, _SIZE) for one in lines) + _GAP
        if x > _MARGIN and x + needed > width:
            x, y = _MARGIN, y + _HEIGHT
        parts.append(_sign(mark, x, y + 4))
        parts += [text(one, x + sign, y + 14 + n * _HEIGHT, size=_SIZE, fill=INK) for n, one in enumerate(lines)]
        x, y = x + needed, y + (len(lines) - 1) * _HEIGHT
    return tag("g", *parts, klass="chart-legend"), y + _HEIGHT + 8


def _sign(mark: Mark, x: float, y: float) -> str:
    if mark.shape is Shape.NONE:
        return ""
    if mark.shape in (Shape.LINE, Shape.DASHED):
        dash = "5 3" if mark.shape is Shape.DASHED else ""
        return line(x, y + 6, x + 16, y + 6, stroke=mark.fill, width=2.5, dash=dash)
    if mark.shape is Shape.TICK:
        return line(x + 8, y - 1, x + 8, y + 13, stroke=mark.fill, width=3)
    if mark.shape is Shape.OUTLINE:
        return box(x, y, 14, 12, fill="#ffffff", stroke=DIM, dash="3 2", round_=2)
    return box(x, y, 14, 12, fill=mark.fill, stroke=DIM if mark.fill.startswith("#f") else "", round_=2)
