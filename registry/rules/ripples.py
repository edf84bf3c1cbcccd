"""What a figure of an earlier month that comes out otherwise changes: the values to date told since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from registry.catalogue.model import Accumulation
from registry.catalogue.values import Known, Nature, SeriesKey
from registry.periods import Period, parse
from registry.periods.period import PeriodKind
from registry.rules.background import Need
from registry.rules.courses import Course, Look, Term

_STRENGTH = {nature: strength for strength, nature in enumerate(Nature)}


class Correction(NamedTuple):
    """A figure about a subject that was one mantissa and is, or will be, another."""

    series: SeriesKey
    period: str
    subject: int
    nature: Nature
    old: int
    new: int


class Ripple(NamedTuple):
    """A value to date (lũy kế) as it was told, and as it comes out."""

    series: SeriesKey
    subject: int
    period: Period
    old: int
    new: int


def needs(corrections: Iterable[Correction], courses: Mapping[str, Course], until: Period) -> set[Need]:
    """Every figure the values to date may be reckoned from."""
    return {
        Need(term.series, term.period.code)
        for one in corrections
        for later in _later(one, until)
        for term in _terms(one, courses, later)
    }


def ripples(
    corrections: Iterable[Correction],
    courses: Mapping[str, Course],
    known: Mapping[Need, Mapping[int, Known]],
    until: Period,
) -> Iterator[Ripple]:
    """The values to date from each corrected month to ``until`` that all months are known for; a correction of a
    weaker nature than what is known changes none. What is known may be as before the correction or after it.
    """
    together: dict[tuple[SeriesKey, int], dict[str, Correction]] = {}
    for one in corrections:
        now = known.get(Need(one.series, one.period), {}).get(one.subject)
        if one.old != one.new and (now is None or _STRENGTH[now.nature] <= _STRENGTH[one.nature]):
            together.setdefault((one.series, one.subject), {})[one.period] = one
    for (series, subject), its in together.items():
        laters = {later.code: later for one in its.values() for later in _later(one, until)}
        for later in sorted(laters.values()):
            terms = _terms(min(its.values(), key=lambda one: parse(one.period)), courses, later)
            old = [_mantissa(known, term, subject, its, is_new=False) for term in terms]
            new = [_mantissa(known, term, subject, its, is_new=True) for term in terms]
            if terms and None not in old:
                yield Ripple(series, subject, later, sum(filter(None, old)), sum(filter(None, new)))


def _mantissa(
    known: Mapping[Need, Mapping[int, Known]],
    term: Term,
    subject: int,
    corrected: Mapping[str, Correction],
    *,
    is_new: bool,
) -> int | None:
    one = corrected.get(term.period.code)
    if one is not None:
        return one.new if is_new else one.old
    held = known.get(Need(term.series, term.period.code), {}).get(subject)
    return held.mantissa if held is not None and held.state.is_number else None


def _later(one: Correction, until: Period) -> Iterator[Period]:
    """The corrected month and the months after it in its year."""
    began = parse(one.period)
    if began.kind is not PeriodKind.MONTH:
        return
    last = until.last.month if until.year == began.year else 12 if until.year > began.year else 0
    yield from (parse(f"{began.year}{month:02d}") for month in range(began.number, last + 1))


def _terms(one: Correction, courses: Mapping[str, Course], later: Period) -> tuple[Term, ...]:
    course = courses.get(one.series.indicator)
    if course is None or course.indicator.accumulation is not Accumulation.ADD:
        return ()
    terms = course.terms(Look.TO_DATE, later, one.series.members)
    is_added = any(term.series == one.series and term.period.code == one.period for term in terms)
    return terms if is_added else ()
