"""What is known from earlier periods and from units alike, frozen before anything is judged (PRACTICE F29).

Amounts are mantissas in the series' canonical measure; as what is usual is a matter of size, they may be floats here
and never become figures. Periods are told apart by their `ordinal` among periods of their kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from math import exp, log, sqrt
from statistics import median

from registry.catalogue.model import Frequency
from registry.catalogue.season import Season
from registry.catalogue.values import CellKey
from registry.periods import Period, PeriodKind, previous

SPANS = {PeriodKind.MONTH: 25, PeriodKind.QUARTER: 8, PeriodKind.HALF: 4, PeriodKind.NINE: 3, PeriodKind.YEAR: 5}
UNBELIEVABLE = 50  # times the middle or one part in so many: a mistake once approved, not what is usual
FEWEST_UNITS = 8  # alike that make a middle worth comparing with, and one in which no single unit is seen
NORMAL = 1.4826  # median deviations in a standard deviation of chance figures
_LEAST_OF_MONTHS, _LEAST = 6, 4  # known figures, fewer tell nothing of what is usual
_LEAST_OF_LEVELS = 4
_LEAST_AROUND = 3  # figures of the same time of the year
_FAR = 4  # times all of them: more than any season does from one month to the next


@dataclass(frozen=True, slots=True)
class Past:
    """The figures known of one series, the best nature of each period."""

    at: Mapping[int, int]  # by ordinal
    usual: tuple[int, ...]  # those above nothing that can be believed, rising
    low: float  # what lies between these two needs no second look
    high: float
    sign: int  # 1 or -1 where every figure had that sign, else 0

    @classmethod
    def of(cls, at: Mapping[int, int]) -> Past:
        """Figures by the ordinal of their period."""
        above = sorted(one for one in at.values() if one > 0)
        below = sum(1 for one in at.values() if one < 0)
        if below:
            return cls(at, (), min(at.values()), max(at.values()), -1 if not above else 0)
        middle = above[len(above) // 2] if above else 0
        usual = tuple(one for one in above if middle <= one * UNBELIEVABLE and one <= middle * UNBELIEVABLE)
        return cls(at, usual, usual[0] if usual else 0, usual[-1] if usual else 0, 1 if above else 0)


@dataclass(frozen=True, slots=True)
class Spread:
    """How a series lies among units of one kind: natural logarithms of amounts above nothing."""

    count: int
    middle: float
    width: float  # median deviation from the middle

    @classmethod
    def of(cls, amounts: Iterable[int]) -> Spread | None:
        """None where too few units have one."""
        logs = [log(one) for one in amounts if one > 0]
        if len(logs) < FEWEST_UNITS:
            return None
        middle = median(logs)
        return cls(len(logs), middle, median(abs(one - middle) for one in logs))


@dataclass(frozen=True)
class Experience:
    """What a unit's figures are compared with."""

    past: Mapping[CellKey, Past] = field(default_factory=dict)
    alike: Mapping[CellKey, Spread] = field(default_factory=dict)  # units of the same kind
    alike_in: Period | None = None  # the period their figures are of
    off: frozenset[str] = frozenset()  # codes of checks that hit too many cells to be listened to


def periods_looked_at(period: Period) -> tuple[Period, ...]:
    """The periods whose figures make the experience with one, latest first; none for reports asked for once."""
    return tuple(previous(period, Frequency.MONTH, back) for back in range(1, SPANS.get(period.kind, 0) + 1))


@dataclass(frozen=True, slots=True)
class Band:
    """What is usual of a figure in a period, and the figures nearest to it in meaning."""

    low: float
    high: float
    near: tuple[tuple[int, int], ...]  # (ordinal, amount), the most telling first
    count: int  # of the figures it rests on
    least: int  # the smallest and the largest of them
    most: int
    only_scale: bool = False  # only a wrong scale can be told, not a large or a small figure

    def holds(self, amount: float) -> bool:
        """True for an amount that is nothing out of the ordinary."""
        return self.low <= amount <= self.high


def flow(past: Past, period: Period) -> Band | None:
    """Of what occurs in a period: robust limits in logarithms, widened to what did occur.

    January and February stand in each other's place as Tết moves: the past holds their mean, and alone they are not
    judged at all but for a wrong scale.
    """
    target, months = period.ordinal, period.kind is PeriodKind.MONTH
    known = [one for at, one in _evened(past, months).items() if at != target and past.low <= one <= past.high]
    if len(known) < (_LEAST_OF_MONTHS if months else _LEAST) or past.sign != 1:
        return None
    low, high = _limits(known, 0.2)
    near = _near(past, target, (target - period.a_year, _last(past, target)))
    around = [one for at in _same_time(target, period.a_year) if (one := past.at.get(at, 0)) > 0]
    if len(around) >= _LEAST_AROUND:
        low, high = max(low, min(around) / _FAR), min(high, max(around) * _FAR)
    whole = min(known), max(known)
    if months and target % 12 < 2:
        return Band(low / 5, high * 5, near, len(known), int(whole[0]), int(whole[1]), only_scale=True)
    return Band(low, high, near, len(known), int(whole[0]), int(whole[1]))


