"""Tables whose lines are units, as pages follow their figures: totals of lists, annexes by territory.

A unit's line leads straight to what the unit handed in; a sum is a figure with the units behind it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property

from compile.compiled import Compiled
from compile.contributions import periods_of
from compile.list_tables import CompiledList
from compile.model import CompileInput, FigureRow, Source
from compile.report_tables import TerritoryLine
from compile.tables import Table
from compile.terms import asked_by, formula_words, parts_of
from compile.totals import CellTotal, Totals
from compile.traced_model import Figure, Given, Line, Shown, Way
from compile.unit_table import groups
from registry.catalogue.forms import CellSpec, View
from registry.catalogue.measures import from_mantissa
from registry.catalogue.model import CellKind, Unit
from registry.catalogue.values import BLANK, CellKey, CellValue, SeriesKey
from registry.rules.background import Need
from registry.rules.lines import Line as Cells
from registry.rules.lines import totalled

_LABELS = 2  # number and name before the figures


def is_public(spec: CellSpec, view: View) -> bool:
    """True when the catalogue lets the figure out."""
    indicator = view.definitions.indicators.get(spec.series.indicator) if spec.series else None
    return indicator is not None and indicator.public


def heading_of(view: View, key: CellKey) -> str:
    """The heading of a cell's column, outermost first."""
    return " – ".join(next(held for held in view.columns if held.code == key.column).path)


def _line(row: int, table: Table, shown: Mapping[int, Shown]) -> Line:
    """A line of the table with some of its cells leading somewhere."""
    printed = table.rows[row]
    plain = (Shown(cell.text, cell.align.value) for cell in printed.cells)
    return Line(printed.style, printed.indent, tuple(shown.get(at, cell) for at, cell in enumerate(plain)))


# --- totals of lists -------------------------------------------------------------------------------------------------


class TracedList:
    """The table of a list's totals: every unit's line leads to its lines, the total's figures name all units."""

    def __init__(self, held: CompiledList, order: CompileInput, table: Table) -> None:
        self._held, self._order, self._table = held, order, table
        self._added = totalled(held.view)
        self._sources = {source.unit.code: source for source in held.one.form_input.sources}
        self._totals = {code: held.totals_of([code]) for code in held.lines}
        members = groups(held.one.form_input.expected)
        self._units = ["", *(code for _, group in members for code in ("", *(one.unit.code for one in group)))]

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """Of the line of totals, where it prints one."""
        everybody = [one.unit.code for one in self._held.one.form_input.expected]
        total = self._held.totals_of(everybody)
        cells = self._table.rows[0].cells[_LABELS + 1 :]
        printed = zip(self._added.items(), cells, strict=True)
        return tuple(self._figure(key, spec, total, cell.text) for (key, spec), cell in printed if cell.text)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The printed lines."""
        return tuple(_line(row, self._table, self._shown(row, unit)) for row, unit in enumerate(self._units))

    def _shown(self, row: int, unit: str) -> dict[int, Shown]:
        known = {one.code for one in self.figures}
        found = {}
        for at, key in enumerate(self._added, _LABELS + 1):
            cell = self._table.rows[row].cells[at] if at < len(self._table.rows[row].cells) else None
            if cell is None or not cell.text:
                continue
            shown, code = Shown(cell.text, cell.align.value), f"{key.row}.{key.column}"
            if row == 0 and code in known:
                found[at] = replace(shown, figure=code)
            elif unit in self._sources:
                source = self._sources[unit]
                place, _ = _places(source, key)
                found[at] = replace(shown, version_id=source.version_id, cell=place, provisional=source.provisional)
        return found

    def _figure(self, key: CellKey, spec: CellSpec, total: Cells, text: str) -> Figure:
        held, view = self._held, self._held.view
        value, is_sum = total.get(key, BLANK), not spec.formula
        cells = {one: CellTotal(each.state, each.amount) for one, each in total.items()}
        given = [self._given(unit, key, spec, of[key]) for unit, of in self._totals.items() if key in of]
        units = {unit.code: (unit.order, unit.code) for unit in self._order.units}
        missing = tuple(unit.name for unit in held.one.coverage.missing)
        return Figure(
            row=key.row,
            column=key.column,
            label=held.table.title,
            heading=heading_of(view, key),
            measure=spec.measure,
            decimals=spec.decimals,
            way=Way.SUM if is_sum else Way.COMPUTED,
            text=text,
            state=value.state,
            number=value.amount,
            nature=None,
            series=spec.series,
            period=self._order.period.code,
            public=is_public(spec, view),
            given=tuple(sorted(given, key=lambda one: units[one.unit])),
            missing=missing if is_sum else (),
            words=formula_words(view, spec),
            formula=spec.formula,
            parts=tuple(parts_of(view, spec, cells)),
        )

    def _given(self, unit: str, key: CellKey, spec: CellSpec, value: CellValue) -> Given:
        source = self._sources[unit]
        place, address = _places(source, key)
        return Given(
            unit=unit,
            name=source.unit.name,
            version_id=source.version_id,
            state=value.state,
            number=value.amount,
            nature=spec.nature,
            typed="",
            measure=spec.measure,
            address=address,
            provisional=source.provisional,
            told=tuple(one.text for one in source.explanations if one.cell and one.cell[:2] == key[:2]),
            cell=place,
        )


def _places(source: Source, key: CellKey) -> tuple[str, tuple[str, str] | None]:
    """The first line's cell of a column, and from where to where the column's cells stand in the unit's sheet."""
    mine = sorted(one for one in source.values if one[:2] == key[:2] and one.line is not None)
    first = f"{key.row}.{key.column}.{mine[0].line}" if mine else f"{key.row}.{key.column}"
    addresses = [source.addresses[one] for one in mine if one in source.addresses]
    if not addresses:
        return first, None
    (sheet, start), (_, end) = addresses[0], addresses[-1]
    return first, (sheet, start if start == end else f"{start}:{end}")


