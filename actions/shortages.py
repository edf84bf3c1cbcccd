"""Units without enough people, and rights that end soon (đơn vị chưa đủ người; PRACTICE F24)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from actions.desk import Desk
from registry.catalogue.model import Role, Unit, UnitKind
from registry.store import grants, signing
from registry.store.definitions import Snapshot
from registry.store.grants import Held
from registry.workflow.policy import Action

SOON = timedelta(days=60)


class Lack(StrEnum):
    """What a unit has not."""

    ADMIN = "no-admin"
    LEADER = "no-leader"
    CLERK = "no-clerk"
    ALONE = "one-person"
    ENDING = "ending"


@dataclass(frozen=True, slots=True)
class Ending:
    """A right that ends soon and is not followed by another."""

    kind: str  # grant | delegation | capacity
    name: str
    what: str  # a role, or a standing
    last: date


@dataclass(frozen=True)
class Shortage:
    """One unit and what it lacks."""

    unit_id: int
    unit: Unit
    lacks: tuple[Lack, ...]
    people: int  # who hold something in force
    ending: tuple[Ending, ...]


def look(desk: Desk) -> list[Shortage]:
    """The units that report or keep people and lack some, in official order. Raises NotYours."""
    allowed = desk.require(Action.SEE_SHORTAGES)
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        held: dict[int, list[Held]] = {}
        for one in grants.of_units(connection, allowed.units):
            if one.is_active and one.holds_on(desk.day):
                held.setdefault(one.unit_id, []).append(one)
        watched = {
            unit_id: unit
            for unit in snapshot.units.values()
            if allowed.allows(unit_id := snapshot.unit_ids[unit.code]) and (unit_id in held or _reports(snapshot, unit))
        }
        ending = _ending(desk, [one for each in held.values() for one in each])
        for lent in signing.delegations(connection, watched):
            if lent.holds_on(desk.day) and lent.valid_to <= desk.day + SOON:
                ending.setdefault(lent.unit_id, []).append(Ending("delegation", lent.to_name, "", lent.valid_to))
        for capacity in signing.capacities(connection, watched):
            if capacity.holds_on(desk.day) and capacity.valid_to and capacity.valid_to <= desk.day + SOON:
                ending.setdefault(capacity.unit_id, []).append(
                    Ending("capacity", capacity.name, capacity.standing, capacity.valid_to)
                )
    found = [
        _shortage(unit_id, unit, held.get(unit_id, ()), ending.get(unit_id, ()), reports=_reports(snapshot, unit))
        for unit_id, unit in watched.items()
    ]
    return sorted((one for one in found if one.lacks), key=lambda one: (one.unit.order, one.unit.code))


def _reports(snapshot: Snapshot, unit: Unit) -> bool:
    return any(unit.answers_to(selector) for regime in snapshot.regimes.values() for selector in regime.reporters)


def _ending(desk: Desk, held: Collection[Held]) -> dict[int, list[Ending]]:
    """Grants that end soon, unless the same person holds the role longer by another."""
    found: dict[int, list[Ending]] = {}
    for one in held:
        if one.valid_to is None or one.valid_to > desk.day + SOON:
            continue
        longer = (
            other.valid_to is None or other.valid_to > one.valid_to
            for other in held
            if (other.person_id, other.role, other.unit_id) == (one.person_id, one.role, one.unit_id)
        )
        if not any(longer):
            found.setdefault(one.unit_id, []).append(Ending("grant", one.name, one.role, one.valid_to))
    return found


def _shortage(unit_id: int, unit: Unit, held: Iterable[Held], ending: Iterable[Ending], *, reports: bool) -> Shortage:
    roles = {one.role for one in held}
    people = {one.person_id for one in held}
    is_house = unit.kind is not UnitKind.DIVISION  # a division's people are looked after by its unit's administrator
    lacks = [
        *([Lack.ADMIN] if is_house and Role.UNIT_ADMIN not in roles | _office(roles) else []),
        *([Lack.LEADER] if reports and Role.LEADER not in roles else []),
        *([Lack.CLERK] if reports and Role.CLERK not in roles else []),
        *([Lack.ALONE] if reports and len(people) == 1 else []),
        *([Lack.ENDING] if ending else []),
    ]
    return Shortage(unit_id, unit, tuple(lacks), len(people), tuple(sorted(ending, key=lambda one: one.last)))


def _office(roles: set[Role]) -> set[Role]:
    """Where the office sits, it administers."""
    return {Role.UNIT_ADMIN} if Role.OFFICE in roles else set()
