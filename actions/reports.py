"""A unit's report: the narrative in its slot, its leader's approval, sending it (R22, R25)."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import BinaryIO

from actions import events, instants
from actions.desk import Change, Changed, Desk, NotNow, NotYours, Refusal
from actions.kept import assert_fit
from actions.reasons import reason_of
from ingest.word.changes import TextChange, told
from registry.findings import Finding
from registry.store import amendments, openings, reports, submissions, unicode_copies, uploads
from registry.store.codec import pack, sha, unpack
from registry.store.engine import Connection, take_turns
from registry.store.files import Destroyed, Stored
from registry.store.reports import Report
from registry.workflow import policy
from registry.workflow.policy import EVERYWHERE, Action
from registry.workflow.report import Need, ReportStep, report_step
from registry.workflow.submission import State


def attach_narrative(desk: Desk, opening_id: int, unit_id: int, stream: BinaryIO, name: str) -> int:
    """Put a narrative (phần thuyết minh, .docx) into the report's slot; the upload's number.

    One typed in old fonts is kept as it came, with a copy in Unicode that is read and compiled instead.
    Raises NotYours, NotNow (the report is sent), Unfit, Refusal (too large), Changed.
    """
    with desk.read() as connection:
        _attachable(desk, connection, opening_id, unit_id)
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
        report = _attachable(desk, change.connection, opening_id, unit_id)
        _hold_open(desk, change.connection, report)
        number = uploads.receive(
            change.connection, stored, "narrative", name, desk.actor.person_id, unit_id, desk.channel, desk.moment
        )
        if not reports.attach(change.connection, report.id, report.lock, number):
            raise Changed
        if read.changes:
            unicode_copies.put(change.connection, number, copy, pack(read.changes), desk.moment)
        change.detail |= {"upload": number, "sha256": stored.sha}
        works = openings.work(change.connection, EVERYWHERE, opening_id=opening_id, unit_id=unit_id)
        if all(work.state is State.APPROVED for work in works):
            events.of_report(desk, change.connection, events.NARRATIVE_ATTACHED, report)
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


def forward(desk: Desk, opening_id: int, unit_id: int) -> None:
    """Put the report's narrative before the leader (trình duyệt báo cáo). Raises NotYours, NotNow, Changed."""
    with desk.change("forward report", f"opening {opening_id} unit {unit_id}") as change:
        report = _report(desk, change.connection, Action.ATTACH_NARRATIVE, opening_id, unit_id)
        if report.narrative_upload_id is None:
            raise NotNow("no-narrative")
        move(desk, change, report, ReportStep.FORWARD)
        events.of_report(desk, change.connection, events.REPORT_WAITS, report)


def withdraw(desk: Desk, opening_id: int, unit_id: int) -> None:
    """Take the report back from the leader. Raises NotYours, NotNow, Changed."""
    with desk.change("withdraw report", f"opening {opening_id} unit {unit_id}") as change:
        report = _report(desk, change.connection, Action.ATTACH_NARRATIVE, opening_id, unit_id)
        move(desk, change, report, ReportStep.WITHDRAW)
        events.of_report(desk, change.connection, events.REPORT_WITHDRAWN, report)


def approve(desk: Desk, opening_id: int, unit_id: int, seen: int) -> None:
    """Approve the report's text as the leader saw it, whatever its figures are; it is sent when those are approved too.

    ``seen`` is the report's lock on the page. Raises NotYours, NotNow, Changed.
    """
    with desk.change("approve report", f"opening {opening_id} unit {unit_id}") as change:
        report = _seen(desk, change, opening_id, unit_id, seen)
        move(desk, change, report, ReportStep.APPROVE)
        events.of_report(desk, change.connection, events.REPORT_APPROVED, report)


def give_back(desk: Desk, opening_id: int, unit_id: int, seen: int, reason: str) -> None:
    """Not approved: the report's text goes back to the clerk. Raises NotYours, NotNow, Refusal (no reason), Changed."""
    with desk.change("return report", f"opening {opening_id} unit {unit_id}") as change:
        report = _seen(desk, change, opening_id, unit_id, seen)
        move(desk, change, report, ReportStep.RETURN, reason)
        events.of_report(desk, change.connection, events.REPORT_GIVEN_BACK, report, reason=reason.strip())


