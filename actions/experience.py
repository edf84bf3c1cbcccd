"""Experience to judge by, gathered set-based for one unit or for many; and what only the receiver is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from actions.cases import Situation
from actions.check_rates import BACK, off
from actions.desk import Desk
from ingest.experience import Experience, Past, Spread, periods_looked_at
from ingest.model import Case
from ingest.plausibility.others import same_as_another, telling
from ingest.plausibility.watched import Watched, watched
from ingest.thresholds import FEWEST_SAME
from registry.catalogue.forms import subject_of
from registry.catalogue.model import PROVINCE
from registry.catalogue.values import CellKey, CellValue, SeriesKey
from registry.findings import Finding
from registry.periods import Period, parse
from registry.store import experience as stored
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.experience import Measured
from registry.workflow.policy import Action


def case(connection: Connection, snapshot: Snapshot, situated: Situation) -> Case:
    """What an upload is judged against, with experience: two queries, none where there is nothing to compare."""
    known = experiences(connection, snapshot, [situated])[situated.work.assignment_id]
    return Case(
        situated.unit,
        situated.context,
        situated.rules,
        situated.waived,
        experience=known,
        waiting=situated.waiting,
    )


def experiences(
    connection: Connection, snapshot: Snapshot, situated: Iterable[Situation]
) -> dict[int, Experience | None]:
    """The experience of each assignment; two queries a form and period, however many units there are."""
    found: dict[int, Experience | None] = {}
    groups: dict[tuple[int, str], list[Situation]] = defaultdict(list)
    for one in situated:
        if cells(one):
            groups[one.form.id, one.period.code].append(one)
        else:
            found[one.work.assignment_id] = None
    for group in groups.values():
        found |= _of_group(connection, snapshot, group)
    return found


def cells(situated: Situation) -> tuple[Watched, ...]:
    """The cells of a form that can be compared."""
    return watched(situated.view, situated.period, situated.context.frequency)


def _of_group(connection: Connection, snapshot: Snapshot, group: Sequence[Situation]) -> dict[int, Experience | None]:
    period = group[0].period
    measurements = stored.measured(connection, group[0].form.form.code, period.last, BACK)
    ordinals = {one.code: one.ordinal for one in periods_looked_at(period)}
    subjects = {one.work.assignment_id: _subjects(snapshot, one) for one in group}
    past = stored.past(
        connection,
        {key for mine in subjects.values() for key in mine.values()},
        {series.indicator for mine in subjects.values() for series in mine},
        ordinals,
    )
    silent, made = off(measurements), dict[int, Experience | None]()
    for one in group:
        whose = subjects[one.work.assignment_id]
        pasts = {
            series: Past.of({ordinals[code]: amount for code, amount in amounts.items()})
            for series, subject in whose.items()
            if (amounts := past.get(subject, {}).get(series))
        }
        spreads, about = _alike(measurements, one)
        watched_cells = cells(one)
        made[one.work.assignment_id] = Experience(
            {cell.key: pasts[cell.series] for cell in watched_cells if cell.series in pasts},
            {cell.key: spreads[cell.series] for cell in watched_cells if cell.series in spreads},
            about,
            silent,
        )
    return made


def _subjects(snapshot: Snapshot, situated: Situation) -> dict[SeriesKey, int]:
    """Whom each series of a form is about, by the store's key: the unit, or for an agency the province (F2)."""
    rows = {row.code: row for row, _ in situated.view.rows}
    province = snapshot.unit_ids[PROVINCE]
    return {
        cell.series: province
        if subject_of(rows[cell.key.row], situated.unit, PROVINCE) == PROVINCE
        else situated.work.unit_id
        for cell in cells(situated)
    }


def _alike(measurements: Sequence[Measured], situated: Situation) -> tuple[Mapping[SeriesKey, Spread], Period | None]:
    """How units of the same kind lay when last measured."""
    kind = situated.unit.kind.value
    for one in measurements:
        spreads = {each.series: Spread(each.count, each.middle, each.width) for each in one.alike if each.kind == kind}
        if spreads:
            return spreads, parse(one.period)
    return {}, None


def confided(
    desk: Desk,
    connection: Connection,
    snapshot: Snapshot,
    situated: Situation,
    values: Mapping[CellKey, CellValue],
) -> tuple[Finding, ...]:
    """What concerns another unit too: told to who receives the unit's report, to nobody else.

    Reckoned whenever it is looked at, from what other units have approved by then; never part of a verdict.
    """
    work = situated.work
    if not desk.scope(Action.RECEIVE_REPORT).allows(work.unit_id, work.regime, work.form):
        return ()
    sought = telling(cells(situated), values)
    if len(sought) < FEWEST_SAME:
        return ()
    like = {key for key, unit in snapshot.units_by_id.items() if unit.kind is situated.unit.kind} - {work.unit_id}
    wanted = {place: amount for place, (amount, _) in sought.items()}
    return tuple(
        same_as_another(
            situated.view,
            situated.period,
            snapshot.units_by_id[other].name,
            [sought[place][1] for place in shared],
            values,
        )
        for other, shared in stored.same_elsewhere(connection, wanted, like).items()
        if len(shared) >= FEWEST_SAME
    )
