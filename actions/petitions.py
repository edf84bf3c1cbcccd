"""Units ask things of others with their reports (kiến nghị, đề xuất); whom they ask answers, all of it on record."""

from __future__ import annotations

from actions.desk import Change, Desk, NotNow, NotYours, Refusal
from actions.reasons import reason_of
from registry.catalogue.model import Role, UnitKind
from registry.store import addressees, notices, openings, petitions
from registry.store.definitions import Snapshot
from registry.store.engine import take_turns
from registry.store.petitions import Petition
from registry.workflow.petition import PetitionState, right_to
from registry.workflow.policy import Action, Scope, Where

ASKED, ANSWERED = "petition-asked", "petition-answered"  # notices
_TOLD = (Role.CLERK, Role.LEADER, Role.RECEIVER, Role.OFFICE)


def ask(desk: Desk, opening_id: int, unit_id: int, addressee_id: int, content: str, basis: str) -> int:
    """Ask a unit something with the report of a period; its key. Raises NotYours, NotNow (locked), Refusal."""
    with desk.change(Action.PETITION, f"opening {opening_id} unit {unit_id}") as change:
        opening, snapshot = openings.get(change.connection, opening_id), desk.snapshot(change.connection)
        if opening is None or unit_id not in openings.asked_units(change.connection, opening_id):
            raise NotYours
        desk.require(Action.PETITION, unit_id, opening.regime)
        if opening.is_locked:
            raise NotNow("petition-locked")
        to = dict(snapshot.units_on(desk.day)).get(addressee_id)
        if to is None or addressee_id == unit_id or to.kind is UnitKind.DIVISION:
            raise Refusal("petition-to-whom")
        words, why = reason_of(content), basis.strip()[:2000]
        take_turns(change.connection, f"petitions of unit {unit_id}")
        known = petitions.listing(change.connection, Scope.of([Where(frozenset({unit_id}))]), opening_id)
        same = next((one for one in known if (one.addressee_id, one.content) == (addressee_id, words)), None)
        if same is not None and same.state is PetitionState.ASKED:
            return same.id  # the second click
        by = desk.actor.person_id
        key = petitions.put(change.connection, opening_id, unit_id, addressee_id, words, why, by, desk.moment)
        change.on, change.unit_id = f"petition {key}", unit_id
        change.detail |= {"text": words, "unit": addressee_id}
        _tell(desk, change, ASKED, key, addressee_id, _said(snapshot, unit_id, addressee_id, words))
        return key


def settle(desk: Desk, petition_id: int, target: PetitionState, words: str) -> None:
    """Answer it as its addressee, or take it back as its unit, with words. Raises NotYours, NotNow, Refusal."""
    with desk.change(Action.ANSWER_PETITION, f"petition {petition_id}") as change:
        take_turns(change.connection, f"petition {petition_id}")
        found = petitions.get(change.connection, petition_id)
        if found is None:
            raise NotYours
        right = right_to(found.state, target)
        if right is None:
            raise NotNow("petition-settled")
        if not may(desk, found, target):
            raise NotYours
        said = reason_of(words)
        petitions.answer(change.connection, petition_id, target, said, desk.actor.person_id, desk.moment)
        notices.settle(change.connection, (ASKED,), f"petition {petition_id}", desk.moment)
        change.action, change.unit_id = right, found.unit_id
        change.detail |= {"state": target.value, "text": said}
        if right is Action.ANSWER_PETITION:
            snapshot = desk.snapshot(change.connection)
            told = _said(snapshot, found.unit_id, found.addressee_id, said)
            _tell(desk, change, ANSWERED, petition_id, found.unit_id, told)


def may(desk: Desk, found: Petition, target: PetitionState) -> bool:
    """Whether the actor may take this step with it now."""
    right = right_to(found.state, target)
    whose = found.unit_id if right is Action.PETITION else found.addressee_id
    return right is not None and desk.scope(right).allows(whose, found.regime)


def _said(snapshot: Snapshot, unit_id: int, addressee_id: int, words: str) -> dict[str, str]:
    names = snapshot.units_by_id
    return {"unit": names[unit_id].name, "to": names[addressee_id].name, "why": words}


def _tell(desk: Desk, change: Change, kind: str, key: int, unit_id: int, values: dict[str, str]) -> None:
    people = addressees.of_units(change.connection, _TOLD, [unit_id], desk.day)[unit_id]
    notices.put(change.connection, people - {desk.actor.person_id}, kind, f"petition {key}", values, desk.moment)
