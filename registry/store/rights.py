"""What a person may do on a day: grants, narrowed by signing capacities, and what is lent by delegations.

However much somebody holds and is lent, it takes five queries (decision 0015): this is asked on every request.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Row, Select, and_, insert, or_, select, union

from registry.catalogue.model import Role, UnitKind
from registry.store.tables import (
    assignment,
    behalf,
    capacity,
    definition,
    delegation,
    dividing_leave,
    grant,
    opening,
    person,
    unit,
    unit_closure,
    unit_version,
)
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
    lent = _lent_to(connection, person_id, day)
    people = {person_id, *(one.from_id for one in lent)}
    grants = _grants_of(connection, people, day)
    signing = _signing(connection, people, day)
    wide = {one.unit_id for some in grants.values() for one in some if one.below or one.role == Role.UNIT_ADMIN}
    places = {one.unit_id for one in grants[person_id]}
    houses = houses_of(connection, wide | {one.unit_id for one in lent} - places, day)
    led = _led_by(connection, day)
    own = {key: [_grant(row, signing[key], houses, led) for row in rows] for key, rows in grants.items()}
    works_there = [one for one in lent if one.unit_id in places or not places.isdisjoint(houses[one.unit_id].divisions)]
    borrowed = (grant for one in works_there for grant in _lent(one, own[one.from_id], signing[one.from_id], led))
    return (*own[person_id], *borrowed)


# --- the tree --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class House:
    """A unit with those below it, and which of these are its divisions (phòng, ban)."""

    units: frozenset[int]
    divisions: frozenset[int]


def houses_of(connection: Connection, unit_ids: Collection[int], day: date) -> dict[int, House]:
    """Of each unit: those below it on the day, or when they ended (their work stays with whom they answered to)."""
    if not unit_ids:
        return {}
    lives_on = select(unit_version.c.unit_id).where(
        unit_version.c.unit_id == unit_closure.c.unit_id,
        or_(unit_version.c.valid_to.is_(None), unit_version.c.valid_to >= day),
    )
    later = unit_version.alias()
    lasted_longer = select(later.c.unit_id).where(
        later.c.unit_id == unit_closure.c.unit_id, later.c.valid_to > unit_closure.c.valid_to
    )
    is_division = select(unit_version.c.unit_id).where(
        unit_version.c.unit_id == unit_closure.c.unit_id, unit_version.c.kind == UnitKind.DIVISION
    )
    query = select(unit_closure.c.ancestor_id, unit_closure.c.unit_id, is_division.exists().label("is_division")).where(
        unit_closure.c.ancestor_id.in_(unit_ids),
        unit_closure.c.valid_from <= day,
        or_(
            unit_closure.c.valid_to.is_(None),
            unit_closure.c.valid_to >= day,
            and_(~lives_on.exists(), ~lasted_longer.exists()),
        ),
    )
    below: dict[int, set[int]] = {one: {one} for one in unit_ids}
    divisions: dict[int, set[int]] = {one: set() for one in unit_ids}
    for row in connection.execute(query):
        below[row.ancestor_id].add(row.unit_id)
        if row.is_division and row.unit_id != row.ancestor_id:
            divisions[row.ancestor_id].add(row.unit_id)
    return {one: House(frozenset(below[one]), frozenset(divisions[one])) for one in unit_ids}


def may_divide(connection: Connection, unit_id: int) -> bool:
    """Whether a unit's clerks may divide its work; not, unless its administrator said so."""
    return bool(connection.execute(_leave().where(dividing_leave.c.unit_id == unit_id)).scalar())


def _leave() -> Select[tuple[bool]]:
    return select(dividing_leave.c.allowed).order_by(dividing_leave.c.id.desc()).limit(1)


def let_divide(connection: Connection, unit_id: int, by_id: int, at: datetime, *, allowed: bool) -> None:
    """Say it; what was said before stays on record."""
    connection.execute(insert(dividing_leave).values(unit_id=unit_id, allowed=allowed, by_id=by_id, at=at))


def divisions(connection: Connection, unit_id: int, day: date) -> frozenset[int]:
    """The divisions (phòng, ban) of a unit, also those that ended while its own."""
    return houses_of(connection, {unit_id}, day)[unit_id].divisions


# --- own grants ------------------------------------------------------------------------------------------------------


def _grants_of(connection: Connection, people: Collection[int], day: date) -> dict[int, list[Row[Any]]]:
    """Those in force by person, the oldest first."""
    found: dict[int, list[Row[Any]]] = {one: [] for one in people}
    leave = _leave().where(dividing_leave.c.unit_id == grant.c.unit_id).scalar_subquery().label("leave")
    query = select(grant, leave).where(grant.c.person_id.in_(people), in_force(grant, day)).order_by(grant.c.id)
    for row in connection.execute(query):
        found[row.person_id].append(row)
    return found


