"""The warehouse (kho cơ sở dữ liệu tổng hợp): exact integer figures, written once at approval or import."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, and_, delete, exists, func, insert, select, tuple_

from registry.catalogue.values import PLANS, Aspect, Known, Nature, SeriesKey, State
from registry.periods import parse
from registry.rules.background import Background, Need
from registry.store import openings
from registry.store.engine import asked_once, forget, insert_all, inserted
from registry.store.standing import KEY, STATES, WITHDRAWN, day_of, is_in_force, standing
from registry.store.tables import (
    assignment,
    figure,
    figure_ahead,
    figure_change,
    figure_now,
    import_batch,
    period,
    series,
    submission,
    submission_version,
)
from vietnamese.dates import civil

NATURES = (Nature.ESTIMATE, Nature.PRELIMINARY, Nature.OFFICIAL)
_BATCH = 5000
_KEYS = "keys of figures"
_NOBODY: tuple[int, Iterable[Any]] = (-1, ())


class NewFigure(NamedTuple):
    """A figure to write; ``authority`` is the reporter's place in the row's order of sources, 0 first.

    A plan holds from ``valid_from`` on, of None from the day it is written.
    """

    series: SeriesKey
    period: str
    subject_id: int
    reporting_id: int
    nature: Nature
    mantissa: int
    state: State
    authority: int = 0
    valid_from: date | None = None


class StoredFigure(NamedTuple):
    """A figure of a counted version, as the compile reads it."""

    series: SeriesKey
    period: str
    subject_id: int
    reporting_id: int
    nature: Nature
    mantissa: int
    state: State
    version_id: int
    authority: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """What a figure rests on: an approved submission version or an import."""

    version_id: int | None = None
    import_id: int | None = None


def put(connection: Connection, figures: Iterable[NewFigure], source: Source, at: datetime) -> int:
    """Write figures as new vintages and bring `figure_now` along; returns how many."""
    wanted = list(figures)
    series_ids = put_series(connection, {one.series for one in wanted})
    period_ids = _period_ids(connection, {one.period for one in wanted})
    forget(connection, _KEYS)
    keyed = [
        ((period_ids[one.period], series_ids[one.series], one.subject_id, NATURES.index(one.nature)), one)
        for one in wanted
    ]
    vintages = _vintages(connection, [key for key, _ in keyed])
    rows: list[dict[str, Any]] = []
    for key, one in keyed:
        vintages[key] = vintages.get(key, 0) + 1
        rows.append(
            dict(zip(KEY, key, strict=True))
            | {
                "vintage": vintages[key],
                "reporting_id": one.reporting_id,
                "mantissa": one.mantissa,
                "state": STATES.index(one.state),
                "authority": one.authority,
                "valid_from": (one.valid_from or civil(at).date()) if one.series.aspect in PLANS else None,
            }
        )
    codes = {key: code for code, key in period_ids.items()}
    common: dict[str, Any] = {"version_id": source.version_id, "import_id": source.import_id, "approved_at": at}
    for start in range(0, len(rows), _BATCH):
        batch = rows[start : start + _BATCH]
        insert_all(connection, figure, [row | common for row in batch])
        _bring_along(connection, batch, codes, at)
    _tell_of(connection, codes)
    return len(rows)


def come_into_force(connection: Connection, at: datetime) -> int:
    """Bring `figure_now` along for plans loaded ahead of their day, where it has come; how many keys were weighed."""
    due = figure_ahead.c.valid_from <= civil(at).date()
    ahead = select(*_key_columns(figure_ahead), period.c.code).join(period, period.c.id == figure_ahead.c.period_id)
    rows = connection.execute(ahead.where(due)).all()
    keys = sorted({tuple(row[:4]) for row in rows})
    codes = {row.period_id: row.code for row in rows}
    if keys:
        insert_all(connection, figure_now, _weighed(connection, keys, codes, at))
        connection.execute(delete(figure_ahead).where(due))
        _tell_of(connection, codes)
    return len(keys)


def _tell_of(connection: Connection, periods: Iterable[int]) -> None:
    mark = secrets.token_hex(8)
    told = [{"period_id": key, "mark": mark} for key in sorted(periods)]
    if told:
        connection.execute(insert(figure_change), told)


def _period_ids(connection: Connection, codes: set[str]) -> dict[str, int]:
    """The store's key of each period, made when new."""
    query = select(period.c.code, period.c.id).where(period.c.code.in_(codes))
    known = {row[0]: row[1] for row in connection.execute(query)}
    return known | {code: openings.put_period(connection, parse(code)) for code in sorted(codes - known.keys())}


