"""A drawing as a picture (PNG): resvg draws it in-process, without a browser and without system libraries."""

from __future__ import annotations

import re

from compile.charts.drawing import draw
from compile.charts.model import Chart
from compile.model import ChartPicture
from registry.catalogue.dashboards import Kind

_SIZE = re.compile(r'viewBox="0 0 (\d+) (\d+)"')
_WIDE_MAP = 1080


_WIDE = 720  # as wide as text is on a page of A4, in letters one can read


def pictured(chart: Chart) -> ChartPicture:
    """A chart for a document: title, coverage and moment are drawn on it."""
    drawn = draw(chart, _WIDE_MAP if chart.kind is Kind.TILES else _WIDE, framed=True)
    width, height = map(int, _SIZE.findall(drawn)[0])
    return ChartPicture(chart.title, png(drawn), width, height)


def png(svg: str, scale: int = 2) -> bytes:
    """The picture, ``scale`` dots for each unit of the drawing; equal drawing, equal bytes on one machine."""
    import resvg_py  # a library of 4 MB, loaded where a picture is made

    return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=scale))
