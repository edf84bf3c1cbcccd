"""The province's value of every cell: who is added, who speaks, who is missing (PRACTICE F1, F2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from compile.contributions import Contribution, Ledger, main_inputs, own_need, shown
from compile.coverage import Coverage, coverage
from compile.givers import WHOLE, Followed, Givers, Lacking, followed, lacking
from compile.model import CompileInput, FormInput, official_order
from compile.ratios import Parts, with_ratios
from registry.catalogue.aggregation import adds_up
from registry.catalogue.forms import Access, CellSpec, Definitions, View, province_row_set
from registry.catalogue.measures import MANTISSA_LIMIT, MantissaOverflow
from registry.catalogue.model import ProvinceValue, Row, RowKind, RuleScope, Unit
from registry.catalogue.values import BLANK, CellKey, CellValue, Known, Nature, State
from registry.findings import Finding, finding
from registry.rules.background import Background
from registry.rules.context import Context

ADDED = (ProvinceValue.COMMUNES, ProvinceValue.ALL)
SPOKEN = (ProvinceValue.AGENCY, ProvinceValue.AGENCY_AND_COMMUNES)


@dataclass(frozen=True, slots=True)
class CellTotal:
    """The province's value of one cell. ``number`` is exact and in the shown measure; inputs keep their mantissa."""

    state: State
    number: Decimal | None = None
    mantissa: int | None = None
    nature: Nature | None = None
    contributors: tuple[str, ...] = ()  # codes of the units added, or of the one that speaks
    coverage: Coverage | None = None
    text: str | None = None
    lacking: Lacking = WHOLE

    @property
    def is_partial(self) -> bool:
        """True of a figure somebody is missing from."""
        return self.lacking != WHOLE


NOTHING = CellTotal(State.BLANK)


@dataclass(frozen=True, slots=True)
class RowTotal:
    """One printed row: who should have given it and who did."""

    row: Row
    access: Access
    coverage: Coverage | None = None
    supplier: Unit | None = None  # the agency whose figure is the province's
    is_sum: bool = False  # over units, or reckoned from such sums

    @property
    def is_partial(self) -> bool:
        """True of a sum somebody is missing from."""
        return self.is_sum and self.coverage is not None and not self.coverage.is_complete

    @property
    def of_communes(self) -> bool:
        """True where only communes were to give it."""
        if self.row.province_value in ADDED or self.coverage is None:
            return self.row.province_value is ProvinceValue.COMMUNES
        return all(unit.kind.is_commune for unit in self.coverage.expected)


@dataclass(frozen=True, slots=True)
class Difference:
    """An agency's figure beside another account of the same thing (ngành⇄Σxã, or a second agency)."""

    key: CellKey
    agency: Unit | None
    official: CellTotal
    other: CellTotal
    other_unit: Unit | None = None  # None = the communes' sum
    difference: Decimal | None = None  # official − other, in the shown measure; None when either is missing or partial
    percent: Decimal | None = None  # of the official figure; None when that is 0
    is_within: bool | None = None  # None when it cannot be judged: a figure or a commune is missing


@dataclass(frozen=True)
class Totals:
    """One form compiled for the province."""

    form_input: FormInput
    context: Context
    rows: tuple[RowTotal, ...]
    cells: Mapping[CellKey, CellTotal]
    contributions: Mapping[tuple[str, CellKey], Contribution]  # (unit, cell): what each unit put where
    differences: tuple[Difference, ...]
    coverage: Coverage  # of the form as a whole
    findings: tuple[Finding, ...] = ()
    incomparable: frozenset[CellKey] = frozenset()  # computed cells that would hold a partial sum against a whole one

    @property
    def view(self) -> View:
        """The province's view of the form."""
        return self.context.view


