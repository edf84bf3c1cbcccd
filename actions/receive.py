"""Taking a file in: durable first, numbered second, judged third (DESIGN: Ingest)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import BinaryIO

from actions import kept, parts, reading, sealing, steps
from actions.cases import Part, Situation, situation, view_of
from actions.desk import Desk, NotNow, NotYours, Refusal
from actions.destroy import discard_secret
from actions.experience import case
from actions.pieces import otherwise
from actions.reading import ReadFile
from ingest import assembled, corrected, parcel, secrecy, typed, unmarked
from ingest import identity as identities
from ingest.judge import judge, with_findings
from ingest.layout import Layout
from ingest.model import CarrierState, Case, Extraction, Identity, Status, Verdict
from ingest.unmarked import Candidate
from registry.findings import Finding, is_blocking
from registry.store import definitions, jobs, openings, people, submissions, uploads
from registry.store.codec import plain, revive
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.files import Destroyed, FileTooLarge
from registry.store.openings import Work
from registry.store.uploads import NewVerdict, StoredVerdict, Upload
from registry.workflow.policy import Action
from workbook_templates.wording import head_lines

JUDGE, CONFIRM = "judge", "confirm-form"


def receive(
    desk: Desk,
    stream: BinaryIO,
    name: str,
    unit_id: int,
    wanted: dict[str, str] | None = None,
    *,
    queue: bool = True,
) -> int:
    """Keep a workbook and give it its number; judging is queued, unless the caller judges at once.

    The same bytes again keep their number.

    ``wanted`` may narrow to {regime, period}. Raises NotYours, Refusal (too large, too many).
    """
    desk.require(Action.UPLOAD, unit_id)
    assert_pace(desk)
    try:
        stored = desk.instance.files.put(stream, limit=desk.instance.settings.upload_limit)
    except FileTooLarge:
        raise Refusal("too-large", limit=desk.instance.settings.upload_limit >> 20) from None
    except Destroyed as gone:
        raise Refusal("destroyed", act=gone.act) from None
    with desk.change(Action.UPLOAD, "upload") as change:
        same = uploads.same_file(change.connection, unit_id, stored.sha, "workbook", wanted or {}, desk.behalf_id)
        number = same or uploads.receive(
            change.connection,
            stored,
            "workbook",
            name,
            desk.actor.person_id,
            unit_id,
            desk.channel,
            desk.moment,
            wanted,
            behalf_id=desk.behalf_id,
        )
        change.on = f"upload {number}"
        change.detail |= {"sha256": stored.sha, "size": stored.size, "again": same is not None}
        if queue:
            jobs.enqueue(
                change.connection,
                JUDGE,
                {"upload": number},
                desk.moment,
                unique_key=f"{JUDGE} {number}",
                by_id=desk.actor.person_id,
            )
    desk.instance.wake.set()
    return number


def assert_pace(desk: Desk) -> None:
    """Nobody sends faster than a person can. Raises Refusal."""
    if desk.channel != "web":
        return
    key = f"upload {desk.actor.person_id}"
    with desk.instance.store.write() as connection:
        if people.count_attempts(connection, key, desk.moment - timedelta(minutes=1)) >= (
            desk.instance.settings.uploads_a_minute
        ):
            raise Refusal("too-many-uploads")
        people.record_attempt(connection, key, desk.moment, ok=True)


def judge_upload(desk: Desk, number: int, read: ReadFile | None = None) -> StoredVerdict:
    """Read and judge an upload now; judging it twice with nothing changed gives the same verdict.

    Runs for whoever sent it: as a job, or straight from the command line, which has ``read`` it already.
    Raises NotYours.
    """
    with desk.read() as connection:
        upload = uploads.get(connection, number)
    if upload is None or upload.kind not in uploads.ANSWERS:
        raise NotYours
    desk.require(Action.SEE_UPLOAD, *upload.place)
    if upload.kind in _ON_THE_PAGE:
        data = desk.instance.files.read(upload.sha)
        with desk.read() as connection:
            extraction, verdict, found = _ON_THE_PAGE[upload.kind](desk, connection, upload, data)
            verdict = _within_seal(connection, found, extraction, verdict)
        conversion = None
    else:
        known = read or _read(desk, upload)
        extraction, conversion = known.extraction, known.conversion
        with desk.read() as connection:
            given = parts.first_given(connection, desk.snapshot(connection), upload)
            sent = Sent(upload.unit_id, upload.at, upload.wanted, upload.assignment_id, given)
            verdict, found = examine(desk, connection, extraction, sent)
            verdict = _within_seal(connection, found, extraction, verdict)
    with desk.change(JUDGE, f"upload {number}") as change:
        if conversion is not None:
            uploads.put_file(change.connection, conversion, desk.moment)
        uploads.put_verdict(
            change.connection,
            number,
            NewVerdict(
                status=verdict.status,
                identity=plain(verdict.identity) | ({uploads.CONVERSION: conversion.sha} if conversion else {}),
                extraction=parcel.pack(extraction),
                values=verdict.values,
                addresses=verdict.addresses,
                findings=verdict.findings,
                definition_sha=found.definition_sha if found else "",
                background_sha=found.background_sha if found else "",
                reader=verdict.reader,
            ),
            found.work.assignment_id if found else upload.assignment_id if upload.is_part else None,
            desk.moment,
            is_part=upload.is_part or (found is not None and found.part is not None),
        )
        if found is not None and verdict.status is not Status.REFUSED:
            steps.begin(change.connection, found.work)
        change.detail |= {"status": verdict.status, "findings": len(verdict.findings)}
        if verdict.status is Status.REFUSED:
            change.action = kept.REFUSED
        stored = uploads.newest_verdict(change.connection, number)
        assert stored is not None
    for one in verdict.findings:
        if one.code in _LOGGED:
            with desk.change(_LOGGED[one.code], f"upload {number}") as change:
                change.detail |= {"sha256": upload.sha, "carriers": verdict.identity.carriers}
    if any(one.code == secrecy.MARK for one in verdict.findings):
        with desk.read() as connection:
            is_leaned_on = submissions.rests_on(connection, number)
        if not is_leaned_on:  # else it is for two people to decide (actions/destroy.py)
            discard_secret(desk, number, upload.sha)
    return stored


_LOGGED = {  # finding -> what the log calls it, beside the judgement itself
    "identity-tampered": "tampered-code",
    "identity-other-unit": "foreign-workbook",
}


def confirm(desk: Desk, number: int, assignment_id: int) -> StoredVerdict:
    """Send a file without any code as the form its layout is: the clerk's word for it, then judged like any other.

    Raises NotYours, NotNow (the file was not found to be laid out as that form).
    """
    with desk.change(CONFIRM, f"upload {number}") as change:
        upload = uploads.get(change.connection, number)
        if upload is None or upload.kind != uploads.WORKBOOK:
            raise NotYours
        desk.require(Action.UPLOAD, *upload.place)
        verdict = uploads.newest_verdict(change.connection, number)
        if verdict is None or assignment_id != proposed_of(verdict):
            raise NotNow("not-that-form")
        uploads.confirm(change.connection, number, assignment_id)
        change.detail["assignment"] = assignment_id
    return judge_upload(desk, number)


def proposed_of(verdict: StoredVerdict) -> int | None:
    """The assignment whose layout a file without a code was found to have, waiting to be confirmed."""
    asked = (dict(one.values) for one in verdict.findings if one.code == "identity-confirm-layout")
    return next((int(values["assignment"]) for values in asked), None)


def _read(desk: Desk, upload: Upload) -> ReadFile:
    """The upload's file, by way of the conversion made before if there is one."""
    with desk.read() as connection:
        verdict = uploads.newest_verdict(connection, upload.id)
    data = desk.instance.files.read(upload.sha)
    converted = verdict.conversion if verdict else None
    return reading.read(desk.instance, data, upload.name, keep=True, converted=converted)


