"""The province's value of every cell: who is added, who speaks, who is missing (PRACTICE F1, F2)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from compile.contributions import Contribution, Ledger, main_inputs, periods_of, shown
from compile.coverage import Coverage, coverage
from compile.model import CompileInput, FormInput, official_order
from compile.ratios import with_ratios
from registry.catalogue.aggregation import adds_up
from registry.catalogue.forms import Access, CellSpec, Definitions, View, province_row_set
from registry.catalogue.measures import MANTISSA_LIMIT, MantissaOverflow
from registry.catalogue.model import CellKind, ProvinceValue, Row, RowKind, RuleScope, Unit
from registry.catalogue.values import BLANK, CellKey, CellValue, Known, Nature, State
from registry.findings import Finding, finding
from registry.rules.background import Background, Need
from registry.rules.context import Context

ADDED = (ProvinceValue.COMMUNES, ProvinceValue.ALL)
KNOWN_BEFORE = (  # cells whose figures come from elsewhere, about everybody
    CellKind.PREVIOUS,
    CellKind.SAME_PERIOD,
    CellKind.CUMULATIVE_SAME_PERIOD,
    CellKind.PLAN,
    CellKind.SHOWN,
    CellKind.CUMULATIVE,
)
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


NOTHING = CellTotal(State.BLANK)


@dataclass(frozen=True, slots=True)
class RowTotal:
    """One printed row: who should have given it and who did."""

    row: Row
    access: Access
    coverage: Coverage | None = None
    supplier: Unit | None = None  # the agency whose figure is the province's

    @property
    def is_partial(self) -> bool:
        """True of a sum somebody is missing from."""
        if self.row.province_value not in ADDED or self.coverage is None:
            return False
        return not self.coverage.is_complete


@dataclass(frozen=True, slots=True)
class Difference:
    """An agency's figure beside another account of the same thing (ngành⇄Σxã, or a second agency)."""

    key: CellKey
    agency: Unit | None
    official: CellTotal
    other: CellTotal
    other_unit: Unit | None = None  # None = the communes' sum
    difference: Decimal | None = None  # official − other, in the shown measure
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
    rows = tuple(desk.row(row, access) for row, access in view.rows)
    context = _context(view, order, desk)
    apart = incomparable(view, _of_partial_rows(view, rows))
    cells = with_computed(context, desk.cells, apart)
    having = frozenset(source.unit.code for source in form_input.sources)
    tentative = frozenset(source.unit.code for source in form_input.sources if source.provisional)
    return Totals(
        form_input=form_input,
        context=context,
        rows=rows,
        cells=cells,
        contributions=desk.contributions,
        differences=tuple(desk.differences),
        coverage=coverage((one.unit for one in form_input.expected), having, tentative),
        findings=(*desk.findings, *_checked(context, order, cells)),
        incomparable=apart,
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
            return RowTotal(row, access, self._add(row, self._suppliers_of_sum(row)))
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
        if not can_add(spec, self._view.definitions):
            self.findings.append(finding("compile-not-additive", row=row.label, column=self._heading(spec)))
            return CellTotal(State.BLANK, coverage=covered)
        try:
            total = added(given)
        except MantissaOverflow:
            self.findings.append(finding("compile-overflow", row=row.label, column=self._heading(spec)))
            return CellTotal(State.BLANK, coverage=covered)
        return self._in_shown_measure(replace(total, coverage=covered), spec)

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
        if official.number is None or other.number is None:
            return unjudged
        difference = official.number - other.number
        judged = other.coverage is None or other.coverage.is_complete
        within = abs(difference) * 100 <= self._tolerance * abs(official.number)
        return replace(
            unjudged,
            difference=difference,
            percent=difference / official.number * 100 if official.number else None,
            is_within=within if judged else None,
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


def _context(view: View, order: CompileInput, desk: _Desk) -> Context:
    """Where the province's formulas stand: with its ratios, and with the complete sums of its communes below it."""
    period, frequency = order.period, order.regime.frequency
    mantissas = {
        key: (total.mantissa, total.nature)
        for key, total in desk.cells.items()
        if total.mantissa is not None and total.nature is not None
    }
    below = {}
    for gap in desk.differences:
        spec, sum_below = view.cells[gap.key], gap.other
        is_whole = gap.other_unit is None and sum_below.coverage is not None and sum_below.coverage.is_complete
        if is_whole and spec.series and sum_below.mantissa is not None and sum_below.nature is not None:
            need = Need(spec.series, periods_of(spec, period, frequency)[0])
            below[need] = Known(sum_below.mantissa, sum_below.nature, sum_below.state)
    return Context(
        view=view,
        period=period,
        frequency=frequency,
        background=with_ratios(order.background, view, period, frequency, mantissas),
        unit=order.province,
        below=Background(below),
    )


def _checked(context: Context, order: CompileInput, cells: Mapping[CellKey, CellTotal]) -> tuple[Finding, ...]:
    """What the rules of scope "tỉnh" say of the totals (K13)."""
    from registry.rules.evaluate import check

    values = {key: _as_value(total) for key, total in cells.items()}
    return check(context, [rule for rule in order.rules if rule.scope == RuleScope.PROVINCE], values)


def _as_value(total: CellTotal) -> CellValue:
    return CellValue(total.state, total.number if total.state is State.VALUE else None, total.text)


def _of_partial_rows(view: View, rows: Iterable[RowTotal]) -> frozenset[CellKey]:
    partial = {one.row.code for one in rows if one.is_partial}
    return frozenset(key for key in view.cells if key.row in partial)


def incomparable(view: View, partial: Collection[CellKey]) -> frozenset[CellKey]:
    """Computed cells that lean both on ``partial`` ones, sums somebody is missing from, and on what was known before,
    about everybody: last year's figure, a plan, the sum of earlier months.
    """
    from registry.rules.identity import ViewIdentity
    from registry.rules.parse import parse
    from registry.rules.program import hanging_on, steps
    from registry.rules.tree import is_background, walk

    if not partial:
        return frozenset()
    mixed = [
        step.spec.key
        for step in steps(ViewIdentity(view))
        if (step.spec.key in partial or not step.cells.isdisjoint(partial))
        and (
            any(view.cells[key].kind in KNOWN_BEFORE for key in step.cells.difference(partial))
            or any(is_background(node) for node in walk(parse(step.spec.formula)))
        )
    ]
    return hanging_on(view, mixed)


def with_computed(
    context: Context, inputs: Mapping[CellKey, CellTotal], apart: frozenset[CellKey] = frozenset()
) -> dict[CellKey, CellTotal]:
    """The inputs with every other cell of the view; "…" for numbers of those ``apart``."""
    from registry.rules.evaluate import compute

    values = compute(context, {key: _as_value(total) for key, total in inputs.items()})
    cells = dict(inputs)
    for key in context.view.cells:
        if key not in cells:
            value = values.get(key, BLANK)
            if key in apart and value.state.is_number:
                value = CellValue(State.NOT_AVAILABLE)
            cells[key] = CellTotal(value.state, value.amount, text=value.text)
    return cells
