"""A unit's own figures as tables: a form in its official layout, in the measures its level is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from compile.coverage import copy
from compile.head import day
from compile.tables import EMPTY, Align, Cell, RowStyle, Table, TableColumn, TableRow, number_cell, text_cell
from compile.total_table import WIDE
from registry.catalogue.forms import COMMUNE, CellSpec, View
from registry.catalogue.model import CellKind, Column, Row, RowKind
from registry.catalogue.values import BLANK, HIDDEN, CellKey, CellValue, State
from registry.catalogue.words import shown
from registry.rules.context import Context
from registry.rules.lines import as_line, lines_of, totals
from vietnamese.letters import first_upper

_STYLES = {RowKind.SECTION: RowStyle.SECTION, RowKind.TOTAL: RowStyle.TOTAL, RowKind.DATA: RowStyle.DATA}
_LABEL_WIDTHS = (6.0, 44.0, 11.0)
_NOTE_WIDTH = 24.0


@dataclass(frozen=True)
class OwnForm:
    """One form of a unit with the figures of one of its versions."""

    context: Context
    values: Mapping[CellKey, CellValue]  # in the measures the unit's workbook shows
    window: tuple[date, date] | None = None  # closing window (thời gian chốt số liệu)

    @property
    def view(self) -> View:
        """The form as the unit meets it."""
        return self.context.view


def tables_of(one: OwnForm) -> Iterator[Table]:
    """The form's table, then one for each of its lists."""
    if one.view.cells:
        yield _table(one)
    given = lines_of(one.values)
    for listed in one.view.form.lists:
        yield _list_table(one, listed.code, listed.title, given.get(listed.code, {}))


def _table(one: OwnForm) -> Table:
    form = one.view.form
    labels = 2 if form.unit_line else 3
    headings = zip(form.label_headings[:labels], form.letters, _LABEL_WIDTHS, strict=False)
    columns = [TableColumn((heading,), letter, width) for heading, letter, width in headings]
    columns += [_column(column) for column in one.view.columns]
    return Table(
        title=form.title,
        columns=tuple(columns),
        rows=tuple(_row(row, one, labels) for row, _ in one.view.rows),
        subtitles=_subtitles(one),
        left=(copy("head.number", number=form.official_number),),
        above=(form.unit_line,) if form.unit_line else (),
        notes=(copy("own.signs"),),
        labels=labels,
        paper="A3" if len(one.view.columns) > WIDE else form.paper,
    )


def _column(column: Column) -> TableColumn:
    return TableColumn(column.path, column.number, _NOTE_WIDTH if column.kind is CellKind.NOTE else column.width)


def _subtitles(one: OwnForm) -> tuple[str, ...]:
    heading = first_upper(one.context.period.heading)
    if one.window is None:
        return (heading,)
    return (heading, copy("head.closed_official", first=day(one.window[0]), last=day(one.window[1])))


def _row(row: Row, one: OwnForm, labels: int) -> TableRow:
    is_commune = one.view.row_set.audience == COMMUNE
    measure = (row.commune_measure if is_commune else "") or row.measure
    named = (text_cell(row.number, Align.CENTRE), text_cell(row.label), text_cell(measure, Align.CENTRE))[:labels]
    if row.kind is RowKind.SECTION:
        return TableRow((*named, *[EMPTY] * len(one.view.columns)), RowStyle.SECTION, row.indent, row.code)
    cells = (_cell(one.view, CellKey(row.code, column.code), one.values) for column in one.view.columns)
    return TableRow((*named, *cells), _STYLES[row.kind], row.indent, row.code)


def _cell(view: View, key: CellKey, values: Mapping[CellKey, CellValue]) -> Cell:
    return cell_of(view, view.cells[key], values.get(key, BLANK))


def cell_of(view: View, spec: CellSpec, value: CellValue) -> Cell:
    """One cell as it is printed."""
    if spec.kind is CellKind.CLOSED:
        return text_cell("x", Align.CENTRE)
    if spec.kind.is_worded or spec.kind is CellKind.NOTE or value == HIDDEN or value.text is not None:
        return text_cell(shown(view, spec, value))
    return number_cell(value.state, value.amount if value.state is not State.NIL else None, spec.decimals)


def _list_table(one: OwnForm, code: str, title: str, lines: Mapping[int, Mapping[CellKey, CellValue]]) -> Table:
    view = one.view.lists[code]
    columns = (TableColumn((copy("units.ordinal"),), "A", 6), *(_column(column) for column in view.columns))
    rows = [
        TableRow((text_cell(str(place), Align.CENTRE), *(_cell(view, key, line) for key in view.cells)))
        for place, line in enumerate(lines.values(), 1)
    ]
    if lines:
        given = {key: value for n, line in lines.items() for key, value in as_line(n, line).items()}
        added = totals(one.context, code, given)
        figures = [cell_of(view, spec, added.get(key, BLANK)) for key, spec in view.cells.items()]
        label = text_cell(copy("lists.total"))
        rows.append(TableRow((EMPTY, label, *figures[1:]), RowStyle.TOTAL))
    return Table(
        title=title,
        columns=columns,
        rows=tuple(rows),
        subtitles=_subtitles(one),
        notes=(copy("own.signs") if lines else copy("own.no_lines"),),
        labels=2,
        paper="A3" if len(columns) > WIDE + 1 else "A4",
    )
