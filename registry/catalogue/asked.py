"""Who is asked what, before any period is opened: shapes of the year, and the row sets a form's units meet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from registry.catalogue.chronicle import lasting
from registry.catalogue.forms import CellSpec, Definitions, RowSet, View, row_set
from registry.catalogue.model import Applies, Catalogue, Form, Frequency, PeriodShape, Regime, Unit

_ENDING = {
    3: (Applies.QUARTER,),
    6: (Applies.QUARTER, Applies.HALF),
    9: (Applies.QUARTER, Applies.NINE),
    12: (Applies.QUARTER, Applies.YEAR),
}
MONTHS = tuple(PeriodShape(frozenset({Applies.MONTH, *_ENDING.get(month, ())}), month) for month in range(1, 13))
QUARTERS = tuple(
    PeriodShape(frozenset({Applies.QUARTER, *_ENDING[month]}) - {Applies.YEAR}, month) for month in _ENDING
)
YEAR = PeriodShape(frozenset({Applies.YEAR}), 12)
HALVES = (PeriodShape(frozenset({Applies.HALF}), 6), PeriodShape(frozenset({Applies.HALF}), 12))
NINE = PeriodShape(frozenset({Applies.NINE}), 9)
ONCE = PeriodShape(frozenset(), 12)
WEEKS = tuple(PeriodShape(frozenset(), month) for month in range(1, 13))
_WEEKS_ENDING_IN = Counter(date.fromisocalendar(2026, week, 7).month for week in range(1, 53))
_SHAPES: Mapping[Frequency, tuple[PeriodShape, ...]] = {
    Frequency.WEEK: WEEKS,
    Frequency.MONTH: MONTHS,
    Frequency.QUARTER: QUARTERS,
    Frequency.QUARTERS_AND_YEAR: (*QUARTERS[:3], YEAR),
    Frequency.HALF: HALVES,
    Frequency.NINE: (NINE,),
    Frequency.YEAR: (YEAR,),
    Frequency.ONCE: (ONCE,),
}


def shapes_of(frequency: Frequency) -> tuple[PeriodShape, ...]:
    """The different periods of one year as occasions see them; one for a report asked for once."""
    return _SHAPES[frequency]


def reporters(regime: Regime, units: Iterable[Unit]) -> list[Unit]:
    """The units a regime asks, in official order."""
    return selected(regime.reporters, units)


def selected(selectors: Iterable[str], units: Iterable[Unit]) -> list[Unit]:
    """Units chosen by kind, by code, or by group as ``set=group``, in the order given."""
    chosen = tuple(selectors)
    return [unit for unit in units if any(unit.answers_to(selector) for selector in chosen)]


@dataclass(frozen=True)
class Meeting:
    """A form as units of one row set meet it: what stands in their workbook, and who they are."""

    view: View
    units: tuple[Unit, ...]


@dataclass(frozen=True)
class Demand:
    """A form asked within a regime of some units."""

    regime: Regime | None  # None: no regime asks the form yet
    form: Form
    units: tuple[Unit, ...]

    @property
    def shapes(self) -> tuple[PeriodShape, ...]:
        """The periods of one year it is asked in; those of a form in no regime are not known yet."""
        return shapes_of(self.regime.frequency) if self.regime else (*MONTHS, *QUARTERS, YEAR)

    def times(self, shape: PeriodShape) -> int:
        """How many periods of one year have this shape: the weeks that end in its month, else one."""
        is_weekly = self.regime is not None and self.regime.frequency is Frequency.WEEK
        return _WEEKS_ENDING_IN[shape.month] if is_weekly else 1


def demands(catalogue: Catalogue) -> tuple[Demand, ...]:
    """Every form of every regime with whom it asks; a form in no regime may be asked of anybody."""
    forms = newest(catalogue.forms)
    alive = lasting(catalogue.units)
    asked = [
        Demand(regime, forms[code], tuple(reporters(regime, alive)))
        for regime in catalogue.regimes
        for code in regime.forms
        if code in forms
    ]
    used = {one.form.code for one in asked}
    loose = [Demand(None, form, tuple(alive)) for code, form in forms.items() if code not in used]
    return (*asked, *loose)


def newest(forms: Iterable[Form]) -> dict[str, Form]:
    """The newest version of each form by code."""
    found: dict[str, Form] = {}
    for form in sorted(forms, key=lambda one: one.version):
        found[form.code] = form
    return found


class Asking:
    """Meetings of one catalogue, worked out once for each (form, shape); the cost is linear in rows and units."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._definitions = Definitions.of(replace(catalogue, units=lasting(catalogue.units)))
        self._views: dict[tuple[str, int, PeriodShape, RowSet], View] = {}
        self._inputs: dict[tuple[object, ...], tuple[CellSpec, ...]] = {}

    def meetings(self, demand: Demand, shape: PeriodShape) -> tuple[Meeting, ...]:
        """The different row sets of a demand in a period, each with its units in official order."""
        rows_of: dict[object, RowSet] = {}
        units: dict[RowSet, list[Unit]] = {}
        for unit in demand.units:
            kind = _as_rows_see(unit)
            if kind not in rows_of:
                rows_of[kind] = self._known(demand.form, row_set(demand.form, unit, shape))
            units.setdefault(rows_of[kind], []).append(unit)
        return tuple(Meeting(self._view(demand.form, shape, rows), tuple(met)) for rows, met in units.items())

    def _known(self, form: Form, rows: RowSet) -> RowSet:
        """Without rows of unknown indicators, which the check names: a draft with a mistake still has a burden."""
        unknown = {row.code for row in form.rows if row.indicator and row.indicator not in self._definitions.indicators}
        return RowSet(rows.audience, tuple(pair for pair in rows.rows if pair[0] not in unknown)) if unknown else rows

    def inputs(self, meeting: Meeting) -> tuple[CellSpec, ...]:
        """The cells a meeting's units fill; a row's are worked out once for all row sets it stands in."""
        view = meeting.view
        open_columns = frozenset(column.code for column in view.columns)
        open_rules = tuple(rule.occasion.is_open(view.shape) for rule in view.form.cell_rules)
        found: list[CellSpec] = []
        for code, access in view.row_set.rows:
            key = (view.form.code, view.form.version, view.row_set.audience, open_columns, open_rules, code, access)
            if key not in self._inputs:
                alone = View(view.form, view.shape, RowSet(view.row_set.audience, ((code, access),)), self._definitions)
                self._inputs[key] = tuple(alone.inputs.values())
            found += self._inputs[key]
        return tuple(found)

    def _view(self, form: Form, shape: PeriodShape, rows: RowSet) -> View:
        key = (form.code, form.version, shape, rows)
        if key not in self._views:
            self._views[key] = View(form, shape, rows, self._definitions)
        return self._views[key]


def _as_rows_see(unit: Unit) -> object:
    """All that ``row_set`` looks at: a commune's groups, any other unit's code and kind."""
    return (unit.kind.is_commune, unit.groups) if unit.kind.is_commune else (False, unit.code, unit.kind)