@dataclass(frozen=True)
class Sent:
    """How a file came: whose return it is taken for, when it arrived, and what its sender says it is."""

    unit_id: int
    at: datetime
    wanted: Mapping[str, str]  # regime and period, where said
    confirmed: int | None = None  # the assignment it was confirmed to answer
    given: tuple[Work, Part] | None = None  # what it was judged as before, of a division's part


def examine(desk: Desk, connection: Connection, extraction: Extraction, sent: Sent) -> tuple[Verdict, Situation | None]:
    """Judge what was read as a return of one unit; the situation is None when no assignment of its is answered."""
    identity = identities.identify(extraction, desk.instance.token_keys)
    if is_blocking(extraction.findings):
        return Verdict(Status.REFUSED, identity, findings=extraction.findings), None
    snapshot = desk.snapshot(connection)
    works = _works(desk, connection, sent)
    if identity.state is CarrierState.MISSING:
        chosen = _without_code(connection, snapshot, extraction, works, sent)
    else:
        chosen = _assignment(connection, snapshot, identity, works, sent)
    if isinstance(chosen, Finding):
        return Verdict(Status.REFUSED, identity, findings=(*extraction.findings, chosen)), None
    if sent.given is not None:
        part: Part | None = sent.given[1]
    else:
        part = parts.part_of(connection, snapshot, chosen.work, sent.unit_id, desk.day)
    found = situation(connection, snapshot, chosen.work, part)
    verdict = judge(extraction, identity, case(connection, snapshot, found), chosen.layout)
    return _beside_parts(connection, snapshot, found, extraction, verdict), found


