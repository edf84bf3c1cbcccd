"""Recording the signed document a sent report came back as; its number is never made up (R44, F14)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

from actions import downloads
from actions.desk import Desk, NotNow, NotYours, Refusal
from actions.letters import Enclosed
from registry.store import papers, reports, signing, uploads
from registry.store.engine import Connection
from registry.store.papers import NewPaper, Paper
from registry.store.reports import Report
from registry.store.signing import Capacity
from registry.workflow.policy import Action
from registry.workflow.report import ReportState

MOST_NUMBER, MOST_RECIPIENTS = 100, 500  # characters


def record(desk: Desk, opening_id: int, unit_id: int, new: NewPaper, enclosed: Enclosed | None = None) -> None:
    """Record number, day, signer and recipients of the document, perhaps with its scan.

    Raises NotYours, NotNow (the report is not sent), Refusal (no number, a day to come, no signer of the unit's).
    """
    with desk.change("record signed document", f"opening {opening_id} unit {unit_id}") as change:
        connection = change.connection
        report = reports.find(connection, desk.require(Action.ATTACH_NARRATIVE, unit_id), opening_id, unit_id)
        if report is None:
            raise NotYours
        if report.state is not ReportState.SENT:
            raise NotNow("paper-not-sent")
        if not any(one.isdigit() for one in new.number) or len(new.number) > MOST_NUMBER:
            raise Refusal("paper-number", most=MOST_NUMBER)
        if new.dated > desk.day:
            raise Refusal("paper-dated")
        if len(new.recipients) > MOST_RECIPIENTS:
            raise Refusal("paper-recipients", most=MOST_RECIPIENTS)
        signers = {one.id for one in signing.capacities(connection, [unit_id]) if one.holds_on(new.dated)}
        if new.capacity_id not in signers:
            raise Refusal("paper-signer")
        number = _received(desk, connection, unit_id, enclosed)
        version_id = reports.version_id(connection, report.id, report.version)
        papers.put(connection, version_id, new, number, desk.actor.person_id, desk.moment)
        change.detail |= {"document": new.number, "document date": new.dated, "version": report.version}
        change.detail |= {"upload": number} if number else {}


def _received(desk: Desk, connection: Connection, unit_id: int, enclosed: Enclosed | None) -> int | None:
    if enclosed is None:
        return None
    stored = desk.instance.files.find(enclosed.sha)
    by, channel = desk.actor.person_id, desk.channel
    return uploads.receive(connection, stored, uploads.LETTER, enclosed.name, by, unit_id, channel, desk.moment)


def signers(desk: Desk, connection: Connection, report: Report) -> Sequence[Capacity]:
    """Who may have signed: the unit's signing capacities on record, in force or over; none for who records nothing."""
    if report.state is not ReportState.SENT or not desk.scope(Action.ATTACH_NARRATIVE).allows(report.unit_id):
        return ()
    return signing.capacities(connection, [report.unit_id])


def fetch(desk: Desk, opening_id: int, unit_id: int, paper_id: int) -> tuple[Paper, BinaryIO]:
    """The scan of a document, for whoever sees the report. Raises NotYours."""
    with desk.read() as connection:
        report = reports.find(connection, desk.require(Action.SEE_SUBMISSION, unit_id), opening_id, unit_id)
        kept = papers.of_report(connection, report.id) if report is not None else []
    found = next((one for one in kept if one.id == paper_id), None)
    if found is None or found.file_sha is None:
        raise NotYours
    stream = desk.instance.files.open(found.file_sha)
    downloads.record(desk, f"upload {found.upload_id}", found.file_sha)
    return found, stream
