"""Report forms (biểu mẫu báo cáo): figures of any input forms arranged anew, printed as annexes (PRACTICE F11)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from compile.compiled import Compiled
from compile.contributions import STRENGTH, own_need
from compile.coverage import copy, coverage, sentences
from compile.givers import Followed, Givers, followed, lacking
from compile.head import form_head
from compile.model import CompileInput, FigureRow, FormInput, official_order
from compile.ratios import with_ratios
from compile.tables import Align, RowStyle, Table, TableColumn, TableRow, number_cell, text_cell
from compile.total_table import total_table
from compile.totals import CellTotal, RowTotal, Totals, with_computed, with_givers
from registry.catalogue.aggregation import adds_up
from registry.catalogue.forms import PROVINCE_LEVEL, Access, Definitions, RowSet, View, province_row_set
from registry.catalogue.measures import to_mantissa
from registry.catalogue.model import PROVINCE, Form, PeriodShape, Row, Unit
from registry.catalogue.values import CellKey, Known, SeriesKey, State
from registry.rules.background import Background, Need
from registry.rules.context import Context
from registry.rules.lookup import cell_terms
from registry.rules.needs import needs

Figures = Mapping[Need, Known]
_LINE = "line"  # the one row every unit of a form by territory is computed with


def report_tables(report: Compiled) -> tuple[Table, ...]:
    """One table for each report form of the regime, in its order."""
    figures = _Figures(report)
    return tuple(
        _by_territory(report, form) if form.subjects else total_table(_by_row(form, figures), report.order, False)
        for form in report.order.report_forms
    )


def row_totals(report: Compiled) -> tuple[Totals | None, ...]:
    """What stands behind each of those tables; None for one by territory."""
    figures = _Figures(report)
    return tuple(None if form.subjects else _by_row(form, figures) for form in report.order.report_forms)


def printed_view(form: Form, shape: PeriodShape, definitions: Definitions) -> View:
    """A form as the province's table prints it; one by territory as the one row every unit's line is computed with."""
    if not form.subjects:
        return View(form, shape, province_row_set(form, shape), definitions)
    row_set = RowSet(PROVINCE_LEVEL, ((_LINE, Access.OPEN),))
    return View(replace(form, rows=(Row(_LINE, "", ""),)), shape, row_set, definitions)


@dataclass(frozen=True)
class _Figures:
    """What is known for this period and others: of the province, of a unit, of several."""

    report: Compiled

    @property
    def order(self) -> CompileInput:
        return self.report.order

    @cached_property
    def province(self) -> Figures:
        """The totals of this compile before anything the warehouse knows."""
        found: dict[Need, Known] = dict(self.order.background.figures)
        for read in (_listed, _totalled):  # what a row declares stands before the sum of a list
            for one in self.report.totals:
                found.update(read(one, self.order))
        return found

    @cached_property
    def chosen(self) -> dict[str, dict[Need, FigureRow]]:
        """By subject: what the counted versions say; the unit's own word before an agency's, official before ước."""
        found: dict[str, dict[Need, FigureRow]] = {}
        for form in self.order.forms:
            for row in form.figures:
                mine, need = found.setdefault(row.subject, {}), Need(row.series, row.period)
                if need not in mine or _authority(row) > _authority(mine[need]):
                    mine[need] = row
        return found

    @cached_property
    def partial(self) -> dict[Need, Givers]:
        """Who is missing from the province's figures of this compile."""
        found: dict[Need, Givers | None] = {}
        for one in self.report.totals:
            whole = Givers(one.coverage, lacking(one.coverage)) if lacking(one.coverage) else None
            found |= {need: whole for need, _ in _listed(one, self.order)}
        for one in self.report.totals:
            for need, key in _places(one, self.order):
                cell = one.cells[key]
                found[need] = Givers(cell.coverage, cell.lacking) if cell.coverage and cell.is_partial else None
        return {need: givers for need, givers in found.items() if givers is not None}

    def unit(self, code: str) -> Figures:
        earlier = self.order.subjects.get(code, Background({})).figures
        now = self.chosen.get(code, {})
        return {**earlier, **{need: Known(one.mantissa, one.nature, one.state) for need, one in now.items()}}

    def together(self, units: Iterable[Unit], wanted: Iterable[Need]) -> tuple[Figures, dict[Need, Givers]]:
        """Sums over units of what may be added, and who is missing from each; of another period only where every unit
        is known.
        """
        members = list(units)
        each = {unit.code: self.unit(unit.code) for unit in members}
        found: dict[Need, Known] = {}
        partial: dict[Need, Givers] = {}
        for need in wanted:
            known = {code: figures[need] for code, figures in each.items() if _has(figures, need)}
            covered = coverage(members, frozenset(known))
            is_shown = covered.is_complete or need.period == self.order.period.code
            total = summed(known.values()) if is_shown and _adds(need.series, self.order) else None
            if total is not None:
                found[need] = total
                if not covered.is_complete:
                    partial[need] = Givers(covered, lacking(covered))
        return found, partial


