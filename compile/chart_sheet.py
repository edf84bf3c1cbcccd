"""Native charts of the main rows: their percentages side by side, and what each commune gave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from compile.coverage import copy
from compile.links import Places
from compile.sheet import FONT, cached
from compile.tables import Table
from compile.total_table import figure_places
from compile.totals import ADDED, Totals
from registry.catalogue.model import CellKind, Column, Row
from registry.catalogue.values import CellKey

_MOST_ROWS, _MOST_COLUMNS, _MOST_BY_UNIT = 15, 3, 3
_HIGH, _WIDE = 440, 1100  # pixels of a chart
_BAR, _TALLEST = 18, 900
_ROW = 20  # pixels of a sheet row
_FIRST = 5  # column the charts stand in, right of their numbers
_LABEL, _FIGURES = 0, 1
_PERCENT = "%"


@dataclass(frozen=True)
class Drawn:
    """A form with the names of its sheets, the places of its totals and of its units' figures."""

    one: Totals
    totals: str
    table: Table
    units: Places


def has_charts(one: Totals) -> bool:
    """True when there is something to draw."""
    return bool(_percents(one)) or bool(_summed(one))


def draw_charts(book: Any, sheet: Any, forms: list[Drawn]) -> None:
    """One chart of percentages a form, with its numbers beside it as formulas; then the communes' figures of its
    first added rows.
    """
    starts = [0]
    sheet.set_column(_LABEL, _LABEL, 44)
    sheet.set_column(_FIGURES, _FIGURES + _MOST_COLUMNS - 1, 14)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    for form in forms:
        starts.append(starts[-1] + _draw_percents(book, sheet, form, starts[-1]))
        for row, key in _summed(form.one)[:_MOST_BY_UNIT]:
            starts.append(starts[-1] + _draw_by_unit(book, sheet, form, row, key, starts[-1]))
    sheet.set_h_pagebreaks(sorted({start for start in starts[:-1] if start}))


def _draw_percents(book: Any, sheet: Any, form: Drawn, at: int) -> int:
    found = _percents(form.one)
    if not found:
        return 0
    columns = [column for column in form.one.view.columns if any(column is one for _, one in found)][:_MOST_COLUMNS]
    rows = list({row.code: row for row, _ in found}.values())[:_MOST_ROWS]
    places = figure_places(form.one, form.table)
    words = book.add_format({"font_name": FONT, "font_size": 10, "text_wrap": True, "border": 1, "valign": "vcenter"})
    head = book.add_format({"font_name": FONT, "font_size": 10, "bold": True, "text_wrap": True, "border": 1})
    figure = book.add_format({"font_name": FONT, "font_size": 10, "border": 1, "num_format": "[$-42A]#,##0.0"})
    sheet.write_string(at, _LABEL, copy("charts.row"), head)
    for place, column in enumerate(columns, _FIGURES):
        sheet.write_string(at, place, " – ".join(column.path), head)
    for line, row in enumerate(rows, at + 1):
        sheet.write_string(line, _LABEL, row.label.lstrip("–-+ "), words)
        for place, column in enumerate(columns, _FIGURES):
            key = CellKey(row.code, column.code)
            number = _number(form.one, key)
            if number is None:
                sheet.write_blank(line, place, None, figure)
            else:
                sheet.write_formula(line, place, _same(form.totals, places[key]), figure, cached(number))
    chart = book.add_chart({"type": "bar"})
    for place, column in enumerate(columns, _FIGURES):
        chart.add_series(
            {
                "name": column.path[-1],
                "categories": [sheet.name, at + 1, _LABEL, at + len(rows), _LABEL],
                "values": [sheet.name, at + 1, place, at + len(rows), place],
            }
        )
    bars = len(rows) * len(columns)
    high = _finish(chart, copy("charts.percents", form=form.one.view.form.code), min(_BAR * bars, _TALLEST))
    chart.set_y_axis({"reverse": True, "num_font": {"name": FONT, "size": 9}})
    sheet.insert_chart(at, _FIRST, chart)
    return max(high, len(rows) + 3)


def _draw_by_unit(book: Any, sheet: Any, form: Drawn, row: Row, key: CellKey, at: int) -> int:
    block = next((one for one in form.units.blocks if one.is_communes and one.codes is None), None)
    column = form.units.columns.get(key)
    if block is None or column is None:
        return 0
    chart = book.add_chart({"type": "column"})
    chart.add_series(
        {
            "categories": [block.sheet, block.first, 1, block.last, 1],
            "values": [block.sheet, block.first, column, block.last, column],
            "gap": 40,
        }
    )
    measure = form.one.view.cells[key].measure
    high = _finish(chart, copy("charts.by_unit", label=row.label.lstrip("–-+ "), measure=measure), 0)
    chart.set_legend({"none": True})
    chart.set_x_axis({"num_font": {"name": FONT, "size": 7, "rotation": -90}, "interval_unit": 1})
    sheet.insert_chart(at, _LABEL, chart)
    return high


def _finish(chart: Any, title: str, wanted: int) -> int:
    """Title, legend and size; how many sheet rows it takes."""
    high = max(_HIGH, wanted)
    chart.set_title({"name": title, "name_font": {"name": FONT, "size": 12}, "overlay": False})
    chart.set_legend({"position": "bottom", "font": {"name": FONT, "size": 9}})
    chart.set_size({"width": _WIDE, "height": high})
    return high // _ROW + 3


def _percents(one: Totals) -> list[tuple[Row, Column]]:
    """Rows and columns of computed percentages that have a number."""
    return [
        (held.row, column)
        for held in one.rows
        for column in one.view.columns
        if (spec := one.view.cells.get(CellKey(held.row.code, column.code))) is not None
        and spec.kind is CellKind.COMPUTED
        and spec.measure == _PERCENT != held.row.measure
        and _number(one, spec.key) is not None
    ]


def _summed(one: Totals) -> list[tuple[Row, CellKey]]:
    """Rows that add communes, with the cell of the period's own figure."""
    return list(_of_communes(one))


def _of_communes(one: Totals) -> Iterator[tuple[Row, CellKey]]:
    for held in one.rows:
        if held.row.province_value in ADDED:
            for column in one.view.columns:
                spec = one.view.inputs.get(CellKey(held.row.code, column.code))
                if spec is not None and spec.shift == 0 and _number(one, spec.key):
                    yield held.row, spec.key
                    break


def _number(one: Totals, key: CellKey) -> Decimal | None:
    total = one.cells.get(key)
    return total.number if total is not None else None


def _same(sheet: str, place: tuple[int, int]) -> str:
    from xlsxwriter.utility import xl_rowcol_to_cell

    return "='" + sheet.replace("'", "''") + "'!" + str(xl_rowcol_to_cell(*place))