def _key_columns(table: Any) -> tuple[Any, ...]:
    return tuple(table.c[name] for name in KEY)


def _vintages(connection: Connection, keys: Sequence[tuple[int, int, int, int]]) -> dict[Any, int]:
    columns = _key_columns(figure)
    found: dict[Any, int] = {}
    periods = {key[0] for key in keys}
    known_series = {key[1] for key in keys}
    subjects = {key[2] for key in keys}
    query = (
        select(*columns, func.max(figure.c.vintage))
        .where(figure.c.period_id.in_(periods), figure.c.series_id.in_(known_series), figure.c.subject_id.in_(subjects))
        .group_by(*columns)
    )
    for row in connection.execute(query):
        found[tuple(row[:4])] = row[4]
    return found


def _bring_along(connection: Connection, rows: list[dict[str, Any]], codes: Mapping[int, str], at: datetime) -> None:
    """`figure_now` after these vintages: what was never spoken of before stands as it is, the rest is weighed again.

    Plans whose day is to come are left for that day.
    """
    ahead = [row for row in rows if row["valid_from"] and row["valid_from"] > day_of(at, codes[row["period_id"]])]
    _put_ahead(connection, ahead)
    spoken_of = {_key(row) for row in rows if row["vintage"] > 1}
    elsewhere = spoken_of | {_key(row) for row in ahead}
    names = [column.name for column in figure_now.c]
    as_said = (row for row in rows if row["state"] != WITHDRAWN and _key(row) not in elsewhere)
    new = [{name: row[name] for name in names} for row in as_said]
    insert_all(connection, figure_now, new + _weighed(connection, sorted(spoken_of), codes, at))


def _put_ahead(connection: Connection, rows: list[dict[str, Any]]) -> None:
    wanted = {(*_key(row), row["valid_from"]) for row in rows}
    if wanted:
        names = (*KEY, "valid_from")
        kept = select(*(figure_ahead.c[name] for name in names))
        wanted -= {tuple(row) for row in connection.execute(kept)}
        insert_all(connection, figure_ahead, [dict(zip(names, one, strict=True)) for one in sorted(wanted)])


def _weighed(
    connection: Connection, keys: Sequence[tuple[int, ...]], codes: Mapping[int, str], at: datetime
) -> list[dict[str, Any]]:
    """What `figure_now` is to say of some keys, taken out of it."""
    names = [column.name for column in figure_now.c]
    found = []
    for start in range(0, len(keys), 500):
        some = keys[start : start + 500]
        connection.execute(delete(figure_now).where(tuple_(*_key_columns(figure_now)).in_(some)))
        known = standing(and_(tuple_(*_key_columns(figure)).in_(some), is_in_force(at, codes)))
        found += [{name: row[name] for name in names} for row in connection.execute(select(known)).mappings()]
    return found


def _key(row: Mapping[str, Any]) -> tuple[int, ...]:
    return tuple(row[name] for name in KEY)


def put_series(connection: Connection, keys: Iterable[SeriesKey]) -> dict[SeriesKey, int]:
    """The store's key of each series, made when new."""
    known = _series_ids(connection)
    missing = sorted(set(keys) - known.keys())
    if missing:
        connection.execute(
            insert(series), [{"indicator": k.indicator, "aspect": k.aspect, "members": k.members} for k in missing]
        )
        known = _series_ids(connection)
    return known


