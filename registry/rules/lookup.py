"""Figures of other periods: which ones a cell or function asks for, and what they come to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from operator import mul
from typing import NamedTuple

from registry.catalogue.forms import CellSpec, Definitions, View
from registry.catalogue.measures import Measure, steps_between, told
from registry.catalogue.model import CellKind, Frequency, Row, RowNature
from registry.catalogue.season import Season
from registry.catalogue.values import PLANS, Aspect, CellKey, Known, Nature, SeriesKey, State
from registry.periods import (
    NoSuchPeriod,
    Period,
    periods_to_date,
    previous,
    quarter_of,
    year_before,
    year_named,
    year_of,
)
from registry.rules import bind, exact
from registry.rules.background import Background, Need
from registry.rules.bind import Foreign
from registry.rules.context import Context
from registry.rules.identity import ViewIdentity
from registry.rules.tree import CALENDAR, Call, Cell, Function, Node, Number, Text
from vietnamese.fold import fold

LEAST_FOR_A_MEDIAN = 3  # known figures; fewer tell nothing about the usual size
_DEFAULT_MEDIAN = 12
_ONE = Decimal(1)
_VALUE = State.VALUE  # asked of every figure, and slow to look up in an enumeration
_GROWING = (RowNature.CUMULATIVE, RowNature.SEASON, RowNature.CROP_YEAR)


class Term(NamedTuple):
    """One figure of a sum, added or taken away."""

    need: Need
    sign: int = 1


Terms = tuple[Term, ...]


@dataclass(frozen=True)
class Sum:
    """Figures to be added up for a cell, all of them mantissas in one canonical measure."""

    terms: Terms
    spec: CellSpec
    series: SeriesKey
    definitions: Definitions

    @property
    def signs(self) -> tuple[int, ...]:
        """What each figure is multiplied by."""
        return tuple(term.sign for term in self.terms)

    @property
    def measures(self) -> tuple[Measure, Measure]:
        """The measure the cell is shown in, and that of the figures."""
        series = self.terms[0].need.series if self.terms else self.series
        return self.definitions.measures[self.spec.measure], self.definitions.canonical(series)

    @cached_property
    def alone(self) -> Sums:
        """The sum without others like it."""
        return alike([self])[0]


@dataclass(frozen=True)
class Sums:
    """Sums of as many figures in the same measures, so that what one file needs is asked for and added up at once."""

    keys: tuple[CellKey, ...]
    needs: tuple[Need, ...]  # of the first sum, of the second, and so on
    signs: tuple[int, ...]
    measures: tuple[Measure, Measure]
    decimals: int  # of the cells

    def totals(self, source: Background) -> list[Decimal | None]:
        """What each sum comes to, exact; None where any of its figures is unknown or no number. Raises MeasureClash."""
        known = [
            one.mantissa if one is not None and one.state is _VALUE else _mantissa(one)
            for one in map(source.figures.get, self.needs)
        ]
        if self.signs != (1,):
            known = self._added_up(known)
        times, through = steps_between(*self.measures) if any(one is not None for one in known) else (_ONE, _ONE)
        multiply, divide = exact.multiply, exact.divide
        return [None if one is None else divide(multiply(one, times), through) for one in known]

    def _added_up(self, known: list[int | None]) -> list[int | None]:
        count = len(self.signs)
        parts = (known[at * count : (at + 1) * count] for at in range(len(self.keys)))
        return [None if None in part else sum(map(mul, part, self.signs)) for part in parts]


def alike(sums: Iterable[Sum]) -> tuple[Sums, ...]:
    """Sums put together with those like them."""
    groups: dict[tuple[tuple[int, ...], tuple[Measure, Measure], int], list[Sum]] = defaultdict(list)
    for one in sums:
        groups[one.signs, one.measures, one.spec.decimals].append(one)
    return tuple(
        Sums(
            tuple(one.spec.key for one in its),
            tuple(term.need for one in its for term in one.terms),
            *fixed,
        )
        for fixed, its in groups.items()
    )


Outside = Call | Cell  # a background function, or a cell of another form
NO_FIGURE: Terms | None = None  # asked of a cell that stands for no series, or of a period that never was


# --- what cells ask for ----------------------------------------------------------------------------------------------


def asks(spec: CellSpec) -> bool:
    """True for cells whose figure comes from the warehouse, or starts there."""
    return spec.kind in _TERMS or (spec.kind is CellKind.INPUT and spec.prefill)


def cell_terms(view: View, period: Period, frequency: Frequency, spec: CellSpec) -> Terms | None:
    """The figures that make up a looked-up or prefilled cell; None when there can be none."""
    if spec.series is None or not asks(spec):
        return NO_FIGURE
    try:
        return _TERMS.get(spec.kind, _shifted)(view, period, frequency, spec, spec.series)
    except NoSuchPeriod:
        return NO_FIGURE


def _shifted(_: View, period: Period, frequency: Frequency, spec: CellSpec, series: SeriesKey) -> Terms:
    return (Term(Need(series, previous(period, frequency, spec.shift).code)),)


def _previous(_: View, period: Period, frequency: Frequency, spec: CellSpec, series: SeriesKey) -> Terms:
    return (Term(Need(series, previous(period, frequency, spec.shift or 1).code)),)


def _plan(view: View, period: Period, _: Frequency, spec: CellSpec, series: SeriesKey) -> Terms:
    aspect = series.aspect if series.aspect in PLANS else Aspect.PLAN_COUNCIL
    kept_under = _plan_period(bind.row_of(view, spec.key.row), period, aspect)
    return (Term(Need(series._replace(aspect=aspect), kept_under)),)


def _plan_period(row: Row, period: Period, aspect: Aspect) -> str:
    """The period a plan is kept under: the year, of a season's row the year the season is counted in (F7); a scenario
    under the very period, of a month's form under its quarter (F6).
    """
    if aspect is Aspect.SCENARIO:
        return quarter_of(period).code
    if row.season is None:
        return year_of(period).code
    return year_named(row.season.plan_year(period.year, period.last.month)).code


def _same_period(view: View, period: Period, frequency: Frequency, spec: CellSpec, series: SeriesKey) -> Terms:
    """The figure a year before; of a growing one, what the cumulative grew by in that period (F4)."""
    then = previous(year_before(period), frequency, spec.shift)
    row = bind.row_of(view, spec.key.row)
    if _nature(view, series) not in _GROWING:
        return (Term(Need(series, then.code)),)
    cumulative = series._replace(aspect=Aspect.CUMULATIVE)
    now = Term(Need(cumulative, then.code))
    if _starts_at(row, _nature(view, series), then, frequency):
        return (now,)
    return (now, Term(Need(cumulative, previous(then, frequency).code), -1))


def _starts_at(row: Row, nature: RowNature, period: Period, frequency: Frequency) -> bool:
    """True when the cumulative begins anew in this period: the year's first, or the first of the season."""
    if nature is RowNature.CUMULATIVE:
        return period.first.month == 1
    before = previous(period, frequency)
    closed = bool(row.months) and before.last.month not in row.months
    return closed or (row.season is not None and _began(row.season, before) != _began(row.season, period))


