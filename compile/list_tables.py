"""List tables compiled: every unit's lines one below another in official order, and each unit's totals.

Figures stand in the province's measure; totals add what adds up, and ratios are those of the sums.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from compile import annex
from compile.annex import Annex, Body, value_of
from compile.coverage import copy, sentences
from compile.head import form_head
from compile.model import CompileInput, Expected, Source
from compile.tables import EMPTY, Align, Cell, RowStyle, Table, TableColumn, TableRow, Tone, number_cell, text_cell
from compile.totals import Totals
from compile.unit_table import group_row, groups
from registry.catalogue.forms import CellSpec, View
from registry.catalogue.model import CellKind, ListTable
from registry.catalogue.values import BLANK, HIDDEN, CellKey, CellValue, State
from registry.catalogue.words import shown
from registry.rules.lines import Line, as_line, lines_of, totalled, totals


@dataclass(frozen=True)
class CompiledList:
    """One list of a compiled form."""

    one: Totals
    table: ListTable

    @property
    def view(self) -> View:
        """A line as the province has it."""
        return self.one.view.lists[self.table.code]

    @cached_property
    def lines(self) -> Mapping[str, list[Line]]:
        """The lines of each unit that sent the form, in the province's measures."""
        return {source.unit.code: list(self._of(source)) for source in self.one.form_input.sources}

    def _of(self, source: Source) -> Iterator[Line]:
        expected = next(one for one in self.one.form_input.expected if one.unit.code == source.unit.code)
        own = replace(self.one.view, row_set=expected.rows).lists[self.table.code]
        for line in lines_of(source.values).get(self.table.code, {}).values():
            yield {key: self._converted(value, own.cells[key], key) for key, value in line.items() if key in own.cells}

    def _converted(self, value: CellValue, spec: CellSpec, key: CellKey) -> CellValue:
        mine, measures = self.view.cells.get(key), self.view.definitions.measures
        if value.number is None or mine is None or mine.measure == spec.measure or not mine.kind.is_figure:
            return value
        factor: Fraction = measures[spec.measure].factor / measures[mine.measure].factor
        return value._replace(number=value.number * factor.numerator / factor.denominator)

    def totals_of(self, units: list[str]) -> Line:
        """The totals over the lines of some units."""
        lines = [line for unit in units for line in self.lines.get(unit, ())]
        values = {key: value for n, line in enumerate(lines, 1) for key, value in as_line(n, line).items()}
        return totals(self.one.context, self.table.code, values)


def lists_of(one: Totals) -> tuple[CompiledList, ...]:
    """The lists of a compiled form."""
    return tuple(CompiledList(one, table) for table in one.view.form.lists)


def line_annex(held: CompiledList, order: CompileInput) -> Annex:
    """Every line with the unit that gave it; the totals of all above them."""
    view = held.view
    columns = (
        TableColumn((copy("units.ordinal"),), "A", 6),
        TableColumn((copy("units.unit"),), "B", 26),
        *(TableColumn(column.path, column.number, column.width) for column in view.columns),
    )
    members = list(groups(held.one.form_input.expected))
    count = 1 + len(members) + sum(map(len, held.lines.values()))
    decimals = (0, 0, *(spec.decimals for spec in view.cells.values()))
    body = Body(count, lambda: _all_lines(held, members, len(columns)), decimals, styles=tuple(_STYLES))
    return Annex(_table(held, order, columns, (), held.table.title), body)


_STYLES = (RowStyle.DATA, RowStyle.GROUP, RowStyle.TOTAL)


def _all_lines(held: CompiledList, members: list[tuple[str, list[Expected]]], width: int) -> Iterator[annex.Line]:
    everybody = [expected.unit.code for _, units in members for expected in units]
    yield _line(_totals_row(held, everybody, held.view.cells))
    for name, units in members:
        yield _line(group_row(name, width))
        yield from (_line(row) for member in units for row in _unit_lines(held, member))


def _line(row: TableRow) -> annex.Line:
    return annex.Line(row.style, [value_of(cell) for cell in row.cells])


def _unit_lines(held: CompiledList, member: Expected) -> Iterator[TableRow]:
    for place, line in enumerate(held.lines.get(member.unit.code, ()), start=1):
        cells = [_cell(held.view, spec, line.get(key, BLANK)) for key, spec in held.view.cells.items()]
        yield TableRow((text_cell(str(place), Align.CENTRE), text_cell(member.unit.name), *cells))


def sum_table(held: CompiledList, order: CompileInput) -> Table:
    """Each unit's totals: how many lines it gave, and every column that has a total."""
    added = totalled(held.view)
    paths = {column.code: column for column in held.view.columns}
    columns = (
        TableColumn((copy("units.ordinal"),), "A", 6),
        TableColumn((copy("units.unit"),), "B", 34),
        TableColumn((copy("lists.lines"),), "", 9),
        *(_sum_column(spec, paths[key.column].path, paths[key.column].number) for key, spec in added.items()),
    )
    everybody = [expected.unit.code for expected in held.one.form_input.expected]
    total = _totals_row(held, everybody, added)
    rows = [replace(total, cells=(*total.cells[:2], _count(held, everybody), *total.cells[2:]))]
    for name, members in groups(held.one.form_input.expected):
        rows.append(group_row(name, len(columns)))
        for place, member in enumerate(members, start=1):
            row = _totals_row(held, [member.unit.code], added)
            labels = (text_cell(str(place), Align.CENTRE), text_cell(member.unit.name))
            given = member.unit.code in held.lines
            figures = row.cells[2:] if given else tuple(Cell(tone=Tone.OWED) for _ in added)
            rows.append(TableRow((*labels, _count(held, [member.unit.code]) if given else EMPTY, *figures)))
    return _table(held, order, columns, tuple(rows), copy("lists.sums", title=held.one.view.form.title))


def _sum_column(spec: CellSpec, path: tuple[str, ...], number: str) -> TableColumn:
    measured = copy("units.measure_row", label=path[-1], measure=spec.measure)
    return TableColumn((*path[:-1], path[-1] if "%" in path[-1] else measured), number, 13)


def _count(held: CompiledList, units: list[str]) -> Cell:
    count = sum(len(held.lines.get(unit, ())) for unit in units)
    return text_cell(str(count), Align.CENTRE)


def _totals_row(held: CompiledList, units: list[str], cells: Mapping[CellKey, CellSpec]) -> TableRow:
    added = held.totals_of(units)
    figures = (_cell(held.view, spec, added.get(key, BLANK)) for key, spec in cells.items())
    return TableRow((EMPTY, text_cell(copy("lists.total")), *figures), RowStyle.TOTAL)


def _cell(view: View, spec: CellSpec, value: CellValue) -> Cell:
    if spec.kind.is_worded or value == HIDDEN:
        return text_cell(shown(view, spec, value))
    if spec.kind is CellKind.NOTE:
        return text_cell(value.text or "")
    return number_cell(value.state, value.amount if value.state is not State.NIL else None, spec.decimals)


def _table(
    held: CompiledList, order: CompileInput, columns: tuple[TableColumn, ...], rows: tuple[TableRow, ...], title: str
) -> Table:
    head = form_head(held.one.view.form, order)
    return Table(
        title=title,
        columns=columns,
        rows=rows,
        subtitles=head.subtitles,
        left=head.left,
        right=head.right,
        notes=(*sentences(held.one.coverage), copy("foot.signs")),
        paper="A3" if len(columns) > _WIDE else "A4",
    )


_WIDE = 14  # columns an A4 sheet takes lying
