"""What a unit meets of a form in a period: its rows, its columns, and what stands in every cell."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from registry.catalogue.measure_words import Names, names_of
from registry.catalogue.measures import Measure
from registry.catalogue.model import (
    Accumulation,
    Aggregation,
    Catalogue,
    CellKind,
    CellRule,
    Column,
    CommuneEntry,
    Form,
    Indicator,
    ListTable,
    Member,
    PeriodShape,
    ProvinceValue,
    Row,
    RowKind,
    RowNature,
    Unit,
)
from registry.catalogue.values import Aspect, CellKey, Nature, SeriesKey

COMMUNE = "xã"  # audiences: which display measures and columns apply
PROVINCE_LEVEL = "tỉnh"
_INDEXES = (Aspect.INDEX_MONTH, Aspect.INDEX_YEAR, Aspect.INDEX_CUMULATIVE)


class Access(StrEnum):
    """How a row stands in a unit's workbook."""

    OPEN = "open"
    SHOWN = "shown"  # grey, prefilled, never typed
    CLOSED = "closed"  # the unit supplies it, but not in this period
    OTHERS = "others"  # shown as well: another division of the unit fills it, notes included


@dataclass(frozen=True)
class RowSet:
    """The rows one unit meets; units with equal row sets share one base workbook."""

    audience: str
    rows: tuple[tuple[str, Access], ...]

    @cached_property
    def open_rows(self) -> frozenset[str]:
        """Codes of the rows the unit fills."""
        return frozenset(code for code, access in self.rows if access is Access.OPEN)


@dataclass(frozen=True, slots=True)
class CellSpec:
    """Everything fixed about one cell before any figure is known."""

    key: CellKey
    kind: CellKind
    series: SeriesKey | None
    nature: Nature
    shift: int
    formula: str
    measure: str  # shown
    decimals: int
    prefill: bool
    keep: bool  # its figure goes to the warehouse at approval
    choices: str = ""
    several: bool = False


@dataclass(frozen=True)
class Definitions:
    """The tables a form leans on, by code."""

    measures: dict[str, Measure]
    indicators: dict[str, Indicator]
    forms: dict[str, Form] = field(default_factory=dict)  # those that rules may name beside their own
    members: tuple[Member, ...] = ()  # of every breakdown; a form brings its own besides
    units: tuple[Unit, ...] = ()  # those alive, which a cell of kind UNIT may name

    @classmethod
    def of(cls, catalogue: Catalogue) -> Definitions:
        """Everything forms lean on in a catalogue."""
        return cls(
            {one.code: one for one in catalogue.measures},
            {one.code: one for one in catalogue.indicators},
            {one.code: one for one in catalogue.forms},
            catalogue.members,
            catalogue.units,
        )

    @cached_property
    def unit_names(self) -> dict[str, str]:
        """Names of units by code."""
        return {unit.code: unit.name for unit in self.units}

    @cached_property
    def measure_names(self) -> Names:
        """The measures as people write them."""
        return names_of(self.measures.values())

    def canonical(self, series: SeriesKey) -> Measure:
        """The measure mantissas of a series are kept in; indices and ratios of any indicator are points of %."""
        if series.aspect in _INDEXES:
            return self.measures["%"]
        return self.measures[self.indicators[series.indicator].measure]