def _began(season: Season, period: Period) -> int:
    return season.began(period.year, period.last.month)


def _cumulated(row: Row, period: Period, frequency: Frequency, back: int = 0) -> tuple[Period, ...]:
    """The periods a flow is added up over: of the year, of a season's row since the season began (F7)."""
    if row.season is None:
        return periods_to_date(period, frequency, back)
    began, found = _began(row.season, period), list[Period]()
    one = previous(period, frequency, back)
    while _began(row.season, one) == began:
        found.append(one)
        one = previous(one, frequency)
    return tuple(reversed(found))


def _cumulative_same_period(
    view: View, period: Period, frequency: Frequency, spec: CellSpec, series: SeriesKey
) -> Terms:
    then = previous(year_before(period), frequency, spec.shift)
    if _nature(view, series) in _GROWING:
        return (Term(Need(series._replace(aspect=Aspect.CUMULATIVE), then.code)),)
    row = bind.row_of(view, spec.key.row)
    return _added_up(row, series._replace(aspect=Aspect.ACTUAL), _cumulated(row, then, frequency))


def _cumulative(view: View, period: Period, frequency: Frequency, spec: CellSpec, series: SeriesKey) -> Terms:
    """What is known from the year's or season's start to the period before; nothing yet in its first period."""
    own = previous(period, frequency, spec.shift)
    row, nature = bind.row_of(view, spec.key.row), _nature(view, series)
    if nature is RowNature.POINT:  # a stock is what it was last
        return _previous(view, period, frequency, spec, series)
    if nature not in _GROWING:
        return _added_up(row, series._replace(aspect=Aspect.ACTUAL), periods_to_date(own, frequency, 1))
    if _starts_at(row, nature, own, frequency):
        return ()
    return (Term(Need(series._replace(aspect=Aspect.CUMULATIVE), previous(own, frequency).code)),)


