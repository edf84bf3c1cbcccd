"""Who in a unit supplies which rows of its forms, on any day; what each division gave, and whose head stands behind
it (PRACTICE F16).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select, tuple_

from registry.store.tables import (
    assembled_part,
    assignment,
    division_duty,
    division_row,
    file,
    part_confirmation,
    person,
    upload,
    verdict,
)
from registry.store.uploads import ANSWERING_UNIT, ANSWERS

Share = tuple[int, str]  # (unit, form)


@dataclass(frozen=True, slots=True)
class Change:
    """A row that goes to a division, or back to the unit itself (None), on a day still to come."""

    row: str
    division_id: int | None
    valid_from: date


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The head of a division stood behind a part."""

    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Duty:
    """Who in a division fills in its rows of a form, and who checks them before they count; keys of people."""

    clerk_id: int | None = None
    checker_id: int | None = None


def put_duties(connection: Connection, share: Share, duties: Mapping[int, Duty], by_id: int, at: datetime) -> None:
    """Name them by division; what was said before stays on record."""
    unit_id, form = share
    said = {"unit_id": unit_id, "form": form, "by_id": by_id, "at": at}
    rows = [
        said | {"division_id": division, "clerk_id": duty.clerk_id, "checker_id": duty.checker_id}
        for division, duty in duties.items()
    ]
    if rows:
        connection.execute(insert(division_duty), rows)


def duties(connection: Connection, share: Share) -> dict[int, Duty]:
    """Who was named last in each division: one query."""
    return duties_of(connection, [share]).get(share, {})


def duties_of(connection: Connection, shares: Iterable[Share]) -> dict[Share, dict[int, Duty]]:
    """The same for forms of several units: one query."""
    wanted = tuple_(division_duty.c.unit_id, division_duty.c.form).in_(list(shares))
    found: dict[Share, dict[int, Duty]] = {}
    for row in connection.execute(select(division_duty).where(wanted).order_by(division_duty.c.id)):
        found.setdefault((row.unit_id, row.form), {})[row.division_id] = Duty(row.clerk_id, row.checker_id)
    return found


def put(
    connection: Connection,
    share: Share,
    rows: Mapping[str, int | None],
    since: date,
    by_id: int,
    at: datetime,
) -> None:
    """Put rows in charge of divisions from a day on; None gives them back to the unit."""
    unit_id, form = share
    values = [
        {"unit_id": unit_id, "form": form, "row": row, "division_id": division, "valid_from": since}
        for row, division in rows.items()
    ]
    if values:
        connection.execute(insert(division_row), [one | {"by_id": by_id, "at": at} for one in values])


def in_charge(connection: Connection, share: Share, day: date) -> dict[str, int]:
    """The division of each row that has one on a day."""
    return _reduced(connection, _of([share]).where(division_row.c.valid_from <= day)).get(share, {})


def shares(
    connection: Connection, division_ids: Iterable[int], day: date, known_at: datetime | None = None
) -> dict[int, dict[Share, frozenset[str]]]:
    """The rows each division has on a day, as it was known at a moment (now), by the unit and form they are of: two
    queries.
    """
    wanted = list(division_ids)
    named = select(division_row.c.unit_id, division_row.c.form).where(division_row.c.division_id.in_(wanted)).distinct()
    of = [(row.unit_id, row.form) for row in connection.execute(named)] if wanted else []
    if not of:
        return {}
    query = _of(of).where(division_row.c.valid_from <= day)
    if known_at is not None:
        query = query.where(division_row.c.at <= known_at)
    found: dict[int, dict[Share, frozenset[str]]] = {}
    for share, rows in _reduced(connection, query).items():
        for division in set(rows.values()).intersection(wanted):
            mine = frozenset(row for row, whose in rows.items() if whose == division)
            found.setdefault(division, {})[share] = mine
    return found


def divided(connection: Connection, unit_ids: Iterable[int], day: date) -> frozenset[Share]:
    """The forms of units of which a division has a row on a day: one query."""
    wanted = list(unit_ids)
    if not wanted:
        return frozenset()
    query = _ordered().where(division_row.c.unit_id.in_(wanted), division_row.c.valid_from <= day)
    return frozenset(share for share, rows in _reduced(connection, query).items() if rows)