# --- by territory ----------------------------------------------------------------------------------------------------


class TracedTerritory:
    """An annex by territory: the figure of a unit leads to the cell it was given in, that of a group to its units."""

    def __init__(self, report: Compiled, lines: list[TerritoryLine], table: Table) -> None:
        self._report, self._held, self._table = report, lines, table

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """Every printed figure, its row called by unit or selector."""
        return tuple(one for at in range(len(self._held)) for _, one in self._of_line(at))

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The printed lines."""
        return tuple(_line(at, self._table, dict(self._shown(at))) for at in range(len(self._held)))

    def _shown(self, line: int) -> Iterator[tuple[int, Shown]]:
        for at, figure in self._of_line(line):
            shown = Shown(figure.text, self._table.rows[line].cells[at].align.value, figure.code, figure.is_provisional)
            if figure.way is Way.OWN:
                (given,) = figure.given
                shown = replace(shown, version_id=given.version_id, cell=given.cell)
            yield at, shown

    def _of_line(self, at: int) -> Iterator[tuple[int, Figure]]:
        line, printed = self._held[at], self._table.rows[at].cells
        for place, (key, spec) in enumerate(line.context.view.cells.items(), _LABELS):
            if printed[place].text:
                yield place, self._figure(line, key, spec, printed[place].text)

    def _figure(self, line: TerritoryLine, key: CellKey, spec: CellSpec, text: str) -> Figure:
        view, total = line.context.view, line.cells[key]
        is_computed = spec.kind is CellKind.COMPUTED
        period, frequency = self._report.order.period, self._report.order.regime.frequency
        when = periods_of(spec, period, frequency)[0] if spec.series else period.code
        given = () if is_computed or spec.series is None else tuple(self._given(line, spec, Need(spec.series, when)))
        way = Way.COMPUTED if is_computed else Way.KNOWN
        if given:
            way = Way.SUM if len(line.units) > 1 else Way.OWN
        parts = (replace(one, row=line.code, label=line.label) for one in parts_of(view, spec, line.cells))
        return Figure(
            row=line.code,
            column=key.column,
            label=line.label,
            heading=heading_of(view, key),
            measure=spec.measure,
            decimals=spec.decimals,
            way=way,
            text=text,
            state=total.state,
            number=total.number,
            nature=None,
            series=spec.series,
            period=when,
            public=is_public(spec, view),
            given=given,
            missing=_silent(line.units, given) if way is Way.SUM else (),
            words=formula_words(view, spec),
            formula=spec.formula if is_computed else "",
            parts=tuple(parts),
            asked=() if given else tuple(asked_by(line.context, spec)),
            subjects=tuple(unit.code for unit in line.units),
        )

    def _given(self, line: TerritoryLine, spec: CellSpec, need: Need) -> Iterator[Given]:
        for unit, known in zip(line.units, line.given, strict=True):
            if need in known and known[need].version_id in self._sources:
                yield self._told(unit.name, spec, known[need])

    def _told(self, name: str, spec: CellSpec, row: FigureRow) -> Given:
        definitions, place = self._report.order.definitions, self._places.get((row.series, row.period))
        source = self._sources[row.version_id]
        measure, canonical = definitions.measures[spec.measure], definitions.canonical(row.series)
        value = source.values.get(place) if place else None
        return Given(
            unit=row.reporting,
            name=name,
            version_id=row.version_id,
            state=row.state,
            number=from_mantissa(row.mantissa, measure, canonical) if row.state.is_number else None,
            nature=row.nature,
            typed="" if value is None or value.number is None else f"{value.number:f}",
            measure=spec.measure,
            address=source.addresses.get(place) if place else None,
            provisional=source.provisional,
            cell=f"{place.row}.{place.column}" if place else "",
        )

    @cached_property
    def _sources(self) -> Mapping[int, Source]:
        return {source.version_id: source for one in self._report.totals for source in one.form_input.sources}

    @cached_property
    def _places(self) -> Mapping[tuple[SeriesKey, str], CellKey]:
        """The cell of a form in which a series is given."""
        return {place: key for one in self._report.totals for place, key in _kept(one, self._report.order)}


def _silent(units: tuple[Unit, ...], given: tuple[Given, ...]) -> tuple[str, ...]:
    told = {one.name for one in given}
    return tuple(unit.name for unit in units if unit.name not in told)


def _kept(one: Totals, order: CompileInput) -> Iterator[tuple[tuple[SeriesKey, str], CellKey]]:
    for key, spec in one.view.cells.items():
        if spec.keep and spec.series is not None:
            yield (spec.series, periods_of(spec, order.period, order.regime.frequency)[0]), key
