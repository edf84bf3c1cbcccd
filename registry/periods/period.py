"""Periods and what comes before them (REQUIREMENTS: Facts about periods; PRACTICE F28)."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache, total_ordering
from pathlib import Path

from registry.catalogue.model import Applies, Frequency, PeriodShape
from vietnamese.copydeck import deck

_copy = deck(Path(__file__).parent / "copy.toml")


class BadPeriodCode(ValueError):
    """The text is not a period code such as 202610, 20263, 2026, 2026H1, 20269M, 2026W41, 2026DX003."""


class NoSuchPeriod(ValueError):
    """A period without a predecessor or a year before: reports asked for once stand alone."""


class PeriodKind(StrEnum):
    """Kinds of period, shortest first."""

    WEEK = "tuần"
    MONTH = "tháng"
    QUARTER = "quý"
    HALF = "6 tháng"
    NINE = "9 tháng"
    YEAR = "năm"
    ONCE = "đột xuất"


@total_ordering
@dataclass(frozen=True, slots=True)
class Period:
    """A period; ``number`` counts within the year (year and nine months: 1).

    Periods are ordered by the day they end, then by the day they begin: 202609 < 20269M < 202610.
    """

    code: str
    kind: PeriodKind
    year: int
    number: int
    before: tuple[str, ...] = ()  # of a report asked for once: the codes of the rounds before it, latest first

    @property
    def first(self) -> date:
        """The first civil day; of a report asked for once, the first of its year."""
        if self.kind is PeriodKind.WEEK:
            return date.fromisocalendar(self.year, self.number, 1)
        return date(self.year, self._months[0], 1)

    @property
    def last(self) -> date:
        """The last civil day; of a report asked for once, the last of its year."""
        if self.kind is PeriodKind.WEEK:
            return date.fromisocalendar(self.year, self.number, 7)
        month = self._months[1]
        return date(self.year, month, calendar.monthrange(self.year, month)[1])

    @property
    def a_year(self) -> int:
        """How many periods of its kind a year has; 0 of weeks and reports asked for once."""
        return _PER_YEAR.get(self.kind, 0)

    @property
    def ordinal(self) -> int:
        """Its place among the periods of its kind, counted on from year to year; only where ``a_year`` is not 0."""
        return self.year * self.a_year + self.number - 1

    @property
    def shape(self) -> PeriodShape:
        """What the period is to an occasion: 202609 is MONTH, QUARTER and NINE, ending in month 9."""
        return _shape(self)

    @property
    def label(self) -> str:
        """The period in words, to stand inside a sentence: "tháng 10 năm 2026", "quý III năm 2026"."""
        return _copy(f"label.{self._word}", **self._words)

    @property
    def heading(self) -> str:
        """The period as a report's title names it: "tháng 10 và 10 tháng năm 2026" (SAMPLE_CATALOGUE 5.13)."""
        exact = f"heading.month{self.number}"
        if self.kind is not PeriodKind.MONTH:
            return self.label
        return _copy(exact if exact in _copy else "heading.month", **self._words)

    @property
    def _word(self) -> str:
        return f"half{self.number}" if self.kind is PeriodKind.HALF else self.kind.name.lower()

    @property
    def _words(self) -> dict[str, object]:
        number = f"{self.number:03d}" if self.kind is PeriodKind.ONCE else self.number
        return {"number": number, "year": self.year, "roman": ("I", "II", "III", "IV")[(self.number - 1) % 4]}

    @property
    def _months(self) -> tuple[int, int]:
        """The first and the last month."""
        n = self.number
        return {
            PeriodKind.MONTH: (n, n),
            PeriodKind.QUARTER: (3 * n - 2, 3 * n),
            PeriodKind.HALF: (6 * n - 5, 6 * n),
            PeriodKind.NINE: (1, 9),
        }.get(self.kind, (1, 12))

    def __lt__(self, other: Period) -> bool:
        return (self.last, self.first, self.code) < (other.last, other.first, other.code)

    def __str__(self) -> str:
        return self.code


_ENDING: dict[int, set[Applies]] = {
    3: {Applies.QUARTER},
    6: {Applies.QUARTER, Applies.HALF},
    9: {Applies.QUARTER, Applies.NINE},
    12: {Applies.QUARTER, Applies.YEAR},
}