def _added_up(row: Row, series: SeriesKey, periods: Iterable[Period]) -> Terms:
    """One term for each period the row is open in: a season's row has no figure in other months."""
    return tuple(Term(Need(series, period.code)) for period in periods if row.is_open(period.shape))


def _nature(view: View, series: SeriesKey) -> RowNature:
    return view.definitions.indicators[series.indicator].nature


_TERMS: dict[CellKind, Callable[[View, Period, Frequency, CellSpec, SeriesKey], Terms]] = {
    CellKind.PREVIOUS: _previous,
    CellKind.SAME_PERIOD: _same_period,
    CellKind.CUMULATIVE_SAME_PERIOD: _cumulative_same_period,
    CellKind.CUMULATIVE: _cumulative,
    CellKind.PLAN: _plan,
    CellKind.SHOWN: _shifted,
}


# --- what functions ask for ------------------------------------------------------------------------------------------


def call_terms(view: View, period: Period, frequency: Frequency, spec: CellSpec, call: Call) -> Terms | None:
    """The figures a background function asks for about the cell it names; None when there can be none.

    The median's terms are its sample, not a sum.
    """
    if spec.series is None:
        return NO_FIGURE
    try:
        own = previous(period, frequency, spec.shift)
        return _CALLS[call.function](view, own, frequency, spec, call.arguments[1:])
    except NoSuchPeriod:
        return NO_FIGURE


_Asked = Callable[[View, Period, Frequency, CellSpec, tuple[Node, ...]], Terms]


def _call_previous(_: View, own: Period, frequency: Frequency, spec: CellSpec, rest: tuple[Node, ...]) -> Terms:
    return (Term(Need(_series(spec), previous(own, frequency, _count(rest, 1)).code)),)


def _call_same_period(_: View, own: Period, __: Frequency, spec: CellSpec, ___: tuple[Node, ...]) -> Terms:
    return (Term(Need(_series(spec), year_before(own).code)),)


def _call_cumulative(view: View, own: Period, frequency: Frequency, spec: CellSpec, rest: tuple[Node, ...]) -> Terms:
    row = bind.row_of(view, spec.key.row)
    earlier = _cumulated(row, own, frequency, _count(rest, 1))
    return _added_up(row, _series(spec)._replace(aspect=Aspect.ACTUAL), earlier)


def _call_plan(view: View, own: Period, __: Frequency, spec: CellSpec, rest: tuple[Node, ...]) -> Terms:
    aspect = given_by(rest[0]) if rest else Aspect.PLAN_COUNCIL
    return (
        Term(Need(_series(spec)._replace(aspect=aspect), _plan_period(bind.row_of(view, spec.key.row), own, aspect))),
    )


_GIVERS = {
    "tw": Aspect.PLAN_CENTRAL,
    "trung uong": Aspect.PLAN_CENTRAL,
    "kich ban": Aspect.SCENARIO,
    "kich_ban": Aspect.SCENARIO,
}


