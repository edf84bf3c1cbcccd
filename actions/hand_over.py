"""Handing over when somebody leaves: roles, what was lent, rounds planned ahead; nothing is left without an owner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from actions import grants as giving
from actions import telling
from actions.desk import Change, Desk, NotEntitled, NotYours, Refusal
from actions.grants import may_give, people_of, person_of
from actions.rounds import ROUND
from registry.catalogue.model import Role
from registry.store import grants, jobs, openings, people, rounds, signing
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.grants import Held, NewGrant
from registry.store.openings import Work
from registry.store.people import Person
from registry.store.rounds import PlannedRound
from registry.store.signing import Capacity, Delegation, NewDelegation
from registry.workflow.policy import MATRIX, Action, Scope, Where
from registry.workflow.submission import State


@dataclass(frozen=True)
class HandOver:
    """What somebody leaves in a unit, and who may take it."""

    leaver: Person
    unit_id: int
    moves: tuple[Held, ...]  # roles that go to the successor
    stays: tuple[Held, ...]  # roles the actor may not give: the office decides
    lent: tuple[Delegation, ...]  # by the leaver: the successor lends it on
    borrowed: tuple[Delegation, ...]  # by the leaver from a leader
    capacities: tuple[Capacity, ...]  # of the leaver: they end, they are his own
    rounds: tuple[PlannedRound, ...]  # planned by the leaver, not open yet
    works: tuple[Work, ...]  # open work the moving roles reach
    successors: tuple[Person, ...]


def look(desk: Desk, connection: Connection, unit_id: int, leaver_id: int) -> HandOver:
    """What would move. Raises NotYours."""
    desk.require(Action.MANAGE_PEOPLE, unit_id)
    snapshot = desk.snapshot(connection)
    held = [
        one for one in grants.of_person(connection, leaver_id) if one.unit_id == unit_id and one.is_open_on(desk.day)
    ]
    leaver = people.by_id(connection, leaver_id)
    if leaver is None or not held:
        raise NotYours
    moves = tuple(one for one in held if may_give(desk, connection, unit_id, one.role, below=one.below))
    lending = [one for one in signing.delegations(connection, [unit_id]) if one.is_open_on(desk.day)]
    return HandOver(
        leaver,
        unit_id,
        moves,
        tuple(one for one in held if one not in moves),
        tuple(one for one in lending if one.from_id == leaver_id),
        tuple(one for one in lending if one.to_id == leaver_id),
        tuple(
            one
            for one in signing.capacities(connection, [unit_id])
            if one.person_id == leaver_id and one.is_open_on(desk.day)
        ),
        tuple(
            one
            for one in rounds.planned_by(connection, leaver_id)
            if _lead(snapshot, one.regime) == snapshot.units_by_id[unit_id].code
        ),
        tuple(_open_works(connection, moves)),
        tuple(one for one in people_of(desk, connection, unit_id) if one.id != leaver_id),
    )


def _lead(snapshot: Snapshot, regime: str) -> str:
    found = snapshot.regimes.get(regime)
    return found.lead if found else ""


def _open_works(connection: Connection, moves: tuple[Held, ...]) -> list[Work]:
    entering = (Role.CLERK, Role.LEADER)
    places = [Where(frozenset({one.unit_id}), one.regime, one.form) for one in moves if one.role in entering]
    return [one for one in openings.work(connection, Scope.of(places)) if one.state is not State.APPROVED]


def move(desk: Desk, unit_id: int, leaver_id: int, successor_id: int, first: date, reason: str, document: str) -> None:
    """Give the successor what the leaver leaves, from a day on; the leaver keeps it until the day before.

    Raises NotYours, Refusal (no reason, a day past, one who would enter and approve, rounds nobody may open).
    """
    desk.require(Action.MANAGE_PEOPLE, unit_id)
    if not reason.strip():
        raise Refusal("reason-needed")
    giving.assert_days(desk, first, None)
    with desk.change("hand over", f"person {leaver_id}") as change:
        found = look(desk, change.connection, unit_id, leaver_id)
        successor = person_of(desk, change.connection, unit_id, successor_id)
        if successor.id == leaver_id:
            raise NotYours
        if successor.id == desk.actor.person_id:
            raise NotEntitled("grant-to-oneself")
        if (found.lent or found.borrowed) and not document.strip():
            raise Refusal("delegation-needs-document")
        given = [_give(desk, change, one, successor_id, first) for one in found.moves]
        lent = [
            _lend(desk, change, one, found, successor_id, first, document) for one in (*found.lent, *found.borrowed)
        ]
        for one in found.capacities:
            signing.end_capacity(change.connection, one.id, first - timedelta(days=1), desk.moment)
        _move_rounds(desk, change, found, successor_id)
        change.unit_id = unit_id
        change.detail |= {"unit": unit_id, "to person": successor_id, "from": first, "reason": reason.strip()}
        change.detail |= {"document": document.strip(), "grants": [key for key in given if key]}
        change.detail |= {"delegations": [key for key in lent if key], "rounds": [one.id for one in found.rounds]}


def _give(desk: Desk, change: Change, one: Held, to: int, first: date) -> int | None:
    """The successor's grant; None where he holds all of it already."""
    begins = max(first, one.valid_from)
    new = NewGrant(to, one.role, one.unit_id, one.below, one.regime, one.form, begins, one.valid_to)
    key = None
    if one.valid_to is None or first <= one.valid_to:
        try:
            key = giving.put(desk, change, new)
        except Refusal as refusal:
            if refusal.code != "grant-exists":
                raise
    if first <= max(desk.day, one.valid_from):
        grants.revoke(change.connection, one.id, desk.moment)
    else:
        grants.end(change.connection, one.id, first - timedelta(days=1))
    return key


def _lend(
    desk: Desk, change: Change, one: Delegation, found: HandOver, to: int, first: date, document: str
) -> int | None:
    lender = to if one.from_id == found.leaver.id else one.from_id
    borrower = to if one.to_id == found.leaver.id else one.to_id
    begins = max(first, one.valid_from)
    signing.end_delegation(change.connection, one.id, first - timedelta(days=1), desk.moment)
    telling.no_longer_lent(desk, change.connection, one, first - timedelta(days=1))
    if lender == borrower or one.valid_to < begins:
        return None
    new = NewDelegation(
        lender, borrower, one.unit_id, one.forms, begins, one.valid_to, one.reason, document.strip() or one.document
    )
    key = signing.delegate(change.connection, new, desk.actor.person_id, desk.moment)
    telling.lent(desk, change.connection, key)
    return key


def _move_rounds(desk: Desk, change: Change, found: HandOver, to: int) -> None:
    if not found.rounds:
        return
    asking = MATRIX[Action.REQUEST]
    held = [one for one in grants.of_person(change.connection, to) if one.is_open_on(desk.day)]
    if not any(one.role in asking and (one.role is Role.OFFICE or one.unit_id == found.unit_id) for one in held):
        raise Refusal("rounds-need-asker")
    for one in found.rounds:
        rounds.hand_over(change.connection, one.id, to)
        jobs.hand_over(change.connection, f"{ROUND} {one.id} ", to)
