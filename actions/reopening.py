"""A unit asks for its approved figures to be open again; whoever receives its report grants it or not (F17)."""

from __future__ import annotations

from actions import events, steps
from actions.desk import Changed, Desk, NotNow, NotYours
from actions.reasons import reason_of
from actions.receptions import receives
from actions.reports import figures_reopened
from actions.steps import Given
from registry.store import openings, reopenings
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.openings import Work
from registry.store.reopenings import Reopening
from registry.workflow.policy import Action
from registry.workflow.reopening import Answer

MOST_WORDS = 1000  # characters of a reason


def ask(desk: Desk, assignment_id: int, reason: str) -> int:
    """Ask those who receive the unit's report to open approved figures; the request's number.

    Raises NotYours, NotNow (not approved, or asked already), Refusal (no reason).
    """
    words = reason_of(reason, MOST_WORDS)
    with desk.change(Action.ASK_REOPEN, f"assignment {assignment_id}") as change:
        reopenings.take_turns(change.connection, assignment_id)
        work = steps.work_of(desk, change.connection, assignment_id, Action.ASK_REOPEN)
        if not steps.is_possible(work, Action.REOPEN, desk.moment):
            raise NotNow("cannot-reopen")
        if any(one.is_open for one in reopenings.of_assignment(change.connection, assignment_id)):
            raise NotNow("reopening-asked")
        number = reopenings.ask(change.connection, assignment_id, words, desk.actor.person_id, desk.moment)
        change.detail |= {"reason": words}
        events.reopening_asked(desk, change.connection, work, words)
        return number


def answer(desk: Desk, request_id: int, reason: str = "", *, grant: bool) -> Reopening:
    """Open the figures, or refuse with a reason; the request.

    What was approved stays counted until its successor is. Raises NotYours, Refusal (refused without a reason), NotNow,
    Changed (answered already).
    """
    words = reason.strip()[:MOST_WORDS] if grant else reason_of(reason, MOST_WORDS)
    with desk.change(Action.REOPEN, "reopening") as change:
        found = reopenings.get(change.connection, request_id)
        if found is None or not decides(desk, desk.snapshot(change.connection), found.regime):
            raise NotYours
        work = _asked(desk, change.connection, found.assignment_id, grant=grant)
        change.on = f"assignment {found.assignment_id}"
        reopenings.take_turns(change.connection, found.assignment_id)
        given = Answer.GRANTED if grant else Answer.REFUSED
        by = desk.actor.person_id
        if not reopenings.answer(change.connection, found, given, words or None, by, desk.moment):
            raise Changed
        events.reopening_answered(desk, change.connection, work, words, is_granted=grant)
        if grant:
            steps.take(desk, change, work, Action.REOPEN, Given(work.version, found.reason))
            figures_reopened(desk, change, work.opening_id, work.unit_id, found.reason)
        change.detail |= {"answer": given} | ({"reason": words} if words else {})
        return found


def _asked(desk: Desk, connection: Connection, assignment_id: int, *, grant: bool) -> Work:
    """The form; in a locked period it cannot be opened, and the request can be refused. Raises NotYours, NotNow."""
    if grant:
        return steps.work_of(desk, connection, assignment_id, Action.REOPEN)
    works = openings.work(connection, desk.require(Action.REOPEN), assignment_id=assignment_id)
    if not works:
        raise NotYours
    return works[0]


def waiting(desk: Desk, connection: Connection) -> list[Reopening]:
    """The requests the actor is to answer."""
    return _mine(desk, connection, reopenings.waiting(connection))


def answered(desk: Desk, connection: Connection, limit: int) -> list[Reopening]:
    """The requests answered last, of those that are the actor's to answer."""
    return _mine(desk, connection, reopenings.answered(connection, limit))


def _mine(desk: Desk, connection: Connection, found: list[Reopening]) -> list[Reopening]:
    if not found or desk.scope(Action.REOPEN).is_empty:
        return []
    snapshot = desk.snapshot(connection)
    deciding = {regime: decides(desk, snapshot, regime) for regime in {one.regime for one in found}}
    return [one for one in found if deciding[one.regime]]


def decides(desk: Desk, snapshot: Snapshot, regime: str) -> bool:
    """True for whoever receives the regime's reports at one of its receivers."""
    receivers = snapshot.regimes[regime].receivers if regime in snapshot.regimes else ()
    return any(receives(desk, snapshot, regime, snapshot.unit_ids[one]) for one in receivers)