def given_by(giver: Node) -> Aspect:
    """Whose plan a word asks KẾ_HOẠCH for: the centre's, the scenario's; any other the council's."""
    return _GIVERS.get(fold(giver.value), Aspect.PLAN_COUNCIL) if isinstance(giver, Text) else Aspect.PLAN_COUNCIL


def _call_median(_: View, own: Period, frequency: Frequency, spec: CellSpec, rest: tuple[Node, ...]) -> Terms:
    back = range(1, _count(rest, _DEFAULT_MEDIAN) + 1)
    return tuple(Term(Need(_series(spec), previous(own, frequency, n).code)) for n in back)


def _call_subordinates(_: View, own: Period, __: Frequency, spec: CellSpec, ___: tuple[Node, ...]) -> Terms:
    return (Term(Need(_series(spec), own.code)),)


_CALLS: dict[Function, _Asked] = {
    Function.PREVIOUS: _call_previous,
    Function.SAME_PERIOD: _call_same_period,
    Function.CUMULATIVE: _call_cumulative,
    Function.PLAN: _call_plan,
    Function.MEDIAN: _call_median,
    Function.SUBORDINATES: _call_subordinates,
}


def _series(spec: CellSpec) -> SeriesKey:
    if spec.series is None:
        raise NoSuchPeriod(spec.key)
    return spec.series


def _count(rest: tuple[Node, ...], default: int) -> int:
    return int(rest[0].value) if rest and isinstance(rest[0], Number) else default


# --- what they come to -----------------------------------------------------------------------------------------------


def lookup(context: Context, spec: CellSpec) -> tuple[Decimal | None, Nature | None]:
    """The figure of a looked-up cell, or the one a prefilled input starts from, in the cell's shown measure
    rounded to its decimals, with the weakest nature among its parts; (None, None) where nothing is known.
    """
    terms = cell_terms(context.view, context.period, context.frequency, spec)
    found = _rounded(context, spec, _sum(context.view, spec, terms))
    return (None, None) if found is None or terms is None else (found, _weakest(context.background, terms))


def looked_up(context: Context, spec: CellSpec) -> Decimal | None:
    """The figure of ``lookup`` alone."""
    terms = cell_terms(context.view, context.period, context.frequency, spec)
    return _rounded(context, spec, _sum(context.view, spec, terms))


def all_looked_up(context: Context) -> Iterator[tuple[tuple[CellKey, ...], list[Decimal | None]]]:
    """The looked-up cells that are not typed over with their figures, as many as are alike at a time; None where
    nothing is known.
    """
    for sums in _all_sums(context.identity, context.period, context.frequency):
        yield sums.keys, exact.all_rounded(sums.totals(context.background), sums.decimals)


@lru_cache(maxsize=64)
def _all_sums(identity: ViewIdentity, period: Period, frequency: Frequency) -> tuple[Sums, ...]:
    view = identity.view
    looked_up = (spec for spec in view.cells.values() if spec.kind in _TERMS)
    found = (_sum(view, spec, cell_terms(view, period, frequency, spec)) for spec in looked_up)
    return alike(one for one in found if one)


def _rounded(context: Context, spec: CellSpec, added: Sum | None) -> Decimal | None:
    total = _total(context.background, added)
    return None if total is None else exact.rounded(total, spec.decimals)


def elsewhere(context: Context, there: Foreign) -> Decimal | None:
    """The figure of a cell of another form about the same unit and period, exact, in that cell's shown measure."""
    terms = foreign_terms(context.period, context.frequency, there)
    return _total(context.background, _sum(there.view, there.spec, terms))


def foreign_terms(period: Period, frequency: Frequency, there: Foreign) -> Terms | None:
    """The figures that make up a cell of another form; None when it keeps none in the warehouse."""
    spec = there.spec
    if spec.series is None or not (spec.keep or asks(spec)):
        return NO_FIGURE
    if asks(spec) and spec.kind is not CellKind.INPUT:
        return cell_terms(there.view, period, frequency, spec)
    try:
        return _shifted(there.view, period, frequency, spec, spec.series)
    except NoSuchPeriod:
        return NO_FIGURE


