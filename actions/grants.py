"""Who may what in a unit: giving and taking back roles, and letting one person enter and approve (R05, R10-R12)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from actions import telling
from actions.desk import Change, Changed, Desk, NotEntitled, NotYours, Refusal
from registry.catalogue.model import Role, Unit
from registry.store import grants, people, rights, settings, signing
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.grants import Held, NewGrant
from registry.store.people import Person
from registry.workflow.policy import GRANTED_BY_UNIT_ADMINS, Action

ROLES_OF_UNIT_ADMINS = "roles-granted-by-unit-admins"
LONGEST_REASON = 500
NARROWED = frozenset({Role.CLERK, Role.LEADER, Role.RECEIVER, Role.MONITOR})
"""Roles that may be given for one regime or form: what the others do is about no form."""


def give(desk: Desk, new: NewGrant) -> int:
    """Give somebody a role in a unit; the grant's key. Raises NotYours, Refusal."""
    with desk.change("grant", f"person {new.person_id}") as change:
        snapshot = desk.snapshot(change.connection)
        found = person_of(desk, change.connection, new.unit_id, new.person_id)
        _assert_may_give(desk, change.connection, snapshot, found, new)
        key = put(desk, change, new)
        change.unit_id = new.unit_id
        unit = snapshot.units_by_id[new.unit_id]
        change.detail |= {"grant": key, "role": new.role, "unit": unit.code, "below": new.below}
        change.detail |= {"regime": new.regime, "form": new.form, "from": new.valid_from, "to": new.valid_to}
        telling.role_given(desk, change.connection, new)
        return key


def put(desk: Desk, change: Change, new: NewGrant) -> int:
    """Record a grant that was found to be in order, unless one person would both enter and approve unasked."""
    held = [one for one in grants.of_person(change.connection, new.person_id) if _overlaps(one, new)]
    if any(one.covers(new) for one in held):
        raise Refusal("grant-exists")
    rival = {Role.CLERK: Role.LEADER, Role.LEADER: Role.CLERK}.get(new.role)
    if any(one.role is rival for one in held) and not signing.allows_own_approval(change.connection, new.unit_id):
        raise Refusal("clerk-and-leader")
    return grants.put(change.connection, new, desk.actor.signature)


def _overlaps(one: Held, new: NewGrant) -> bool:
    """True of a grant in the same unit on some of the same days."""
    return (
        one.unit_id == new.unit_id
        and one.is_open_on(new.valid_from)
        and (new.valid_to is None or one.valid_from <= new.valid_to)
    )


def person_of(desk: Desk, connection: Connection, unit_id: int, person_id: int) -> Person:
    """An active account that may be given something in the unit: by the office any, by its administrator one of the
    house. Raises NotYours.
    """
    found = people.by_id(connection, person_id)
    if found is None or found.state != "active":
        raise NotYours
    is_office = desk.require(Action.MANAGE_PEOPLE, unit_id).units is None
    if not is_office and found not in people_of(desk, connection, unit_id):
        raise NotYours
    return found


def people_of(desk: Desk, connection: Connection, unit_id: int) -> list[Person]:
    """Active accounts that hold or held something in the unit's house (for the office: the unit and its divisions)."""
    allowed = desk.require(Action.MANAGE_PEOPLE, unit_id)
    house = allowed.units or rights.divisions(connection, unit_id, desk.day) | {unit_id}
    belonging = {one.person_id for one in grants.of_units(connection, house)}
    return [one for one in people.all_people(connection) if one.id in belonging and one.state == "active"]


def roles_to_give(desk: Desk, connection: Connection, unit_id: int) -> tuple[Role, ...]:
    """The roles the actor may give in a unit and take back."""
    if desk.require(Action.MANAGE_PEOPLE, unit_id).units is None:
        return tuple(Role)
    return roles_of_unit_admins(connection)


def may_give(desk: Desk, connection: Connection, unit_id: int, role: Role, *, below: bool) -> bool:
    """True for a role the actor may give in a unit and take back; the units below it are the office's to add."""
    is_office = desk.scope(Action.MANAGE_PEOPLE).units is None
    return role in roles_to_give(desk, connection, unit_id) and (is_office or not below)


def roles_of_unit_admins(connection: Connection) -> tuple[Role, ...]:
    """What the office lets administrators of units give."""
    kept = settings.get(connection, ROLES_OF_UNIT_ADMINS)
    return tuple(role for role in GRANTED_BY_UNIT_ADMINS if kept is None or role in kept)


