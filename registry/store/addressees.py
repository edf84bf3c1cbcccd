"""Who of a unit is told of something: the holders of roles that reach it, and whoever a leader lent his approval to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection, or_, select

from registry.catalogue.model import Role
from registry.store import rights
from registry.store.tables import delegation, grant, person


def of_units(
    connection: Connection,
    roles: Collection[Role],
    unit_ids: Collection[int],
    day: date,
    regime: str | None = None,
    form: str | None = None,
) -> dict[int, set[int]]:
    """By unit, the active people with one of these roles there, for the regime and form where these are named.

    Leaders are those who sign the form on the day. However many the units, it takes four queries at most.
    """
    found: dict[int, set[int]] = {one: set() for one in unit_ids}
    if not roles:
        return found
    query = (
        select(grant.c.person_id, grant.c.unit_id, grant.c.role, grant.c.below)
        .join(person, person.c.id == grant.c.person_id)
        .where(grant.c.role.in_(roles), person.c.state == "active", rights.in_force(grant, day))
        .where(or_(grant.c.unit_id.in_(unit_ids), grant.c.below))
    )
    if regime is not None:
        query = query.where(or_(grant.c.regime.is_(None), grant.c.regime == regime))
    if form is not None:
        query = query.where(or_(grant.c.form.is_(None), grant.c.form == form))
    rows = connection.execute(query).all()
    wide = rights.houses_of(connection, {row.unit_id for row in rows if row.below}, day)
    leaders = {row.person_id for row in rows if row.role == Role.LEADER}
    signs = rights.signed_forms(connection, leaders, day) if leaders and form is not None else {}
    for row in rows:
        forms = signs.get((row.person_id, row.unit_id)) if row.role == Role.LEADER else None
        if forms is not None and form not in forms:
            continue
        for unit_id in wide[row.unit_id].units & found.keys() if row.below else {row.unit_id}:
            found[unit_id].add(row.person_id)
    if Role.LEADER in roles:
        _add_borrowers(connection, found, leaders, day, form)
    return found


def _add_borrowers(
    connection: Connection, found: dict[int, set[int]], leaders: set[int], day: date, form: str | None
) -> None:
    query = (
        select(delegation)
        .join(person, person.c.id == delegation.c.to_id)
        .where(delegation.c.unit_id.in_(found), rights.in_force(delegation, day), person.c.state == "active")
    )
    for row in connection.execute(query):
        is_meant = form is None or row.forms is None or form in row.forms
        if is_meant and row.from_id in leaders & found[row.unit_id]:
            found[row.unit_id].add(row.to_id)
