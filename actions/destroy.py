"""Destroying what should never have been sent: two people, recorded minutes, rows that stay (PRACTICE F21, R51)."""

from __future__ import annotations

from actions.desk import Desk, NotNow, NotYours, Refusal, say
from registry.store import destructions, uploads
from registry.store.destructions import Act, Step
from registry.store.engine import Connection
from registry.workflow.policy import Action

LONGEST_RECORD = 200  # characters


def propose(desk: Desk, number: int, record: str, reason: str) -> None:
    """The office proposes to destroy the content of an upload, by numbered minutes (biên bản).

    Raises NotYours, NotNow (proposed or destroyed already), Refusal (record or reason missing).
    """
    desk.require(Action.PROPOSE_DESTRUCTION)
    if not reason.strip():
        raise Refusal("reason-needed")
    if not 0 < len(record.strip()) <= LONGEST_RECORD:
        raise Refusal("record-needed")
    with desk.change(Action.PROPOSE_DESTRUCTION, f"upload {number}") as change:
        if uploads.get(change.connection, number) is None:
            raise NotYours
        if any(act.step is not Step.DECLINED for act in destructions.last(change.connection, number)):
            raise NotNow("destruction-known")
        _record(desk, change.connection, number, Step.PROPOSED, record.strip(), reason.strip())
        change.detail |= {"record": record.strip(), "reason": reason.strip()}


def decline(desk: Desk, number: int, reason: str) -> None:
    """The security officer does not agree, for a reason. Raises NotYours, NotNow, Refusal."""
    desk.require(Action.CONFIRM_DESTRUCTION)
    if not reason.strip():
        raise Refusal("reason-needed")
    with desk.change(Action.CONFIRM_DESTRUCTION, f"upload {number}") as change:
        act = _proposed(desk, change.connection, number)
        _record(desk, change.connection, number, Step.DECLINED, act.record, reason.strip())
        change.detail |= {"step": Step.DECLINED, "record": act.record, "reason": reason.strip()}


def confirm(desk: Desk, number: int) -> None:
    """The security officer agrees: what was read out of the file is emptied, then the bytes are destroyed.

    The proposer may not be the one. Its conversion, corrections of it, files compiled of it and whatever was made to be
    fetched (zips hold the bytes too) go as well; figures approved
    from the upload stay in the warehouse. The bytes go last, so that a crash leaves an act to be finished, never one
    half recorded: confirming again finishes it. Raises NotYours, NotNow.
    """
    desk.require(Action.CONFIRM_DESTRUCTION)
    with desk.change(Action.CONFIRM_DESTRUCTION, f"upload {number}") as change:
        act = _proposed(desk, change.connection, number, or_destroyed=True)
        conversions = uploads.conversions(change.connection, act.sha)
        shas = [act.sha, *conversions, *destructions.derived(change.connection, act.sha)]
        touched = destructions.empty(change.connection, act.sha)
        destructions.set_destroyed(change.connection, shas)
        if act.step is Step.PROPOSED:
            _record(desk, change.connection, number, Step.DESTROYED, act.record, act.reason)
        change.detail |= {"step": Step.DESTROYED, "record": act.record, "uploads": touched, "sha256": shas}
    for sha in shas:
        desk.instance.files.destroy(sha, say("destroyed.by-record", record=act.record))
    desk.instance.shelf.clear()


def discard_secret(desk: Desk, number: int, sha: str) -> None:
    """A file found to bear a secrecy mark is not kept: only its number, its hash and the refusal are."""
    with desk.change("discard-secret", f"upload {number}") as change:
        destructions.set_destroyed(change.connection, [sha])
        change.detail["sha256"] = sha
    desk.instance.files.destroy(sha, say("destroyed.secret"))


def _proposed(desk: Desk, connection: Connection, number: int, *, or_destroyed: bool = False) -> Act:
    acts = destructions.last(connection, number)
    steps = (Step.PROPOSED, Step.DESTROYED) if or_destroyed else (Step.PROPOSED,)
    if not acts or acts[0].step not in steps:
        raise NotYours
    if acts[0].step is Step.PROPOSED and acts[0].by_id == desk.actor.person_id:
        raise NotNow("second-person")
    return acts[0]


def _record(desk: Desk, connection: Connection, number: int, step: Step, record: str, reason: str) -> None:
    destructions.add(connection, number, step, record, reason, desk.actor.person_id, desk.moment)