def let_unit_admins_give(desk: Desk, roles: frozenset[Role]) -> None:
    """Say which roles administrators of units may give. Raises NotYours."""
    desk.require(Action.DELEGATE_ROLES)
    kept = [role.value for role in GRANTED_BY_UNIT_ADMINS if role in roles]
    with desk.change("roles of unit admins", "setting") as change:
        change.detail |= {"before": [role.value for role in roles_of_unit_admins(change.connection)], "after": kept}
        settings.put(change.connection, ROLES_OF_UNIT_ADMINS, kept)


def _assert_may_give(desk: Desk, connection: Connection, snapshot: Snapshot, to: Person, new: NewGrant) -> None:
    is_office = desk.scope(Action.MANAGE_PEOPLE).units is None
    unit = snapshot.units_by_id[new.unit_id]
    if not is_office and not is_alive(snapshot, new.unit_id):
        raise Refusal("unit-has-ended")
    if to.id == desk.actor.person_id:
        raise NotEntitled("grant-to-oneself")
    if not may_give(desk, connection, new.unit_id, new.role, below=new.below):
        raise NotEntitled("role-not-yours-to-give")
    assert_days(desk, new.valid_from, new.valid_to)
    _assert_known(snapshot, unit, new, must_receive=not is_office)


def is_alive(snapshot: Snapshot, unit_id: int) -> bool:
    """True of a unit that has not ended."""
    return snapshot.unit_ids.get(snapshot.units_by_id[unit_id].code) == unit_id


def assert_days(desk: Desk, first: date, last: date | None) -> None:
    """Nothing is given backwards in time. Raises Refusal."""
    if first < desk.day:
        raise Refusal("starts-in-the-past")
    if last is not None and last < first:
        raise Refusal("ends-before-it-starts")


def _assert_known(snapshot: Snapshot, unit: Unit, new: NewGrant, *, must_receive: bool) -> None:
    if (new.regime or new.form) and new.role not in NARROWED:
        raise Refusal("role-is-never-narrowed")
    regime = snapshot.regimes.get(new.regime or "")
    if new.regime is not None and regime is None:
        raise Refusal("unknown-regime-of-grant")
    if new.form is not None and new.form not in (regime.forms if regime else snapshot.form_versions):
        raise Refusal("unknown-form-of-grant")
    if new.role is Role.RECEIVER and must_receive and (regime is None or unit.code not in regime.receivers):
        raise Refusal("unit-does-not-receive")


def revoke(desk: Desk, grant_id: int, reason: str) -> Held:
    """Take a role back, from now on. Raises NotYours, Refusal (no reason; not the actor's to take back)."""
    if not reason.strip():
        raise Refusal("reason-needed")
    with desk.change("revoke grant", f"grant {grant_id}") as change:
        held = grants.get(change.connection, grant_id)
        if held is None:
            raise NotYours
        if not may_give(desk, change.connection, held.unit_id, held.role, below=held.below):
            raise NotEntitled("role-not-yours-to-give")
        if not held.is_open_on(desk.day) or not grants.revoke(change.connection, grant_id, desk.moment):
            raise Changed
        change.on, change.unit_id = f"person {held.person_id}", held.unit_id
        change.detail |= {"grant": grant_id, "role": held.role, "unit": held.unit_id, "reason": reason.strip()}
        telling.role_revoked(desk, change.connection, held)
        return replace(held, revoked_at=desk.moment)


def allow_own_approval(desk: Desk, unit_id: int, reason: str, *, allowed: bool) -> None:
    """Let one person enter and approve in a small unit, or no longer. Raises NotYours, Refusal (no reason)."""
    desk.require(Action.MANAGE_PEOPLE, unit_id)
    if not reason.strip():
        raise Refusal("reason-needed")
    if any(one.role in (Role.CLERK, Role.LEADER) and unit_id in one.units for one in desk.actor.grants):
        raise NotEntitled("own-approval-of-oneself")
    with desk.change("own approval", f"unit {unit_id}") as change:
        change.unit_id = unit_id
        signing.put_own_approval(
            change.connection,
            unit_id,
            reason.strip()[:LONGEST_REASON],
            desk.actor.person_id,
            desk.moment,
            allowed=allowed,
        )
        change.detail |= {"allowed": allowed, "reason": reason.strip()}