@dataclass(frozen=True)
class View:
    """A form as one row set meets it in one period."""

    form: Form
    shape: PeriodShape
    row_set: RowSet
    definitions: Definitions
    table: str = ""  # code of the list table whose one line this is the view of

    @cached_property
    def rows(self) -> tuple[tuple[Row, Access], ...]:
        """Rows in printed order with their access, sections included; a running season's row names its years."""
        by_code = {row.code: self._dated(row) for row in self.form.rows}
        return tuple((by_code[code], access) for code, access in self.row_set.rows)

    def _dated(self, row: Row) -> Row:
        if row.season is None or not self.shape.year or not row.is_open(self.shape):
            return row
        return replace(row, label=row.season.dated(row.label, self.shape.year, self.shape.month))

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Figure and note columns that exist in this period for this audience, in printed order."""
        return tuple(
            column
            for column in self.form.columns
            if column.occasion.is_open(self.shape) and self.row_set.audience not in column.hidden_from
        )

    @cached_property
    def cells(self) -> dict[CellKey, CellSpec]:
        """Every cell of every data and total row, row by row."""
        columns = [(column, self._rules_of(column)) for column in self.columns]
        return {
            CellKey(row.code, column.code): self._spec(row, access, column, rules)
            for row, access in self.rows
            if row.kind is not RowKind.SECTION
            for column, rules in columns
        }

    def _rules_of(self, column: Column) -> tuple[CellRule, ...]:
        """The cell rules that speak of a column in this period."""
        rules = self.form.cell_rules
        return tuple(rule for rule in rules if column.code in rule.columns and rule.occasion.is_open(self.shape))

    @cached_property
    def inputs(self) -> dict[CellKey, CellSpec]:
        """The cells a person may fill with a figure."""
        return {key: spec for key, spec in self.cells.items() if spec.kind is CellKind.INPUT}

    @cached_property
    def typed(self) -> dict[CellKey, CellSpec]:
        """The cells a person may fill with anything."""
        return {key: spec for key, spec in self.cells.items() if spec.kind.is_typed}

    @cached_property
    def asked(self) -> dict[CellKey, CellSpec]:
        """The cells that make an answer: the figures; in a form of words alone, the words."""
        if any(column.kind is CellKind.INPUT for column in self.form.columns):
            return self.inputs
        return self.typed

    @cached_property
    def lists(self) -> dict[str, View]:
        """Each list table by code as the view of one of its lines, whose cells have no line number."""
        return {table.code: line_view(self, table) for table in self.form.lists}

    @property
    def asks(self) -> bool:
        """True when a person has anything to fill in: a cell, or a line of a list."""
        return bool(self.asked) or any(line.typed for line in self.lists.values())

    def members(self, breakdown: str) -> tuple[Member, ...]:
        """What may be chosen in a cell of these choices, in printed order."""
        own = [one for one in self.form.members if one.breakdown == breakdown]
        known = own or [one for one in self.definitions.members if one.breakdown == breakdown]
        return tuple(sorted(known, key=lambda one: one.order))

    def _spec(self, row: Row, access: Access, column: Column, rules: tuple[CellRule, ...]) -> CellSpec:
        nature_of_row = self.definitions.indicators[row.indicator].nature if row.indicator else None
        kind, aspect, formula = column.kind, column.aspect, column.formula
        measure = self._column_measure(column) or self._row_measure(row)
        decimals = self._row_decimals(row) if column.decimals is None else column.decimals
        keep, prefill = column.keep, column.prefill
        for rule in rules:
            if _matches(rule, row, nature_of_row):
                kind = rule.kind or kind
                aspect = rule.aspect or aspect
                formula = rule.formula or formula
                measure = rule.measure or measure
                decimals = decimals if rule.decimals is None else rule.decimals
                keep = keep if rule.keep is None else rule.keep
                prefill = prefill if rule.prefill is None else rule.prefill
        indicator = column.indicator or row.indicator
        members = ";".join("=".join(pair) for pair in sorted(pair for pair in (row.member, column.member) if pair))
        kind = _kind_under(kind, access)
        keeps = keep if self.table else kind is CellKind.INPUT or (kind is CellKind.COMPUTED and keep)
        return CellSpec(
            key=CellKey(row.code, column.code),
            kind=kind,
            series=SeriesKey(indicator, aspect, members) if indicator else None,
            nature=column.nature,
            shift=column.shift,
            formula=formula if kind is CellKind.COMPUTED else "",
            measure=measure,
            decimals=decimals,
            prefill=prefill,
            keep=keeps and bool(indicator),
            choices=column.choices,
            several=column.several,
        )

    def _column_measure(self, column: Column) -> str:
        is_commune = self.row_set.audience == COMMUNE and column.commune_measure
        return column.commune_measure if is_commune else column.measure

    def _row_decimals(self, row: Row) -> int:
        own = row.commune_decimals if self.row_set.audience == COMMUNE else None
        return row.decimals if own is None else own

    def _row_measure(self, row: Row) -> str:
        return row.commune_measure if self.row_set.audience == COMMUNE and row.commune_measure else row.measure


def line_view(view: View, table: ListTable) -> View:
    """One line of a list table as a form of one row, whose code is the table's (DATA_MODEL: list_line).

    A figure column without an indicator is one by itself, known only within the list: ``KỲ_TRƯỚC((10))`` is then
    the line's own column of the period before. Cells go to the warehouse (summed over the lines) only where kept.
    """
    measures, indicators = view.definitions.measures, dict(view.definitions.indicators)
    columns = []
    for column in table.columns:
        if column.kind.is_figure and column.indicator is None and column.measure in measures:
            own = f"{view.form.code}/{table.code}/{column.code}"
            indicators[own] = Indicator(
                own, column.path[-1], column.measure, RowNature.POINT, Accumulation.NONE, Aggregation.NONE
            )
            column = replace(column, indicator=own)
        columns.append(column)
    form = replace(line_form(view.form, table), columns=tuple(columns))
    rows = RowSet(view.row_set.audience, ((table.code, Access.OPEN),))
    return View(form, view.shape, rows, replace(view.definitions, indicators=indicators), table.code)


def line_form(form: Form, table: ListTable) -> Form:
    """A list table as a form of one row."""
    return replace(
        form,
        rows=(Row(table.code, "", table.title),),
        columns=table.columns,
        cell_rules=(),
        lists=(),
        letters=form.letters[:1],
        label_headings=form.label_headings[:1],
        unit_line="",
    )


def _matches(rule: CellRule, row: Row, nature: object) -> bool:
    return (
        (not rule.rows or row.code in rule.rows)
        and (not rule.natures or nature in rule.natures)
        and (not rule.plans or row.plan in rule.plans)
    )


def _kind_under(kind: CellKind, access: Access) -> CellKind:
    if access is Access.OTHERS and kind is CellKind.NOTE:
        return CellKind.CLOSED
    if access is Access.OPEN or not (kind is CellKind.INPUT or kind.is_worded):
        return kind
    return CellKind.SHOWN if access is not Access.CLOSED and kind is CellKind.INPUT else CellKind.CLOSED


def row_set(form: Form, unit: Unit, shape: PeriodShape) -> RowSet:
    """The rows of ``form`` that ``unit`` fills, sees, or finds closed in a period of this shape (PRACTICE F1).

    A commune meets every row its level has; another unit only the rows it supplies, and the
    computed rows all of whose inputs it supplies are left to the compile.
    """
    audience = COMMUNE if unit.kind.is_commune else PROVINCE_LEVEL
    met: list[tuple[str, Access]] = []
    for row in form.rows:
        access = _access(row, unit, shape)
        if access is not None:
            met.append((row.code, access))
    return RowSet(audience, _without_empty_sections(form, met))


def limited(form: Form, rows: RowSet, mine: frozenset[str]) -> RowSet:
    """The same rows with none open but ``mine``: the others are shown, and totals are computed as ever (F16)."""
    data = {row.code for row in form.rows if row.kind is RowKind.DATA}

    def access(code: str, now: Access) -> Access:
        return Access.OTHERS if code in data - mine else now

    return RowSet(rows.audience, tuple((code, access(code, now)) for code, now in rows.rows))


def _access(row: Row, unit: Unit, shape: PeriodShape) -> Access | None:
    if row.kind is not RowKind.DATA:
        return Access.OPEN
    if unit.kind.is_commune:
        entry = row.commune_entry
        if entry is CommuneEntry.ABSENT:
            return None
        if entry is CommuneEntry.SHOWN:
            return Access.SHOWN
        supplies = entry is CommuneEntry.ENTERS or row.commune_group is None or unit.in_group(*row.commune_group)
        supplies = supplies and _has_season(unit, row)
    elif unit.code in row.suppliers or unit.kind.value in row.suppliers:
        supplies = True
    else:
        return None
    return Access.OPEN if supplies and row.is_open(shape) else Access.CLOSED


def _has_season(unit: Unit, row: Row) -> bool:
    area = row.season.area if row.season else None
    return area is None or unit.in_group(*area)


def _without_empty_sections(form: Form, met: list[tuple[str, Access]]) -> tuple[tuple[str, Access], ...]:
    sections = {row.code for row in form.rows if row.kind is RowKind.SECTION}
    kept: list[tuple[str, Access]] = []
    for index, (code, access) in enumerate(met):
        followed = index + 1 < len(met) and met[index + 1][0] not in sections
        if code not in sections or followed:
            kept.append((code, access))
    return tuple(kept)


def province_row_set(form: Form, shape: PeriodShape) -> RowSet:
    """All rows as the province's compiled table prints them."""
    rows = tuple((row.code, Access.OPEN if row.is_open(shape) else Access.CLOSED) for row in form.rows)
    return RowSet(PROVINCE_LEVEL, rows)


def subject_of(row: Row, unit: Unit, province: str) -> str:
    """Whom a unit's figure in this row is about: an agency speaks for the province, all others for themselves (F2)."""
    speaks_for_all = row.province_value in (ProvinceValue.AGENCY, ProvinceValue.AGENCY_AND_COMMUNES)
    return province if speaks_for_all and not unit.kind.is_commune else unit.code