@dataclass(frozen=True)
class Keys:
    """The store's keys of every series and period it knows."""

    series: Mapping[SeriesKey, int]
    periods: Mapping[str, int]

    @classmethod
    def of(cls, connection: Connection) -> Keys:
        """All of them, in two queries; once in a look."""
        found: Keys = asked_once(connection, _KEYS, lambda: cls._read(connection))
        return found

    @classmethod
    def _read(cls, connection: Connection) -> Keys:
        codes = connection.execute(select(period.c.id, period.c.code))
        return cls(_series_ids(connection), {row.code: row.id for row in codes})


def _series_ids(connection: Connection) -> dict[SeriesKey, int]:
    return {
        SeriesKey(row.indicator, Aspect(row.aspect), row.members): row.id for row in connection.execute(select(series))
    }


def backgrounds(
    connection: Connection, subjects: Iterable[int], needs: Iterable[Need], as_of: datetime | None = None
) -> dict[int, Background]:
    """The best nature known of each need about each subject, now or at a moment, in one query."""
    return dict(each_background(connection, subjects, needs, as_of))


def each_background(
    connection: Connection, subjects: Iterable[int], needs: Iterable[Need], as_of: datetime | None = None
) -> Iterator[tuple[int, Background]]:
    """The background of each subject, one after another from one query, by rising key: of thousands of units only
    the one at hand is held.
    """
    asked = _Asked.of(connection, needs)
    wanted = sorted(set(subjects))
    known = figure_now if as_of is None else _known_at(asked, wanted, as_of)
    order = (known.c.subject_id, known.c.nature)  # a better nature overwrites a weaker one
    query = _asked_of(known, asked, wanted).order_by(*order).execution_options(yield_per=_BATCH)
    rows = groupby(connection.execute(query), key=lambda row: row.subject_id)
    at, group = next(rows, _NOBODY)
    for subject in wanted:
        found: dict[Need, Known] = {}
        if at == subject:
            for row in group:
                need = asked.need(row)
                if need is not None:
                    found[need] = Known(row.mantissa, NATURES[row.nature], STATES[row.state])
            at, group = next(rows, _NOBODY)
        yield subject, Background(found)


def by_need(
    connection: Connection, subjects: Iterable[int], needs: Iterable[Need], as_of: datetime | None = None
) -> dict[Need, dict[int, Known]]:
    """The best nature known of each need, by subject, now or at a moment: one query."""
    asked = _Asked.of(connection, needs)
    wanted = sorted(set(subjects))
    known = figure_now if as_of is None else _known_at(asked, wanted, as_of)
    found: dict[Need, dict[int, Known]] = defaultdict(dict)
    for row in connection.execute(_asked_of(known, asked, wanted).order_by(known.c.nature)):
        need = asked.need(row)
        if need is not None:
            found[need][row.subject_id] = Known(row.mantissa, NATURES[row.nature], STATES[row.state])
    return dict(found)


def reported(
    connection: Connection, series_keys: Iterable[int], period_keys: Iterable[int]
) -> dict[int, frozenset[tuple[int, int]]]:
    """By period: (subject, reporter) of every figure known of some series."""
    columns = (figure_now.c.period_id, figure_now.c.subject_id, figure_now.c.reporting_id)
    query = select(*columns).where(
        figure_now.c.period_id.in_(list(period_keys)),
        figure_now.c.series_id.in_(list(series_keys)),
    )
    found: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for row in connection.execute(query.distinct()):
        found[row.period_id].add((row.subject_id, row.reporting_id))
    return {key: frozenset(pairs) for key, pairs in found.items()}


