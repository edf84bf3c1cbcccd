"""Which figure each unit put into each cell of the province's table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from compile.model import FigureRow, FormInput, Source, SourceKind
from registry.catalogue.forms import CellSpec, Definitions, View
from registry.catalogue.measures import from_mantissa
from registry.catalogue.model import CellKind, Frequency
from registry.catalogue.values import CellKey, Nature, SeriesKey, State
from registry.periods import NoSuchPeriod, Period, PeriodKind, parse, previous, year_of
from registry.rules.background import Need

STRENGTH = {nature: strength for strength, nature in enumerate(Nature)}


@dataclass(frozen=True, slots=True)
class Contribution:
    """One unit's figure for one cell; ``number`` is exact, in the measure the province's table shows."""

    unit: str
    state: State
    mantissa: int
    number: Decimal | None
    nature: Nature


def shown(mantissa: int, spec: CellSpec, definitions: Definitions) -> Decimal:
    """The exact figure of a mantissa in the measure ``spec`` shows; the spec must have a series."""
    assert spec.series is not None
    return from_mantissa(mantissa, definitions.measures[spec.measure], definitions.canonical(spec.series))


class Ledger:
    """The figures of the counted versions of one form, found by unit, subject and cell."""

    def __init__(self, form_input: FormInput, view: View, period: Period, frequency: Frequency) -> None:
        self._view = view
        self._period = period
        self._frequency = frequency
        self._sources: Mapping[str, Source] = {source.unit.code: source for source in form_input.sources}
        self._figures = _by_place(form_input.figures, self._sources)
        self._periods: dict[CellKey, tuple[str, ...]] = {}  # of each cell, the same whoever speaks

    @property
    def sources(self) -> Mapping[str, Source]:
        """The counted version of each unit that has one."""
        return self._sources

    def contribution(self, unit: str, subject: str, spec: CellSpec) -> Contribution | None:
        """What ``unit`` says of ``subject`` in a cell; None when it says nothing.

        The nature the column asks wins; a version loaded as history may hold another one, which is then taken
        and named.
        """
        if spec.series is None:
            return None
        if spec.key not in self._periods:
            self._periods[spec.key] = periods_of(spec, self._period, self._frequency)
        for period in self._periods[spec.key]:
            held = self._figures.get((unit, subject, spec.series, period))
            if held:
                row = held.get(spec.nature) or max(held.values(), key=lambda one: STRENGTH[one.nature])
                number = shown(row.mantissa, spec, self._view.definitions) if row.state.is_number else None
                return Contribution(unit, row.state, row.mantissa, number, row.nature)
        source = self._sources.get(unit)
        if source is not None and source.kind is SourceKind.NIL and spec.kind is CellKind.INPUT:
            return Contribution(unit, State.NIL, 0, Decimal(0), spec.nature)
        return None


def periods_of(spec: CellSpec, period: Period, frequency: Frequency) -> tuple[str, ...]:
    """Codes under which the figure of an input may stand: its own period, and the year for yearly aspects."""
    try:
        own = following(period, -spec.shift) if spec.shift < 0 else previous(period, frequency, spec.shift)
    except NoSuchPeriod:  # before the first round of a report asked for once
        return ()
    return tuple(dict.fromkeys((own.code, year_of(own).code)))


def own_need(spec: CellSpec, period: Period, frequency: Frequency) -> Need | None:
    """What the figure of a cell is kept under; None without a series, or before the first round of a report asked for
    once.
    """
    codes = periods_of(spec, period, frequency)
    return Need(spec.series, codes[0]) if spec.series is not None and codes else None


def following(period: Period, n: int) -> Period:
    """The month ``n`` months later (a forecast column: "Ước tháng 6" in May); other kinds of period stand still."""
    if period.kind is not PeriodKind.MONTH:
        return period
    year, month = divmod(period.year * 12 + period.number - 1 + n, 12)
    return parse(f"{year:04d}{month + 1:02d}")


def _by_place(
    figures: Iterable[FigureRow], sources: Mapping[str, Source]
) -> dict[tuple[str, str, SeriesKey, str], dict[Nature, FigureRow]]:
    places: dict[tuple[str, str, SeriesKey, str], dict[Nature, FigureRow]] = {}
    for row in figures:
        source = sources.get(row.reporting)
        if source is not None and source.version_id == row.version_id:
            place = (row.reporting, row.subject, row.series, row.period)
            places.setdefault(place, {})[row.nature] = row
    return places


def main_inputs(view: View) -> dict[str, tuple[CellKey, ...]]:
    """Per row the cells that decide whether it has been reported: this period's figure, else any input of it."""
    found: dict[str, list[CellSpec]] = {}
    for key, spec in view.inputs.items():
        if spec.shift == 0:
            found.setdefault(key.row, []).append(spec)
    return {row: tuple(spec.key for spec in _preferred(specs)) for row, specs in found.items()}


def _preferred(specs: list[CellSpec]) -> list[CellSpec]:
    of_the_period = [spec for spec in specs if spec.series and spec.series.aspect.value in ("actual", "cumulative")]
    return of_the_period or specs
