"""A store of invented figures, and the same figures as the closures would have met them month by month."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from registry.catalogue.forms import RowSet, View, province_row_set, row_set
from registry.catalogue.measures import from_mantissa
from registry.catalogue.model import Catalogue, Form, Frequency, Rule, Unit, UnitKind
from registry.catalogue.values import BLANK, CellKey, CellValue, Known, Nature, SeriesKey, State
from registry.findings import Severity
from registry.periods import Period, previous
from registry.rules.background import Background, Need
from registry.rules.checks import Check, Part, checks_of
from registry.rules.context import Context
from registry.rules.evaluate import compute
from registry.rules.frame import Frame
from registry.rules.needs import needs, needs_below
from registry.store import definitions, figures
from registry.store.definitions import Snapshot
from registry.store.engine import Store
from registry.store.figures import NATURES, NewFigure, Source
from tests.rules.small_forms import COMMUNE, DEFINITIONS, WARD

AT = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)
BORN = date(2025, 7, 1)
PROVINCE = Unit("66", "Tỉnh Đắk Lắk", UnitKind.PROVINCE, None, 0, BORN, BORN)
AGENCY = Unit("66-TC", "Sở Tài chính", UnitKind.DEPARTMENT, "66", 3, BORN, BORN)
OTHER = replace(COMMUNE, code="24154", name="Xã Ea Kar", order=4)
UNITS = (PROVINCE, COMMUNE, WARD, AGENCY, OTHER)
Figures = dict[tuple[str, Need], dict[Nature, tuple[int, State]]]  # by subject's code


@dataclass
class History:
    """Figures about units, written by themselves, in a form of their own."""

    form: Form
    frequency: Frequency = Frequency.MONTH
    figures: Figures = field(default_factory=dict)

    def add(self, unit: Unit, series: SeriesKey, period: str, nature: Nature, mantissa: int | None) -> None:
        """A figure in the canonical measure's last units; None is không phát sinh."""
        state = State.NIL if mantissa is None else State.VALUE
        self.figures.setdefault((unit.code, Need(series, period)), {})[nature] = (mantissa or 0, state)

    def put(self, store: Store, *more: Form) -> Snapshot:
        """Write the catalogue and every figure; returns the catalogue's snapshot."""
        catalogue = Catalogue(
            measures=tuple(DEFINITIONS.measures.values()),
            units=UNITS,
            indicators=tuple(DEFINITIONS.indicators.values()),
            forms=(self.form, *more),
        )
        with store.write() as connection:
            definitions.load(connection, catalogue, "thử", AT)
            taken = definitions.snapshot(connection, date(2026, 11, 22))
            batch = figures.begin_import(connection, "history", "số liệu thử", "0" * 64, "thử", "thử", AT)
            figures.put(connection, self._rows(taken), Source(import_id=batch), AT)
        return taken

    def _rows(self, taken: Snapshot) -> Iterator[NewFigure]:
        for (code, need), by_nature in self.figures.items():
            unit = taken.unit_ids[code]
            for nature, (mantissa, state) in by_nature.items():
                yield NewFigure(need.series, need.period, unit, unit, nature, mantissa, state)

    # --- the same by hand ---

    def reported(self, unit: Unit, period: Period) -> bool:
        """True when any figure of the period is known about a unit."""
        return any(code == unit.code and need.period == period.code for code, need in self.figures)

    def context(self, unit: Unit, period: Period, rule: Rule) -> Context:
        """The form as a unit met it, with what was known before it reported."""
        of_all = rule.scope == "tỉnh"
        rows = province_row_set(self.form, period.shape) if of_all else row_set(self.form, unit, period.shape)
        view = _view(self.form, period, rows)
        written = set() if of_all else set(self._written(view, period))
        known = {
            need: found
            for need in needs(view, period, self.frequency, [rule])
            if (found := self._best(unit, need, {nature for one, nature in written if one == need}))
        }
        below = self._below(view, period, rule) if of_all else {}
        return Context(view, period, self.frequency, Background(known), unit, Background(below))

    def _written(self, view: View, period: Period) -> Iterator[tuple[Need, Nature]]:
        for spec in view.cells.values():
            if spec.keep:
                yield Need(spec.series, previous(period, self.frequency, spec.shift).code), spec.nature

    def _best(self, unit: Unit, need: Need, barred: set[Nature]) -> Known | None:
        known = {n: one for n, one in self.figures.get((unit.code, need), {}).items() if n not in barred}
        if not known:
            return None
        nature = max(known, key=NATURES.index)
        return Known(known[nature][0], nature, known[nature][1])

    def _below(self, view: View, period: Period, rule: Rule) -> dict[Need, Known]:
        communes = [unit for unit in UNITS if unit.kind.is_commune]
        found = {}
        for need in needs_below(view, period, self.frequency, [rule]):
            spec = next(one for one in view.cells.values() if one.series == need.series and one.keep and not one.shift)
            given = [self._own(unit, need, spec.nature) for unit in communes]
            if None not in given:
                found[need] = Known(sum(one[0] for one in given), spec.nature)
        return found

    def _own(self, unit: Unit, need: Need, nature: Nature) -> tuple[int, State] | None:
        known = self.figures.get((unit.code, need), {})
        firmer = [one for one in NATURES[NATURES.index(nature) + 1 :][::-1] if one in known]
        return known[nature] if nature in known else known[firmer[0]] if firmer else None

    def values(self, context: Context, unit: Unit) -> dict[CellKey, CellValue]:
        """The table of a unit as its figures give it."""
        inputs = {}
        for key, spec in context.view.inputs.items():
            period = previous(context.period, self.frequency, spec.shift)
            found = self._own(unit, Need(spec.series, period.code), spec.nature) if spec.series else None
            inputs[key] = _value(found, context.view, key) if found else BLANK
        return compute(context, inputs)

    def expected(
        self, rule: Rule, periods: Sequence[Period]
    ) -> list[tuple[str, int, list[tuple[str, object, object]]]]:
        """(period, units asked, [(unit, cell, its figure)]) by the closures, one unit and place at a time."""
        return [self._expected(rule, period) for period in periods]

    def _expected(self, rule: Rule, period: Period) -> tuple[str, int, list[tuple[str, object, object]]]:
        asked: set[str] = set()
        hits: list[tuple[str, object, object]] = []
        units = [PROVINCE] if rule.scope == "tỉnh" else UNITS
        for unit in units:
            if not self.reported(unit, period):
                continue
            context = self.context(unit, period, rule)
            values = self.values(context, unit)
            for check in checks_of(rule, context.view):
                frame = Frame(context, values, check.blank_is_zero)
                if _judged(check, frame):
                    asked.add(unit.code)
                found = check.finding(frame)
                if found is not None and found.severity is not Severity.NOTE:
                    hits.append((unit.code, check.anchor, _side(check, frame)))
        return period.code, len(asked), hits


_VIEWS: dict[object, View] = {}


def _view(form: Form, period: Period, rows: RowSet) -> View:
    return _VIEWS.setdefault((form.code, period.shape, rows), View(form, period.shape, rows, DEFINITIONS))


def _judged(check: Check, frame: Frame) -> bool:
    if check.condition and not (holds := check.condition(frame)):
        return holds is False
    return any(not _passed(check, part, frame) and part.holds(frame) is not None for part in check.parts)


def _passed(check: Check, part: Part, frame: Frame) -> bool:
    return check.blank_is_zero and check._passes_over(part, frame)


def _side(check: Check, frame: Frame) -> object:
    part = next(one for one in check.parts if not _passed(check, one, frame) and one.holds(frame) is False)
    if part.sides is None:
        return frame.amount(check.anchor) if check.anchor else None
    return part.sides.found(frame)


def _value(found: tuple[int, State], view: View, key: CellKey) -> CellValue:
    mantissa, state = found
    if state is State.NIL:
        return CellValue(State.NIL)
    spec = view.cells[key]
    number = from_mantissa(mantissa, DEFINITIONS.measures[spec.measure], DEFINITIONS.canonical(spec.series))
    return CellValue(State.VALUE, number) if number else CellValue(State.ZERO, number)