def _within_seal(connection: Connection, found: Situation | None, extraction: Extraction, verdict: Verdict) -> Verdict:
    """The verdict with what is changed of cells that were not returned."""
    return with_findings(verdict, sealing.findings(connection, found, verdict), extraction) if found else verdict


def _beside_parts(
    connection: Connection, snapshot: Snapshot, found: Situation, extraction: Extraction, verdict: Verdict
) -> Verdict:
    """The verdict with where the unit says other than its divisions: what they gave is not passed over in silence."""
    return with_findings(verdict, otherwise(connection, snapshot, found, extraction, verdict), extraction)


def _examine_typed(
    desk: Desk, connection: Connection, upload: Upload, data: bytes
) -> tuple[Extraction, Verdict, Situation | None]:
    """Judge what was typed on the page: its assignment is known, all else is as in a workbook."""
    found, against = _known(desk, connection, upload)
    extraction = typed.extraction(found.view, typed.unpack(data))
    verdict = judge(extraction, typed.ON_THE_PAGE, against)
    return extraction, _beside_parts(connection, desk.snapshot(connection), found, extraction, verdict), found


def _examine_corrected(
    desk: Desk, connection: Connection, upload: Upload, data: bytes
) -> tuple[Extraction, Verdict, Situation | None]:
    """Judge cells corrected on the page with everything else as it was read of the file they belong to."""
    (found, against), correction = _known(desk, connection, upload), corrected.unpack(data)
    base = uploads.newest_verdict(connection, correction.base)
    if base is None:
        raise NotYours
    read = parcel.unpack(uploads.extraction(connection, base.id))
    extraction = corrected.corrected(found.view, read, correction.cells)
    identity, layout, snapshot = revive(Identity, base.identity), None, desk.snapshot(connection)
    if identity.state is CarrierState.MISSING:
        layout = unmarked.layout_of(read, _candidate(connection, snapshot, found.work))
    verdict = judge(extraction, identity, against, layout)
    verdict = replace(verdict, findings=corrected.without_its_own(verdict.findings, base.findings))
    return extraction, _beside_parts(connection, snapshot, found, extraction, verdict), found


