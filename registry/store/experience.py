"""What plausibility is judged by: a unit's own past, what was measured of units alike, and who has the same figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, delete, insert, select

from registry.catalogue.values import Aspect, SeriesKey
from registry.periods import parse
from registry.store import openings
from registry.store.codec import pack, unpack
from registry.store.tables import experience, figure_now, period, series

Amounts = dict[SeriesKey, dict[str, int]]  # by period code


def past(
    connection: Connection, subjects: Iterable[int], indicators: Iterable[str], periods: Iterable[str]
) -> dict[int, Amounts]:
    """Of each subject the best nature known of every series of these indicators in these periods: one query."""
    query = (
        select(
            figure_now.c.subject_id,
            series.c.indicator,
            series.c.aspect,
            series.c.members,
            period.c.code,
            figure_now.c.mantissa,
        )
        .join(series, series.c.id == figure_now.c.series_id)
        .join(period, period.c.id == figure_now.c.period_id)
        .where(
            figure_now.c.subject_id.in_(list(subjects)),
            series.c.indicator.in_(list(indicators)),
            period.c.code.in_(list(periods)),
        )
        .order_by(figure_now.c.nature)  # a better nature overwrites a weaker one
    )
    keys: dict[tuple[str, str, str], SeriesKey] = {}
    found: dict[int, Amounts] = {}
    for subject, indicator, aspect, members, code, mantissa in connection.execute(query):
        named = (indicator, aspect, members)
        key = keys.get(named) or keys.setdefault(named, SeriesKey(indicator, Aspect(aspect), members))
        found.setdefault(subject, {}).setdefault(key, {})[code] = mantissa
    return found


@dataclass(frozen=True, slots=True)
class Alike:
    """How a series lies among the units of a kind: see ``ingest.experience.Spread``."""

    kind: str
    series: SeriesKey
    count: int
    middle: float
    width: float


@dataclass(frozen=True, slots=True)
class Measured:
    """How a form's checks did over what was handed in for a period, and how its units lay."""

    form: str
    period: str
    checks: Mapping[str, tuple[int, int]]  # cells asked, cells hit
    alike: tuple[Alike, ...]
    at: datetime


def put(connection: Connection, measured: Measured) -> None:
    """Store a measurement in the place of the former one."""
    period_id = openings.put_period(connection, parse(measured.period))
    same = and_(experience.c.form == measured.form, experience.c.period_id == period_id)
    connection.execute(delete(experience).where(same))
    connection.execute(
        insert(experience).values(
            form=measured.form,
            period_id=period_id,
            checks={code: list(counts) for code, counts in measured.checks.items()},
            alike=pack(measured.alike),
            at=measured.at,
        )
    )


def measured(connection: Connection, form: str, until: date, most: int) -> list[Measured]:
    """The last measurements of a form for periods that end by a day, newest period first: one query."""
    query = _measured().where(experience.c.form == form, period.c.ends <= until).limit(most)
    return [_revived(row) for row in connection.execute(query)]


def every_measured(connection: Connection) -> dict[str, list[Measured]]:
    """Every measurement by form, newest period first."""
    found: dict[str, list[Measured]] = defaultdict(list)
    for row in connection.execute(_measured()):
        found[row.form].append(_revived(row))
    return dict(found)


def _measured() -> Select[Any]:
    joined = select(experience, period.c.code).join(period, period.c.id == experience.c.period_id)
    return joined.order_by(period.c.ends.desc(), period.c.starts.desc())


def _revived(row: Any) -> Measured:
    checks = {code: (asked, hit) for code, (asked, hit) in row.checks.items()}
    return Measured(row.form, row.code, checks, tuple(unpack(list[Alike], row.alike)), row.at)


def same_elsewhere(
    connection: Connection, sought: Mapping[tuple[str, SeriesKey], int], subjects: Iterable[int]
) -> dict[int, list[tuple[str, SeriesKey]]]:
    """Which of the amounts sought, by (period code, series), each subject has too: one query."""
    query = (
        select(
            figure_now.c.subject_id,
            period.c.code,
            series.c.indicator,
            series.c.aspect,
            series.c.members,
            figure_now.c.mantissa,
        )
        .join(series, series.c.id == figure_now.c.series_id)
        .join(period, period.c.id == figure_now.c.period_id)
        .where(
            period.c.code.in_({code for code, _ in sought}),
            series.c.indicator.in_({key.indicator for _, key in sought}),
            figure_now.c.mantissa.in_(set(sought.values())),
            figure_now.c.subject_id.in_(list(subjects)),
        )
    )
    found: dict[int, dict[tuple[str, SeriesKey], None]] = defaultdict(dict)
    for subject, code, indicator, aspect, members, mantissa in connection.execute(query):
        place = (code, SeriesKey(indicator, Aspect(aspect), members))
        if sought.get(place) == mantissa:
            found[subject][place] = None
    return {subject: list(places) for subject, places in found.items()}
