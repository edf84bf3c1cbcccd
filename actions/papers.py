"""Recording the signed document a sent report came back as; its number is never made up (R44, F14)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

from actions import downloads, releasing
from actions.desk import Change, Desk, NotEntitled, NotNow, NotYours, Refusal
from actions.letters import Enclosed
from actions.receptions import receives
from actions.report_versions import seen
from registry.catalogue.model import PROVINCE
from registry.store import papers, reports, signing, uploads
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.papers import NewPaper, Paper
from registry.store.report_versions import ReportVersion
from registry.store.reports import Report
from registry.store.signing import Capacity
from registry.workflow.policy import Action
from registry.workflow.report import ReportState

MOST_NUMBER, MOST_RECIPIENTS = 100, 500  # characters


def record(
    desk: Desk, opening_id: int, unit_id: int, new: NewPaper, enclosed: Enclosed | None = None, n: int | None = None
) -> None:
    """Record number, day, signer and recipients of the document, perhaps with its scan; ``n`` is the version that was
    signed, the newest unless told.

    Raises NotYours, NotNow (the report is not sent), Refusal (no number, a day to come, no signer of the unit's).
    """
    with desk.change("record signed document", f"opening {opening_id} unit {unit_id}") as change:
        connection = change.connection
        report = reports.find(connection, desk.require(Action.ATTACH_NARRATIVE, unit_id), opening_id, unit_id)
        if report is None:
            raise NotYours
        if report.state is not ReportState.SENT:
            raise NotNow("paper-not-sent")
        signed = report.version if n is None else n
        if not 0 < signed <= report.version:
            raise NotYours
        version_id = reports.version_id(connection, report.id, signed)
        _put(desk, change, [unit_id], version_id, signed, new, enclosed)


def record_compiled(
    desk: Desk, version_id: int, new: NewPaper, enclosed: Enclosed | None = None, why_unchecked: str = ""
) -> None:
    """The same of a version of a compiled report, by who compiles for its unit; the province's leaders may have signed.
    It is issued by that: what stood open must have been signed, else the reason is given why it was not.

    Raises NotYours, NotEntitled (others compile it), Refusal.
    """
    desk.require(Action.COMPILE)
    with desk.read() as connection:
        version = seen(desk, connection, version_id)
    if not version.is_compiled:
        raise NotYours
    stood = releasing.look(desk, version_id).matters.plain
    with desk.change("record signed document", version.on) as change:
        snapshot = desk.snapshot(change.connection)
        if not receives(desk, snapshot, version.regime, version.unit_id):
            raise NotEntitled("paper-others-compile")
        change.unit_id = version.unit_id
        _put(desk, change, _signing_units(snapshot, version), version_id, version.n, new, enclosed)
        releasing.let_out(desk, change, version_id, stood, (new.number, new.dated), why_unchecked)


def _signing_units(snapshot: Snapshot, version: ReportVersion) -> list[int]:
    return [version.unit_id, snapshot.unit_ids[PROVINCE]]


def _put(
    desk: Desk,
    change: Change,
    unit_ids: list[int],
    version_id: int,
    n: int,
    new: NewPaper,
    enclosed: Enclosed | None,
) -> None:
    connection = change.connection
    if not any(one.isdigit() for one in new.number) or len(new.number) > MOST_NUMBER:
        raise Refusal("paper-number", most=MOST_NUMBER)
    if new.dated > desk.day:
        raise Refusal("paper-dated")
    if len(new.recipients) > MOST_RECIPIENTS:
        raise Refusal("paper-recipients", most=MOST_RECIPIENTS)
    held = {one.id for one in signing.capacities(connection, unit_ids) if one.holds_on(new.dated)}
    if new.capacity_id not in held:
        raise Refusal("paper-signer")
    if any(_is_same(one, new, enclosed) for one in papers.of_version(connection, version_id)[:1]):
        return  # a second click
    number = _received(desk, connection, unit_ids[0], enclosed)
    papers.put(connection, version_id, new, number, desk.actor.person_id, desk.moment)
    change.detail |= {"document": new.number, "document date": new.dated, "version": n}
    change.detail |= {"upload": number} if number else {}


def _is_same(one: Paper, new: NewPaper, enclosed: Enclosed | None) -> bool:
    told = (one.number, one.dated, one.recipients, one.file_sha)
    return told == (new.number, new.dated, new.recipients, enclosed.sha if enclosed else None)


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


def signers_of(desk: Desk, connection: Connection, version: ReportVersion) -> Sequence[Capacity]:
    """Who may have signed a compiled version; none for who records nothing of it."""
    snapshot = desk.snapshot(connection)
    if not version.is_compiled or desk.scope(Action.COMPILE).is_empty:
        return ()
    if not receives(desk, snapshot, version.regime, version.unit_id):
        return ()
    return signing.capacities(connection, _signing_units(snapshot, version))


def official_copy(desk: Desk, version_id: int, paper_id: int) -> tuple[Paper, BinaryIO]:
    """The scan of the signed document of a version, for whoever sees the version. Raises NotYours."""
    with desk.read() as connection:
        version = seen(desk, connection, version_id)
        kept = papers.of_version(connection, version.id)
    return _scan(desk, next((one for one in kept if one.id == paper_id), None))


def fetch(desk: Desk, opening_id: int, unit_id: int, paper_id: int) -> tuple[Paper, BinaryIO]:
    """The scan of a document, for whoever sees the report. Raises NotYours."""
    with desk.read() as connection:
        report = reports.find(connection, desk.require(Action.SEE_SUBMISSION, unit_id), opening_id, unit_id)
        kept = papers.of_report(connection, report.id) if report is not None else []
    return _scan(desk, next((one for one in kept if one.id == paper_id), None))


def _scan(desk: Desk, found: Paper | None) -> tuple[Paper, BinaryIO]:
    if found is None or found.file_sha is None:
        raise NotYours
    stream = desk.instance.files.open(found.file_sha)
    downloads.record(desk, f"upload {found.upload_id}", found.file_sha)
    return found, stream