def calendar(period: Period, function: Function) -> Decimal:
    """THÁNG, QUÝ and NĂM of a period's last day."""
    day = period.last
    return Decimal({Function.MONTH: day.month, Function.QUARTER: (day.month + 2) // 3}.get(function, day.year))


def answer(context: Context, key: CellKey, call: Call) -> Decimal | None:
    """What a background function comes to, exact, in the shown measure of the cell it names; None if unknown."""
    asked = _call_sum(context.identity, context.period, context.frequency, key, call)
    if call.function is Function.MEDIAN:
        return None if asked is None else _median(context.background, asked)
    return _total(context.below if call.function is Function.SUBORDINATES else context.background, asked)


def answers(context: Context, keys: tuple[CellKey, ...], call: Call) -> dict[CellKey, Decimal]:
    """``answer`` for many cells at once, without those nothing is known of."""
    if call.function is Function.MEDIAN:
        found = ((key, answer(context, key, call)) for key in keys)
    else:
        source = context.below if call.function is Function.SUBORDINATES else context.background
        sums = _call_sums(context.identity, context.period, context.frequency, keys, call)
        found = (pair for one in sums for pair in zip(one.keys, one.totals(source), strict=True))
    return {key: figure for key, figure in found if figure is not None}


@lru_cache(maxsize=1024)
def _call_sums(
    identity: ViewIdentity, period: Period, frequency: Frequency, keys: tuple[CellKey, ...], call: Call
) -> tuple[Sums, ...]:
    found = (_call_sum(identity, period, frequency, key, call) for key in keys)
    return alike(one for one in found if one)


@lru_cache(maxsize=16_384)
def _call_sum(identity: ViewIdentity, period: Period, frequency: Frequency, key: CellKey, call: Call) -> Sum | None:
    spec = identity.view.cells[key]
    return _sum(identity.view, spec, call_terms(identity.view, period, frequency, spec, call))


def group_of(context: Context, group_set: str) -> str | None:
    """The group the unit belongs to in a set ("loai" -> "phường"), for NHÓM; None when unknown."""
    groups = context.unit.groups if context.unit else ()
    wanted = fold(group_set)
    return next((group for name, group in groups if fold(name) == wanted), None)


def background_value(context: Context, asked: Outside, row: str | None, column: str | None) -> Decimal | str | None:
    """What anything asked from outside the table at a row and column comes to, for a workbook's hidden cells."""
    if isinstance(asked, Cell):
        there = bind.foreign(asked, bind.Place(row, column), context.view)
        return elsewhere(context, there) if there else None
    if asked.function in CALENDAR:
        return calendar(context.period, asked.function)
    first = asked.arguments[0]
    if isinstance(first, Text):
        return group_of(context, first.value)
    spec = bind.spec(first, bind.Place(row, column), context.view) if isinstance(first, Cell) else None
    return answer(context, spec.key, asked) if spec else None


def _sum(view: View, spec: CellSpec, terms: Terms | None) -> Sum | None:
    if terms is None or spec.series is None:
        return None
    return Sum(terms, spec, spec.series, view.definitions)


def _total(source: Background, added: Sum | None) -> Decimal | None:
    """The sum of the terms, converted once."""
    return added.alone.totals(source)[0] if added else None


def _mantissa(known: Known | None) -> int | None:
    if known is None:
        return None
    if known.state is State.VALUE:
        return known.mantissa
    return 0 if known.state.is_number else None


def _median(source: Background, sample: Sum) -> Decimal | None:
    found = [source.get(*need) for need, _ in sample.terms]
    known = sorted(mantissa for one in found if (mantissa := _mantissa(one)) is not None)
    if len(known) < LEAST_FOR_A_MEDIAN:
        return None
    middle = known[(len(known) - 1) // 2] + known[len(known) // 2]
    return exact.divide(told(middle, steps_between(*sample.measures)), Decimal(2))


def _weakest(source: Background, terms: Terms) -> Nature | None:
    order = list(Nature)
    natures = [known.nature for need, _ in terms if (known := source.get(*need))]
    return min(natures, key=order.index) if natures else None