def totals(form_input: FormInput, order: CompileInput) -> Totals:
    """Compile one form: sums and spoken figures first, then every computed cell by the form's own formulas.

    Two levels are never added; a row nobody reported is blank with coverage 0/n, never 0.
    """
    view = View(
        form_input.form,
        order.period.shape,
        province_row_set(form_input.form, order.period.shape),
        order.definitions,
    )
    desk = _Desk(form_input, order, view)
    rows = [desk.row(row, access) for row, access in view.rows]
    context, ratios = _context(view, order, desk)
    given = {key: Givers(one.coverage, one.lacking) for key, one in desk.cells.items() if one.coverage and one.lacking}
    parts = {key: [given.get(one) if isinstance(one, CellKey) else None for one in its] for key, its in ratios.items()}
    leaning = followed(view, given, parts)
    cells = with_computed(context, desk.cells, leaning)
    having = frozenset(source.unit.code for source in form_input.sources)
    tentative = frozenset(source.unit.code for source in form_input.sources if source.provisional)
    return Totals(
        form_input=form_input,
        context=context,
        rows=with_givers(rows, view, leaning),
        cells=cells,
        contributions=desk.contributions,
        differences=tuple(desk.differences),
        coverage=coverage((one.unit for one in form_input.expected), having, tentative),
        findings=(*desk.findings, *_checked(context, order, cells)),
        incomparable=leaning.apart,
    )


def added(contributions: Iterable[Contribution]) -> CellTotal:
    """Σ of what there is, exact: không phát sinh counts as 0, "…" and blank are skipped.

    All nil stays nil; nothing at all stays blank. Raises MantissaOverflow before any sum can leave the store's range.
    """
    given = list(contributions)
    numbers = [one for one in given if one.state.is_number]
    if not numbers:
        unknown = any(one.state is State.NOT_AVAILABLE for one in given)
        return CellTotal(State.NOT_AVAILABLE if unknown else State.BLANK)
    if sum(abs(one.mantissa) for one in numbers) >= MANTISSA_LIMIT:
        raise MantissaOverflow(f"Σ {len(numbers)}")
    mantissa = sum(one.mantissa for one in numbers)
    state = State.VALUE if mantissa else State.ZERO
    if all(one.state is State.NIL for one in numbers):
        state = State.NIL
    weakest = min((one.nature for one in numbers), key=list(Nature).index)
    return CellTotal(state, None, mantissa, weakest, tuple(one.unit for one in numbers))


def can_add(spec: CellSpec, definitions: Definitions) -> bool:
    """True where figures of several units make a sum: no ratio, no index."""
    if spec.series is None:
        return False
    return adds_up(definitions.indicators[spec.series.indicator], spec.series.aspect)


