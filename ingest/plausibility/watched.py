"""The cells of a form whose figures can be compared, and by what course they follow one another."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from ingest.thresholds import SMALL
from registry.catalogue.forms import View
from registry.catalogue.measures import MeasureClash, from_mantissa
from registry.catalogue.model import Accumulation, Frequency, RowNature
from registry.catalogue.season import Season
from registry.catalogue.values import Aspect, CellKey, SeriesKey
from registry.periods import NoSuchPeriod, Period, PeriodKind, previous
from registry.rules.identity import ViewIdentity
from vietnamese.numbers import format_number


class Course(StrEnum):
    """How the figures of a series follow one another."""

    FLOW = "flow"  # of each period its own
    LEVEL = "level"  # of a point in time
    GROWING = "growing"  # from the year's or the season's start
    POINT = "point"  # an index or a ratio


@dataclass(frozen=True, slots=True)
class Watched:
    """A cell whose figure can be compared."""

    key: CellKey
    series: SeriesKey
    course: Course
    period: Period  # its figure is about
    at: int  # the ordinal of that
    unit: float  # the amount of one in the measure shown
    step: Decimal  # in that measure, of an amount of one
    decimals: int
    small: float  # the amount below which it is not judged
    measure: str
    season: Season | None
    always: bool  # looked at closely even where it is no smaller and no larger than ever before

    def shown(self, amount: float) -> str:
        """An amount in the measure the cell is read in."""
        return self.said(Decimal(int(amount)) * self.step)

    def said(self, number: Decimal) -> str:
        """A figure with the measure the cell is read in."""
        return f"{format_number(number, self.decimals)} {self.measure}"


_POINTS = (Aspect.INDEX_MONTH, Aspect.INDEX_YEAR, Aspect.INDEX_CUMULATIVE)
OF_THE_YEAR = (Aspect.YEAR_ESTIMATE, Aspect.NEXT_YEAR_PLAN, Aspect.PLAN_CENTRAL, Aspect.PLAN_COUNCIL)
_GROWING = (RowNature.CUMULATIVE, RowNature.SEASON, RowNature.CROP_YEAR)


def watched(view: View, period: Period, frequency: Frequency) -> tuple[Watched, ...]:
    """The typed cells of a form that have a series, and what they are compared by; none of a report asked for once."""
    return _watched(ViewIdentity(view), period, frequency) if period.a_year else ()


@lru_cache(maxsize=256)
def _watched(identity: ViewIdentity, period: Period, frequency: Frequency) -> tuple[Watched, ...]:
    view, found = identity.view, []
    rows = {row.code: row for row, _ in view.rows}
    for key, spec in view.inputs.items():
        if spec.series is None:
            continue
        try:
            about = previous(period, frequency, spec.shift)
            shown, canonical = view.definitions.measures[spec.measure], view.definitions.canonical(spec.series)
            step = from_mantissa(1, shown, canonical)
        except (NoSuchPeriod, MeasureClash, KeyError):
            continue
        if about.kind is not period.kind:
            continue
        unit = float(1 / step)
        small = SMALL * unit / 10**spec.decimals
        course, season = _course(view, spec.series), rows[key.row].season
        is_february = about.kind is PeriodKind.MONTH and about.number == 2
        always = course is Course.GROWING or (course is Course.FLOW and is_february)
        found.append(
            Watched(
                key,
                spec.series,
                course,
                about,
                about.ordinal,
                unit,
                step,
                spec.decimals,
                small,
                shown.code,
                season,
                always,
            )
        )
    return tuple(found)


def _course(view: View, series: SeriesKey) -> Course:
    indicator = view.definitions.indicators[series.indicator]
    if series.aspect in _POINTS or indicator.nature in (RowNature.INDEX, RowNature.RATIO):
        return Course.POINT
    if series.aspect in OF_THE_YEAR:
        return Course.LEVEL
    if series.aspect is Aspect.CUMULATIVE or indicator.nature in _GROWING:
        return Course.GROWING
    is_level = indicator.nature is RowNature.POINT or indicator.accumulation is Accumulation.LAST
    return Course.LEVEL if is_level else Course.FLOW
