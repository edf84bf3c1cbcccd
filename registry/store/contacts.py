"""Whom to call in a unit: people with a role there and their numbers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from registry.catalogue.model import Role
from registry.store.rights import in_force
from registry.store.tables import grant, person


@dataclass(frozen=True, slots=True)
class Reached:
    """A person with a role in a unit."""

    person_id: int
    unit_id: int
    role: Role
    name: str
    position: str
    phone: str


def of_units(
    connection: Connection, unit_ids: Collection[int], roles: Collection[Role], day: date
) -> dict[int, list[Reached]]:
    """By unit the active people with one of some roles there: one query."""
    query = (
        select(grant.c.person_id, grant.c.unit_id, grant.c.role, person.c.name, person.c.position, person.c.phone)
        .join(person, person.c.id == grant.c.person_id)
        .where(grant.c.unit_id.in_(list(unit_ids)), grant.c.role.in_(list(roles)))
        .where(person.c.state == "active", in_force(grant, day))
        .distinct()
        .order_by(grant.c.unit_id, person.c.name, grant.c.person_id)
    )
    found: dict[int, list[Reached]] = {}
    for row in connection.execute(query):
        reached = Reached(row.person_id, row.unit_id, Role(row.role), row.name, row.position, row.phone)
        found.setdefault(row.unit_id, []).append(reached)
    return found
