"""Answers over areas and time from figures that were fetched before: pure, exact, refusing what cannot be added."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import NamedTuple, Protocol

from registry.catalogue.aggregation import Amount, added, combined, is_index, parts, ratio
from registry.catalogue.chronicle import Chronicle
from registry.catalogue.forms import Definitions
from registry.catalogue.lineage import Chosen, chosen_as_it_was, chosen_on_the_map
from registry.catalogue.model import Aggregation, Indicator, ProvinceValue, UnitKey
from registry.catalogue.values import Known, Nature, SeriesKey, State
from registry.periods import Period
from registry.rules.answers import Ask, Covered, Figure, Map, Missing, Why, blank
from registry.rules.background import Need
from registry.rules.courses import Course, Look, Term

_STRENGTH = {nature: strength for strength, nature in enumerate(Nature)}
_BY_ITSELF = (Aggregation.SUM, Aggregation.AVERAGE, Aggregation.NONE)  # reckoned from nothing but its own figures
_BY_AGENCIES = (ProvinceValue.AGENCY, ProvinceValue.AGENCY_AND_COMMUNES)
PLANS = (Look.PLAN_CENTRAL, Look.PLAN_COUNCIL, Look.SCENARIO)

Area = tuple[UnitKey, ...]
Question = tuple[Ask, Period]


_ITSELF = Covered(1, 1)


class Gathered(NamedTuple):
    """What the units of an area gave of one period, put together by the indicator's rule."""

    amount: Amount
    nature: Nature
    is_nil: bool
    covered: Covered
    contributors: tuple[UnitKey, ...] = ()  # where it was asked unit by unit


Among = frozenset[UnitKey] | None
Part = tuple[Term, Indicator]
_Known = dict[tuple[str, SeriesKey, str, Among], Gathered | Missing]


class Source(Protocol):
    """Where figures of areas come from: unit by unit, or sums made by the store."""

    def gathered(self, area: Area, term: Term, indicator: Indicator, among: Among = None, /) -> Gathered | Missing:
        """One series of an area in one period, where told of what some units gave only."""

    def givers(self, asked: Sequence[Part], /) -> Among:
        """The units that gave a number in every one; None where it is not known who gave."""


def needs(questions: Iterable[Question], known: Mapping[str, Course]) -> set[Need]:
    """Every figure that answers to some questions may be reckoned from."""
    found = set()
    for ask, period in questions:
        indicator = known[ask.indicator].indicator
        for term in known[ask.indicator].terms(ask.look, period, ask.members):
            found.add(Need(term.series, term.period.code))
        for course in _part_courses(indicator, known) if indicator.aggregation not in _BY_ITSELF else ():
            for term in course.terms(ask.look, period, ask.members):
                found.add(Need(term.series, term.period.code))
                found |= {Need(part, term.period.code) for part in parts(indicator, term.series)[1:]}
    return found


def _part_courses(indicator: Indicator, known: Mapping[str, Course]) -> list[Course]:
    named = parts(indicator, SeriesKey(indicator.code))
    return [known[one.indicator] for one in named if one.indicator in known]


