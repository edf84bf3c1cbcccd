"""Parts of a unit's form that its divisions give (phần việc, F16): whose they are, and the situation each is in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from actions.cases import Part, Situation, situation
from actions.desk import Desk, NotYours
from actions.instance import local_day
from registry.catalogue.model import Unit, UnitKind
from registry.store import divisions, openings, uploads
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.openings import Work
from registry.store.uploads import Upload
from registry.workflow.policy import EVERYWHERE, Action, Scope, Where


def divisions_of(snapshot: Snapshot, unit: Unit) -> dict[int, Unit]:
    """The divisions (phòng, ban) of a unit today by the store's key, in the official order."""
    own = (one for one in snapshot.units.values() if one.kind is UnitKind.DIVISION and one.parent == unit.code)
    return {snapshot.unit_ids[one.code]: one for one in sorted(own, key=lambda one: one.order)}


def of_assignment(connection: Connection, snapshot: Snapshot, work: Work, day: date) -> tuple[Part, ...]:
    """The parts a form is divided into on a day, in the official order; the unit gives the other rows itself."""
    charge = divisions.in_charge(connection, (work.unit_id, work.form), day)
    unit = snapshot.units_by_id[work.unit_id]
    by_division = {
        key: frozenset(row for row, whose in charge.items() if whose == key) for key in divisions_of(snapshot, unit)
    }
    return tuple(Part(key, snapshot.units_by_id[key], rows) for key, rows in by_division.items() if rows)


def part_of(connection: Connection, snapshot: Snapshot, work: Work, answerer_id: int, day: date) -> Part | None:
    """The part somebody gives of an assignment: None for the unit itself, which gives the whole. Raises NotYours."""
    if answerer_id == work.unit_id:
        return None
    found = (one for one in of_assignment(connection, snapshot, work, day) if one.division_id == answerer_id)
    part = next(found, None)
    if part is None:
        raise NotYours
    return part


def given_rows(connection: Connection, work: Work, division_id: int, moment: datetime) -> frozenset[str]:
    """The rows a division had of a form at a moment, of whichever unit's form it was then."""
    shares = divisions.shares(connection, [division_id], local_day(moment), moment).get(division_id, {})
    held = {unit_id: rows for (unit_id, form), rows in shares.items() if form == work.form}
    return held.get(work.unit_id, frozenset[str]().union(*held.values()))


def first_given(connection: Connection, snapshot: Snapshot, upload: Upload) -> tuple[Work, Part] | None:
    """The part a file was first judged as: rows that went to others since stay its own. None: not judged as one yet."""
    at = uploads.first_answer(connection, upload.id) if upload.is_part else None
    works = openings.work(connection, EVERYWHERE, assignment_id=upload.assignment_id) if at else []
    if at is None or not works:
        return None
    rows = given_rows(connection, works[0], upload.unit_id, at)
    return works[0], Part(upload.unit_id, snapshot.units_by_id[upload.unit_id], rows)


def situation_of(connection: Connection, snapshot: Snapshot, work: Work, answerer_id: int, day: date) -> Situation:
    """The situation of an assignment for the unit itself or one of its divisions. Raises NotYours."""
    return situation(connection, snapshot, work, part_of(connection, snapshot, work, answerer_id, day))


def of_divisions(
    connection: Connection, snapshot: Snapshot, division_ids: Iterable[int], day: date
) -> Iterator[tuple[Work, Part]]:
    """What divisions are asked for: the assignments of their units in which they have rows. At most three queries."""
    wanted = {one for one in division_ids if _is_division(snapshot, one)}
    held = {
        (share, division_id): rows
        for division_id, mine in divisions.shares(connection, wanted, day).items()
        for share, rows in mine.items()
        if division_id in divisions_of(snapshot, snapshot.units_by_id[share[0]])
    }
    if not held:
        return
    places = frozenset(Where(frozenset({unit_id}), None, form) for (unit_id, form), _ in held)
    for work in openings.work(connection, Scope(places)):
        for (share, division_id), rows in held.items():
            if share == (work.unit_id, work.form):
                yield work, Part(division_id, snapshot.units_by_id[division_id], rows)


def _is_division(snapshot: Snapshot, unit_id: int) -> bool:
    unit = snapshot.units_by_id.get(unit_id)
    return unit is not None and unit.kind is UnitKind.DIVISION


def answering(
    desk: Desk, connection: Connection, action: Action, assignment_id: int | None, by: int | None = None
) -> Situation:
    """The situation an assignment is in for who answers it: the unit ``by``, else whomever the actor may act for.

    The unit itself comes first, then its divisions. Raises NotYours.
    """
    allowed = desk.require(action)
    works = openings.work(connection, EVERYWHERE, assignment_id=assignment_id) if assignment_id is not None else []
    snapshot = desk.snapshot(connection)
    if not works:
        divisions.in_charge(connection, (0, ""), desk.day)  # as much work as for what is not theirs
        raise NotYours
    work = works[0]
    if by in (None, work.unit_id) and allowed.allows(work.unit_id, work.regime, work.form):
        return situation(connection, snapshot, work)
    for part in of_assignment(connection, snapshot, work, desk.day):
        if by in (None, part.division_id) and allowed.allows(part.division_id, work.regime, work.form):
            return situation(connection, snapshot, work, part)
    raise NotYours
