"""A compiled report as a page shows it: its tables, and for every figure what it is made of, to its last cell.

Made with the numbers of the compile itself, so that it can be kept and looked at without compiling again.
"""

from __future__ import annotations

from collections.abc import Iterator

from compile.compiled import Compiled
from compile.contributions import Contribution, periods_of
from compile.coverage import by_level, copy, sentences
from compile.list_tables import lists_of, sum_table
from compile.model import CompileInput, Source
from compile.report_tables import report_tables, row_totals, territory_lines
from compile.side_tables import verdict
from compile.tables import Table
from compile.terms import asked_by, formula_words, parts_of
from compile.total_table import total_table
from compile.totals import ADDED, CellTotal, Totals
from compile.traced_model import Concern, Figure, Given, Line, Share, Sheet, Shown, Traced, Way
from compile.traced_tables import TracedList, TracedTerritory, heading_of, is_public
from registry.catalogue.forms import CellSpec, RowSet, View
from registry.catalogue.model import CellKind, Row, Unit
from registry.catalogue.values import CellKey, State
from registry.findings import message
from vietnamese.numbers import format_number


def traced(report: Compiled) -> Traced:
    """Everything a page says of a compiled report."""
    whole = report.coverage
    return Traced(
        tuple(_sheets(report)),
        tuple(
            Share(name, part.have, len(part.expected), _names(part.missing), _names(part.provisional))
            for name, part in by_level(whole)
        ),
        tuple(_concerns(report)),
    )


def _concerns(report: Compiled) -> Iterator[Concern]:
    """Two accounts of one figure further apart than allowed, then everything found while compiling."""
    for one in report.totals:
        rows = {held.row.code: held.row.label.strip("–-+ ") for held in one.rows}
        headings = {column.code: column.path[-1] for column in one.view.columns}
        for gap in one.differences:
            if verdict(gap) == "beyond" and gap.difference is not None:
                row, column = rows[gap.key.row], headings[gap.key.column]
                apart = format_number(gap.difference, one.view.cells[gap.key].decimals)
                yield Concern(one.view.form.code, copy("concern.gap", row=row, column=column, difference=apart))
    for found in report.findings:
        yield Concern(dict(found.values).get("form", ""), message(found))


def _names(units: tuple[Unit, ...]) -> tuple[str, ...]:
    return tuple(unit.name for unit in units)


def _sheets(report: Compiled) -> Iterator[Sheet]:
    for one in report.totals:
        if one.view.cells:
            yield _traced_sheet(one, report.order, total_table(one, report.order, with_coverage=True))
        for held in lists_of(one):
            table = sum_table(held, report.order)
            of = TracedList(held, report.order, table)
            yield _sheet(one.view.form.code, table, of.lines, of.figures, sentences(one.coverage))
    for form, totals, table in zip(report.order.report_forms, row_totals(report), report_tables(report), strict=True):
        if totals:
            yield _traced_sheet(totals, report.order, table)
        else:
            land = TracedTerritory(report, list(territory_lines(report, form)), table)
            yield _sheet(form.code, table, land.lines, land.figures, ())


def _sheet(
    form: str, table: Table, lines: tuple[Line, ...], figures: tuple[Figure, ...], coverage: tuple[str, ...]
) -> Sheet:
    return Sheet(
        form=form,
        title=table.title,
        head=table.head,
        depth=table.depth,
        numbers=tuple(column.number for column in table.columns) if table.has_numbers else (),
        labels=table.labels,
        label_column=table.label_column,
        lines=lines,
        notes=table.notes,
        above=table.above,
        figures=figures,
        coverage=coverage,
    )


def _traced_sheet(one: Totals, order: CompileInput, table: Table) -> Sheet:
    figures = _Figures(one, order)
    columns = [column.code for column in one.view.columns]
    lines, found = [], []
    for held, row in zip(one.rows, table.rows, strict=True):
        cells = []
        for place, cell in enumerate(row.cells):
            at = place - table.labels
            key = CellKey(held.row.code, columns[at]) if 0 <= at < len(columns) else None
            figure = figures.of(held.row, key, cell.text) if key in one.view.cells and key else None
            if figure and cell.text and figure.way not in (Way.NOTE, Way.CLOSED):
                found.append(figure)
                cells.append(Shown(cell.text, cell.align.value, figure.code, figure.is_provisional))
            else:
                cells.append(Shown(cell.text, cell.align.value))
        lines.append(Line(row.style, row.indent, tuple(cells)))
    covered = sentences(one.coverage) if one.form_input.expected else ()
    return _sheet(one.view.form.code, table, tuple(lines), tuple(found), covered)