def last_said(connection: Connection, share: Share) -> int:
    """The key of the last word on who has which row, 0 before the first: another means it was divided anew."""
    unit_id, form = share
    query = select(func.max(division_row.c.id)).where(division_row.c.unit_id == unit_id, division_row.c.form == form)
    return connection.execute(query).scalar() or 0


def to_come(connection: Connection, share: Share, day: date) -> list[Change]:
    """What changes after a day, soonest first."""
    query = _of([share]).where(division_row.c.valid_from > day)
    return [Change(row.row, row.division_id, row.valid_from) for row in connection.execute(query)]


def _ordered() -> Select[Any]:
    return select(division_row).order_by(division_row.c.valid_from, division_row.c.id)


def _of(shares: list[Share]) -> Select[Any]:
    return _ordered().where(tuple_(division_row.c.unit_id, division_row.c.form).in_(shares))


def _reduced(connection: Connection, query: Select[Any]) -> dict[Share, dict[str, int]]:
    """The last word on each row; rows given back are left out."""
    said: dict[Share, dict[str, int | None]] = {}
    for row in connection.execute(query):
        said.setdefault((row.unit_id, row.form), {})[row.row] = row.division_id
    return {
        share: {row: division for row, division in rows.items() if division is not None} for share, rows in said.items()
    }


def answers(connection: Connection, assignment_id: int) -> dict[int, list[tuple[int, str | None]]]:
    """(number, status of its last judgement) of what everybody sent for an assignment, newest first, by who sent it.

    What was destroyed is left out.
    """
    return answers_to(connection, [assignment_id]).get(assignment_id, {})


def answers_to(
    connection: Connection, assignment_ids: Iterable[int]
) -> dict[int, dict[int, list[tuple[int, str | None]]]]:
    """The same by assignment, of several: one query."""
    judged = verdict.alias()
    last = select(func.max(judged.c.id)).where(judged.c.upload_id == upload.c.id).correlate(upload).scalar_subquery()
    query = (
        select(upload.c.id, upload.c.assignment_id, ANSWERING_UNIT.label("unit_id"), verdict.c.status)
        .select_from(upload)
        .join(assignment, assignment.c.id == upload.c.assignment_id)
        .outerjoin(verdict, verdict.c.id == last)
        .join(file, file.c.sha == upload.c.file_sha)
        .where(upload.c.assignment_id.in_(list(assignment_ids)))
        .where(upload.c.kind.in_(ANSWERS), file.c.state == "kept")
        .order_by(upload.c.id.desc())
    )
    found: dict[int, dict[int, list[tuple[int, str | None]]]] = {}
    for row in connection.execute(query):
        found.setdefault(row.assignment_id, {}).setdefault(row.unit_id, []).append((row.id, row.status))
    return found


def put_together(connection: Connection, upload_id: int, part_ids: Iterable[int]) -> None:
    """The files that parts put together came in: what destroying one of them takes along."""
    rows = [{"upload_id": upload_id, "part_id": one} for one in part_ids]
    connection.execute(insert(assembled_part), rows)


def parts_of(connection: Connection, upload_id: int) -> frozenset[int]:
    """The numbers of the files that something was put together from."""
    query = select(assembled_part.c.part_id).where(assembled_part.c.upload_id == upload_id)
    return frozenset(connection.execute(query).scalars())


def confirm(connection: Connection, upload_id: int, by_id: int, at: datetime) -> None:
    """The head of the division stands behind a part."""
    connection.execute(insert(part_confirmation).values(upload_id=upload_id, by_id=by_id, at=at))


def confirmed(connection: Connection, upload_ids: Iterable[int]) -> dict[int, Confirmed]:
    """Who stood behind each part first: one query."""
    query = (
        select(part_confirmation.c.upload_id, part_confirmation.c.at, person.c.name)
        .join(person, person.c.id == part_confirmation.c.by_id)
        .where(part_confirmation.c.upload_id.in_(list(upload_ids)))
        .order_by(part_confirmation.c.id.desc())
    )
    return {row.upload_id: Confirmed(row.name, row.at) for row in connection.execute(query)}
