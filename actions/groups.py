"""Groups of units (R52): who is in which group of a set from when; a change is a dated version of the unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from actions.desk import Desk, NotYours, Refusal
from actions.units import chronicle_of, fresh
from registry.catalogue.check_units import unit_findings
from registry.catalogue.model import Catalogue, GroupSet, Unit
from registry.catalogue.places import Places
from registry.store import definitions
from registry.store.engine import Connection
from registry.workflow.policy import Action


@dataclass(frozen=True)
class Sorted:
    """A set of groups on a day: its groups in order, and the units with the groups of each."""

    group_set: GroupSet
    groups: tuple[str, ...]
    units: tuple[tuple[Unit, frozenset[str]], ...]  # in official order; those that may be in a group

    def count(self, group: str) -> int:
        """How many units are in a group."""
        return sum(group in held for _, held in self.units)


def sets(desk: Desk) -> list[GroupSet]:
    """Every set there is. Raises NotYours."""
    desk.require(Action.SEE_UNITS)
    with desk.read() as connection:
        return list(desk.snapshot(connection).catalogue.group_sets)


def sorted_by(desk: Desk, code: str, day: date) -> Sorted:
    """The communes of a day, and any other unit in the set, by the groups of one set. Raises NotYours."""
    found = next((one for one in sets(desk) if one.code == code), None)
    if found is None:
        raise NotYours
    with desk.read() as connection:
        alive = chronicle_of(desk, connection).units_on(day)
    listed = tuple(
        (unit, frozenset(group for name, group in unit.groups if name == code))
        for unit in alive
        if unit.kind.is_commune or any(name == code for name, _ in unit.groups)
    )
    named = [group for _, held in listed for group in sorted(held)]
    return Sorted(found, tuple(dict.fromkeys((*found.groups, *named))), listed)


def put(desk: Desk, code: str, wanted: Mapping[str, frozenset[str]], since: date, document: str) -> int:
    """Put units, by code, into groups of a set from a day on; how many changed. What is planned later follows.

    Raises NotYours, Refusal (no document, a group the set has not, several where one is allowed).
    """
    desk.require(Action.CHANGE_UNITS)
    if not document.strip():
        raise Refusal("reason-needed")
    with desk.change(Action.CHANGE_UNITS, f"groups {code}") as change:
        chronicle = fresh(change.connection)
        group_set = _set(change.connection, code)
        versions: list[Unit] = []
        for unit_code, groups in wanted.items():
            unit = chronicle.on(unit_code, since)
            if unit is None:
                raise Refusal("unknown-unit", unit=unit_code)
            strange = sorted(groups.difference(group_set.groups)) if group_set.groups else []
            if strange:
                raise Refusal("group-unknown", group=strange[0])
            if frozenset(group for name, group in unit.groups if name == code) == groups:
                continue
            later = [one for one in chronicle.versions(unit.key) if one.valid_from > since]
            started = replace(unit, valid_from=since, document=document.strip()[:200])
            versions += [_in_groups(one, code, groups) for one in (started, *later)]
        if any(unit_findings(Catalogue(units=tuple(versions), group_sets=(group_set,)), Places())):
            raise Refusal("group-single", group_set=group_set.name)
        if versions:
            definitions.load(change.connection, Catalogue(units=tuple(versions)), desk.actor.signature, desk.moment)
        changed = len({unit.key for unit in versions})
        change.detail |= {"since": str(since), "document": document, "units": sorted({one.code for one in versions})}
    return changed


def _in_groups(unit: Unit, code: str, groups: frozenset[str]) -> Unit:
    others = [pair for pair in unit.groups if pair[0] != code]
    return replace(unit, groups=tuple(sorted([*others, *((code, group) for group in groups)])))


def _set(connection: Connection, code: str) -> GroupSet:
    known = definitions.catalogue_of(connection, ("group_set",)).group_sets
    found = next((one for one in known if one.code == code), None)
    if found is None:
        raise NotYours
    return found


def put_set(desk: Desk, made: GroupSet) -> None:
    """A new set, or another name and other groups for one there is. Raises NotYours, Refusal (nothing named)."""
    desk.require(Action.CHANGE_UNITS)
    if not made.code or not made.name:
        raise Refusal("reason-needed")
    with desk.change(Action.CHANGE_UNITS, f"groups {made.code}") as change:
        definitions.load(change.connection, Catalogue(group_sets=(made,)), desk.actor.signature, desk.moment)
        change.detail |= {"name": made.name, "groups": list(made.groups), "single": made.single}
