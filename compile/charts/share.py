"""Parts of a whole: one stacked bar, its parts named beneath with number and percent; the small ones together."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from compile.charts import rows
from compile.charts.legend import Mark, Shape
from compile.charts.model import Chart, Reading, copy
from compile.charts.scale import short
from compile.charts.svg import DIM, GREY, GROUND, STRANDS, box, linked, text, wide
from registry.catalogue.measures import rounded
from vietnamese.numbers import format_number

_MARGIN, _TALL, _SIZE = 14.0, 46.0, 13.0
_PARTS = 5
_COLOURS = (*STRANDS, GREY)


def marks(chart: Chart) -> list[Mark]:
    """Every part with its number and percent."""
    return [Mark(_told(chart, one), colour) for one, colour in _parts(chart)] + _blank(chart)


def _blank(chart: Chart) -> list[Mark]:
    count = sum(one.value is None for one in chart.strands[0].readings)
    return [Mark(f"{copy('text.class-blank')}: {count}", GROUND, Shape.OUTLINE)] if count else []


def _parts(chart: Chart) -> list[tuple[Reading, str]]:
    """The largest parts, then the rest as one."""
    known = [one for one in chart.strands[0].readings if one.value is not None and one.value > 0]
    known.sort(key=lambda one: -(one.value or 0))
    if len(known) > _PARTS + 1:
        kept, others = known[:_PARTS], known[_PARTS:]
        left = sum((one.value for one in others if one.value is not None), Decimal(0))
        words = copy("text.rest", count=len(others))
        known = [*kept, replace(others[0], label=words, value=left, key="", link="", is_provisional=False)]
    return list(zip(known, _COLOURS, strict=False))


def body(chart: Chart, width: float, top: float) -> tuple[str, float]:
    """The bar; a part wide enough has its percent inside. Words instead where there is no whole to share."""
    if not any(rows.share(one, chart) for one, _ in _parts(chart)):
        return text(copy("text.no-share"), width / 2, top + 20, anchor="middle", fill=DIM, size=_SIZE), top + 36
    room = width - 2 * _MARGIN
    parts, at = [], _MARGIN
    for one, colour in _parts(chart):
        percent = rows.share(one, chart) or Decimal(0)
        length = float(percent) / 100 * room
        drawn = box(at, top, length, _TALL, fill=colour, stroke=GROUND)
        words = copy("text.percent", percent=format_number(rounded(percent, 1)))
        if wide(words, _SIZE) + 8 < length:
            drawn += text(
                words, at + length / 2, top + _TALL / 2 + 5, size=_SIZE, anchor="middle", fill=GROUND, weight="bold"
            )
        parts.append(linked(drawn, "", _told(chart, one)))
        at += length
    return "".join(parts), top + _TALL + 8


def _told(chart: Chart, one: Reading) -> str:
    value, percent = short(one.value or Decimal(0), chart.decimals), rows.share(one, chart)
    if percent is None:
        return copy("text.part", name=one.label, value=value)
    return copy("text.share", name=one.label, value=value, percent=format_number(rounded(percent, 1)))
