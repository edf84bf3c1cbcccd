"""How an indicator runs through the year, as the forms of the catalogue ask it: which figures make up "this month",
"the year to date" (lũy kế) or "the plan" of a period.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from registry.catalogue.aggregation import Exact
from registry.catalogue.forms import Definitions
from registry.catalogue.measures import MeasureClash, last_unit
from registry.catalogue.model import Accumulation, Frequency, Indicator, Row, RowNature
from registry.catalogue.season import Season
from registry.catalogue.values import Aspect, SeriesKey
from registry.periods import NoSuchPeriod, Period, previous, quarter_of, year_before, year_named, year_of
from registry.periods.period import PeriodKind, periods_to_date

_GROWING = (RowNature.CUMULATIVE, RowNature.SEASON, RowNature.CROP_YEAR)
_FREQUENCIES = {
    PeriodKind.WEEK: Frequency.WEEK,
    PeriodKind.MONTH: Frequency.MONTH,
    PeriodKind.QUARTER: Frequency.QUARTER,
    PeriodKind.HALF: Frequency.HALF,
    PeriodKind.NINE: Frequency.NINE,
    PeriodKind.YEAR: Frequency.YEAR,
    PeriodKind.ONCE: Frequency.ONCE,
}


class Look(StrEnum):
    """What is asked of an indicator in a period."""

    IN_PERIOD = "in-period"  # of the period alone, or at its end
    PREVIOUS = "previous"  # kỳ trước
    SAME_PERIOD = "same-period"  # cùng kỳ năm trước
    TO_DATE = "to-date"  # lũy kế
    TO_DATE_SAME_PERIOD = "to-date-same-period"
    PLAN_CENTRAL = "plan-central"
    PLAN_COUNCIL = "plan-council"  # also the plan of a season
    SCENARIO = "scenario"
    INDEX_MONTH = "index-month"  # of an index, which in-period gives against the same month of the year before


_PLANS = {
    Look.PLAN_CENTRAL: Aspect.PLAN_CENTRAL,
    Look.PLAN_COUNCIL: Aspect.PLAN_COUNCIL,
    Look.SCENARIO: Aspect.SCENARIO,
}


class Term(NamedTuple):
    """One figure of those added up for an answer, or taken away."""

    series: SeriesKey
    period: Period
    sign: int = 1


@dataclass(frozen=True, slots=True)
class Course:
    """An indicator with the rows that ask it."""

    indicator: Indicator
    rows: tuple[Row, ...]
    slacks: tuple[Exact, Exact]  # half of its last unit in mantissas: as communes give it, as others do; 0 = exact
    _known: dict[tuple[Look, str, str], tuple[Term, ...]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def season(self) -> Season | None:
        """The season it is counted in, if any."""
        return next((row.season for row in self.rows if row.season is not None), None)

    def is_asked(self, period: Period) -> bool:
        """True in the periods its rows are open in; always where no row says."""
        return not self.rows or any(row.is_open(period.shape) for row in self.rows)

    def slack(self, *, is_commune: bool) -> Exact:
        """How far a figure of it may lie from what was measured, in mantissas."""
        return self.slacks[0 if is_commune else 1]

    def terms(self, look: Look, period: Period, members: str = "") -> tuple[Term, ...]:
        """The figures to add up; none where the indicator has no such thing (a stock has no year to date but its
        last, an index none that could be added).
        """
        asked = (look, period.code, members)
        if asked not in self._known:
            series = SeriesKey(self.indicator.code, Aspect.ACTUAL, members)
            try:
                self._known[asked] = tuple(self._terms(look, period, series))
            except NoSuchPeriod:
                self._known[asked] = ()
        return self._known[asked]

    def _terms(self, look: Look, period: Period, series: SeriesKey) -> Iterator[Term]:
        if look in _PLANS:
            yield self._plan(_PLANS[look], period, series)
        elif look is Look.INDEX_MONTH:
            yield Term(series._replace(aspect=Aspect.INDEX_MONTH), period)
        elif look is Look.PREVIOUS:
            yield from self._in_period(previous(period, _FREQUENCIES[period.kind]), series)
        elif look is Look.SAME_PERIOD:
            yield from self._in_period(year_before(period), series)
        elif look is Look.TO_DATE:
            yield from self._to_date(period, series)
        elif look is Look.TO_DATE_SAME_PERIOD:
            yield from self._to_date(year_before(period), series)
        else:
            yield from self._in_period(period, series)

    def _in_period(self, period: Period, series: SeriesKey) -> Iterator[Term]:
        """What the source gives only as a cumulative figure is what that grew by."""
        if self.indicator.nature is RowNature.INDEX:
            yield Term(series._replace(aspect=Aspect.INDEX_YEAR), period)
        elif self.indicator.nature in _GROWING:
            cumulative = series._replace(aspect=Aspect.CUMULATIVE)
            yield Term(cumulative, period)
            if not self._starts_in(period):
                yield Term(cumulative, previous(period, _FREQUENCIES[period.kind]), -1)
        else:
            yield Term(series, period)

    def _to_date(self, period: Period, series: SeriesKey) -> Iterator[Term]:
        rule = self.indicator.accumulation
        if rule is Accumulation.ADD and self.indicator.nature not in _GROWING:
            asked = periods_to_date(period, _FREQUENCIES[period.kind])
            yield from (Term(series, one) for one in asked if self.is_asked(one))
        elif rule is Accumulation.LAST:
            yield Term(series, period)
        elif rule is not Accumulation.NONE:
            is_base = self.indicator.nature is RowNature.INDEX
            yield Term(series._replace(aspect=Aspect.INDEX_CUMULATIVE if is_base else Aspect.CUMULATIVE), period)

    def _plan(self, aspect: Aspect, period: Period, series: SeriesKey) -> Term:
        """A plan stands under its year, of a season under the year the season is counted in; a scenario under its
        quarter."""
        named = series._replace(aspect=aspect)
        if aspect is Aspect.SCENARIO:
            return Term(named, quarter_of(period))
        season = self.season
        return Term(named, year_named(season.plan_year(period.year, period.last.month)) if season else year_of(period))

    def _starts_in(self, period: Period) -> bool:
        """True when the cumulative begins anew in the period: the year's first, or the first of the season."""
        if self.indicator.nature is RowNature.CUMULATIVE:
            return period.first.month == 1
        before, season = previous(period, _FREQUENCIES[period.kind]), self.season
        if not self.is_asked(before):
            return True
        months = ((one.year, one.last.month) for one in (before, period))
        return season is not None and len({season.began(*month) for month in months}) > 1