@lru_cache(maxsize=4096)
def _shape(period: Period) -> PeriodShape:
    month = period.last.month
    kinds = {
        PeriodKind.MONTH: {Applies.MONTH} | _ENDING.get(month, set()),
        PeriodKind.QUARTER: _ENDING.get(month, set()) - {Applies.YEAR},
        PeriodKind.HALF: {Applies.HALF},
        PeriodKind.NINE: {Applies.NINE},
        PeriodKind.YEAR: {Applies.YEAR},
    }
    return PeriodShape(frozenset(kinds.get(period.kind, set())), month, period.year)


_CODES: tuple[tuple[PeriodKind, re.Pattern[str], str], ...] = (
    (PeriodKind.MONTH, re.compile(r"([0-9]{4})(0[1-9]|1[0-2])"), "{year:04d}{number:02d}"),
    (PeriodKind.QUARTER, re.compile(r"([0-9]{4})([1-4])"), "{year:04d}{number}"),
    (PeriodKind.YEAR, re.compile(r"([0-9]{4})()"), "{year:04d}"),
    (PeriodKind.HALF, re.compile(r"([0-9]{4})H([12])"), "{year:04d}H{number}"),
    (PeriodKind.NINE, re.compile(r"([0-9]{4})9M()"), "{year:04d}9M"),
    (PeriodKind.WEEK, re.compile(r"([0-9]{4})W(0[1-9]|[1-4][0-9]|5[0-3])"), "{year:04d}W{number:02d}"),
    (PeriodKind.ONCE, re.compile(r"([0-9]{4})DX([0-9]{3})"), "{year:04d}DX{number:03d}"),
)
_SPELLING = {kind: spelling for kind, _, spelling in _CODES}
_PER_YEAR = {PeriodKind.MONTH: 12, PeriodKind.QUARTER: 4, PeriodKind.HALF: 2, PeriodKind.NINE: 1, PeriodKind.YEAR: 1}


@lru_cache(maxsize=4096)
def parse(code: str) -> Period:
    """The period of a code; raises BadPeriodCode.

    >>> parse("20263").last
    datetime.date(2026, 9, 30)
    """
    for kind, pattern, _ in _CODES:
        if match := pattern.fullmatch(code):
            year, number = int(match[1]), int(match[2] or 1)
            if not _exists(kind, year, number):
                break
            return Period(code, kind, year, number)
    raise BadPeriodCode(code)


def _exists(kind: PeriodKind, year: int, number: int) -> bool:
    if not 1900 <= year <= 2999 or (kind is PeriodKind.ONCE and number == 0):
        return False
    return kind is not PeriodKind.WEEK or number <= _weeks_in(year)


def _weeks_in(year: int) -> int:
    return date(year, 12, 28).isocalendar().week


def _make(kind: PeriodKind, year: int, number: int) -> Period:
    return parse(_SPELLING[kind].format(year=year, number=number))


@lru_cache(maxsize=4096)
def previous(period: Period, frequency: Frequency, n: int = 1) -> Period:
    """The period ``n`` reports earlier under a regime of this frequency; raises NoSuchPeriod.

    Under "quý I, II, III và năm" the report before quarter I and before a year is last year's (PRACTICE F28).
    A negative ``n`` looks ahead ("ước tháng 6" asked in May), by the calendar alone.
    """
    if period.kind is PeriodKind.ONCE and n > 0:
        return _round_before(period, n)
    back = _back_by_quarters_and_year if frequency is Frequency.QUARTERS_AND_YEAR else _back
    step = back if n > 0 else _ahead
    for _ in range(abs(n)):
        period = step(period)
    return period


def _round_before(period: Period, n: int) -> Period:
    """The n-th round before a report that is asked for again and again until an event closes."""
    if n > len(period.before):
        raise NoSuchPeriod(period.code)
    return replace(parse(period.before[n - 1]), before=period.before[n:])


def _ahead(period: Period) -> Period:
    if period.kind is PeriodKind.ONCE:
        raise NoSuchPeriod(period.code)
    if period.kind is PeriodKind.WEEK:
        after = (period.first + timedelta(days=7)).isocalendar()
        return _make(PeriodKind.WEEK, after.year, after.week)
    if period.number < _PER_YEAR[period.kind]:
        return _make(period.kind, period.year, period.number + 1)
    return _make(period.kind, period.year + 1, 1)


def _back(period: Period) -> Period:
    if period.kind is PeriodKind.WEEK:
        before = (period.first - timedelta(days=7)).isocalendar()
        return _make(PeriodKind.WEEK, before.year, before.week)
    if period.number > 1:
        return _make(period.kind, period.year, period.number - 1)
    return _make(period.kind, period.year - 1, _PER_YEAR[period.kind])