class _Desk:
    """Goes through a form row by row; keeps what it finds."""

    def __init__(self, form_input: FormInput, order: CompileInput, view: View) -> None:
        self.cells: dict[CellKey, CellTotal] = {}
        self.contributions: dict[tuple[str, CellKey], Contribution] = {}
        self.differences: list[Difference] = []
        self.findings: list[Finding] = []
        self._view = view
        self._province = order.province
        self._tolerance = form_input.tolerance
        self._units = {unit.code: unit for unit in order.units}
        self._expected = sorted(form_input.expected, key=lambda one: official_order(one.unit))
        self._ledger = Ledger(form_input, view, order.period, order.regime.frequency)
        self._main = main_inputs(view)
        self._inputs: dict[str, list[CellSpec]] = {}
        for spec in view.inputs.values():
            self._inputs.setdefault(spec.key.row, []).append(spec)

    def row(self, row: Row, access: Access) -> RowTotal:
        """Fill the row's inputs in ``cells`` and say who stands behind it."""
        if row.kind is not RowKind.DATA or access is not Access.OPEN or row.province_value is ProvinceValue.COMPUTED:
            return RowTotal(row, access)
        if row.code not in self._inputs:
            return RowTotal(row, access)
        if row.province_value in ADDED:
            return RowTotal(row, access, self._add(row, self._suppliers_of_sum(row)), is_sum=True)
        return self._speak(row, access)

    def _suppliers_of_sum(self, row: Row) -> list[Unit]:
        return [
            one.unit
            for one in self._expected
            if row.code in one.rows.open_rows and (one.unit.kind.is_commune or row.province_value is ProvinceValue.ALL)
        ]

    def _add(self, row: Row, units: list[Unit]) -> Coverage:
        for spec in self._inputs[row.code]:
            self.cells[spec.key] = self._sum(row, spec, units)
        return coverage(units, self._reported(row, units))

    def _sum(self, row: Row, spec: CellSpec, units: list[Unit]) -> CellTotal:
        """Σ over units, each speaking only of itself; coverage of this very cell."""
        given = [one for unit in units if (one := self._take(unit, unit.code, spec))]
        covered = coverage(units, frozenset(one.unit for one in given if one.state.is_number))
        nothing = CellTotal(State.BLANK, coverage=covered, lacking=lacking(covered))
        if not can_add(spec, self._view.definitions):
            self.findings.append(finding("compile-not-additive", row=row.label, column=self._heading(spec)))
            return nothing
        try:
            total = added(given)
        except MantissaOverflow:
            self.findings.append(finding("compile-overflow", row=row.label, column=self._heading(spec)))
            return nothing
        return self._in_shown_measure(replace(total, coverage=covered, lacking=nothing.lacking), spec)

    def _speak(self, row: Row, access: Access) -> RowTotal:
        """The first supplier in order with a figure about the province; the communes' sum stands beside it."""
        suppliers = self._suppliers(row)
        speaking = [unit for unit in suppliers if self._has_spoken(row, unit)]
        supplier = speaking[0] if speaking else None
        for spec in self._inputs[row.code]:
            given = self._take(supplier, self._province.code, spec) if supplier else None
            self.cells[spec.key] = self._spoken(given, spec)
        answerable = [supplier] if supplier else suppliers[:1]
        having = frozenset([supplier.code]) if supplier else frozenset()
        if row.province_value is ProvinceValue.AGENCY_AND_COMMUNES:
            self._set_communes_beside(row, supplier or next(iter(suppliers), None))
        for unit in speaking[1:]:
            self._set_agency_beside(row, speaking[0], unit)
        return RowTotal(row, access, coverage(answerable, having), supplier)

    def _spoken(self, given: Contribution | None, spec: CellSpec) -> CellTotal:
        if given is None:
            return NOTHING
        mantissa = given.mantissa if given.state.is_number else None
        total = CellTotal(given.state, None, mantissa, given.nature, (given.unit,))
        return self._in_shown_measure(total, spec)

    def _suppliers(self, row: Row) -> list[Unit]:
        owing = [one.unit for one in self._expected if not one.unit.kind.is_commune]
        found: dict[str, Unit] = {}
        for selector in row.suppliers:
            named = self._units.get(selector)
            of_kind = [unit for unit in owing if unit.kind.value == selector]
            for unit in [named] if named else of_kind:
                found.setdefault(unit.code, unit)
        return list(found.values())

    def _has_spoken(self, row: Row, unit: Unit) -> bool:
        given = (self._take(unit, self._province.code, spec) for spec in self._inputs[row.code])
        return any(one is not None and one.state is not State.BLANK for one in given)

    def _set_communes_beside(self, row: Row, agency: Unit | None) -> None:
        communes = [one.unit for one in self._expected if one.unit.kind.is_commune and row.code in one.rows.open_rows]
        for spec in self._inputs[row.code]:
            self._compare(spec, agency, self._sum(row, spec, communes))

    def _set_agency_beside(self, row: Row, agency: Unit, other_unit: Unit) -> None:
        for spec in self._inputs[row.code]:
            other = self._spoken(self._take(other_unit, self._province.code, spec), spec)
            self._compare(spec, agency, other, other_unit)

    def _compare(self, spec: CellSpec, agency: Unit | None, other: CellTotal, other_unit: Unit | None = None) -> None:
        """Only this period's own figure is held against another account; the rest stands unit by unit."""
        if spec.key in self._main.get(spec.key.row, ()):
            self.differences.append(self._difference(spec, agency, other, other_unit))

    def _difference(self, spec: CellSpec, agency: Unit | None, other: CellTotal, other_unit: Unit | None) -> Difference:
        official = self.cells[spec.key]
        unjudged = Difference(spec.key, agency, official, other, other_unit)
        if official.number is None or other.number is None or other.is_partial:
            return unjudged
        difference = official.number - other.number
        within = abs(difference) * 100 <= self._tolerance * abs(official.number)
        return replace(
            unjudged,
            difference=difference,
            percent=difference / official.number * 100 if official.number else None,
            is_within=within,
        )

    def _take(self, unit: Unit, subject: str, spec: CellSpec) -> Contribution | None:
        given = self._ledger.contribution(unit.code, subject, spec)
        if given is not None:
            self.contributions[unit.code, spec.key] = given
        return given

    def _reported(self, row: Row, units: list[Unit]) -> frozenset[str]:
        given = (self.contributions.get((unit.code, key)) for unit in units for key in self._main.get(row.code, ()))
        return frozenset(one.unit for one in given if one is not None and one.state.is_number)

    def _in_shown_measure(self, total: CellTotal, spec: CellSpec) -> CellTotal:
        if total.mantissa is None:
            return total
        return replace(total, number=shown(total.mantissa, spec, self._view.definitions))

    def _heading(self, spec: CellSpec) -> str:
        column = next(column for column in self._view.columns if column.code == spec.key.column)
        return " – ".join(column.path)