@dataclass(frozen=True)
class Analysis:
    """Answers from one source of figures."""

    source: Source
    courses: Mapping[str, Course]
    definitions: Definitions
    _gathered: dict[int, tuple[Area, _Known]] = field(default_factory=dict)

    def figure(self, area: Area, ask: Ask, period: Period) -> Figure:
        """One answer about an area in a period."""
        course = self.courses[ask.indicator]
        terms = course.terms(ask.look, period, ask.members)
        if self._is_ratio(course.indicator) and ask.look not in PLANS:
            return self._ratio(area, ask, period, terms)
        if not terms:
            return blank(Missing(Why.NOT_ASKED))
        return self._summed(area, course.indicator, terms, is_plan=ask.look in PLANS)

    def _once(self, area: Area, term: Term, indicator: Indicator, among: Among) -> Gathered | Missing:
        """A month is of every year to date that comes after it."""
        kept = self._gathered.get(id(area))
        if kept is None:  # an area of thousands of units is slow to compare; it is held, so that its id stays its own
            kept = self._gathered[id(area)] = (area, {})
        known, key = kept[1], (indicator.code, term.series, term.period.code, among)
        if key not in known:
            known[key] = self.source.gathered(area, term, indicator, among)
        return known[key]

    def _is_ratio(self, indicator: Indicator) -> bool:
        return indicator.aggregation is Aggregation.RATIO and len(parts(indicator, SeriesKey(""))) > 1

    def _ratio(self, area: Area, ask: Ask, period: Period, own: Sequence[Term]) -> Figure:
        """A unit's own figure as it gave it; elsewhere from its parts, each to date for a ratio to date.

        Where units are missing both parts are those of the same units.
        """
        indicator = self.courses[ask.indicator].indicator
        if len(own) == 1 and len(area) == 1:
            given = self.source.gathered(area, own[0], _alone(indicator))
            if isinstance(given, Gathered) and given.contributors == area:
                return _figure([given])
        named = [self.courses[part.indicator] for part in parts(indicator, SeriesKey(indicator.code))]
        asked = [(one.indicator, one.terms(ask.look, period, ask.members)) for one in named]
        found = [self._part(area, *one) for one in asked]
        if not all(one.covered.is_complete for one in found):
            among = self.source.givers([(term, one) for one, terms in asked for term in terms])
            found = [self._part(area, *one, among) for one in asked]
        above, below = found
        if above.amount is None or below.amount is None:
            lacking = above if above.amount is None else below
            return blank(lacking.missing or Missing(Why.NOT_GIVEN), lacking.covered)
        amount = ratio(indicator, above.amount, below.amount, self.definitions)
        if amount is None:
            return blank(Missing(Why.NOTHING_BELOW), below.covered)
        covered = min((above.covered, below.covered), key=lambda one: one.have - one.expected)
        natures = [one.nature for one in found if one.nature is not None]
        state = State.VALUE if amount.mantissa else State.ZERO
        return Figure(state, amount, min(natures, key=_STRENGTH.__getitem__), covered)

    def _part(self, area: Area, indicator: Indicator, terms: Sequence[Term], among: Among = None) -> Figure:
        return self._summed(area, indicator, terms, among) if terms else blank(Missing(Why.NOT_ASKED))

    def _summed(
        self, area: Area, indicator: Indicator, terms: Sequence[Term], among: Among = None, *, is_plan: bool = False
    ) -> Figure:
        """The terms put together; a difference where units are missing is that of the units that gave both sides."""
        found = [self._once(area, term, indicator, among) for term in terms]
        given = [one for one in found if isinstance(one, Gathered)]
        is_difference = any(term.sign < 0 for term in terms)
        if is_difference and among is None and not all(one.covered.is_complete for one in given):
            both = self.source.givers([(term, indicator) for term in terms])
            if both is not None:
                return self._summed(area, indicator, terms, both)
        reasons = [(term, one) for term, one in zip(terms, found, strict=True) if isinstance(one, Missing)]
        if not reasons:
            return _figure([_signed(one, term.sign) for one, term in zip(given, terms, strict=True)])
        _, first = reasons[-1]
        if is_plan and first.why is Why.NOT_GIVEN:
            return blank(Missing(Why.NO_PLAN))
        if first.why in (Why.NOT_GIVEN, Why.NOT_BORN) and len(terms) > 1:
            named = sorted(term.period for term, one in reasons if one.why is first.why)
            why = Why.PERIODS_MISSING if first.why is Why.NOT_GIVEN else first.why
            return blank(replace(first, why=why, periods=tuple(period.code for period in named)))
        return blank(first)


def _alone(indicator: Indicator) -> Indicator:
    return replace(indicator, aggregation=Aggregation.NONE, numerator=None, denominator=None)


def _signed(given: Gathered, sign: int) -> Gathered:
    return given if sign == 1 else given._replace(amount=given.amount.scaled(sign))


def _figure(given: Sequence[Gathered]) -> Figure:
    first = given[0]
    amount, nature, is_nil, covered = first.amount, first.nature, first.is_nil, first.covered
    if len(given) > 1:
        amount = added([one.amount for one in given])
        nature = min([one.nature for one in given], key=_STRENGTH.__getitem__)
        is_nil = all(one.is_nil for one in given)
        covered = _covered([one.covered for one in given])
    state = State.NIL if is_nil else State.VALUE if amount.exact else State.ZERO
    return Figure(state, amount, nature, covered)


def _covered(given: Sequence[Covered]) -> Covered:
    """Of several periods: who gave a figure in every one."""
    worst = max(given, key=lambda one: one.expected - one.have)
    if not worst.missing:
        return worst
    missing = tuple(sorted({key for one in given for key in one.missing}))
    return Covered(max(worst.expected - len(missing), 0), worst.expected, missing)