def sums(
    connection: Connection, subjects: Iterable[int], needs: Iterable[Need], as_of: datetime | None = None
) -> tuple[Background, dict[Need, int]]:
    """The sum over subjects of the best nature each gave about itself, and how many subjects had one."""
    asked = _Asked.of(connection, needs)
    best = _best(asked, list(subjects), as_of, by_themselves=True)
    query = (
        select(
            best.c.series_id,
            best.c.period_id,
            func.sum(best.c.mantissa).label("mantissa"),
            func.count().label("have"),
            func.min(best.c.nature).label("nature"),
        )
        .where(best.c.stronger.is_(None))
        .group_by(best.c.series_id, best.c.period_id)
    )
    figures: dict[Need, Known] = {}
    have: dict[Need, int] = {}
    for row in connection.execute(query):
        need = asked.need(row)
        if need is not None:
            figures[need] = Known(int(row.mantissa), NATURES[row.nature])
            have[need] = row.have
    return Background(figures), have


@dataclass(frozen=True)
class _Asked:
    """Needs by the store's keys."""

    by_keys: Mapping[tuple[int, int], Need]

    @classmethod
    def of(cls, connection: Connection, needs: Iterable[Need]) -> _Asked:
        keys = Keys.of(connection)
        return cls(
            {
                (keys.series[need.series], keys.periods[need.period]): need
                for need in needs
                if need.series in keys.series and need.period in keys.periods
            }
        )

    @property
    def periods(self) -> dict[int, str]:
        return {key: need.period for (_, key), need in self.by_keys.items()}

    def need(self, row: Any) -> Need | None:
        return self.by_keys.get((row.series_id, row.period_id))


def _best(asked: _Asked, subjects: list[int], as_of: datetime | None, *, by_themselves: bool = False) -> Any:
    """Of every figure asked the strongest nature: the one without a ``stronger``; ``by_themselves`` only of those the
    subjects gave.

    In the order of the key, so that PostgreSQL need not sort.
    """
    known = figure_now if as_of is None else _known_at(asked, subjects, as_of)
    stronger = func.lead(known.c.nature).over(
        partition_by=(known.c.period_id, known.c.series_id, known.c.subject_id), order_by=known.c.nature
    )
    query = _asked_of(known, asked, subjects).add_columns(stronger.label("stronger"))
    return (query.where(known.c.reporting_id == known.c.subject_id) if by_themselves else query).subquery()


def strongest(
    connection: Connection, subjects: Iterable[int], needs: Iterable[Need], as_of: datetime | None = None
) -> Any:
    """Of each need and subject the figure of the best nature, as a subquery with the columns of `figure_now`."""
    best = _best(_Asked.of(connection, needs), list(subjects), as_of)
    return select(best).where(best.c.stronger.is_(None)).subquery()


def _asked_of(known: Any, asked: _Asked, subjects: list[int]) -> Select[Any]:
    return select(known).where(_is_asked(known, asked, subjects))


def _known_at(asked: _Asked, subjects: list[int], as_of: datetime) -> Any:
    """What `figure_now` held at a moment."""
    heard = and_(_is_asked(figure, asked, subjects), figure.c.approved_at <= as_of)
    return standing(and_(heard, is_in_force(as_of, asked.periods)))


def _is_asked(table: Any, asked: _Asked, subjects: list[int]) -> Any:
    return and_(
        table.c.period_id.in_({key[1] for key in asked.by_keys}),
        table.c.series_id.in_({key[0] for key in asked.by_keys}),
        table.c.subject_id.in_(subjects),
    )


def stored_periods(connection: Connection) -> list[str]:
    """Codes of the periods any figure is about, the last to end first."""
    has_any = exists().where(figure_now.c.period_id == period.c.id)
    query = select(period.c.code).where(has_any).order_by(period.c.ends.desc(), period.c.starts.desc())
    return list(connection.execute(query).scalars())