def _has(figures: Figures, need: Need) -> bool:
    return need in figures and figures[need].state.is_number


def _authority(row: FigureRow) -> tuple[bool, int]:
    return row.subject == row.reporting, STRENGTH[row.nature]


def _adds(series: SeriesKey, order: CompileInput) -> bool:
    indicator = order.definitions.indicators.get(series.indicator)
    return indicator is not None and adds_up(indicator, series.aspect)


def summed(known: Iterable[Known]) -> Known | None:
    """Σ of the figures that are numbers, of the weakest nature among them; None without any. All nil stays nil."""
    numbers = [one for one in known if one.state.is_number]
    if not numbers:
        return None
    weakest = min((one.nature for one in numbers), key=STRENGTH.__getitem__)
    if all(one.state is State.NIL for one in numbers):
        return Known(0, weakest, State.NIL)
    mantissa = sum(one.mantissa for one in numbers if one.state is State.VALUE)
    return Known(mantissa, weakest, State.VALUE if mantissa else State.ZERO)


def _totalled(one: Totals, order: CompileInput) -> Iterator[tuple[Need, Known]]:
    """The province's figures of this compile, kept computed ones too, under the series they are figures of."""
    for need, key in _places(one, order):
        total, spec = one.cells[key], one.view.cells[key]
        mantissa = total.mantissa
        if mantissa is None:
            definitions = order.definitions
            measure, canonical = definitions.measures[spec.measure], definitions.canonical(need.series)
            mantissa = to_mantissa(total.number, measure, canonical) if total.number else 0
        yield need, Known(mantissa, total.nature or spec.nature, total.state)


def _places(one: Totals, order: CompileInput) -> Iterator[tuple[Need, CellKey]]:
    for key, spec in one.view.cells.items():
        total = one.cells.get(key)
        need = own_need(spec, order.period, order.regime.frequency)
        if spec.keep and need is not None and total is not None and total.state.is_number:
            yield need, key


def _listed(one: Totals, order: CompileInput) -> Iterator[tuple[Need, Known]]:
    """What the columns of lists feed, summed over the units that gave them about themselves."""
    given: dict[tuple[SeriesKey, str], list[Known]] = {}
    for row in one.form_input.figures:
        if row.subject == row.reporting:
            given.setdefault((row.series, row.period), []).append(Known(row.mantissa, row.nature, row.state))
    for line in one.view.lists.values():
        for spec in line.cells.values():
            need = own_need(spec, order.period, order.regime.frequency)
            total = summed(given.get((need.series, need.period), ())) if spec.keep and need else None
            if need is not None and total is not None:
                yield need, total


# --- rows of indicators ----------------------------------------------------------------------------------------------


def _by_row(form: Form, figures: _Figures) -> Totals:
    order = figures.order
    view = printed_view(form, order.period.shape, order.definitions)
    known = figures.province
    context, leaning = _leaning(view, order, known, figures.partial, order.province)
    rows = (RowTotal(row, access) for row, access in view.rows)
    return Totals(
        form_input=FormInput(form, (), (), ()),
        context=context,
        rows=with_givers(rows, view, leaning),
        cells=with_computed(context, {}, leaning),
        contributions={},
        differences=(),
        coverage=figures.report.coverage,
        incomparable=leaning.apart,
    )


