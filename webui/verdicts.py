"""The page of a judged file: everything found in it, what may be done next, the table as it will be stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import render_template, request

from actions import correct, receive, returned, sealing, steps
from actions.behalf import at_upload
from actions.cases import Situation
from actions.correct import Origin
from actions.desk import Desk, NotYours
from actions.parts import answering
from actions.personal import sight_of_upload
from ingest import parcel, seen
from ingest.model import Extraction
from registry.catalogue.model import Unit
from registry.catalogue.values import CellKey
from registry.findings import is_blocking
from registry.store import behalf, divisions, jobs, openings, submissions, uploads
from registry.store.behalf import Behalf
from registry.store.openings import Work
from registry.store.uploads import StoredVerdict, Upload
from registry.workflow.personal import Sight
from registry.workflow.policy import Action
from registry.workflow.submission import State
from webui import standing
from webui.boxes import Box, Boxes, CorrectedCell, named
from webui.cell_names import Named
from webui.cell_names import named as named_cells
from webui.clusters import groups_of
from webui.explaining import by_place
from webui.lists import Lines, lists_of
from webui.pages.templates import XLSX
from webui.seeking import kind_of, seek
from webui.table import Mark, Remarks, Table, cell_id, marks_of, open_findings, table_of
from webui.visitor import desk

_MOST_BLANKS = 12
_REFUSED_IDENTITY = "identity-"


def upload_of(at: Desk, number: int) -> tuple[Upload, StoredVerdict | None, bool]:
    """The upload, its newest verdict, and whether checking it was given up. Raises NotYours."""
    with at.read() as connection:
        upload = uploads.get(connection, number)
        if upload is None or upload.kind not in uploads.ANSWERS:
            raise NotYours
        at.require(Action.SEE_UPLOAD, *upload.place)
        found = uploads.newest_verdict(connection, number)
        job = None if found else jobs.newest(connection, f"{receive.JUDGE} {number}")
    return upload, found, job is not None and job.state == "failed"


@dataclass(frozen=True)
class Answered:
    """The assignment a judged file answers, drawn."""

    situated: Situation
    table: Table | None  # of a form that has one
    lists: tuple[Lines, ...]
    is_submitted: bool  # the version before the leader, or approved, came from this file
    origin: Origin
    corrections: tuple[CorrectedCell, ...]
    told: Mapping[int, str]  # explanations given before, by place
    cells: Mapping[int, str]  # where a finding's cell stands on the page, by place
    can_correct: bool
    boxes: Mapping[int, Box]  # cells to be corrected, by the place of the finding that says so


def page_of(number: int, texts: Mapping[int, str] | None = None, sentence: str = "") -> str:
    """The page, with explanations as they were typed and why they were not taken."""
    at = at_upload(desk(), number)
    upload, found, failed = upload_of(at, number)
    with at.read() as connection:
        unit: Unit = at.snapshot(connection).units_by_id[upload.unit_id]
        seen_of_it = sight_of_upload(at, connection, upload)
    if found is not None:
        told = open_findings(found.findings, found.addresses, seen_of_it)
        found = replace(found, values=dict(seen_of_it.values(found.values)), findings=told)
    answered = _answered(at, upload, found, seen_of_it) if found and upload.assignment_id else None
    work = answered.situated.work if answered else None
    can_submit = (
        found is not None
        and upload.is_kept
        and found.can_be_submitted
        and work is not None
        and answered is not None
        and not answered.is_submitted
        and answered.situated.part is None
        and steps.may(at, work, Action.SUBMIT)
    )
    groups = groups_of(found.findings) if found else []
    confirmed = _confirmed(at, number)
    proposed = receive.proposed_of(found) if found else None
    asked = (request.args.get(name, "").strip() for name in ("muc", "loai", "tim"))
    return render_template(
        "verdict.html",
        upload=upload,
        unit=unit,
        verdict=found,
        failed=failed,
        badge=standing.of_upload(upload, found.status if found else None),
        is_over=not upload.is_kept and not groups,  # what was refused for a mark still says so
        groups=groups,
        seeking=seek(groups, *asked),
        kind_of=kind_of,
        finding_badge=standing.of_finding,
        answered=answered,
        work=work,
        work_state=standing.of_submission(work.state) if work else None,
        can_submit=can_submit,
        unchanged=_unchanged(at, answered.situated, found) if can_submit and answered and found else (),
        confirmed=confirmed,
        waits_check=confirmed is None and answered is not None and _is_to_be_checked(at, answered.situated),
        can_mark=returned.can_be_marked(upload, found),
        tidied_count=len(returned.tidied_cells(found, answered.situated)) if found and answered else 0,
        texts=(answered.told if answered else {}) if texts is None else texts,
        sentence=sentence,
        xlsx=XLSX,
        blanks=_blanks(at, upload, found, proposed),
        proposed=proposed if at.scope(Action.UPLOAD).allows(*upload.place) else None,
        can_upload=at.scope(Action.UPLOAD).allows(*upload.place),
        instead=at.stands_in is not None,
        sees_form=at.scope(Action.SEE_SUBMISSION).allows(*upload.place),
        behalf=_document(at, upload),
    )


def _unchanged(at: Desk, situated: Situation, found: StoredVerdict) -> tuple[Named, ...]:
    """The cells the form came back for that the file leaves as they were, by name."""
    with at.read() as connection:
        seal = sealing.seal_of(connection, situated.work)
    same = seal.unchanged(situated, found.values) if seal else []
    return named_cells(situated.view.form, situated.view.row_set.audience, dict.fromkeys(same, ""))


def _document(at: Desk, upload: Upload) -> Behalf | None:
    """What it was sent by on the unit's behalf."""
    if upload.behalf_id is None:
        return None
    with at.read() as connection:
        return behalf.get(connection, upload.behalf_id)


