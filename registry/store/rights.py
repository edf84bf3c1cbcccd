"""What a person may do on a day: grants, narrowed by signing capacities, and what is lent by delegations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Row, and_, or_, select

from registry.catalogue.model import Role, UnitKind
from registry.store.tables import capacity, delegation, grant, person, unit_closure, unit_version
from registry.workflow.policy import Grant
from registry.workflow.signing import Standing


def in_force(table: FromClause, day: date) -> ColumnElement[bool]:
    """True of the dated rows in force on a day: begun, not over, not revoked."""
    columns = table.c
    return and_(
        columns.valid_from <= day,
        or_(columns.valid_to.is_(None), columns.valid_to >= day),
        columns.revoked_at.is_(None),
    )


def held(connection: Connection, person_id: int, day: date) -> tuple[Grant, ...]:
    """The grants in force of a person, own ones first, each with the units it reaches and the forms it signs."""
    own = _own(connection, person_id, day)
    return (*own, *_lent(connection, person_id, day, {one.unit_id for one in own}))


def reach(connection: Connection, unit_id: int, day: date) -> frozenset[int]:
    """A unit and those below it: on the day, or when they ended (their work stays with whom they answered to)."""
    lives_on = select(unit_version.c.unit_id).where(
        unit_version.c.unit_id == unit_closure.c.unit_id,
        or_(unit_version.c.valid_to.is_(None), unit_version.c.valid_to >= day),
    )
    later = unit_version.alias()
    lasted_longer = select(later.c.unit_id).where(
        later.c.unit_id == unit_closure.c.unit_id, later.c.valid_to > unit_closure.c.valid_to
    )
    query = select(unit_closure.c.unit_id).where(
        unit_closure.c.ancestor_id == unit_id,
        unit_closure.c.valid_from <= day,
        or_(
            unit_closure.c.valid_to.is_(None),
            unit_closure.c.valid_to >= day,
            and_(~lives_on.exists(), ~lasted_longer.exists()),
        ),
    )
    return frozenset(connection.execute(query).scalars()) | {unit_id}


def _own(connection: Connection, person_id: int, day: date) -> list[Grant]:
    rows = connection.execute(
        select(grant).where(grant.c.person_id == person_id, in_force(grant, day)).order_by(grant.c.id)
    ).all()
    signing = _signing(connection, person_id, day)
    return [
        Grant(
            Role(row.role),
            row.unit_id,
            reach(connection, row.unit_id, day) if row.below else frozenset({row.unit_id}),
            row.regime,
            row.form,
            signs=signing[row.unit_id].signs if row.unit_id in signing and row.role == Role.LEADER else None,
            divisions=divisions(connection, row.unit_id, day) if row.role == Role.UNIT_ADMIN else frozenset(),
        )
        for row in rows
    ]


def divisions(connection: Connection, unit_id: int, day: date) -> frozenset[int]:
    """The divisions (phòng, ban) of a unit, also those that ended while its own."""
    is_division = select(unit_version.c.unit_id).where(unit_version.c.kind == UnitKind.DIVISION)
    below = reach(connection, unit_id, day) - {unit_id}
    return below & frozenset(connection.execute(is_division.where(unit_version.c.unit_id.in_(below))).scalars())


@dataclass(frozen=True)
class _Signing:
    """The forms somebody signs in a unit, and those of them that may be lent; None: every one."""

    signs: frozenset[str] | None
    lends: frozenset[str] | None


def _signing(connection: Connection, person_id: int, day: date) -> dict[int, _Signing]:
    """By unit, where the person has or had a signing capacity; one that is over leaves nothing to sign."""
    query = select(capacity, in_force(capacity, day).label("holds")).where(
        capacity.c.person_id == person_id, capacity.c.valid_from <= day
    )
    by_unit: dict[int, list[Row[Any]]] = {}
    for row in connection.execute(query):
        by_unit.setdefault(row.unit_id, []).append(row)
    return {
        unit_id: _Signing(
            _forms(row.forms for row in rows if row.holds),
            _forms(row.forms for row in rows if row.holds and Standing(row.standing).may_be_lent),
        )
        for unit_id, rows in by_unit.items()
    }


def may_lend(connection: Connection, person_id: int, unit_id: int, day: date) -> bool:
    """False for somebody whose every capacity in the unit is a mandate: it is not passed on."""
    signing = _signing(connection, person_id, day).get(unit_id)
    return signing is None or signing.lends is None or bool(signing.lends)


def _forms(lists: Iterable[list[str] | None]) -> frozenset[str] | None:
    forms = frozenset[str]()
    for one in lists:
        if one is None:
            return None
        forms |= frozenset(one)
    return forms


def _lent(connection: Connection, person_id: int, day: date, places: set[int]) -> Iterator[Grant]:
    """What leaders lend: never more than they hold themselves on the day, and only to whom still works there."""
    rows = connection.execute(
        select(delegation)
        .join(person, person.c.id == delegation.c.from_id)
        .where(delegation.c.to_id == person_id, in_force(delegation, day), person.c.state == "active")
        .order_by(delegation.c.id)
    ).all()
    for row in rows:
        if row.unit_id not in places and places.isdisjoint(divisions(connection, row.unit_id, day)):
            continue
        signing = _signing(connection, row.from_id, day)
        for own in _own(connection, row.from_id, day):
            if own.role is not Role.LEADER or row.unit_id not in own.units:
                continue
            lends = signing[own.unit_id].lends if own.unit_id in signing else None
            units = own.units if own.unit_id == row.unit_id else frozenset({row.unit_id})
            forms = [own.form] if row.forms is None else [one for one in row.forms if own.form in (None, one)]
            for form in forms:
                yield replace(own, unit_id=row.unit_id, units=units, form=form, delegation=row.id, signs=lends)