class _Figures:
    """Makes the figures of one compiled form."""

    def __init__(self, one: Totals, order: CompileInput) -> None:
        self._one, self._order = one, order
        self._sources = {source.unit.code: source for source in one.form_input.sources}
        ended = (source.unit for source in one.form_input.sources)
        self._units = {unit.code: unit for unit in (*ended, *order.units)}
        self._given: dict[CellKey, list[Contribution]] = {}
        for (_, key), given in one.contributions.items():
            self._given.setdefault(key, []).append(given)
        self._views: dict[RowSet, View] = {}
        self._own = {expected.unit.code: expected.rows for expected in one.form_input.expected}

    def of(self, row: Row, key: CellKey, text: str) -> Figure:
        """The figure of one cell as it is printed."""
        one, order = self._one, self._order
        spec, total = one.view.cells[key], one.cells.get(key, CellTotal(State.BLANK))
        way = _way(row, spec)
        counted = frozenset(total.contributors)
        given = [held for held in self._given.get(key, ()) if held.unit in counted]
        beside = [held for held in self._given.get(key, ()) if held.unit not in counted]
        period, frequency = order.period, order.regime.frequency
        return Figure(
            row=key.row,
            column=key.column,
            label=row.label.strip("–-+ "),
            heading=heading_of(one.view, key),
            measure=spec.measure,
            decimals=spec.decimals,
            way=way,
            text=text,
            state=total.state,
            number=total.number,
            nature=total.nature,
            series=spec.series,
            period=next(iter(periods_of(spec, period, frequency)), period.code) if spec.series else period.code,
            public=is_public(spec, one.view),
            given=tuple(self._told(key, spec, held) for held in self._ordered(given)),
            beside=tuple(self._told(key, spec, held) for held in self._ordered(beside)) if way is Way.SAID else (),
            missing=_names(total.coverage.missing) if total.coverage else (),
            words=formula_words(one.view, spec),
            formula=spec.formula if way is Way.COMPUTED else "",
            parts=tuple(parts_of(one.view, spec, one.cells)),
            asked=tuple(asked_by(one.context, spec)),
        )

    def _ordered(self, given: list[Contribution]) -> list[Contribution]:
        return sorted(given, key=lambda held: (self._units[held.unit].order, held.unit))

    def _told(self, key: CellKey, spec: CellSpec, held: Contribution) -> Given:
        source = self._sources[held.unit]
        view = self._view_of(held.unit)
        own = view.cells.get(key) if view else None
        value = source.values.get(key)
        return Given(
            unit=held.unit,
            name=self._units[held.unit].name,
            version_id=source.version_id,
            state=held.state,
            number=held.number,
            nature=held.nature,
            typed="" if value is None or value.number is None else f"{value.number:f}",
            measure=own.measure if own else spec.measure,
            address=source.addresses.get(key),
            provisional=source.provisional,
            told=_explained(source, key),
        )

    def _view_of(self, unit: str) -> View | None:
        """The form as the unit meets it; units with the same rows share one."""
        rows, view = self._own.get(unit), self._one.view
        if rows is None:
            return None
        return self._views.setdefault(rows, View(view.form, view.shape, rows, view.definitions))


def _way(row: Row, spec: CellSpec) -> Way:
    if spec.kind is CellKind.CLOSED:
        return Way.CLOSED
    if spec.kind is CellKind.NOTE:
        return Way.NOTE
    if spec.kind is CellKind.COMPUTED:
        return Way.COMPUTED
    if spec.kind is not CellKind.INPUT:
        return Way.KNOWN
    return Way.SUM if row.province_value in ADDED else Way.SAID


def _explained(source: Source, key: CellKey) -> tuple[str, ...]:
    return tuple(one.text for one in source.explanations if one.cell == key)