def courses(definitions: Definitions) -> dict[str, Course]:
    """Every indicator of the catalogue with how it runs."""
    rows: dict[str, list[Row]] = {code: [] for code in definitions.indicators}
    for form in definitions.forms.values():
        for row in form.rows:
            if row.indicator in rows:
                rows[row.indicator].append(row)
    return {
        code: Course(indicator, tuple(rows[code]), _slacks(indicator, rows[code], definitions))
        for code, indicator in definitions.indicators.items()
    }


def _slacks(indicator: Indicator, rows: list[Row], definitions: Definitions) -> tuple[Exact, Exact]:
    """The coarsest in which a row asks it of communes, and of others."""
    measures = definitions.measures
    canonical = measures[indicator.measure]
    found: tuple[list[Fraction], list[Fraction]] = ([], [])
    for row in rows:
        finer = row.decimals if row.commune_decimals is None else row.commune_decimals
        for listed, measure, decimals in (
            (found[0], row.commune_measure or row.measure, finer),
            (found[1], row.measure, row.decimals),
        ):
            if measure in measures:
                try:
                    listed.append(last_unit(decimals, measures[measure], canonical))
                except MeasureClash:  # a column of the row has a measure of its own
                    continue
    return _half(found[0]), _half(found[1])


def _half(last_units: list[Fraction]) -> Exact:
    half = max(last_units, default=Fraction(0)) / 2
    return half.numerator if half.denominator == 1 else half
