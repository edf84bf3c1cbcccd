"""Moments with a name (số liệu chốt để báo cáo), which anyone who compiles can return to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from registry.store.tables import freeze, person
from vietnamese.fold import fold

MOST_NAME = 100  # letters


@dataclass(frozen=True, slots=True)
class Freeze:
    """What counted of an opening at a moment."""

    id: int
    name: str
    as_of: datetime
    by_name: str
    at: datetime  # when the name was given


def put(connection: Connection, opening_id: int, name: str, as_of: datetime, by_id: int, at: datetime) -> None:
    """Name a moment; the caller has seen to it that the name is free."""
    values = {"opening_id": opening_id, "name": name, "fold": fold(name), "as_of": as_of, "by_id": by_id, "at": at}
    connection.execute(insert(freeze).values(**values))


def of_opening(connection: Connection, opening_id: int) -> list[Freeze]:
    """Every named moment of an opening, newest name first."""
    query = (
        select(freeze, person.c.name.label("by_name"))
        .join(person, person.c.id == freeze.c.by_id)
        .where(freeze.c.opening_id == opening_id)
        .order_by(freeze.c.id.desc())
    )
    return [Freeze(row.id, row.name, row.as_of, row.by_name, row.at) for row in connection.execute(query)]


def find(connection: Connection, opening_id: int, name: str) -> Freeze | None:
    """The named moment, however its name is spelled: accents and case aside."""
    wanted = fold(name)
    return next((one for one in of_opening(connection, opening_id) if fold(one.name) == wanted), None)