def of_versions(connection: Connection, version_ids: Iterable[int]) -> list[StoredFigure]:
    """The figures of counted versions, set-based; one written again when its version counted again is there once."""
    wanted = list(version_ids)
    found: list[StoredFigure] = []
    for start in range(0, len(wanted), 1000):
        mine = figure.c.version_id.in_(wanted[start : start + 1000])
        rows = connection.execute(_stored().where(mine, figure.c.state != WITHDRAWN))
        found.extend(
            StoredFigure(
                SeriesKey(row.indicator, Aspect(row.aspect), row.members),
                row.code,
                row.subject_id,
                row.reporting_id,
                NATURES[row.nature],
                row.mantissa,
                STATES[row.state],
                row.version_id,
                row.authority,
            )
            for row in rows
        )
    return list(dict.fromkeys(found))


def _stored() -> Select[Any]:
    return (
        select(
            figure,
            series.c.indicator,
            series.c.aspect,
            series.c.members,
            period.c.code,
        )
        .join(series, series.c.id == figure.c.series_id)
        .join(period, period.c.id == figure.c.period_id)
    )


class Origin(NamedTuple):
    """What a figure rests on: the document of an import, or a unit's approved form."""

    document: str | None
    form: str | None
    unit_id: int | None


class PlanOrigin(NamedTuple):
    """What one figure rests on: the document of an import, or a version of a unit's form."""

    document: str | None
    version_id: int | None
    form_definition_id: int | None
    unit_id: int


def origins(connection: Connection, subject: int, needs: Iterable[Need], as_of: datetime) -> list[Origin]:
    """What stands behind the figures a background gives of a subject at a moment, once each, in the order they came."""
    best = _best(_Asked.of(connection, needs), [subject], as_of)
    known = select(best).where(best.c.stronger.is_(None)).subquery()
    query = (
        select(import_batch.c.document, assignment.c.form, assignment.c.unit_id)
        .select_from(known)
        .outerjoin(import_batch, import_batch.c.id == known.c.import_id)
        .outerjoin(submission_version, submission_version.c.id == known.c.version_id)
        .outerjoin(submission, submission.c.id == submission_version.c.submission_id)
        .outerjoin(assignment, assignment.c.id == submission.c.assignment_id)
        .order_by(known.c.approved_at, known.c.import_id, known.c.version_id)
    )
    return list(dict.fromkeys(Origin(*row) for row in connection.execute(query)))


def plan_origins(
    connection: Connection, subjects: Iterable[int], needs: Iterable[Need]
) -> dict[tuple[int, Need], PlanOrigin]:
    """What stands behind each figure known now, by subject and need: one query."""
    asked = _Asked.of(connection, needs)
    best = _best(asked, sorted(set(subjects)), None)
    same = [best.c[name] == figure.c[name] for name in ("period_id", "series_id", "subject_id", "nature", "vintage")]
    query = (
        select(
            best.c.subject_id,
            best.c.series_id,
            best.c.period_id,
            import_batch.c.document,
            figure.c.version_id,
            assignment.c.form_definition_id,
            figure.c.reporting_id,
        )
        .select_from(best)
        .join(figure, and_(*same))
        .outerjoin(import_batch, import_batch.c.id == figure.c.import_id)
        .outerjoin(submission_version, submission_version.c.id == figure.c.version_id)
        .outerjoin(submission, submission.c.id == submission_version.c.submission_id)
        .outerjoin(assignment, assignment.c.id == submission.c.assignment_id)
        .where(best.c.stronger.is_(None))
    )
    found = {}
    for row in connection.execute(query):
        need = asked.need(row)
        if need is not None:
            given = (row.document, row.version_id, row.form_definition_id, row.reporting_id)
            found[row.subject_id, need] = PlanOrigin(*given)
    return found


def begin_import(
    connection: Connection, kind: str, document: str, sha: str, by: str, approved_by: str, at: datetime
) -> int | None:
    """The key of a new import; None when the same content was imported before."""
    if connection.execute(select(import_batch.c.id).where(import_batch.c.sha == sha)).first() is not None:
        return None
    row = insert(import_batch).values(kind=kind, document=document, sha=sha, by=by, approved_by=approved_by, at=at)
    return inserted(connection, row)