def _confirmed(at: Desk, number: int) -> divisions.Confirmed | None:
    with at.read() as connection:
        return divisions.confirmed(connection, [number]).get(number)


def _is_to_be_checked(at: Desk, situated: Situation) -> bool:
    part, work = situated.part, situated.work
    if part is None:
        return False
    with at.read() as connection:
        duty = divisions.duties(connection, (work.unit_id, work.form)).get(part.division_id)
    return duty is not None and duty.checker_id is not None


def _blanks(at: Desk, upload: Upload, found: StoredVerdict | None, proposed: int | None) -> list[Work]:
    """The open workbooks the unit may fetch where the file's identity was refused: of the same form if there are."""
    if found is None or not any(one.code.startswith(_REFUSED_IDENTITY) for one in found.findings if is_blocking([one])):
        return []
    with at.read() as connection:
        works = openings.work(connection, at.scope(Action.DOWNLOAD_TEMPLATE), unit_id=upload.unit_id)
    is_open = [work for work in works if work.is_open_at(at.moment)]
    form = found.identity.get("form")
    same = [work for work in is_open if work.form == form]
    return sorted(same or is_open, key=lambda work: work.assignment_id != proposed)[:_MOST_BLANKS]


def _answered(at: Desk, upload: Upload, found: StoredVerdict, seen_of_it: Sight) -> Answered | None:
    with at.read() as connection:
        try:
            situated = answering(at, connection, Action.SEE_UPLOAD, upload.assignment_id, upload.unit_id)
        except NotYours:  # closed since, or no row of it is the division's any more
            return None
        work = situated.work
        newest = submissions.newest(connection, work.submission_id)
        sees_newest = newest is not None and at.scope(Action.SEE_SUBMISSION).allows(*upload.place)
        said = submissions.explanations(connection, [newest.id]).get(newest.id, []) if newest and sees_newest else []
        source = correct.origin(at, connection, upload)
        read = parcel.unpack(uploads.extraction(connection, found.id)) if found.addresses else Extraction(())
    view, addresses = situated.view, found.addresses
    marks = marks_of(found.findings, addresses)
    before = seen.converted(view, read, found.values, addresses)
    corrections = correct.visible(source.corrections, seen_of_it)
    remarks = Remarks(marks, before if seen_of_it.is_whole else {}, correct.first_texts(corrections))
    can_correct = (
        upload.is_kept and upload.kind != uploads.BROWSER and steps.may(at, work, Action.UPLOAD, upload.unit_id)
    )
    offered = _wrong(marks, seen.standing(view, read, found.values, addresses)) if can_correct else {}
    made = {box.key: box for box in Boxes(view, found.values, addresses).of(dict(offered.values()))}
    is_forward = work.state in (State.PENDING, State.APPROVED)
    return Answered(
        situated,
        table_of(situated, found.values, remarks) if view.cells else None,
        lists_of(situated, found.values, remarks),
        is_forward and newest is not None and newest.upload_id == upload.id,
        source,
        named(view, found.values, corrections),
        by_place(found.findings, (*said, *correct.told_with(at, upload))),
        {mark.place: cell_id(key) for key, several in marks.items() for mark in several},
        can_correct,
        {place: made[key] for place, (key, _) in offered.items()},
    )


def _wrong(marks: Mapping[CellKey, tuple[Mark, ...]], texts: Mapping[CellKey, str]) -> dict[int, tuple[CellKey, str]]:
    """The cells to be corrected, by the gravest finding about each: errors and warnings, not mere notes."""
    gravest = {key: several[0] for key, several in marks.items() if key in texts}
    return {mark.place: (key, texts[key]) for key, mark in gravest.items() if mark.badge.tone != "info"}
