"""The one door for questions about figures over units and time: a unit over time, an indicator over units, totals.

What a question needs is fetched in one query, for every area asked about at once; the answers are reckoned by
``registry.rules.analysis``. The same on SQLite, PostgreSQL and from the dense array.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection, case, func, select

from registry.catalogue.aggregation import ADDED
from registry.catalogue.chronicle import Chronicle
from registry.catalogue.lineage import former
from registry.catalogue.model import Aggregation, UnitKey
from registry.catalogue.values import Known, State
from registry.periods import Period, parse
from registry.rules.analysis import Analysis, Area, ByUnit, Question, Source, Sum, Summed, needs
from registry.rules.answers import Ask, Figure, Map
from registry.rules.background import Need
from registry.rules.courses import Course, courses
from registry.store import figures, plans
from registry.store.definitions import Snapshot
from registry.store.figures import NATURES, Keys
from registry.store.plans import InForce
from registry.store.standing import STATES
from registry.workflow.policy import Scope

if TYPE_CHECKING:
    from registry.store.columns import Fast
    from registry.store.cube import Cube

Key = TypeVar("Key", bound=Hashable)
Answers = dict[tuple[Ask, str], Figure]  # by question and period code

_COURSES, _IDS = "courses", "ids of units"
_FEW = 16  # communes of which the store tells more quickly than files are opened


def courses_of(snapshot: Snapshot) -> Mapping[str, Course]:
    """Every indicator with how it runs through the year; worked out once for a catalogue."""
    if _COURSES not in snapshot.memo:
        snapshot.memo[_COURSES] = courses(snapshot.definitions)
    found: Mapping[str, Course] = snapshot.memo[_COURSES]
    return found


@dataclass(frozen=True)
class Warehouse:
    """Questions somebody may ask: of the units whose every figure is in his scope, at a moment or (None) now."""

    connection: Connection
    scope: Scope
    snapshot: Snapshot
    chronicle: Chronicle
    as_of: datetime | None = None
    cube: Cube | None = None

    @property
    def courses(self) -> Mapping[str, Course]:
        """Every indicator with how it runs through the year."""
        return courses_of(self.snapshot)

    def unit_over_time(
        self, unit: UnitKey, asked: Iterable[Ask], periods: Iterable[Period], on: Map = Map.TODAY
    ) -> Answers:
        """Everything asked about one unit in each period; nothing where it is out of scope."""
        return self.areas({unit: (unit,)}, asked, periods, on).get(unit, {})

    def over_units(
        self, listed: Iterable[UnitKey], ask: Ask, period: Period, on: Map = Map.TODAY
    ) -> dict[UnitKey, Figure]:
        """One indicator over the units in scope, in the order given: to be ranked, or told as shares."""
        found = self.areas({unit: (unit,) for unit in listed}, (ask,), (period,), on)
        return {unit: answers[ask, period.code] for unit, answers in found.items()}

    def areas(
        self, areas: Mapping[Key, Collection[UnitKey]], asked: Iterable[Ask], periods: Iterable[Period], on: Map
    ) -> dict[Key, Answers]:
        """Everything asked about areas of one or many units; those not wholly in scope are left out: one query."""
        return self.answers(areas, list(product(asked, tuple(periods))), on)

    def answers(
        self, areas: Mapping[Key, Collection[UnitKey]], questions: Collection[Question], on: Map = Map.TODAY
    ) -> dict[Key, Answers]:
        """The same of questions each with a period of its own."""
        allowed = self._allowed(areas)
        wanted = needs(questions, self.courses)
        if self.cube is not None and self.as_of is None and self.cube.is_kept and self._is_much(allowed.values()):
            return self._from_columns(allowed, questions, wanted, on)
        known = self._known(self._concerned(allowed.values(), wanted, on), wanted)
        analysis = self._analysis(ByUnit(self.chronicle, self.snapshot.definitions, self.courses, known, on))
        return {
            key: {(ask, one.code): analysis.figure(area, ask, one) for ask, one in questions}
            for key, area in allowed.items()
        }

    def _from_columns(
        self, areas: Mapping[Key, Area], questions: Collection[Question], wanted: Collection[Need], on: Map
    ) -> dict[Key, Answers]:
        """The same from the dense array, one question about all areas after another."""
        source = self._columns(areas.values(), wanted, on)
        analysis = self._analysis(source)
        singles = {key: area[0] for key, area in areas.items() if len(area) == 1}
        found: dict[Key, Answers] = {key: {} for key in areas}
        for ask, period in questions:
            alone = source.columns.alone(tuple(singles.values()), ask, period) if len(singles) > 1 else {}
            for key, area in areas.items():
                figure = alone.get(area[0]) if len(area) == 1 else None
                found[key][ask, period.code] = figure or analysis.figure(area, ask, period)
        return found

    def _is_much(self, areas: Collection[Area]) -> bool:
        """True where the store would be asked about more than a few units."""
        if sum(map(len, areas)) > _FEW:
            return True
        return any(not self.chronicle.last(key).kind.is_commune for area in areas for key in area)

    def _columns(self, areas: Collection[Area], wanted: Collection[Need], on: Map) -> Fast:
        from registry.store import columns

        def concerned() -> list[int]:
            return [ids[key] for key in self._concerned(areas, wanted, on) if key in ids]

        ids = self._ids
        assert self.cube is not None
        held = self.cube.columns(self.connection, ids.values(), wanted, concerned)
        places = {key: held.places[subject] for key, subject in ids.items()}
        by_place = {place: key for key, place in places.items()}
        opened = columns.Opened(held.of, by_place)
        return columns.Fast(
            columns.Columns(self.chronicle, self.courses, held.of, places, on),
            ByUnit(self.chronicle, self.snapshot.definitions, self.courses, opened, on),
        )

    def _analysis(self, source: Source) -> Analysis:
        return Analysis(source, self.courses, self.snapshot.definitions)

    def totals(
        self, area: Collection[UnitKey], asked: Iterable[Ask], period: Period, on: Map = Map.TODAY
    ) -> dict[Ask, Figure]:
        """Everything asked about one area of many units: sums made by the store where its communes simply add up.

        What is put together of several sums from which units are missing is asked unit by unit: who gave what counts.
        """
        asks = tuple(asked)
        allowed = self._allowed({"": area}).get("")
        if allowed is None:
            return {}
        wanted = needs([(ask, period) for ask in asks], self.courses)
        flat = self._flat_by_period(allowed, {need.period for need in wanted}, on)
        is_flat = all(listed is not None for listed in flat.values())
        if not is_flat or not all(self.courses[ask.indicator].indicator.aggregation in ADDED for ask in asks):
            found = self.areas({"": allowed}, asks, (period,), on)[""]
            return {ask: found[ask, period.code] for ask in asks}
        by_area: dict[frozenset[UnitKey], set[Need]] = {}
        for need in wanted:
            by_area.setdefault(flat[need.period] or frozenset(), set()).add(need)
        sums: dict[Need, Sum] = {}
        for members, some in by_area.items():
            sums |= self._sums(members, some)
        expected = {code: len(listed or ()) for code, listed in flat.items()}
        analysis = self._analysis(Summed(self.chronicle, self.courses, sums, expected))
        answers = {ask: analysis.figure(allowed, ask, period) for ask in asks}
        partly = [ask for ask, one in answers.items() if self._is_mixed(ask, one, period)]
        if partly:
            again = self.areas({"": allowed}, partly, (period,), on)[""]
            answers |= {ask: again[ask, period.code] for ask in partly}
        return answers

    def _is_mixed(self, ask: Ask, found: Figure, period: Period) -> bool:
        if found.amount is None or found.covered.is_complete:
            return False
        course = self.courses[ask.indicator]
        return course.indicator.aggregation is Aggregation.RATIO or len(course.terms(ask.look, period, ask.members)) > 1

    def plan(self, unit: UnitKey, ask: Ask, period: Period, moment: datetime) -> InForce | None:
        """The plan in force for a unit with its decision, and those it replaced; ``moment`` is the reader's now.

        None where there is none, or the unit is out of scope.
        """
        terms = self.courses[ask.indicator].terms(ask.look, period, ask.members)
        if not terms or not self._allowed({"": (unit,)}):
            return None
        need = Need(terms[0].series, terms[0].period.code)
        return plans.in_force(self.connection, self._ids[unit], unit[0], need, self.as_of or moment)

    def _allowed(self, areas: Mapping[Key, Collection[UnitKey]]) -> dict[Key, Area]:
        """Whoever may read some forms or regimes of a unit only is not told its figures here."""
        whole = Scope.of(one for one in self.scope.places if one.regime is None and one.form is None)
        ids = self._ids
        return {
            key: tuple(sorted(area))
            for key, area in areas.items()
            if area and all(unit in ids and whole.allows(ids[unit]) for unit in area)
        }

    @cached_property
    def _ids(self) -> dict[UnitKey, int]:
        memo = self.snapshot.memo
        if _IDS not in memo:
            memo[_IDS] = {unit.key: key for key, unit in self.snapshot.units_by_id.items()}
        found: dict[UnitKey, int] = memo[_IDS]
        return found

    def _concerned(self, areas: Iterable[Area], wanted: Iterable[Need], on: Map) -> set[UnitKey]:
        """The units whose figures may stand for an area in some periods."""
        days = {parse(code).last for code in {need.period for need in wanted}}
        everyone = {key for area in areas for key in area}
        found: set[UnitKey] = set()
        for day in days:
            roots = former(self.chronicle, everyone, day).whole if on is Map.TODAY else everyone
            below = self.chronicle.children(day)
            waiting = list(roots)
            while waiting:
                key = waiting.pop()
                found.add(key)
                waiting += [unit.key for unit in below.get(key, ()) if unit.kind.is_territory]
        return found

    def _known(self, concerned: Collection[UnitKey], wanted: Collection[Need]) -> dict[Need, dict[UnitKey, Known]]:
        ids = self._ids
        keys = {ids[key]: key for key in concerned if key in ids}
        found = figures.by_need(self.connection, keys, wanted, self.as_of)
        return {need: {keys[subject]: one for subject, one in given.items()} for need, given in found.items()}

    def _flat_by_period(self, area: Area, codes: Iterable[str], on: Map) -> dict[str, frozenset[UnitKey] | None]:
        """Between two days on which anything about units changes it is the same."""
        kept: dict[tuple[int, int], frozenset[UnitKey] | None] = {}
        found = {}
        for code in codes:
            day = parse(code).last
            era = bisect_right(self.chronicle.turns, day), sum(one.on > day for one in self.chronicle.reforms)
            if era not in kept:
                kept[era] = self._flat(area, day, on)
            found[code] = kept[era]
        return found

    def _flat(self, area: Area, day: date, on: Map) -> frozenset[UnitKey] | None:
        """The communes whose own figures make up an area on a day; None where it is not that simple."""
        was = former(self.chronicle, area, day)
        if on is Map.AS_IT_WAS:
            whole = frozenset(key for key in area if self.chronicle.at(key, day) is not None)
        elif was.breaks:
            return None
        else:
            whole = was.whole
        alive = [self.chronicle.at(key, day) for key in whole]
        return whole if all(unit is not None and unit.kind.is_commune for unit in alive) else None

    def _sums(self, area: Collection[UnitKey], wanted: Collection[Need]) -> dict[Need, Sum]:
        subjects = [self._ids[key] for key in area]
        if self.cube is not None and self.as_of is None:
            found = self.cube.sums(self.connection, subjects, wanted)
            if found is not None:
                return found
        return summed(self.connection, subjects, wanted, self.as_of)


def summed(
    connection: Connection, subjects: Collection[int], wanted: Collection[Need], as_of: datetime | None = None
) -> dict[Need, Sum]:
    """The best nature of each subject added up, exactly, for each need: one query."""
    keys = Keys.of(connection)
    named = {
        (keys.series[need.series], keys.periods[need.period]): need
        for need in wanted
        if need.series in keys.series and need.period in keys.periods
    }
    best = figures.strongest(connection, subjects, wanted, as_of)
    is_nil = case((best.c.state == STATES.index(State.NIL), 1), else_=0)
    query = select(
        best.c.series_id,
        best.c.period_id,
        func.sum(best.c.mantissa).label("mantissa"),
        func.min(best.c.nature).label("nature"),
        func.count().label("have"),
        func.sum(is_nil).label("nils"),
    ).group_by(best.c.series_id, best.c.period_id)
    return {
        named[row.series_id, row.period_id]: Sum(int(row.mantissa), NATURES[row.nature], row.have, int(row.nils))
        for row in connection.execute(query)
        if (row.series_id, row.period_id) in named
    }