def _context(view: View, order: CompileInput, desk: _Desk) -> tuple[Context, Parts]:
    """Where the province's formulas stand: with its ratios and their parts, and with the complete sums of its communes
    below it.
    """
    period, frequency = order.period, order.regime.frequency
    mantissas = {
        key: (total.mantissa, total.nature)
        for key, total in desk.cells.items()
        if total.mantissa is not None and total.nature is not None
    }
    below = {}
    for gap in desk.differences:
        spec, sum_below = view.cells[gap.key], gap.other
        need = own_need(spec, period, frequency)
        is_whole = gap.other_unit is None and not sum_below.is_partial
        if is_whole and need and sum_below.mantissa is not None and sum_below.nature is not None:
            below[need] = Known(sum_below.mantissa, sum_below.nature, sum_below.state)
    background, ratios = with_ratios(order.background, view, period, frequency, mantissas)
    unit = order.province
    return Context(view, period, frequency, background, unit, below=Background(below)), ratios


def _checked(context: Context, order: CompileInput, cells: Mapping[CellKey, CellTotal]) -> tuple[Finding, ...]:
    """What the rules of scope "tỉnh" say of the totals (K13)."""
    from registry.rules.evaluate import check

    values = {key: _as_value(total) for key, total in cells.items()}
    return check(context, [rule for rule in order.rules if rule.scope == RuleScope.PROVINCE], values)


def _as_value(total: CellTotal) -> CellValue:
    return CellValue(total.state, total.number if total.state is State.VALUE else None, total.text)


def with_computed(context: Context, inputs: Mapping[CellKey, CellTotal], leaning: Followed) -> dict[CellKey, CellTotal]:
    """The inputs with every other cell of the view, and who is missing from each; "…" in those ``leaning`` on figures
    of different units.
    """
    from registry.rules.evaluate import compute

    values = compute(context, {key: _as_value(total) for key, total in inputs.items()})
    cells = dict(inputs)
    for key in context.view.cells:
        if key not in cells:
            value = values.get(key, BLANK)
            if key in leaning.apart and value.state is not State.BLANK:
                value = CellValue(State.NOT_AVAILABLE)
            cells[key] = CellTotal(value.state, value.amount, text=value.text)
            givers = leaning.partial.get(key)
            if givers is not None:
                cells[key] = replace(cells[key], coverage=givers.coverage, lacking=givers.lacking)
    return cells


def with_givers(rows: Iterable[RowTotal], view: View, leaning: Followed) -> tuple[RowTotal, ...]:
    """The rows, those that are reckoned with who is missing from their parts: from this period's figure where there
    is one.
    """
    found: dict[str, Coverage] = {}
    for spec in sorted(view.cells.values(), key=lambda one: one.shift != 0 or one.series is None):
        if spec.key in leaning.partial:
            found.setdefault(spec.key.row, leaning.partial[spec.key].coverage)
    return tuple(
        replace(one, coverage=found[one.row.code], is_sum=True)
        if one.coverage is None and one.row.code in found
        else one
        for one in rows
    )