def send(desk: Desk, opening_id: int, unit_id: int, seen: int | None = None) -> None:
    """Approve the unit's report, if that is not done, and send it to its receivers (duyệt báo cáo và gửi).

    Needs every form's figures approved. ``seen`` is the report's lock on the page, wherever one was looked at.
    Raises NotYours, NotNow, Changed.
    """
    with desk.change(Action.SEND_REPORT, f"opening {opening_id} unit {unit_id}") as change:
        take_turns(change.connection, f"report {opening_id} {unit_id}")
        report = _report(desk, change.connection, Action.SEND_REPORT, opening_id, unit_id)
        if report_step(report.state, ReportStep.SEND) is None:
            raise NotNow(f"report-not-{ReportStep.SEND}")
        if seen is not None and report.lock != seen:
            raise Changed
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
        reports.lay_before(change.connection, version_id, receivers, desk.moment)
        move(desk, change, replace(report, version=n), ReportStep.SEND)
        change.detail["version"] = n
        events.of_report(desk, change.connection, events.REPORT_SENT, report)
        events.of_report(desk, change.connection, events.REPORT_ARRIVED, report)


def figures_reopened(desk: Desk, change: Change, opening_id: int, unit_id: int, reason: str) -> None:
    """The report over reopened figures is to be sent again. Raises Changed."""
    report = reports.find(change.connection, EVERYWHERE, opening_id, unit_id)
    if report is None:
        return
    if report_step(report.state, ReportStep.REOPEN) is not None:
        move(desk, change, report, ReportStep.REOPEN, reason)
    elif not reports.advance(change.connection, report, report.state):
        raise Changed  # it was being sent


def move(desk: Desk, change: Change, report: Report, step: ReportStep, reason: str = "") -> None:
    """Run one step of a report's table under its lock.

    Raises NotNow (not from its state; its period is locked), Refusal (no reason, too long a one), Changed.
    """
    transition = report_step(report.state, step)
    if transition is None:
        raise NotNow(f"report-not-{step}")
    _hold_open(desk, change.connection, report)
    if transition.needs is Need.REASON or reason.strip():
        reason_of(reason)
    if not reports.advance(change.connection, report, transition.target):
        raise Changed
    signing = Action.APPROVE_ON_BEHALF if desk.stands_in is not None else transition.who
    lent = policy.lent_by(desk.actor, signing, report.unit_id, report.regime, None)
    reports.add_event(
        change.connection,
        report.id,
        report.version,
        step,
        desk.actor.person_id,
        desk.moment,
        reason.strip() or None,
        delegation_id=lent,
    )
    change.detail |= ({"reason": reason.strip()} if reason.strip() else {}) | ({"delegation": lent} if lent else {})
    events.lent_used(desk, change.connection, lent, report)


def _report(desk: Desk, connection: Connection, action: Action, opening_id: int, unit_id: int) -> Report:
    report = reports.find(connection, desk.require(action, unit_id), opening_id, unit_id)
    if report is None:
        raise NotYours
    return report


def _seen(desk: Desk, change: Change, opening_id: int, unit_id: int, seen: int) -> Report:
    report = _report(desk, change.connection, Action.SEND_REPORT, opening_id, unit_id)
    if report.lock != seen:
        raise Changed
    return report


def _attachable(desk: Desk, connection: Connection, opening_id: int, unit_id: int) -> Report:
    report = _report(desk, connection, Action.ATTACH_NARRATIVE, opening_id, unit_id)
    if report_step(report.state, ReportStep.ATTACH) is None:
        raise NotNow(f"report-not-{ReportStep.ATTACH}")
    assert_open(desk, connection, report)
    return report


def is_open(desk: Desk, connection: Connection, report: Report) -> bool:
    """False where its period is locked, and no form of it was corrected since it was sent."""
    try:
        assert_open(desk, connection, report)
    except NotNow:
        return False
    return True


def assert_open(desk: Desk, connection: Connection, report: Report) -> None:
    """Raises NotNow."""
    opening = openings.get(connection, report.opening_id)
    assert opening is not None
    instants.assert_open_but(desk, connection, opening, lambda: amendments.opens_report(connection, report.id))


def _hold_open(desk: Desk, connection: Connection, report: Report) -> None:
    def is_corrected() -> bool:
        return amendments.opens_report(connection, report.id)

    instants.assert_kept_open(desk, connection, report.opening_id, is_corrected)
