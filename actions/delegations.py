"""Lending the approval of figures for a time (ủy quyền duyệt): by the leader himself, or with a document (R16)."""

from __future__ import annotations

from dataclasses import dataclass

from actions import telling
from actions.desk import Changed, Desk, NotEntitled, NotYours, Refusal
from actions.grants import assert_days
from registry.catalogue.model import Role
from registry.store import grants, people, rights, signing
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.people import Person
from registry.store.signing import Delegation, NewDelegation
from registry.workflow.policy import Action

LONGEST_DOCUMENT = 200
MOST_DAYS = 366


@dataclass(frozen=True)
class Lender:
    """A leader of a unit, and who of the unit may approve in his name."""

    person_id: int
    name: str
    unit_id: int
    to: tuple[Person, ...]


def lenders(desk: Desk, connection: Connection, unit_id: int) -> list[Lender]:
    """In whose name the actor may lend in a unit: a leader in his own, who speaks for the unit in any leader's."""
    desk.require(Action.DELEGATE, unit_id)
    known = {one.id: one for one in people.all_people(connection)}
    held = [one for one in grants.of_units(connection, [unit_id]) if one.is_active and one.holds_on(desk.day)]
    found = []
    for person_id in dict.fromkeys(one.person_id for one in held if one.role is Role.LEADER):
        if person_id == desk.actor.person_id or _speaks_for(desk, unit_id):
            others = dict.fromkeys(one.person_id for one in held if one.person_id != person_id)
            found.append(Lender(person_id, known[person_id].name, unit_id, tuple(known[one] for one in others)))
    return found


def _speaks_for(desk: Desk, unit_id: int) -> bool:
    """True for who lends in a leader's name, with a document: the unit's administrator and the office."""
    return desk.scope(Action.MANAGE_PEOPLE).allows(unit_id)


def lend(desk: Desk, new: NewDelegation) -> int:
    """Lend somebody's approval for a time; the delegation's key.

    A leader lends his own; whoever else records it needs the document's number. Raises NotYours, Refusal.
    """
    desk.require(Action.DELEGATE, new.unit_id)
    with desk.change(Action.DELEGATE, f"person {new.to_id}") as change:
        snapshot = desk.snapshot(change.connection)
        _assert_in_order(desk, change.connection, snapshot, new)
        key = signing.delegate(change.connection, new, desk.actor.person_id, desk.moment)
        change.unit_id = new.unit_id
        change.detail |= {"delegation": key, "from person": new.from_id, "unit": new.unit_id}
        change.detail |= {"forms": new.forms, "from": new.valid_from, "to": new.valid_to, "document": new.document}
        telling.lent(desk, change.connection, key)
        return key


def _assert_in_order(desk: Desk, connection: Connection, snapshot: Snapshot, new: NewDelegation) -> None:
    lender = next((one for one in lenders(desk, connection, new.unit_id) if one.person_id == new.from_id), None)
    if lender is None or new.to_id not in {one.id for one in lender.to}:
        raise NotYours
    if new.from_id != desk.actor.person_id and not new.document.strip():
        raise Refusal("delegation-needs-document")
    if new.to_id == desk.actor.person_id and new.from_id != new.to_id and not _is_office(desk):
        raise NotEntitled("grant-to-oneself")
    if not new.reason.strip():
        raise Refusal("reason-needed")
    assert_days(desk, new.valid_from, new.valid_to)
    if (new.valid_to - new.valid_from).days >= MOST_DAYS:
        raise Refusal("delegation-too-long", days=MOST_DAYS)
    if new.forms is not None and not set(new.forms) <= snapshot.form_versions.keys():
        raise Refusal("unknown-form-of-grant")
    if not rights.may_lend(connection, new.from_id, new.unit_id, new.valid_from):
        raise NotEntitled("mandate-not-passed-on")
    if any(_is_same(one, new) for one in signing.delegations(connection, [new.unit_id])):
        raise Refusal("delegation-exists")


def _is_office(desk: Desk) -> bool:
    return desk.scope(Action.MANAGE_PEOPLE).units is None


def _is_same(one: Delegation, new: NewDelegation) -> bool:
    """True of one that lends all the new one would."""
    forms = one.forms is None or (new.forms is not None and set(new.forms) <= set(one.forms))
    days = one.valid_from <= new.valid_from and new.valid_to <= one.valid_to
    return one.revoked_at is None and (one.from_id, one.to_id) == (new.from_id, new.to_id) and forms and days


def revoke(desk: Desk, delegation_id: int) -> Delegation:
    """Take back what was lent, from now on: its leader, the unit's administrator, the office. Raises NotYours."""
    with desk.change("revoke delegation", f"delegation {delegation_id}") as change:
        found = signing.delegation_by_id(change.connection, delegation_id)
        if found is None or not may_revoke(desk, found):
            raise NotYours
        if not found.is_open_on(desk.day) or not signing.revoke_delegation(
            change.connection, delegation_id, desk.moment
        ):
            raise Changed
        change.unit_id = found.unit_id
        change.detail |= {"from person": found.from_id, "to person": found.to_id, "unit": found.unit_id}
        telling.no_longer_lent(desk, change.connection, found)
        return found


def may_revoke(desk: Desk, one: Delegation) -> bool:
    """True for its leader, and for who speaks for the unit."""
    return one.from_id == desk.actor.person_id or _speaks_for(desk, one.unit_id)


def seen(desk: Desk, connection: Connection, unit_id: int) -> list[Delegation]:
    """What is and was lent in a unit: all of it for who speaks for the unit, else what the actor has a part in."""
    return [
        one
        for one in signing.delegations(connection, [unit_id])
        if _speaks_for(desk, unit_id) or desk.actor.person_id in (one.from_id, one.to_id)
    ]