@dataclass(frozen=True)
class ByUnit:
    """Figures of every unit that may stand for one: on today's map with what it came from, or as it was."""

    chronicle: Chronicle
    definitions: Definitions
    courses: Mapping[str, Course]
    known: Mapping[Need, Mapping[UnitKey, Known]]
    on: Map = Map.TODAY
    _chosen: dict[object, Chosen] = field(default_factory=dict)
    _alone: dict[tuple[Area, str], bool] = field(default_factory=dict)

    def gathered(self, area: Area, term: Term, indicator: Indicator, among: Among = None, /) -> Gathered | Missing:
        """By the rule of the indicator: each unit is taken with all the parts its figure needs, or not at all."""
        series, held = self._held(term, indicator)
        if len(area) == 1 and len(series) == 1 and self._stands_alone(area, term.period):
            own = held[0].get(area[0])
            if own is not None and own.state.is_number:
                alone = self._amount(area[0], own, term.series)
                return Gathered(alone, own.nature, own.state is State.NIL, _ITSELF, area)
        usable = _usable(held) if among is None else _usable(held) & among
        chosen = self._choose(area, term.period, usable)
        if chosen.breaks:
            return Missing(Why.BREAK, steps=chosen.breaks)
        if not chosen.contributors:
            return absent(self.chronicle, area, term.period)
        if is_index(term.series.aspect) and len(chosen.contributors) + len(chosen.missing) > 1:
            return self._refused(area, term)
        given = [
            tuple(self._amount(key, one[key], part) for one, part in zip(held, series, strict=True))
            for key in chosen.contributors
        ]
        amount = combined(indicator, given, self.definitions)
        if amount is None or (indicator.aggregation is Aggregation.NONE and chosen.missing):
            return self._refused(area, term)
        natures = (one[key].nature for one in held for key in chosen.contributors)
        return Gathered(
            amount,
            min(natures, key=_STRENGTH.__getitem__),
            all(held[0][key].state is State.NIL for key in chosen.contributors),
            Covered(len(chosen.contributors), len(chosen.contributors) + len(chosen.missing), chosen.missing),
            chosen.contributors,
        )

    def givers(self, asked: Sequence[Part], /) -> Among:
        """The units that gave a number in every one."""
        return frozenset.intersection(*(_usable(self._held(*one)[1]) for one in asked))

    def _held(self, term: Term, indicator: Indicator) -> tuple[Sequence[SeriesKey], list[Mapping[UnitKey, Known]]]:
        series = parts(indicator, term.series) if indicator.aggregation is not Aggregation.RATIO else (term.series,)
        return series, [self.known.get(Need(part, term.period.code), {}) for part in series]

    def _refused(self, area: Area, term: Term) -> Missing:
        """Nothing was added up: where an agency tells the whole (số của ngành) and has not yet, that is why."""
        is_told = any(row.province_value in _BY_AGENCIES for row in self.courses[term.series.indicator].rows)
        if is_told and len(area) == 1 and self._choose(area, term.period, frozenset(area)) == Chosen(area, ()):
            return Missing(Why.NOT_GIVEN)
        return Missing(Why.NOT_ADDED)

    def _stands_alone(self, area: Area, period: Period) -> bool:
        """True where a unit's own figure is all there is to it: it was alive, and no reform came since."""
        kept = (area, period.code)
        if kept not in self._alone:
            day = period.last
            since = self.on is Map.TODAY and any(one.on > day for one in self.chronicle.reforms)
            self._alone[kept] = not since and self.chronicle.at(area[0], day) is not None
        return self._alone[kept]

    def _choose(self, area: Area, period: Period, usable: Collection[UnitKey]) -> Chosen:
        kept = (area, period.code, frozenset(usable))
        if kept not in self._chosen:
            choose = chosen_on_the_map if self.on is Map.TODAY else chosen_as_it_was
            self._chosen[kept] = choose(self.chronicle, area, period.last, usable)
        return self._chosen[kept]

    def _amount(self, key: UnitKey, known: Known, series: SeriesKey) -> Amount:
        if known.state is State.NIL:
            return Amount.of(0)
        course = self.courses[series.indicator]
        return Amount.of(known.mantissa, course.slack(is_commune=self.chronicle.last(key).kind.is_commune))


def _usable(held: Sequence[Mapping[UnitKey, Known]]) -> frozenset[UnitKey]:
    return frozenset(key for key in held[0] if all(key in one and one[key].state.is_number for one in held))


def absent(chronicle: Chronicle, area: Area, period: Period) -> Missing:
    """Nobody gave a figure: the units were not there yet, are no more, or did not."""
    lives = [life for key in area if (life := chronicle.stretches(key))]
    if lives and all(life[0].since > period.last for life in lives):
        return Missing(Why.NOT_BORN, day=min(life[0].since for life in lives))
    if lives and all(life[-1].until < period.last for life in lives):
        return Missing(Why.ENDED, day=max(life[-1].until for life in lives) + timedelta(days=1))
    return Missing(Why.NOT_GIVEN)


class Sum(NamedTuple):
    """What the store added up over units."""

    mantissa: int
    nature: Nature
    have: int  # how many gave a figure
    nils: int  # how many of them "không phát sinh"


@dataclass(frozen=True)
class Summed:
    """Sums made by the store over communes none of which stands above another; of a period's sum only how many are
    missing is known, not who.
    """

    chronicle: Chronicle
    courses: Mapping[str, Course]
    sums: Mapping[Need, Sum]
    expected: Mapping[str, int]  # by period

    def gathered(self, area: Area, term: Term, _: Indicator, _among: Among = None, /) -> Gathered | Missing:
        """Only of indicators whose figures add up: the others are asked unit by unit."""
        found = self.sums.get(Need(term.series, term.period.code))
        if found is None or not found.have:
            return absent(self.chronicle, area, term.period)
        slack = self.courses[term.series.indicator].slack(is_commune=True) * (found.have - found.nils)
        covered = Covered(found.have, self.expected[term.period.code])
        return Gathered(Amount.of(found.mantissa, slack), found.nature, found.have == found.nils, covered)

    def givers(self, _: Sequence[Part], /) -> Among:
        """A sum does not tell."""
        return None
