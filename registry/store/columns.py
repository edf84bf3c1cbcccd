"""Answers reckoned from whole columns of the dense array: thousands of units at once, and the same as unit by unit.

What is not simple (a rule that divides, a part of a unit that came in) is left to ``ByUnit``, which reads from here
what it needs.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from registry.catalogue.aggregation import Amount, is_index
from registry.catalogue.chronicle import Chronicle, Step
from registry.catalogue.lineage import Former, former
from registry.catalogue.model import Aggregation, Indicator, UnitKey
from registry.catalogue.values import Known, State
from registry.periods import Period
from registry.rules.analysis import PLANS, Among, Area, ByUnit, Gathered, Part, absent
from registry.rules.answers import Ask, Covered, Figure, Map, Missing, Why, blank
from registry.rules.background import Need
from registry.rules.courses import Course, Term
from registry.store.cube import MOST_SUBJECTS, NIL, Column
from registry.store.figures import NATURES

_NATURE = NIL - 1  # the bits of a code that tell the nature
_BY_ITSELF = (Aggregation.SUM, Aggregation.AVERAGE, Aggregation.NONE)
_WHOLE = Covered(1, 1)
_NOBODY = -1  # the place of a unit the store does not know
Era = tuple[int, int]


class Outline(NamedTuple):
    """What an area is made of on some days, each unit before what stands below it."""

    keys: tuple[UnitKey, ...]
    places: NDArray[np.int64]
    is_leaf: NDArray[np.bool_]
    is_commune: NDArray[np.bool_]
    levels: tuple[tuple[NDArray[np.int64], NDArray[np.int64]], ...]  # (units, the units right above them)
    breaks: tuple[Step, ...]


@dataclass(frozen=True)
class Columns:
    """Figures of every unit, a column for each need; ``places`` says where a unit stands in it."""

    chronicle: Chronicle
    courses: Mapping[str, Course]
    columns: Mapping[Need, Column]
    places: Mapping[UnitKey, int]
    on: Map
    _outlines: dict[tuple[int, Era], tuple[Area, Outline]] = field(default_factory=dict)
    _simple: dict[Era, frozenset[UnitKey]] = field(default_factory=dict)

    def alone(self, keys: Sequence[UnitKey], ask: Ask, period: Period) -> dict[UnitKey, Figure]:
        """One answer about each of the units that were nothing but themselves in every period it is reckoned from."""
        course = self.courses[ask.indicator]
        terms = course.terms(ask.look, period, ask.members)
        if course.indicator.aggregation not in _BY_ITSELF or not terms:
            return {}
        simple = frozenset.intersection(*(self._leaves(term.period.last) for term in terms))
        chosen = [key for key in keys if key in simple and key in self.places]
        at = np.array([self.places[key] for key in chosen], dtype=np.int64)
        given = [self.columns[Need(term.series, term.period.code)] for term in terms]
        codes = np.stack([column.codes[at] for column in given])
        mantissas = np.stack([column.mantissas[at] for column in given])
        is_plan = ask.look in PLANS
        communes = [self.chronicle.last(key).kind.is_commune for key in chosen]
        return dict(zip(chosen, _figures(course, terms, mantissas, codes, communes, is_plan=is_plan), strict=True))

    def gathered(self, area: Area, term: Term, indicator: Indicator, /) -> Gathered | Missing | None:
        """The sum over an area; None where it takes more than adding up."""
        if indicator.aggregation is not Aggregation.SUM or is_index(term.series.aspect):
            return None
        outline = self._outline(area, term.period.last)
        if outline.breaks:
            return Missing(Why.BREAK, steps=outline.breaks)
        if len(outline.keys) > MOST_SUBJECTS:
            return None
        column = self.columns[Need(term.series, term.period.code)]
        codes = column.codes[outline.places]
        is_known = codes != 0
        is_reached = np.ones(len(codes), dtype=np.bool_)
        for units, above in outline.levels:
            is_reached[units] = is_reached[above] & ~is_known[above]
        is_given = is_reached & is_known
        if not is_given.any():
            return absent(self.chronicle, area, term.period)
        is_number = is_given & (codes & NIL == 0)
        lacking = np.flatnonzero(is_reached & outline.is_leaf & ~is_known).tolist()
        missing = tuple(outline.keys[one] for one in lacking)
        have, numbers = int(is_given.sum()), int(is_number.sum())
        communes = int((is_number & outline.is_commune).sum())
        course = self.courses[term.series.indicator]
        slack = course.slack(is_commune=True) * communes + course.slack(is_commune=False) * (numbers - communes)
        total = int(column.mantissas[outline.places[is_number]].sum())
        nature = NATURES[int((codes[is_given] & _NATURE).min()) - 1]
        covered = Covered(have, have + len(missing), missing)
        return Gathered(Amount.of(total, slack), nature, numbers == 0, covered)

    def _era(self, day: date) -> Era:
        """Between two days on which anything about units changes all outlines are the same."""
        return bisect_right(self.chronicle.turns, day), sum(one.on > day for one in self.chronicle.reforms)

    def _leaves(self, day: date) -> frozenset[UnitKey]:
        """The units with nothing below them on a day, of which no reform since changed anything."""
        era = self._era(day)
        if era not in self._simple:
            if self.on is Map.TODAY and era[1]:
                self._simple[era] = frozenset()
            else:
                below = self.chronicle.children(day)
                alive = {unit.key for units in below.values() for unit in units}
                above = {key for key, units in below.items() if any(unit.kind.is_territory for unit in units)}
                self._simple[era] = frozenset(alive - above)
        return self._simple[era]

    def _outline(self, area: Area, day: date) -> Outline:
        kept = id(area), self._era(day)  # the area is held, so that its id stays its own
        if kept not in self._outlines:
            self._outlines[kept] = area, self._drawn(area, day)
        return self._outlines[kept][1]

    def _drawn(self, area: Area, day: date) -> Outline:
        chronicle = self.chronicle
        alive = frozenset(key for key in area if chronicle.at(key, day) is not None)
        was = former(chronicle, area, day) if self.on is Map.TODAY else Former(alive, ())
        whole = was.whole
        below = chronicle.children(day)
        tops = sorted(key for key in whole if not whole.intersection(chronicle.above(key, day)))
        keys: list[UnitKey] = []
        leaves: list[bool] = []
        levels: dict[int, list[tuple[int, int]]] = {}
        waiting = [(key, -1, 0) for key in reversed(tops)]
        while waiting:
            key, parent, depth = waiting.pop()
            at = len(keys)
            keys.append(key)
            under = [unit.key for unit in below.get(key, ()) if unit.kind.is_territory]
            leaves.append(not under)
            if depth:
                levels.setdefault(depth, []).append((at, parent))
            waiting += [(one, at, depth + 1) for one in reversed(under)]
        pairs = (np.array(levels[depth], dtype=np.int64) for depth in sorted(levels))
        return Outline(
            tuple(keys),
            np.array([self.places.get(key, _NOBODY) for key in keys], dtype=np.int64),
            np.array(leaves, dtype=np.bool_),
            np.array([chronicle.last(key).kind.is_commune for key in keys], dtype=np.bool_),
            tuple((pair[:, 0], pair[:, 1]) for pair in pairs),
            was.breaks,
        )


@dataclass(frozen=True)
class Fast:
    """Columns where they will do, else unit by unit."""

    columns: Columns
    by_unit: ByUnit

    def gathered(self, area: Area, term: Term, indicator: Indicator, among: Among = None, /) -> Gathered | Missing:
        """One series of an area in one period, where told of what some units gave only."""
        if among is not None:
            return self.by_unit.gathered(area, term, indicator, among)
        found = self.columns.gathered(area, term, indicator)
        return self.by_unit.gathered(area, term, indicator) if found is None else found

    def givers(self, asked: Sequence[Part], /) -> Among:
        """The units that gave a number in every one."""
        return self.by_unit.givers(asked)


@dataclass(frozen=True)
class Opened(Mapping[Need, Mapping[UnitKey, Known]]):
    """The columns unit by unit, each opened when it is asked for."""

    columns: Mapping[Need, Column]
    by_place: Mapping[int, UnitKey]
    _known: dict[Need, Mapping[UnitKey, Known]] = field(default_factory=dict)

    def __getitem__(self, need: Need) -> Mapping[UnitKey, Known]:
        if need not in self._known:
            column = self.columns[need]
            at = np.flatnonzero(column.codes)
            rows = zip(at.tolist(), column.mantissas[at].tolist(), column.codes[at].tolist(), strict=True)
            self._known[need] = {
                key: Known(mantissa, NATURES[(code & _NATURE) - 1], State.NIL if code & NIL else State.VALUE)
                for place, mantissa, code in rows
                if (key := self.by_place.get(place)) is not None
            }
        return self._known[need]

    def __iter__(self) -> Iterator[Need]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(self.columns)


def _figures(
    course: Course,
    terms: Sequence[Term],
    mantissas: NDArray[np.int64],
    codes: NDArray[np.int8],
    communes: Sequence[bool],
    *,
    is_plan: bool,
) -> Iterator[Figure]:
    """One for each column of terms × units; a figure is blank where any of its terms is."""
    is_known, is_nil = codes != 0, codes & NIL != 0
    signs = np.array([term.sign for term in terms], dtype=np.int64)
    totals = (np.where(is_nil, 0, mantissas) * signs[:, None]).sum(axis=0).tolist()
    numbers = np.count_nonzero(is_known & ~is_nil, axis=0).tolist()
    natures = (codes & _NATURE).min(axis=0).tolist()
    whole = is_known.all(axis=0).tolist()
    slacks = {kind: course.slack(is_commune=kind) for kind in (True, False)}
    blanks: dict[bytes, Figure] = {}
    for at, is_whole in enumerate(whole):
        if is_whole:
            total, count = totals[at], numbers[at]
            state = State.NIL if not count else State.VALUE if total else State.ZERO
            amount = Amount.of(total, slacks[communes[at]] * count)
            yield Figure(state, amount, NATURES[natures[at] - 1], _WHOLE)
        else:
            pattern = is_known[:, at].tobytes()
            if pattern not in blanks:
                blanks[pattern] = blank(_lacking(terms, is_known[:, at].tolist(), is_plan=is_plan))
            yield blanks[pattern]


def _lacking(terms: Sequence[Term], known: Sequence[bool], *, is_plan: bool) -> Missing:
    """Why there is no figure of a unit that lived all the time."""
    if is_plan:
        return Missing(Why.NO_PLAN)
    if len(terms) == 1:
        return Missing(Why.NOT_GIVEN)
    periods = sorted(term.period for term, is_there in zip(terms, known, strict=True) if not is_there)
    return Missing(Why.PERIODS_MISSING, periods=tuple(one.code for one in periods))
