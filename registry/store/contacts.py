"""Names and numbers of people to call."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, select

from registry.store.mail_wishes import How
from registry.store.tables import mail_wish, person


@dataclass(frozen=True, slots=True)
class Reached:
    """How somebody is addressed and called."""

    id: int
    name: str
    position: str
    phone: str


def letters_to(connection: Connection, person_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Name and mail address of those who have one and did not choose to get no letters."""
    refuses = select(mail_wish.c.person_id).where(mail_wish.c.how == How.OFF)
    query = select(person.c.id, person.c.name, person.c.email).where(
        person.c.id.in_(person_ids), person.c.email != "", person.c.id.not_in(refuses)
    )
    return {row.id: (row.name, row.email) for row in connection.execute(query)}


def of_people(connection: Connection, person_ids: Collection[int]) -> dict[int, Reached]:
    """By their ids."""
    query = select(person.c.id, person.c.name, person.c.position, person.c.phone).where(person.c.id.in_(person_ids))
    return {row.id: Reached(*row) for row in connection.execute(query)}