def _grant(
    row: Row[Any], signing: Mapping[int, _Signing], houses: Mapping[int, House], led: Mapping[str, frozenset[int]]
) -> Grant:
    signs = signing.get(row.unit_id) if row.role == Role.LEADER else None
    units = houses[row.unit_id].units if row.below else frozenset({row.unit_id})
    return Grant(
        Role(row.role),
        row.unit_id,
        units,
        row.regime,
        row.form,
        signs=signs.signs if signs else None,
        divisions=houses[row.unit_id].divisions if row.role == Role.UNIT_ADMIN else frozenset(),
        has_leave=bool(row.leave) and row.role == Role.CLERK,
        leads=_led(led, units),
    )


def _led_by(connection: Connection, day: date) -> dict[str, frozenset[int]]:
    """By regime, the keys its leading agency (chủ trì) has and had.

    Requests are regimes too and add up over the years: of those under which nothing is taken any more, only where a
    unit was entered for is there something left to lead.
    """
    begun = union(
        select(opening.c.regime).where(opening.c.reception_closed_at.is_(None)),
        select(opening.c.regime)
        .join(assignment, assignment.c.opening_id == opening.c.id)
        .join(behalf, behalf.c.assignment_id == assignment.c.id),
    )
    query = (
        select(definition.c.id, definition.c.code, unit.c.id.label("unit_id"))
        .join(unit, unit.c.code == definition.c.body["lead"].as_string())
        .where(definition.c.kind == "regime", definition.c.code.in_(begun), definition.c.valid_from <= day)
        .order_by(definition.c.valid_from, definition.c.id)
    )
    newest: dict[str, tuple[int, set[int]]] = {}
    for row in connection.execute(query):
        if newest.get(row.code, (0,))[0] != row.id:
            newest[row.code] = row.id, set()
        newest[row.code][1].add(row.unit_id)
    return {code: frozenset(units) for code, (_, units) in newest.items()}


def _led(led: Mapping[str, frozenset[int]], units: frozenset[int]) -> frozenset[str]:
    return frozenset(code for code, leads in led.items() if leads & units)


@dataclass(frozen=True)
class _Signing:
    """The forms somebody signs in a unit, and those of them that may be lent; None: every one."""

    signs: frozenset[str] | None
    lends: frozenset[str] | None


def _signing(connection: Connection, people: Collection[int], day: date) -> dict[int, dict[int, _Signing]]:
    """By person and unit, where there is or was a signing capacity; one that is over leaves nothing to sign."""
    query = select(capacity, in_force(capacity, day).label("holds")).where(
        capacity.c.person_id.in_(people), capacity.c.valid_from <= day
    )
    found: dict[int, dict[int, list[Row[Any]]]] = {one: {} for one in people}
    for row in connection.execute(query):
        found[row.person_id].setdefault(row.unit_id, []).append(row)
    return {
        person_id: {
            unit_id: _Signing(
                _forms(row.forms for row in rows if row.holds),
                _forms(row.forms for row in rows if row.holds and Standing(row.standing).may_be_lent),
            )
            for unit_id, rows in by_unit.items()
        }
        for person_id, by_unit in found.items()
    }


def signed_forms(
    connection: Connection, people: Collection[int], day: date
) -> dict[tuple[int, int], frozenset[str] | None]:
    """By person and unit, where there is or was a signing capacity, the forms it covers; None: every one."""
    found = _signing(connection, people, day)
    return {(person_id, unit_id): one.signs for person_id, by_unit in found.items() for unit_id, one in by_unit.items()}


def may_lend(connection: Connection, person_id: int, unit_id: int, day: date) -> bool:
    """False for somebody whose every capacity in the unit is a mandate: it is not passed on."""
    signing = _signing(connection, {person_id}, day)[person_id].get(unit_id)
    return signing is None or signing.lends is None or bool(signing.lends)


def _forms(lists: Iterable[list[str] | None]) -> frozenset[str] | None:
    forms = frozenset[str]()
    for one in lists:
        if one is None:
            return None
        forms |= frozenset(one)
    return forms


# --- what is lent ----------------------------------------------------------------------------------------------------


def _lent_to(connection: Connection, person_id: int, day: date) -> list[Row[Any]]:
    """The delegations in force to somebody, by people whose accounts are."""
    query = (
        select(delegation)
        .join(person, person.c.id == delegation.c.from_id)
        .where(delegation.c.to_id == person_id, in_force(delegation, day), person.c.state == "active")
        .order_by(delegation.c.id)
    )
    return list(connection.execute(query))


def _lent(
    row: Row[Any], lenders: Iterable[Grant], signing: Mapping[int, _Signing], led: Mapping[str, frozenset[int]]
) -> Iterator[Grant]:
    """What a leader lends: never more than he holds himself on the day."""
    for own in lenders:
        if own.role is not Role.LEADER or row.unit_id not in own.units:
            continue
        lends = signing[own.unit_id].lends if own.unit_id in signing else None
        units = own.units if own.unit_id == row.unit_id else frozenset({row.unit_id})
        forms = [own.form] if row.forms is None else [one for one in row.forms if own.form in (None, one)]
        lent = replace(own, unit_id=row.unit_id, units=units, delegation=row.id, signs=lends, leads=_led(led, units))
        yield from (replace(lent, form=form) for form in forms)
