"""A unit's report: the narrative in its slot, sending it up, and how the receiver takes it (R22, R25)."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import BinaryIO

from actions.askers import is_own
from actions.desk import Changed, Desk, NotNow, NotYours, Refusal
from actions.kept import assert_fit
from ingest.word.changes import TextChange, told
from registry.findings import Finding
from registry.store import openings, reports, submissions, unicode_copies, uploads
from registry.store.codec import pack, sha, unpack
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.files import Destroyed, Stored
from registry.store.reports import Report
from registry.workflow import policy
from registry.workflow.policy import Action
from registry.workflow.submission import ReceptionState, ReportState, State


def attach_narrative(desk: Desk, opening_id: int, unit_id: int, stream: BinaryIO, name: str) -> int:
    """Put a narrative (phần thuyết minh, .docx) into the report's slot; the upload's number.

    One typed in old fonts is kept as it came, with a copy in Unicode that is read and compiled instead.
    Raises NotYours, NotNow (the report is sent), Unfit, Refusal (too large), Changed.
    """
    with desk.read() as connection:
        _draft(desk, connection, Action.ATTACH_NARRATIVE, opening_id, unit_id)
    limit = desk.instance.settings.upload_limit
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise Refusal("too-large", limit=limit >> 20)
    looked = desk.instance.pool.narrative(data, name)
    assert_fit(desk, Action.ATTACH_NARRATIVE, data, looked.findings, "narrative-refused")
    read = looked.rewritten
    stored = _kept(desk, data)
    copy = _kept(desk, read.data) if read.data else None
    with desk.change(Action.ATTACH_NARRATIVE, f"opening {opening_id} unit {unit_id}") as change:
        report = _draft(desk, change.connection, Action.ATTACH_NARRATIVE, opening_id, unit_id)
        number = uploads.receive(
            change.connection, stored, "narrative", name, desk.actor.person_id, unit_id, desk.channel, desk.moment
        )
        if not reports.attach(change.connection, report.id, report.lock, number):
            raise Changed
        if read.changes:
            unicode_copies.put(change.connection, number, copy, pack(read.changes), desk.moment)
        change.detail |= {"upload": number, "sha256": stored.sha}
        return number


def _kept(desk: Desk, data: bytes) -> Stored:
    try:
        return desk.instance.files.put(io.BytesIO(data))
    except Destroyed as gone:
        raise Refusal("destroyed", act=gone.act) from None


@dataclass(frozen=True)
class Conversion:
    """What became of a report's narrative; without changes where it was Unicode already."""

    report: Report
    changes: tuple[TextChange, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the person who sent it is told."""
        return told(self.changes, self.report.narrative_name or "")


def conversion(desk: Desk, opening_id: int, unit_id: int) -> Conversion:
    """How a report's narrative was converted to Unicode. Raises NotYours."""
    with desk.read() as connection:
        report = reports.find(connection, desk.require(Action.SEE_SUBMISSION, unit_id), opening_id, unit_id)
        if report is None or report.narrative_upload_id is None:
            raise NotYours
        packed = unicode_copies.changes(connection, report.narrative_upload_id)
    return Conversion(report, tuple(unpack(list[TextChange], packed)) if packed else ())


def send(desk: Desk, opening_id: int, unit_id: int) -> None:
    """Approve the unit's report and send it to its receivers (duyệt báo cáo và gửi).

    Needs every form's figures approved. Raises NotYours, NotNow, Changed.
    """
    with desk.change(Action.SEND_REPORT, f"opening {opening_id} unit {unit_id}") as change:
        report = _draft(desk, change.connection, Action.SEND_REPORT, opening_id, unit_id)
        works = [
            work
            for work in openings.work(change.connection, desk.scope(Action.SEND_REPORT), opening_id=opening_id)
            if work.unit_id == unit_id
        ]
        if any(work.state is not State.APPROVED for work in works):
            raise NotNow("figures-not-approved")
        newest = [submissions.newest(change.connection, work.submission_id) for work in works]
        inputs = [version.id for version in newest if version is not None]
        snapshot = desk.snapshot(change.connection)
        version_id, n = reports.add_version(
            change.connection,
            report.id,
            desk.moment,
            inputs,
            sha([inputs, report.narrative_sha]),
            desk.actor.person_id,
            report.narrative_upload_id,
        )
        receivers = [snapshot.unit_ids[code] for code in snapshot.regimes[report.regime].receivers]
        if not reports.send(change.connection, report, version_id, receivers, desk.moment):
            raise Changed
        sending = Action.SEND_REPORT if desk.stands_in is None else Action.APPROVE_ON_BEHALF
        lent = policy.lent_by(desk.actor, sending, unit_id, report.regime, None)
        reports.add_event(
            change.connection, report.id, n, "send", desk.actor.person_id, desk.moment, delegation_id=lent
        )
        change.detail |= {"version": n} | ({"delegation": lent} if lent else {})


def take(desk: Desk, opening_id: int, reception_id: int, reason: str | None = None) -> None:
    """Receive a unit's report, or with a reason send it back for completion (trả lại, yêu cầu bổ sung).

    A report sent back leaves the receiver's totals at once. Raises NotYours, NotNow, Refusal.
    """
    with desk.change(Action.RECEIVE_REPORT, f"reception {reception_id}") as change:
        found = next((one for one in reports.receptions(change.connection, opening_id) if one.id == reception_id), None)
        opening = openings.get(change.connection, opening_id)
        if found is None or opening is None:
            raise NotYours
        if not receives(desk, desk.snapshot(change.connection), opening.regime, found.receiver_id):
            raise NotYours
        if found.state is ReceptionState.RETURNED or (found.state is ReceptionState.RECEIVED and reason is None):
            raise NotNow("already-taken")
        if reason is not None and not reason.strip():
            raise Refusal("reason-needed")
        state = ReceptionState.RECEIVED if reason is None else ReceptionState.RETURNED
        reports.decide_reception(
            change.connection, reception_id, state, desk.actor.person_id, desk.moment, reason and reason.strip()
        )
        if state is ReceptionState.RETURNED:
            reports.reopen(change.connection, found.report_id)
        change.detail |= {"unit": found.unit_id, "state": state, "reason": reason}


def receives(desk: Desk, snapshot: Snapshot, regime: str, receiver_id: int) -> bool:
    """True when the person may decide for the receiver: who asked for a report once receives it too (R19)."""
    if policy.receives(desk.actor, receiver_id, regime):
        return True
    return is_own(desk, snapshot, regime) and snapshot.unit_ids.get(snapshot.regimes[regime].lead) == receiver_id


def _draft(desk: Desk, connection: Connection, action: Action, opening_id: int, unit_id: int) -> Report:
    allowed = desk.require(action, unit_id)
    report = reports.find(connection, allowed, opening_id, unit_id)
    if report is None:
        raise NotYours
    if report.state is not ReportState.DRAFT:
        raise NotNow("report-sent")
    return report