def _back_by_quarters_and_year(period: Period) -> Period:
    if period.kind is PeriodKind.QUARTER and period.number == 1:
        return _make(PeriodKind.YEAR, period.year - 1, 1)
    return _back(period)


@lru_cache(maxsize=4096)
def year_before(period: Period) -> Period:
    """The same period of the year before; week 53 meets the last week; raises NoSuchPeriod."""
    if period.kind is PeriodKind.ONCE:
        raise NoSuchPeriod(period.code)
    number = period.number
    if period.kind is PeriodKind.WEEK:
        number = min(number, _weeks_in(period.year - 1))
    return _make(period.kind, period.year - 1, number)


_KIND_OF: dict[Frequency, PeriodKind] = {
    Frequency.WEEK: PeriodKind.WEEK,
    Frequency.MONTH: PeriodKind.MONTH,
    Frequency.QUARTER: PeriodKind.QUARTER,
    Frequency.HALF: PeriodKind.HALF,
    Frequency.NINE: PeriodKind.NINE,
    Frequency.YEAR: PeriodKind.YEAR,
}


@lru_cache(maxsize=512)
def periods_of(frequency: Frequency, year: int) -> tuple[Period, ...]:
    """The periods of a year a regime of this frequency reports, in order; none of reports asked for once.

    >>> [period.code for period in periods_of(Frequency.QUARTERS_AND_YEAR, 2026)]
    ['20261', '20262', '20263', '2026']
    """
    if frequency is Frequency.ONCE:
        return ()
    if frequency is Frequency.QUARTERS_AND_YEAR:
        return (*periods_of(Frequency.QUARTER, year)[:3], year_named(year))
    kind = _KIND_OF[frequency]
    count = _weeks_in(year) if kind is PeriodKind.WEEK else _PER_YEAR[kind]
    return tuple(_make(kind, year, number) for number in range(1, count + 1))


def is_reported(frequency: Frequency, period: Period) -> bool:
    """True for a period a regime of this frequency asks; once may ask any number."""
    if frequency is Frequency.ONCE:
        return period.kind is PeriodKind.ONCE
    return period in periods_of(frequency, period.year)


def periods_about(frequency: Frequency, day: date) -> tuple[Period, ...]:
    """The period a day is in, the one after it, and the two before it, in this order."""
    known = [period for year in range(day.year - 2, day.year + 3) for period in periods_of(frequency, year)]
    if not known:
        return ()
    here = next(place for place, period in enumerate(known) if period.last >= day)
    return (known[here], known[here + 1], known[here - 1], known[here - 2])


def year_of(period: Period) -> Period:
    """The year a period belongs to, as a period: the one plans are made for."""
    return year_named(period.year)


def quarter_of(period: Period) -> Period:
    """The quarter of a month; any other period is its own.

    >>> quarter_of(parse("202608")).code
    '20263'
    """
    if period.kind is not PeriodKind.MONTH:
        return period
    return _make(PeriodKind.QUARTER, period.year, (period.number + 2) // 3)


def year_named(year: int) -> Period:
    """The period of a year.

    >>> year_named(2026).last
    datetime.date(2026, 12, 31)
    """
    return _make(PeriodKind.YEAR, year, 1)


def months_to_date(period: Period) -> tuple[Period, ...]:
    """The months of the year up to and including the period's last; none for weeks and reports asked for once."""
    if period.kind in (PeriodKind.WEEK, PeriodKind.ONCE):
        return ()
    return tuple(_make(PeriodKind.MONTH, period.year, month) for month in range(1, period.last.month + 1))


@lru_cache(maxsize=4096)
def periods_to_date(period: Period, frequency: Frequency, back: int = 0) -> tuple[Period, ...]:
    """The periods of the year reported up to ``back`` reports before this one; none when that leaves the year.

    Before a year's report under "quý I, II, III và năm" stand its three quarters.

    >>> [month.code for month in periods_to_date(parse("202604"), Frequency.MONTH, 2)]
    ['202601', '202602']
    """
    if period.kind is PeriodKind.ONCE:
        return ()
    if period.kind is PeriodKind.YEAR and frequency is Frequency.QUARTERS_AND_YEAR and back > 0:
        return tuple(_make(PeriodKind.QUARTER, period.year, quarter) for quarter in range(1, 5 - back))
    return tuple(_make(period.kind, period.year, number) for number in range(1, period.number - back + 1))
