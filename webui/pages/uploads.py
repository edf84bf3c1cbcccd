"""Files sent in: taking them, the verdict on each, and putting an accepted one before the leader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import BinaryIO, cast

from flask import Blueprint, flash, jsonify, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from actions import correct, downloads, many, receive, returned, sealing, steps
from actions.behalf import at_upload
from actions.cases import Situation
from actions.correct import Origin
from actions.desk import Desk, NotYours, Refusal
from actions.many import Taken
from actions.parts import answering
from actions.personal import assert_sees_all, sight_of_upload
from actions.submit import submit
from ingest import parcel, seen
from ingest.model import Extraction
from registry.catalogue.model import Unit
from registry.catalogue.values import CellKey
from registry.findings import is_blocking
from registry.periods import parse
from registry.store import behalf, divisions, jobs, openings, submissions, uploads
from registry.store.behalf import Behalf
from registry.store.openings import Work
from registry.store.uploads import StoredVerdict, Upload
from registry.workflow.personal import Sight
from registry.workflow.policy import Action
from registry.workflow.submission import State
from vietnamese.dates import format_moment
from webui import standing
from webui.boxes import Box, Boxes, CorrectedCell, named, texts_in
from webui.cell_names import Named
from webui.cell_names import named as named_cells
from webui.clusters import groups_of
from webui.explaining import by_place, explanations_in, told_of
from webui.file_names import arrived_as, handed_back_as
from webui.lists import Lines, lists_of
from webui.mishaps import NoFile, wants_json
from webui.pages.templates import XLSX
from webui.permission import page
from webui.seeking import kind_of, seek
from webui.table import Mark, Remarks, Table, cell_id, marks_of, open_findings, table_of
from webui.typed import as_number
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("uploads", __name__)


@blueprint.post("/tai-len")
@page(Action.UPLOAD, holds="tep")
def take() -> Response:
    """Keep each file and give it its number; a script gets the numbers, a person the page of the file."""
    at = desk()
    unit_id = request.form.get("don_vi", type=as_number)
    if unit_id is None:
        raise NotYours
    at.require(Action.UPLOAD, unit_id)
    files = [one for one in request.files.getlist("tep") if one.filename]
    if not files:
        raise NoFile
    if len(files) == 1:
        taken = many.take(at, cast(BinaryIO, files[0].stream), arrived_as(files[0]), unit_id, alone=wants_json())
    else:
        taken = [one for file in files for one in many.take(at, cast(BinaryIO, file.stream), arrived_as(file), unit_id)]
    return answer(taken)


def answer(taken: list[Taken]) -> Response:
    """One file leads to its page, several to the list of them; what was not kept, or came before, is said."""
    kept = [one for one in taken if one.number is not None]
    numbers = [one.number for one in kept]
    together = url_for("many.listing", tep=numbers)
    found = [
        {"number": one.number, "url": url_for("uploads.verdict", number=one.number), "name": one.name} for one in kept
    ]
    same = [_same(one, one.same) for one in taken if one.same is not None]
    for words in same:
        flash(words, "info")
    if wants_json() and found:
        where = found[0]["url"] if len(taken) == 1 else together
        answer = jsonify(found[0] | {"url": where, "uploads": found, "same": " ".join(same)})
        answer.status_code = 201
        answer.headers["Location"] = str(where)
        return answer
    if wants_json():
        answer = jsonify(error=" ".join(f"{one.name}: {one.refused}" for one in taken))
        answer.status_code = 400
        return answer
    for one in taken:
        if one.refused:
            flash(f"{one.name}: {one.refused}", "danger")
    if len(taken) == len(kept) == 1:
        return redirect(url_for("uploads.verdict", number=numbers[0]))
    if kept:
        flash(say("upload.taken-many", count=len(kept)), "success")
    return redirect(together if kept else url_for("work.home", _anchor="tai-len"))


def _same(one: Taken, before: Upload) -> str:
    return say("upload.same", name=one.name, number=before.id, at=format_moment(before.at), before=before.name)


@blueprint.get("/tep/<int:number>")
@page(Action.SEE_UPLOAD, reads="upload {number}")
def verdict(number: int) -> str:
    """Everything found in a file, and the table as it will be stored."""
    return _verdict_page(number)


@blueprint.get("/tep/<int:number>.json")
@page(Action.SEE_UPLOAD, reads="upload {number}")
def progress(number: int) -> Response:
    """How far the checking is: {number, state, status}."""
    upload, found, failed = _upload(at_upload(desk(), number), number)
    state = "judged" if found else "failed" if failed else "waiting"
    badge = standing.of_upload(upload, found.status if found else None)
    return jsonify(
        number=upload.id, state=state, status=found.status if found else None, words=badge.text, tone=badge.tone
    )


@blueprint.get("/tep/<int:number>/tai-ve")
@page(Action.SEE_UPLOAD)
def original(number: int) -> Response:
    """The file as it came, byte for byte."""
    at = at_upload(desk(), number)
    upload, _, _ = _upload(at, number)
    with at.read() as connection:
        assert_sees_all(at, connection, upload)
    stream = at.instance.files.open(upload.sha)
    downloads.record(at, f"upload {number}", upload.sha)
    name = handed_back_as(upload.name, f"tep-{number}.xlsx")
    return send_file(stream, mimetype="application/octet-stream", as_attachment=True, download_name=name, max_age=0)


@blueprint.post("/tep/<int:number>/kiem-tra-lai")
@page(Action.SEE_UPLOAD)
def judge_again(number: int) -> Response:
    """Judge once more, with what is known now."""
    found = receive.judge_upload(at_upload(desk(), number), number)
    badge = standing.of_status(found.status)
    flash(say("verdict.judged-again", status=badge.text), "success" if badge.tone == "good" else "info")
    return redirect(url_for("uploads.verdict", number=number))


@blueprint.post("/tep/<int:number>/gui-nhu")
@page(Action.UPLOAD, also=Action.ENTER_ON_BEHALF)
def send_as(number: int) -> Response:
    """A file without a code is the form it is laid out as: the clerk says so."""
    at = at_upload(desk(), number)
    found = receive.confirm(at, number, request.form.get("viec", 0, type=as_number))
    upload, _, _ = _upload(at, number)
    if upload.assignment_id is not None:
        with at.read() as connection:
            work = openings.work(connection, at.scope(Action.SEE_UPLOAD), assignment_id=upload.assignment_id)[0]
        badge = standing.of_status(found.status)
        words = say("verdict.sent-as", form=work.form, period=parse(work.period).label, status=badge.text)
        flash(words, "success" if badge.tone == "good" else "info")
    return redirect(url_for("uploads.verdict", number=number))


@blueprint.post("/tep/<int:number>/trinh-duyet")
@page(Action.SUBMIT, also=Action.ENTER_ON_BEHALF)
def put_forward(number: int) -> Response | tuple[str, int]:
    """Submit for the leader's approval, with the explanations; nothing typed is lost when that is refused.

    Cells corrected in the same breath are kept and checked first.
    """
    explained = explanations_in(request.form.items())
    at = at_upload(desk(), number)
    try:
        made = _corrected(at, number, explained)
        if made is not None:
            flash(say("correct.then-submit"), "info")
            return redirect(url_for("uploads.verdict", number=made))
        submit(at, number, explained, keeps_returned="giu-nguyen" in request.form)
    except NotYours:
        raise
    except Refusal as refusal:
        return _verdict_page(number, explained, str(refusal)), refusal.status
    flash(say("verdict.submitted"), "success")
    upload, _, _ = _upload(at, number)
    return redirect(url_for("submissions.one", assignment_id=upload.assignment_id))


def _corrected(at: Desk, number: int, explained: Mapping[int, str]) -> int | None:
    """The number of the correction typed into the form, None where every cell stands as it stood."""
    texts = texts_in(request.form.items())
    _, found, _ = _upload(at, number)
    if not texts or found is None:
        return None
    try:
        return correct.correct(at, number, texts, told_of(found.findings, explained))[0]
    except correct.NothingCorrected:
        return None


def _upload(at: Desk, number: int) -> tuple[Upload, StoredVerdict | None, bool]:
    """The upload, its newest verdict, and whether checking it was given up."""
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


def _verdict_page(number: int, texts: Mapping[int, str] | None = None, sentence: str = "") -> str:
    at = at_upload(desk(), number)
    upload, found, failed = _upload(at, number)
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


_MOST_BLANKS = 12


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


_REFUSED_IDENTITY = "identity-"


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
