"""How those who receive a report take it: each for itself, one report or all that are listed (R12, R22)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from actions import events, instants
from actions.askers import is_own
from actions.desk import Change, Changed, Desk, NotNow, NotYours
from actions.reasons import reason_of
from actions.reports import move
from registry.store import openings, reports
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.reports import Reception
from registry.workflow import policy
from registry.workflow.policy import EVERYWHERE, Action
from registry.workflow.report import Need, ReceptionStep, ReportStep, reception_step, report_step
from vietnamese.dates import format_due


def take(
    desk: Desk, opening_id: int, reception_id: int, reason: str | None = None, resend_by: datetime | None = None
) -> None:
    """Receive a unit's report, or with a reason send it back for completion (trả lại, yêu cầu bổ sung), to have it
    again by a moment: two working days unless told, never before the deadline in force.

    A report sent back leaves this receiver's totals at once, and no other's. Raises NotYours, NotNow (also: the
    period is locked), Refusal, Changed.
    """
    with desk.change(Action.RECEIVE_REPORT, f"reception {reception_id}") as change:
        (found,) = _theirs(desk, change.connection, opening_id, [reception_id])
        step = ReceptionStep.RECEIVE if reason is None else ReceptionStep.RETURN
        if step is ReceptionStep.RETURN:
            reason_of(reason or "")
            resend_by = instants.give_time(desk, change, opening_id, found.unit_id, (reason or "").strip(), resend_by)
        _decide(desk, change, opening_id, [found], step, reason or "", resend_by)
        change.detail["unit"] = found.unit_id
        if resend_by is None:
            _tell(desk, change.connection, opening_id, [found], events.REPORT_RECEIVED)
            return
        report = reports.find(change.connection, EVERYWHERE, opening_id, found.unit_id)
        if report is not None and report_step(report.state, ReportStep.SEND_BACK) is not None:
            move(desk, change, report, ReportStep.SEND_BACK, reason or "")
        due = format_due(resend_by)
        _tell(desk, change.connection, opening_id, [found], events.REPORT_RETURNED, (reason or "").strip(), due=due)


def take_all(desk: Desk, opening_id: int, reception_ids: Collection[int]) -> int:
    """Receive all of the listed reports that are still to be decided on; how many. Raises NotYours."""
    with desk.change(Action.RECEIVE_REPORT, f"opening {opening_id}") as change:
        listed = _theirs(desk, change.connection, opening_id, reception_ids)
        taken = [one for one in listed if reception_step(one.state, ReceptionStep.RECEIVE) is not None]
        _decide(desk, change, opening_id, taken, ReceptionStep.RECEIVE)
        change.detail |= {"units": sorted(one.unit_id for one in taken)}
        _tell(desk, change.connection, opening_id, taken, events.REPORT_RECEIVED)
        return len(taken)


def compiled(desk: Desk, change: Change, opening_id: int, version_id: int, receiver_id: int) -> None:
    """The reports whose figures a compiled version counted are compiled at its receiver, and their units know."""
    counted = reports.counted_in(change.connection, version_id, receiver_id)
    _decide(desk, change, opening_id, counted, ReceptionStep.COMPILE)
    _tell(desk, change.connection, opening_id, counted, events.REPORT_COMPILED)


def receives(desk: Desk, snapshot: Snapshot, regime: str, receiver_id: int) -> bool:
    """True when the person may decide for the receiver: who asked for a report once receives it too (R19)."""
    if policy.receives(desk.actor, receiver_id, regime):
        return True
    return is_own(desk, snapshot, regime) and snapshot.unit_ids.get(snapshot.regimes[regime].lead) == receiver_id


def _theirs(desk: Desk, connection: Connection, opening_id: int, reception_ids: Collection[int]) -> list[Reception]:
    """Receptions of newest versions, which the actor decides on. Raises NotYours."""
    opening = openings.get(connection, opening_id)
    found = [one for one in reports.receptions(connection, opening_id) if one.id in reception_ids]
    if opening is None or {one.id for one in found} != set(reception_ids):
        raise NotYours
    snapshot = desk.snapshot(connection)
    if not all(receives(desk, snapshot, opening.regime, one) for one in {one.receiver_id for one in found}):
        raise NotYours
    return found


def _decide(
    desk: Desk,
    change: Change,
    opening_id: int,
    known: Sequence[Reception],
    step: ReceptionStep,
    reason: str = "",
    resend_by: datetime | None = None,
) -> None:
    """Run one step of the receptions' table; none but sending back changes what a locked period holds.

    Raises NotNow (also: sent back though locked), Refusal (no reason, too long a one), Changed.
    """
    why, targets = reason.strip() or None, set()
    for transition in (reception_step(one.state, step) for one in known):
        if transition is None:
            raise NotNow("already-taken")
        if transition.needs is Need.REASON:
            reason_of(reason)
        targets.add(transition.target)
    if step is ReceptionStep.RETURN:
        instants.assert_unlocked(desk, change.connection, openings.hold(change.connection, opening_id))
    for target in targets:  # one: a step leads to one state, from wherever
        if not reports.decide_receptions(
            change.connection, known, target, desk.actor.person_id, desk.moment, why, resend_by
        ):
            raise Changed
        change.detail |= {"state": target} | ({"reason": why} if why else {})
    change.detail |= {"due": resend_by.isoformat()} if resend_by else {}


def _tell(
    desk: Desk,
    connection: Connection,
    opening_id: int,
    decided: Iterable[Reception],
    kind: str,
    reason: str = "",
    **said: str,
) -> None:
    """The units' people learn who decided what on their reports."""
    receivers = {one.report_id: one.receiver_id for one in decided}
    if not receivers:
        return
    listed = [one for one in reports.listing(connection, EVERYWHERE, opening_id=opening_id) if one.id in receivers]
    for receiver_id in sorted(set(receivers.values())):
        theirs = [one for one in listed if receivers[one.id] == receiver_id]
        events.taken(desk, connection, kind, theirs, receiver_id, reason, **said)