def _leaning(
    view: View, order: CompileInput, known: Figures, partial: Mapping[Need, Givers], unit: Unit | None
) -> tuple[Context, Followed]:
    """Where a printed form's formulas stand, and which cells hold sums somebody is missing from."""
    period, frequency = order.period, order.regime.frequency
    background, ratios = with_ratios(Background(dict(known)), view, period, frequency, {})
    parts = {key: [partial.get(one) if isinstance(one, Need) else None for one in its] for key, its in ratios.items()}
    for key, spec in view.cells.items():
        terms = cell_terms(view, period, frequency, spec)
        if terms and any(term.need in partial for term in terms):
            parts.setdefault(key, [partial.get(term.need) for term in terms])
    return Context(view, period, frequency, background, unit), followed(view, {}, parts)


# --- a line for each unit --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TerritoryLine:
    """One line of a form by territory: of the province, of a group of units, or of one unit."""

    code: str  # of the unit; of a group its selector
    number: str
    label: str
    style: RowStyle
    units: tuple[Unit, ...]  # whom it is about; none of the province's own
    context: Context
    cells: Mapping[CellKey, CellTotal]
    given: tuple[Mapping[Need, FigureRow], ...]  # what counts of each of its units in this period


def territory_lines(report: Compiled, form: Form) -> Iterator[TerritoryLine]:
    """The province first, then each selector's units; a group's own line carries what may be added up."""
    figures = _Figures(report)
    order = report.order
    view = printed_view(form, order.period.shape, order.definitions)
    context, cells = _computed(view, order, figures.province, figures.partial)
    yield TerritoryLine(PROVINCE, "", copy("report_form.province"), RowStyle.TOTAL, (), context, cells, ())
    for selector in form.subjects:
        yield from _group(view, selector, figures)


def _by_territory(report: Compiled, form: Form) -> Table:
    order = report.order
    head = form_head(form, order)
    view = printed_view(form, order.period.shape, order.definitions)
    columns = [
        TableColumn((copy("units.ordinal"),), form.letters[0], 6),
        TableColumn((copy("units.unit"),), form.letters[1], 34),
        *(TableColumn((*column.path, column.measure), column.number, column.width) for column in view.columns),
    ]
    return Table(
        title=head.title,
        columns=tuple(columns),
        rows=tuple(map(_row, territory_lines(report, form))),
        subtitles=head.subtitles,
        left=head.left,
        right=head.right,
        notes=(*sentences(report.coverage), copy("foot.signs")),
        paper=form.paper,
    )


def _group(view: View, selector: str, figures: _Figures) -> Iterator[TerritoryLine]:
    order = figures.order
    units = tuple(sorted((unit for unit in order.units if unit.answers_to(selector)), key=official_order))
    given = tuple(figures.chosen.get(unit.code, {}) for unit in units)
    _, _, group = selector.partition("=")
    if group:
        having = sum(bool(one) for one in given)
        label = copy("report_form.group", name=group, have=having, all=len(units))
        wanted = needs(view, order.period, order.regime.frequency)
        context, cells = _computed(view, order, *figures.together(units, wanted))
        yield TerritoryLine(selector, "", label, RowStyle.TOTAL, units, context, cells, given)
    for place, (unit, held) in enumerate(zip(units, given, strict=True), 1):
        context, cells = _computed(view, order, figures.unit(unit.code), {})
        yield TerritoryLine(unit.code, str(place), unit.name, RowStyle.DATA, (unit,), context, cells, (held,))


def _computed(
    view: View, order: CompileInput, known: Figures, partial: Mapping[Need, Givers]
) -> tuple[Context, Mapping[CellKey, CellTotal]]:
    context, leaning = _leaning(view, order, known, partial, None)
    return context, with_computed(context, {}, leaning)


def _row(line: TerritoryLine) -> TableRow:
    cells = line.cells
    specs = line.context.view.cells.items()
    figures = [number_cell(cells[key].state, cells[key].number, spec.decimals) for key, spec in specs]
    return TableRow((text_cell(line.number, Align.CENTRE), text_cell(line.label), *figures), line.style)
