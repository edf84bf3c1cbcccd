"""Grants on record: who holds which role where, from when to when, who gave it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, insert, or_, select, update

from registry.catalogue.model import Role
from registry.store.engine import inserted
from registry.store.tables import grant, person


@dataclass(frozen=True, slots=True)
class NewGrant:
    """A role to be given."""

    person_id: int
    role: Role
    unit_id: int
    below: bool
    regime: str | None
    form: str | None
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Held:
    """A role somebody holds, held or will hold."""

    id: int
    person_id: int
    login: str
    name: str
    is_active: bool  # the account
    role: Role
    unit_id: int
    below: bool
    regime: str | None
    form: str | None
    valid_from: date
    valid_to: date | None
    by: str
    revoked_at: datetime | None

    def holds_on(self, day: date) -> bool:
        """True while it is in force."""
        return self.valid_from <= day and self.is_open_on(day)

    def is_open_on(self, day: date) -> bool:
        """True while it is in force or still to come: what can be revoked."""
        return self.revoked_at is None and (self.valid_to is None or day <= self.valid_to)

    def covers(self, new: NewGrant) -> bool:
        """True when it gives all the new one would, as long."""
        return (
            (self.role, self.unit_id) == (new.role, new.unit_id)
            and self.regime in (None, new.regime)
            and self.form in (None, new.form)
            and (self.below or not new.below)
            and self.valid_from <= new.valid_from
            and (self.valid_to is None or (new.valid_to is not None and new.valid_to <= self.valid_to))
        )


def of_units(connection: Connection, unit_ids: Collection[int] | None) -> list[Held]:
    """Every grant ever given in some units (None: in all), by person and role."""
    query = _grants()
    if unit_ids is not None:
        query = query.where(grant.c.unit_id.in_(unit_ids))
    return [_held(row) for row in connection.execute(query)]


def of_person(connection: Connection, person_id: int) -> list[Held]:
    """Every grant ever given to somebody."""
    return [_held(row) for row in connection.execute(_grants().where(grant.c.person_id == person_id))]


def get(connection: Connection, grant_id: int) -> Held | None:
    """One by its key."""
    return next((_held(row) for row in connection.execute(_grants().where(grant.c.id == grant_id))), None)


def _grants() -> Select[Any]:
    return (
        select(grant, person.c.login, person.c.name, person.c.state)
        .join(person, person.c.id == grant.c.person_id)
        .order_by(person.c.name, person.c.id, grant.c.role, grant.c.id)
    )


def _held(row: Any) -> Held:
    return Held(
        row.id,
        row.person_id,
        row.login,
        row.name,
        row.state == "active",
        Role(row.role),
        row.unit_id,
        row.below,
        row.regime,
        row.form,
        row.valid_from,
        row.valid_to,
        row.by,
        row.revoked_at,
    )


def put(connection: Connection, new: NewGrant, by: str) -> int:
    """Give a role; its key."""
    row = insert(grant).values(
        person_id=new.person_id,
        role=new.role,
        unit_id=new.unit_id,
        below=new.below,
        regime=new.regime,
        form=new.form,
        valid_from=new.valid_from,
        valid_to=new.valid_to,
        by=by,
    )
    return inserted(connection, row)


def revoke(connection: Connection, grant_id: int, at: datetime) -> bool:
    """End a grant now; False when it had been ended."""
    open_one = (grant.c.id == grant_id, grant.c.revoked_at.is_(None))
    return connection.execute(update(grant).where(*open_one).values(revoked_at=at)).rowcount == 1


def end(connection: Connection, grant_id: int, last_day: date) -> None:
    """Let a grant end with a day, unless it ends sooner."""
    later = or_(grant.c.valid_to.is_(None), grant.c.valid_to > last_day)
    connection.execute(update(grant).where(grant.c.id == grant_id, later).values(valid_to=last_day))