def _examine_assembled(
    desk: Desk, connection: Connection, upload: Upload, data: bytes
) -> tuple[Extraction, Verdict, Situation | None]:
    """Judge the parts of a unit's divisions as one form; what they give differently is found with them."""
    found, against = _known(desk, connection, upload)
    extraction = assembled.extraction(found.view, assembled.unpack(data))
    return extraction, judge(extraction, typed.ON_THE_PAGE, against), found


_ON_THE_PAGE = {
    uploads.BROWSER: _examine_typed,
    uploads.CORRECTION: _examine_corrected,
    uploads.ASSEMBLED: _examine_assembled,
}


def _known(desk: Desk, connection: Connection, upload: Upload) -> tuple[Situation, Case]:
    snapshot = desk.snapshot(connection)
    given = parts.first_given(connection, snapshot, upload)
    if given is not None:
        found = situation(connection, snapshot, *given)
    else:
        found = parts.answering(desk, connection, Action.SEE_UPLOAD, upload.assignment_id, upload.unit_id)
    return found, case(connection, snapshot, found)


@dataclass(frozen=True)
class _Chosen:
    """The assignment a file answers; its layout where that is all it is known by."""

    work: Work
    layout: Layout | None = None


def _works(desk: Desk, connection: Connection, sent: Sent) -> dict[int, Work]:
    """What its sender answers: their own assignments, and those of their unit in which a division has rows."""
    allowed, snapshot = desk.require(Action.SEE_UPLOAD, sent.unit_id), desk.snapshot(connection)
    if sent.given is not None:
        return {sent.given[0].assignment_id: sent.given[0]}
    shared = (work for work, _ in parts.of_divisions(connection, snapshot, [sent.unit_id], desk.day))
    return {
        work.assignment_id: work
        for work in (*openings.work(connection, allowed, unit_id=sent.unit_id), *shared)
        if allowed.allows(sent.unit_id, work.regime, work.form)
        and all(getattr(work, name) == sent.wanted[name] for name in _NARROWING if sent.wanted.get(name))
    }


_NARROWING = ("regime", "period")


def _assignment(
    connection: Connection, snapshot: Snapshot, identity: Identity, works: Mapping[int, Work], sent: Sent
) -> _Chosen | Finding:
    """The assignment the workbook answers, of those its unit has; the token picks, the unit's list decides."""
    unit = snapshot.units_by_id[sent.unit_id]
    expected = [
        identities.Expected(
            unit=unit.code,
            born=unit.born.year,
            regime=work.regime,
            form=work.form,
            form_version=definitions.form_version(connection, snapshot, work.form_definition_id).n,
            period=work.period,
            is_open=work.is_open_at(sent.at),
            assignment_id=work.assignment_id,
        )
        for work in works.values()
    ]
    chosen = identities.decide(identity, expected)
    return chosen if isinstance(chosen, Finding) else _Chosen(works[chosen.assignment_id])


def _without_code(
    connection: Connection, snapshot: Snapshot, extraction: Extraction, works: Mapping[int, Work], sent: Sent
) -> _Chosen | Finding:
    """The open assignment a file without any code is laid out as, once its sender has said so.

    Regime and period given with the file say so too.
    """
    whole = (work for work in works.values() if work.unit_id == sent.unit_id)
    candidates = [_candidate(connection, snapshot, work) for work in whole if work.is_open_at(sent.at)]
    confirmed = {sent.confirmed} if sent.confirmed else set()
    if all(sent.wanted.get(name) for name in _NARROWING):
        confirmed |= set(works)
    found = unmarked.recognise(extraction, candidates, confirmed)
    return found if isinstance(found, Finding) else _Chosen(works[found.assignment_id], found.layout)


def _candidate(connection: Connection, snapshot: Snapshot, work: Work) -> Candidate:
    unit = snapshot.units_by_id[work.unit_id]
    view, period = view_of(connection, snapshot, work)
    return Candidate(work.assignment_id, work.form, period.label, view, head_lines(unit, period))
