"""Signing capacities (tư cách ký), delegations of approval, and whether a unit lets one person enter and approve."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, Table, desc, insert, or_, select, update

from registry.store.engine import inserted
from registry.store.rights import in_force
from registry.store.tables import capacity, delegation, own_approval, person
from registry.workflow.signing import Standing


@dataclass(frozen=True, slots=True)
class NewCapacity:
    """A signing capacity to be recorded; ``forms`` None: every form."""

    person_id: int
    unit_id: int
    title: str  # chức vụ
    standing: Standing
    head: str  # chức vụ he signs for
    field: str  # lĩnh vực
    forms: tuple[str, ...] | None
    document: str
    document_date: date | None
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Capacity:
    """A signing capacity on record."""

    id: int
    person_id: int
    name: str
    unit_id: int
    title: str
    standing: Standing
    head: str
    field: str
    forms: tuple[str, ...] | None
    document: str
    document_date: date | None
    valid_from: date
    valid_to: date | None
    revoked_at: datetime | None
    is_active: bool  # the account

    def holds_on(self, day: date) -> bool:
        """True while it is in force."""
        return self.valid_from <= day and self.is_open_on(day)

    def is_open_on(self, day: date) -> bool:
        """True while it is in force or still to come."""
        return self.revoked_at is None and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class NewDelegation:
    """Approval to be lent; ``forms`` None: every form."""

    from_id: int
    to_id: int
    unit_id: int
    forms: tuple[str, ...] | None
    valid_from: date
    valid_to: date
    reason: str
    document: str


@dataclass(frozen=True, slots=True)
class Delegation:
    """Approval lent by one person to another."""

    id: int
    from_id: int
    from_name: str
    to_id: int
    to_name: str
    unit_id: int
    forms: tuple[str, ...] | None
    valid_from: date
    valid_to: date
    reason: str
    document: str
    by_name: str
    at: datetime
    revoked_at: datetime | None

    def holds_on(self, day: date) -> bool:
        """True while it is in force."""
        return self.revoked_at is None and self.valid_from <= day <= self.valid_to

    def is_open_on(self, day: date) -> bool:
        """True while it is in force or still to come: what can be revoked."""
        return self.revoked_at is None and day <= self.valid_to


def add_capacity(connection: Connection, new: NewCapacity, by_id: int, at: datetime) -> int:
    """Record a signing capacity; its key."""
    row = insert(capacity).values(
        person_id=new.person_id,
        unit_id=new.unit_id,
        title=new.title,
        standing=new.standing,
        head=new.head,
        field=new.field,
        forms=list(new.forms) if new.forms is not None else None,
        document=new.document,
        document_date=new.document_date,
        valid_from=new.valid_from,
        valid_to=new.valid_to,
        by_id=by_id,
        at=at,
    )
    return inserted(connection, row)


def capacities(connection: Connection, unit_ids: Collection[int]) -> list[Capacity]:
    """The signing capacities ever recorded in some units, the newest first."""
    query = (
        select(capacity, person.c.name, person.c.state)
        .join(person, person.c.id == capacity.c.person_id)
        .where(capacity.c.unit_id.in_(unit_ids))
        .order_by(desc(capacity.c.valid_from), desc(capacity.c.id))
    )
    return [_capacity(row) for row in connection.execute(query)]


def _capacity(row: Any) -> Capacity:
    return Capacity(
        row.id,
        row.person_id,
        row.name,
        row.unit_id,
        row.title,
        Standing(row.standing),
        row.head,
        row.field,
        tuple(row.forms) if row.forms is not None else None,
        row.document,
        row.document_date,
        row.valid_from,
        row.valid_to,
        row.revoked_at,
        row.state == "active",
    )


def end_capacity(connection: Connection, capacity_id: int, last_day: date, at: datetime) -> None:
    """Let a signing capacity end with a day; one that would not have begun by then is revoked."""
    _end(connection, capacity, capacity_id, last_day, at)


def revoke_capacity(connection: Connection, capacity_id: int, at: datetime) -> bool:
    """End a signing capacity now; False when it had been ended."""
    return _revoke(connection, capacity, capacity_id, at)


def _end(connection: Connection, table: Table, key: int, last_day: date, at: datetime) -> None:
    began = connection.execute(select(table.c.valid_from).where(table.c.id == key)).scalar_one()
    if last_day < began:
        _revoke(connection, table, key, at)
        return
    later = or_(table.c.valid_to.is_(None), table.c.valid_to > last_day)
    connection.execute(update(table).where(table.c.id == key, later).values(valid_to=last_day))


def _revoke(connection: Connection, table: Table, key: int, at: datetime) -> bool:
    is_open = (table.c.id == key, table.c.revoked_at.is_(None))
    return connection.execute(update(table).where(*is_open).values(revoked_at=at)).rowcount == 1


def holds_mandate(connection: Connection, person_id: int, unit_id: int, day: date) -> bool:
    """True when somebody signs for a unit by a written basis (TL., TUQ.) in force."""
    written = [one.value for one in Standing if one.needs_document]
    query = select(capacity.c.id).where(
        capacity.c.person_id == person_id,
        capacity.c.unit_id == unit_id,
        capacity.c.standing.in_(written),
        in_force(capacity, day),
    )
    return connection.execute(query.limit(1)).first() is not None


def delegate(connection: Connection, new: NewDelegation, by_id: int, at: datetime) -> int:
    """Record a delegation; its key."""
    row = insert(delegation).values(
        from_id=new.from_id,
        to_id=new.to_id,
        unit_id=new.unit_id,
        forms=list(new.forms) if new.forms is not None else None,
        valid_from=new.valid_from,
        valid_to=new.valid_to,
        reason=new.reason,
        document=new.document,
        by_id=by_id,
        at=at,
    )
    return inserted(connection, row)


def delegations(connection: Connection, unit_ids: Collection[int]) -> list[Delegation]:
    """What was ever lent in some units, the newest first."""
    return _delegations(connection, _all_delegations().where(delegation.c.unit_id.in_(unit_ids)))


def delegations_of(connection: Connection, person_id: int) -> list[Delegation]:
    """What somebody ever lent or was lent, the newest first."""
    either = or_(delegation.c.from_id == person_id, delegation.c.to_id == person_id)
    return _delegations(connection, _all_delegations().where(either))


def delegation_by_id(connection: Connection, delegation_id: int) -> Delegation | None:
    """One by its key."""
    return next(iter(_delegations(connection, _all_delegations().where(delegation.c.id == delegation_id))), None)


_lender, _borrower, _author = person.alias("lender"), person.alias("borrower"), person.alias("author")


def _all_delegations() -> Select[Any]:
    return (
        select(
            delegation,
            _lender.c.name.label("from_name"),
            _borrower.c.name.label("to_name"),
            _author.c.name.label("by_name"),
        )
        .join(_lender, _lender.c.id == delegation.c.from_id)
        .join(_borrower, _borrower.c.id == delegation.c.to_id)
        .join(_author, _author.c.id == delegation.c.by_id)
        .order_by(desc(delegation.c.valid_from), desc(delegation.c.id))
    )


def _delegations(connection: Connection, query: Select[Any]) -> list[Delegation]:
    return [
        Delegation(
            row.id,
            row.from_id,
            row.from_name,
            row.to_id,
            row.to_name,
            row.unit_id,
            tuple(row.forms) if row.forms is not None else None,
            row.valid_from,
            row.valid_to,
            row.reason,
            row.document,
            row.by_name,
            row.at,
            row.revoked_at,
        )
        for row in connection.execute(query)
    ]


def end_delegation(connection: Connection, delegation_id: int, last_day: date, at: datetime) -> None:
    """Let what was lent end with a day; what would not have begun by then is taken back."""
    _end(connection, delegation, delegation_id, last_day, at)


def revoke_delegation(connection: Connection, delegation_id: int, at: datetime) -> bool:
    """Take back what was lent, from now on; False when it had been."""
    return _revoke(connection, delegation, delegation_id, at)


def allows_own_approval(connection: Connection, unit_id: int) -> bool:
    """Whether a unit lets one person enter and approve; not, unless its administrator said so."""
    query = select(own_approval.c.allowed).where(own_approval.c.unit_id == unit_id)
    return bool(connection.execute(query.order_by(desc(own_approval.c.id)).limit(1)).scalar())


def put_own_approval(
    connection: Connection, unit_id: int, reason: str, by_id: int, at: datetime, *, allowed: bool
) -> None:
    """Say it; what was said before stays on record."""
    connection.execute(insert(own_approval).values(unit_id=unit_id, allowed=allowed, reason=reason, by_id=by_id, at=at))