def _same_time(target: int, a_year: int) -> tuple[int, ...]:
    """The period before, and the same time of the year before, one period early or late."""
    return target - 1, target - a_year, target - a_year - 1, target - a_year + 1


def _evened(past: Past, months: bool) -> Mapping[int, float]:
    """The past with January and February at their mean."""
    evened: dict[int, float] = {at: one for at, one in past.at.items() if one > 0}
    if months:
        for at in [one for one in evened if one % 12 == 0 and one + 1 in evened]:
            evened[at] = evened[at + 1] = (evened[at] + evened[at + 1]) / 2
    return evened


def two_months(past: Past, period: Period, amount: float) -> tuple[float, Band] | None:
    """January and February together, beside any two months that follow each other; None in other months."""
    target = period.ordinal
    january = past.at.get(target - 1, 0)
    if period.kind is not PeriodKind.MONTH or target % 12 != 1 or january <= 0:
        return None
    sums = {
        at: one + past.at[at - 1]
        for at, one in past.at.items()
        if at < target - 1 and past.low <= one <= past.high and past.low <= past.at.get(at - 1, 0) <= past.high
    }
    if len(sums) < _LEAST_OF_MONTHS - 1:
        return None
    low, high = _limits(list(sums.values()), 0.15)
    near = tuple((at, sums[at]) for at in (target - 12, max(sums)) if at in sums)
    return january + amount, Band(low, high, near, len(sums), min(sums.values()), max(sums.values()))


def level(past: Past, period: Period) -> Band | None:
    """Of a stock: how far it may have moved since it was last known."""
    target = period.ordinal
    last = _last(past, target)
    known = [(at, past.at[at]) for at in sorted(past.at) if at != target and past.low <= past.at[at] <= past.high]
    if last is None or past.sign != 1 or len(known) < _LEAST_OF_LEVELS or not past.low <= past.at[last] <= past.high:
        return None
    steps = [log(later / earlier) / sqrt(at - before) for (before, earlier), (at, later) in pairwise(known)]
    sigma = max(NORMAL * median(abs(one) for one in steps), 0.03)
    half = max(6 * sigma * sqrt(target - last), 0.25)
    amounts = [one for _, one in known]
    near = _near(past, target, (last, target - period.a_year))
    return Band(past.at[last] * exp(-half), past.at[last] * exp(half), near, len(known), min(amounts), max(amounts))


def growing(past: Past, period: Period, season: Season | None) -> Band | None:
    """Of what adds up over a year or a season: by the same day of the seasons before, a month early or late, and by
    how far this one had come.
    """
    target, year = period.ordinal, period.a_year
    began = _began(season, year, target)
    before = target - 1 if _began(season, year, target - 1) == began else None
    come = past.at.get(before, 0) if before is not None else 0
    same_day = [
        at
        for back in (year, 2 * year)
        for at in (target - back, target - back - 1, target - back + 1)
        if _began(season, year, at) == _began(season, year, target - back) and past.at.get(at, 0) > 0
    ]
    if past.sign != 1 or target - year not in same_day or len(past.usual) < _LEAST:
        return None
    amounts = [past.at[at] for at in same_day] + ([come] if come > 0 else [])
    near = ((target - year, past.at[target - year]), *([(before, come)] if before is not None and come > 0 else []))
    is_first = _began(season, year, target - year - 1) != _began(season, year, target - year)
    low = min(amounts) / (25 if is_first else 2.5)
    return Band(low, max(amounts) * 2.5, near, len(amounts), min(amounts), max(amounts), only_scale=is_first)


def _began(season: Season | None, a_year: int, ordinal: int) -> int:
    year, number = divmod(ordinal, a_year)
    month = (number + 1) * 12 // a_year
    return season.began(year, month) if season else year


def point(past: Past, period: Period, unit: float) -> Band | None:
    """Of indices and ratios: by difference; ``unit`` is the amount of one point."""
    target = period.ordinal
    known = [one for at, one in past.at.items() if at != target and past.low <= one <= past.high]
    if len(known) < _LEAST or past.sign != 1:
        return None
    middle = median(known)
    half = max(6 * NORMAL * median(abs(one - middle) for one in known), 10 * unit)
    near = _near(past, target, (target - period.a_year, _last(past, target)))
    low, high = min(middle - half, min(known) - 10 * unit), max(middle + half, max(known) + 10 * unit)
    return Band(low, high, near, len(known), min(known), max(known))


def _limits(known: list[float] | list[int], floor: float) -> tuple[float, float]:
    """Five standard deviations about the median, as chance and the deviations themselves have it; at least what was."""
    logs = [log(one) for one in known]
    middle = median(logs)
    half = 5 * max(NORMAL * median(abs(one - middle) for one in logs), floor)
    return exp(min(middle - half, min(logs) - 0.4)), exp(max(middle + half, max(logs) + 0.4))


def _last(past: Past, target: int) -> int | None:
    """The ordinal of the figure known last before a period, of a few periods back at most."""
    return next((at for at in range(target - 1, target - 4, -1) if past.at.get(at, 0) > 0), None)


def _near(past: Past, target: int, places: Iterable[int | None]) -> tuple[tuple[int, int], ...]:
    found = {at: past.at[at] for at in places if at is not None and at != target and past.at.get(at, 0) > 0}
    return tuple(found.items())
