"""Names and numbers of people to call."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, select

from registry.store.tables import person


@dataclass(frozen=True, slots=True)
class Reached:
    """How somebody is addressed and called."""

    id: int
    name: str
    position: str
    phone: str


def of_people(connection: Connection, person_ids: Collection[int]) -> dict[int, Reached]:
    """By their ids."""
    query = select(person.c.id, person.c.name, person.c.position, person.c.phone).where(person.c.id.in_(person_ids))
    return {row.id: Reached(*row) for row in connection.execute(query)}
