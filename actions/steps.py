"""The one way a submission takes a step of its table: what it needs is asked, its lock taken, its event written.

Nothing is half done: a refusal leaves the transaction, and with it whatever else the action wrote.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from actions import events
from actions.desk import Change, Changed, Desk, NotNow, NotYours, Refusal
from actions.instants import assert_kept_open, give_time_to_correct, lead_of
from actions.reasons import reason_of
from registry.store import amendments, openings, reopenings, submissions
from registry.store.engine import Connection
from registry.store.openings import Work
from registry.workflow.policy import Action, lent_by
from registry.workflow.submission import Need, Transition, step

_NOT_NOW = {
    Action.UPLOAD: "cannot-submit",
    Action.SUBMIT: "cannot-submit",
    Action.WITHDRAW: "cannot-withdraw",
    Action.APPROVE: "not-waiting",
    Action.RETURN: "not-waiting",
    Action.TAKE_BACK: "cannot-take-back",
    Action.REOPEN: "cannot-reopen",
}


@dataclass(frozen=True, slots=True)
class Given:
    """What is given with a step, as far as the table asks it."""

    version: int | None = None  # that was looked at
    reason: str = ""
    unexplained: int = 0  # warnings nobody has explained
    is_long_ago: bool = False  # the approval, for it to be taken back
    is_counted: bool = False  # by a report that was sent or compiled


NOTHING = Given()


def work_of(desk: Desk, connection: Connection, assignment_id: int, action: Action) -> Work:
    """The form, within what the actor may do this to. Raises NotYours, NotNow (its period is locked)."""
    found = openings.work(connection, desk.require(action), assignment_id=assignment_id)
    if not found:
        raise NotYours
    if found[0].is_locked:
        raise NotNow("period-locked", who=lead_of(desk.snapshot(connection), found[0].regime))
    return found[0]


def is_possible(work: Work, action: Action, moment: datetime) -> bool:
    """True when the form's state and the period allow the step; what is given with it is not asked yet."""
    found = step(work.state, action)
    if found is None or work.is_locked:
        return False
    return Need.OPEN not in found.needs or work.is_open_at(moment)


def may(desk: Desk, work: Work, action: Action, by: int | None = None) -> bool:
    """True when it is possible and the actor's to take for the unit, or for its division ``by``."""
    allowed = desk.scope(action).allows(by or work.unit_id, work.regime, work.form)
    return allowed and is_possible(work, action, desk.moment)


def needed(work: Work, action: Action, moment: datetime, given: Given = NOTHING) -> Transition:
    """The step, when everything it needs is there.

    Raises NotNow (locked, closed, not from this state, approved too long ago, counted), Changed (another version was
    seen), Refusal (no reason, or not every warning explained).
    """
    if work.is_locked:
        raise NotNow("period-is-locked")
    found = step(work.state, action)
    if found is None:
        raise NotNow(_NOT_NOW[action])
    if Need.OPEN in found.needs and not work.is_open_at(moment):
        raise NotNow("reception-closed")
    if Need.SEEN in found.needs and given.version != work.version:
        raise Changed
    if Need.RECENT in found.needs and given.is_long_ago:
        raise NotNow("approved-long-ago")
    if Need.UNCOUNTED in found.needs and given.is_counted:
        raise NotNow("approval-counted")
    if Need.REASON in found.needs:
        reason_of(given.reason)
    if Need.EXPLAINED in found.needs and given.unexplained:
        raise Refusal("explanation-needed", count=given.unexplained)
    return found


def begin(connection: Connection, work: Work) -> None:
    """Something was sent of a form nobody had begun. It is no step of its story, and whoever was quicker is right."""
    found = step(work.state, Action.UPLOAD)
    if found is not None and found.target is not work.state:
        submissions.advance(connection, work.submission_id, work.lock, found.target, work.version)


def take(
    desk: Desk,
    change: Change,
    work: Work,
    action: Action,
    given: Given = NOTHING,
    *,
    version: int | None = None,
    own_entry: bool = False,
) -> int:
    """Take the step, leaving the form at ``version`` (the one it has, unless told); the key of its event.

    Raises what ``needed`` raises, and Changed when somebody else was quicker. A request to open the form again is
    answered by its being opened, however that came.
    """
    found = needed(work, action, desk.moment, given)
    _hold_open(desk, change.connection, work)
    if action is Action.REOPEN:
        reopenings.take_turns(change.connection, work.assignment_id)
    n = work.version if version is None else version
    deciding = found.instead if desk.stands_in is not None and found.instead else action
    lent = lent_by(desk.actor, deciding, work.unit_id, work.regime, work.form)
    if not submissions.advance(change.connection, work.submission_id, work.lock, found.target, n):
        raise Changed
    reason = given.reason.strip() if Need.REASON in found.needs else None
    change.on = f"submission {work.submission_id}"
    change.detail |= {"version": n}
    change.detail |= {"reason": reason} if reason else {}
    change.detail |= {"delegation": lent} if lent else {}
    change.detail |= {"own entry": True} if own_entry else {}
    key = submissions.add_event(
        change.connection,
        work.submission_id,
        n,
        action.value,
        desk.actor.person_id,
        desk.moment,
        reason,
        delegation_id=lent,
        own_entry=own_entry,
    )
    if action is Action.REOPEN:
        give_time_to_correct(desk, change, work.opening_id, work.unit_id, given.reason.strip())
        reopenings.settle(change.connection, work.assignment_id, reason, desk.actor.person_id, desk.moment)
    events.of_step(desk, change.connection, action, work, reason or "", lent)
    return key


def _hold_open(desk: Desk, connection: Connection, work: Work) -> None:
    """Raises NotNow: its period was locked since it was looked at."""

    def is_corrected() -> bool:
        return amendments.open_of(connection, work.assignment_id) is not None

    assert_kept_open(desk, connection, work.opening_id, is_corrected)
