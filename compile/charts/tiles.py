"""The map of tiles (bản đồ ô): a tile for each commune about where it lies, coloured by class, its number in it."""

from __future__ import annotations

import csv
from decimal import Decimal
from functools import cache
from pathlib import Path

from compile.charts.legend import Mark, Shape
from compile.charts.model import Chart, Reading, copy
from compile.charts.scale import class_of, classes, short, whole
from compile.charts.svg import DIM, GROUND, LEVELS, ON_LEVELS, box, cut, linked, text, wrapped
from compile.charts.trend import told

_COLUMNS = 13
_MARGIN, _GAP = 6.0, 3.0
_KINDS = ("Xã ", "Phường ", "Thị trấn ")
_ROOMY = 66.0  # a tile so wide holds the name of its commune


@cache
def places() -> dict[str, tuple[int, int]]:
    """(column, row) of each commune's code; row 0 is the north (`registry.sample.tiles` made the table)."""
    with (Path(__file__).parent / "tiles.csv").open(encoding="utf-8", newline="") as file:
        _, *lines = csv.reader(file)
    return {code: (int(column), int(row)) for code, _, column, row in lines}


def placed(codes: list[str]) -> dict[str, tuple[int, int]]:
    """A tile for every code: the table's, and for a commune it does not know yet one in rows beneath."""
    known = {code: places()[code] for code in codes if code in places()}
    below = max((row for _, row in known.values()), default=-2) + 2
    new = [code for code in codes if code not in known]
    return known | {code: (n % _COLUMNS, below + n // _COLUMNS) for n, code in enumerate(new)}


def marks(chart: Chart) -> list[Mark]:
    """The classes with their bounds, and what is blank."""
    bounds = _bounds(chart)
    values = [value for _, value in chart.numbers()]
    ends = [*bounds[1:], max(values)]
    found = [
        Mark(
            copy("text.class", least=whole(least), most=whole(most))
            if least != most
            else copy("text.class-one", least=whole(least)),
            LEVELS[_level(n, len(bounds))],
        )
        for n, (least, most) in enumerate(zip(bounds, ends, strict=True))
    ]
    if any(one.value is None for one in chart.strands[0].readings):
        found.append(Mark(copy("text.class-blank"), GROUND, Shape.OUTLINE))
    return found


def _bounds(chart: Chart) -> tuple[Decimal, ...]:
    return classes([value for _, value in chart.numbers()])


def _level(n: int, count: int) -> int:
    """Few classes take the ends of the ramp, not its beginning only."""
    return len(LEVELS) - 1 if count == 1 else round(n * (len(LEVELS) - 1) / (count - 1))


def body(chart: Chart, width: float, top: float) -> tuple[str, float]:
    """The tiles of every unit, with or without a number."""
    strand = chart.strands[0]
    at = placed([one.key for one in strand.readings])
    side = (width - 2 * _MARGIN) / _COLUMNS
    tall = max(side * 0.72, 30.0)
    bounds = classes([value for _, value in chart.numbers()])
    decimals, parts = chart.decimals, []
    for one in strand.readings:
        column, row = at[one.key]
        x, y = _MARGIN + column * side, top + row * tall
        level = None if one.value is None else _level(class_of(one.value, bounds), len(bounds))
        drawn = _tile(one, (x, y, side - _GAP, tall - _GAP), level, decimals)
        parts.append(linked(drawn, one.link, told(one.label, one, chart.measure)))
    rows = max((row for _, row in at.values()), default=0) + 1
    return "".join(parts), top + rows * tall + 6


def _tile(one: Reading, place: tuple[float, float, float, float], level: int | None, decimals: int) -> str:
    x, y, width, tall = place
    blank = level is None
    fill, ink = (GROUND, DIM) if level is None else (LEVELS[level], ON_LEVELS[level])
    drawn = box(x, y, width, tall, fill=fill, stroke=DIM if blank else "", dash="3 2" if blank else "", round_=3)
    sign = copy("text.provisional-sign") if one.is_provisional else ""
    value = copy("text.blank") if one.value is None else short(one.value, decimals) + sign
    middle = x + width / 2
    if width < _ROOMY:
        size = min(11.0, width / 4)
        return drawn + text(cut(value, width, size), middle, y + tall / 2 + 4, size=size, anchor="middle", fill=ink)
    name = next((one.label.removeprefix(kind) for kind in _KINDS if one.label.startswith(kind)), one.label)
    lines = wrapped(name, width - 4, 10.5)
    drawn += "".join(
        text(part, middle, y + 13 + n * 11.5, size=10.5, anchor="middle", fill=ink) for n, part in enumerate(lines)
    )
    return drawn + text(value, middle, y + tall - 6, size=12, anchor="middle", fill=ink, weight="bold")
