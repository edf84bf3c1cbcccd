"""Sheets on which a unit or division collects figures of places without accounts; every saving is one more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, desc, insert, select

from registry.store.engine import inserted
from registry.store.tables import assignment, collected_sheet, person


@dataclass(frozen=True, slots=True)
class Kept:
    """A sheet as it was saved; ``content`` is JSON as its room made it."""

    id: int
    content: dict[str, Any]
    by_name: str
    at: datetime


def put(
    connection: Connection,
    assignment_id: int,
    unit_id: int,
    content: dict[str, Any],
    by_id: int,
    at: datetime,
    seen: int,
) -> int | None:
    """The key of a sheet kept for who answers an assignment; those before it stay on record.

    None, and nothing kept, when the last one is not the one ``seen`` (0: there was none).
    """
    connection.execute(select(assignment.c.id).where(assignment.c.id == assignment_id).with_for_update())
    last = newest(connection, assignment_id, unit_id)
    if (last.id if last else 0) != seen:
        return None
    row = {"assignment_id": assignment_id, "unit_id": unit_id, "content": content, "by_id": by_id, "at": at}
    return inserted(connection, insert(collected_sheet).values(row))


def newest(connection: Connection, assignment_id: int, unit_id: int) -> Kept | None:
    """The last sheet of who answers an assignment."""
    query = _sheets().where(collected_sheet.c.assignment_id == assignment_id, collected_sheet.c.unit_id == unit_id)
    return _first(connection, query)


def of_form(connection: Connection, unit_id: int, form: str) -> Kept | None:
    """The last sheet a unit or division made for a form in any period."""
    query = _sheets().join(assignment, assignment.c.id == collected_sheet.c.assignment_id)
    return _first(connection, query.where(collected_sheet.c.unit_id == unit_id, assignment.c.form == form))


def collecting(connection: Connection, assignment_id: int) -> frozenset[int]:
    """The units and divisions that have a sheet for an assignment."""
    query = select(collected_sheet.c.unit_id).where(collected_sheet.c.assignment_id == assignment_id)
    return frozenset(connection.execute(query).scalars())


def _sheets() -> Select[Any]:
    return select(collected_sheet, person.c.name).join(person, person.c.id == collected_sheet.c.by_id)


def _first(connection: Connection, query: Select[Any]) -> Kept | None:
    row = connection.execute(query.order_by(desc(collected_sheet.c.id)).limit(1)).first()
    return Kept(row.id, row.content, row.name, row.at) if row else None
