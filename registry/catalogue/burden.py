"""The burden of reporting: how many cells a unit is asked, what is asked twice, what need not be typed again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from registry.catalogue.asked import Asking, Demand, Meeting, demands
from registry.catalogue.chronicle import lasting
from registry.catalogue.forms import CellSpec, subject_of
from registry.catalogue.model import PROVINCE, Catalogue, Form, ProvinceValue, Regime, Row, Unit, UnitKind
from registry.catalogue.values import SeriesKey

MONTHS = 12
FROM_COMMUNES = ""  # a source that is no form: the sum of what communes had approved


@dataclass(frozen=True, slots=True)
class Load:
    """Cells asked in each month of a year (of the period ending in it), and how many of them come prefilled."""

    cells: tuple[int, ...] = (0,) * MONTHS
    prefilled: tuple[int, ...] = (0,) * MONTHS

    def __add__(self, other: Load) -> Load:
        return Load(
            tuple(a + b for a, b in zip(self.cells, other.cells, strict=True)),
            tuple(a + b for a, b in zip(self.prefilled, other.prefilled, strict=True)),
        )

    @property
    def year(self) -> int:
        """Cells asked in a year."""
        return sum(self.cells)

    @property
    def typed(self) -> int:
        """Cells of a year that do not come prefilled."""
        return self.year - sum(self.prefilled)

    @property
    def most(self) -> int:
        """Cells of the fullest month."""
        return max(self.cells)

    @property
    def fullest(self) -> int:
        """The month that asks most, 1–12."""
        return self.cells.index(self.most) + 1


@dataclass(frozen=True)
class UnitLoad:
    """What one unit is asked, form by form."""

    unit: Unit
    by_form: Mapping[tuple[str, str], Load]  # (regime, form)

    @cached_property
    def whole(self) -> Load:
        """All its forms together."""
        return sum(self.by_form.values(), Load())


@dataclass(frozen=True, slots=True)
class KindLoad:
    """What a form asks of the units of a kind; ``least`` and ``most`` are cells of a year."""

    regime: str
    form: str
    kind: UnitKind
    units: int
    least: int
    most: int
    total: int  # cells of all these units in a year
    typed: int


@dataclass(frozen=True, slots=True)
class Asker:
    """A form asking units of one level for a series."""

    regime: str
    form: str
    units: tuple[str, ...]  # codes in official order


@dataclass(frozen=True, slots=True)
class Repeated:
    """A series asked in more than one place."""

    series: SeriesKey
    askers: tuple[Asker, ...]


@dataclass(frozen=True, slots=True)
class Prefillable:
    """Cells typed although an approved figure of the same series and subject stands elsewhere."""

    regime: str
    form: str
    source: str  # a form's code, or FROM_COMMUNES
    series: tuple[SeriesKey, ...]
    units: int
    cells: int  # of all these units in a year


@dataclass(frozen=True)
class Burden:
    """The whole picture of a catalogue."""

    units: tuple[UnitLoad, ...]  # in official order; units asked nothing are left out
    kinds: tuple[KindLoad, ...]
    repeated: tuple[Repeated, ...]
    prefillable: tuple[Prefillable, ...]

    def heaviest(self, count: int) -> tuple[UnitLoad, ...]:
        """The units asked most, most first."""
        return tuple(sorted(self.units, key=lambda one: -one.whole.year)[:count])


def burden(catalogue: Catalogue) -> Burden:
    """What the regimes of a catalogue ask in a year: linear in units, forms and their rows."""
    survey = _Survey(Asking(catalogue))
    for demand in demands(catalogue):
        if demand.regime is not None:
            survey.take(demand, demand.regime)
    units = tuple(
        UnitLoad(unit, survey.loads[unit.code]) for unit in lasting(catalogue.units) if unit.code in survey.loads
    )
    return Burden(units, _by_kind(units), survey.repeated(), survey.prefillable())


def _by_kind(units: Iterable[UnitLoad]) -> tuple[KindLoad, ...]:
    grouped: dict[tuple[str, str, UnitKind], list[Load]] = defaultdict(list)
    for one in units:
        for (regime, form), load in one.by_form.items():
            grouped[regime, form, one.unit.kind].append(load)
    return tuple(
        KindLoad(
            *key,
            len(loads),
            min(load.year for load in loads),
            max(load.year for load in loads),
            sum(load.year for load in loads),
            sum(load.typed for load in loads),
        )
        for key, loads in grouped.items()
    )


# --- what is asked of whom -------------------------------------------------------------------------------------------

_Place = tuple[str, str, bool]  # regime, form, whether of communes


@dataclass
class _Survey:
    """What has been asked so far, demand by demand."""

    asking: Asking
    loads: dict[str, dict[tuple[str, str], Load]] = field(default_factory=lambda: defaultdict(dict))
    askers: dict[SeriesKey, dict[_Place, dict[str, None]]] = field(default_factory=lambda: defaultdict(dict))
    typed: dict[tuple[_Place, SeriesKey, str], int] = field(default_factory=lambda: defaultdict(int))
    subjects: dict[tuple[SeriesKey, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    from_communes: set[tuple[_Place, SeriesKey]] = field(default_factory=set)

    def take(self, demand: Demand, regime: Regime) -> None:
        """Add a form's year."""
        for shape in demand.shapes:
            for meeting in self.asking.meetings(demand, shape):
                inputs = self.asking.inputs(meeting)
                for _ in range(demand.times(shape) if inputs else 0):
                    self._add(meeting, inputs, regime, demand.form)

    def _add(self, meeting: Meeting, inputs: tuple[CellSpec, ...], regime: Regime, form: Form) -> None:
        month = meeting.view.shape.month - 1
        load = Load(_only(month, len(inputs)), _only(month, sum(spec.prefill for spec in inputs)))
        for unit in meeting.units:
            before = self.loads[unit.code].get((regime.code, form.code), Load())
            self.loads[unit.code][regime.code, form.code] = before + load
        rows = {row.code: row for row in form.rows}
        place = (regime.code, form.code, meeting.units[0].kind.is_commune)
        for spec in inputs:
            if spec.series is not None:
                self._note(spec, spec.series, rows[spec.key.row], meeting, place)

    def _note(self, spec: CellSpec, series: SeriesKey, row: Row, meeting: Meeting, place: _Place) -> None:
        names = self.askers[series].setdefault(place, {})
        for unit in meeting.units:
            names[unit.code] = None
            subject = subject_of(row, unit, PROVINCE)
            self.subjects[series, subject].add(place[1])
            if not spec.prefill:
                self.typed[place, series, subject] += 1
        if row.province_value is ProvinceValue.AGENCY_AND_COMMUNES and not place[2]:
            self.from_communes.add((place, series))

    def repeated(self) -> tuple[Repeated, ...]:
        """Series two forms ask about one subject, or an agency is asked although communes give their parts."""
        several = {series for (series, _), forms in self.subjects.items() if len(forms) > 1}
        several |= {series for place, series in self.from_communes if self._communes_give(series)}
        return tuple(
            Repeated(series, tuple(Asker(place[0], place[1], tuple(units)) for place, units in places.items()))
            for series, places in self.askers.items()
            if series in several
        )

    def _communes_give(self, series: SeriesKey) -> bool:
        return any(of_communes for *_, of_communes in self.askers[series])

    def prefillable(self) -> tuple[Prefillable, ...]:
        """Typed cells with another source, grouped by form and source."""
        found: dict[tuple[str, str, str], dict[SeriesKey, int]] = defaultdict(lambda: defaultdict(int))
        units: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for (place, series, subject), cells in self.typed.items():
            for source in self._sources(place, series, subject):
                key = (place[0], place[1], source)
                found[key][series] += cells
                units[key] |= set(self.askers[series][place])
        return tuple(
            Prefillable(*key, tuple(cells), len(units[key]), sum(cells.values())) for key, cells in found.items()
        )

    def _sources(self, place: _Place, series: SeriesKey, subject: str) -> list[str]:
        sources = sorted(self.subjects[series, subject] - {place[1]})
        given = (place, series) in self.from_communes and self._communes_give(series)
        return [*sources, FROM_COMMUNES] if given else sources


def _only(month: int, count: int) -> tuple[int, ...]:
    return tuple(count if at == month else 0 for at in range(MONTHS))
