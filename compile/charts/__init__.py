"""Charts (biểu đồ) as SVG: data in, drawing out; the same numbers as a table behind every chart."""

from compile.charts.drawing import draw
from compile.charts.model import Chart, Reading, Role, Strand
from compile.charts.rows import Cell, Rows, rows_of

__all__ = ["Cell", "Chart", "Reading", "Role", "Rows", "Strand", "draw", "rows_of"]
