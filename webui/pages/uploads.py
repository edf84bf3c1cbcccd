"""Files sent in: taking them, the verdict on each, and putting an accepted one before the leader."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO, cast

from flask import Blueprint, flash, jsonify, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from actions import downloads, receive
from actions.cases import Situation, situation
from actions.desk import Desk, NotYours, Refusal
from actions.submit import submit
from registry.catalogue.model import Unit
from registry.store import jobs, openings, submissions, uploads
from registry.store.uploads import StoredVerdict, Upload
from registry.workflow.policy import Action
from registry.workflow.submission import State, step
from webui import standing
from webui.clusters import groups_of
from webui.file_names import arrived_as, handed_back_as
from webui.lists import Lines, lists_of
from webui.mishaps import NoFile, wants_json
from webui.pages.templates import XLSX
from webui.permission import page
from webui.table import Table, table_of
from webui.visitor import desk, may
from webui.wording import say

blueprint = Blueprint("uploads", __name__)

_PLACE = re.compile(r"giai-trinh-[0-9]{1,6}")


@blueprint.post("/tai-len")
@page(Action.UPLOAD)
def take() -> Response:
    """Keep each file and give it its number; a script gets the numbers, a person the page of the file."""
    at = desk()
    unit_id = request.form.get("don_vi", type=int)
    if unit_id is None:
        raise NotYours
    at.require(Action.UPLOAD, unit_id)
    files = [one for one in request.files.getlist("tep") if one.filename]
    if not files:
        raise NoFile
    kept: list[tuple[int, str]] = []
    for file in files:
        try:
            name = arrived_as(file)
            kept.append((receive.receive(at, cast(BinaryIO, file.stream), name, unit_id), name))
        except NotYours:
            raise
        except Refusal as refusal:
            if len(files) == 1:
                raise
            flash(f"{arrived_as(file)}: {refusal}", "danger")
    return _taken(kept)


def _taken(kept: list[tuple[int, str]]) -> Response:
    found = [
        {"number": number, "url": url_for("uploads.verdict", number=number), "name": name} for number, name in kept
    ]
    if wants_json() and found:
        answer = jsonify(found[0] | {"uploads": found})
        answer.status_code = 201
        answer.headers["Location"] = str(found[0]["url"])
        return answer
    if len(kept) == 1:
        return redirect(url_for("uploads.verdict", number=kept[0][0]))
    if kept:
        flash(
            say("upload.taken-many", count=len(kept), numbers=", ".join(str(number) for number, _ in kept)), "success"
        )
    return redirect(url_for("work.home"))


@blueprint.get("/tep/<int:number>")
@page(Action.SEE_UPLOAD)
def verdict(number: int) -> str:
    """Everything found in a file, and the table as it will be stored."""
    return _verdict_page(number)


@blueprint.get("/tep/<int:number>.json")
@page(Action.SEE_UPLOAD)
def progress(number: int) -> Response:
    """How far the checking is: {number, state, status}."""
    upload, found, failed = _upload(desk(), number)
    state = "judged" if found else "failed" if failed else "waiting"
    badge = standing.of_status(found.status if found else None)
    return jsonify(
        number=upload.id, state=state, status=found.status if found else None, words=badge.text, tone=badge.tone
    )


@blueprint.get("/tep/<int:number>/tai-ve")
@page(Action.SEE_UPLOAD)
def original(number: int) -> Response:
    """The file as it came, byte for byte."""
    at = desk()
    upload, _, _ = _upload(at, number)
    stream = at.instance.files.open(upload.sha)
    downloads.record(at, f"upload {number}", upload.sha)
    name = handed_back_as(upload.name, f"tep-{number}.xlsx")
    return send_file(stream, mimetype="application/octet-stream", as_attachment=True, download_name=name, max_age=0)


@blueprint.post("/tep/<int:number>/kiem-tra-lai")
@page(Action.SEE_UPLOAD)
def judge_again(number: int) -> Response:
    """Judge once more, with what is known now."""
    found = receive.judge_upload(desk(), number)
    badge = standing.of_status(found.status)
    flash(say("verdict.judged-again", status=badge.text), "success" if badge.tone == "good" else "info")
    return redirect(url_for("uploads.verdict", number=number))


@blueprint.post("/tep/<int:number>/trinh-duyet")
@page(Action.SUBMIT)
def put_forward(number: int) -> Response | tuple[str, int]:
    """Submit for the leader's approval, with the explanations; nothing typed is lost when that is refused."""
    texts = {
        int(name.removeprefix("giai-trinh-")): text for name, text in request.form.items() if _PLACE.fullmatch(name)
    }
    at = desk()
    try:
        submit(at, number, texts)
    except NotYours:
        raise
    except Refusal as refusal:
        return _verdict_page(number, texts, str(refusal)), refusal.status
    flash(say("verdict.submitted"), "success")
    upload, _, _ = _upload(at, number)
    return redirect(url_for("submissions.one", assignment_id=upload.assignment_id))


def _upload(at: Desk, number: int) -> tuple[Upload, StoredVerdict | None, bool]:
    """The upload, its newest verdict, and whether checking it was given up."""
    with at.read() as connection:
        upload = uploads.get(connection, number)
        if upload is None or upload.kind not in uploads.ANSWERS:
            raise NotYours
        at.require(Action.SEE_UPLOAD, upload.unit_id)
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


def _verdict_page(number: int, texts: Mapping[int, str] | None = None, sentence: str = "") -> str:
    at = desk()
    upload, found, failed = _upload(at, number)
    with at.read() as connection:
        unit: Unit = at.snapshot(connection).units_by_id[upload.unit_id]
    answered = _answered(at, upload, found) if found and upload.assignment_id else None
    work = answered.situated.work if answered else None
    can_submit = (
        found is not None
        and found.can_be_submitted
        and work is not None
        and answered is not None
        and not answered.is_submitted
        and step(work.state, Action.SUBMIT) is not None
        and may(Action.SUBMIT, upload.unit_id)
    )
    return render_template(
        "verdict.html",
        upload=upload,
        unit=unit,
        verdict=found,
        failed=failed,
        badge=standing.of_status(found.status if found else None),
        groups=groups_of(found.findings) if found else (),
        finding_badge=standing.of_finding,
        answered=answered,
        work=work,
        work_state=standing.of_submission(work.state) if work else None,
        can_submit=can_submit,
        texts=texts or {},
        sentence=sentence,
        xlsx=XLSX,
    )


def _answered(at: Desk, upload: Upload, found: StoredVerdict) -> Answered | None:
    with at.read() as connection:
        works = openings.work(connection, at.scope(Action.SEE_UPLOAD), assignment_id=upload.assignment_id)
        if not works:
            return None
        situated = situation(connection, at.snapshot(connection), works[0])
        newest = submissions.newest(connection, works[0].submission_id)
    shown = (situated, found.values, found.findings, found.addresses)
    table = table_of(*shown) if situated.view.cells else None
    is_forward = works[0].state in (State.PENDING, State.APPROVED)
    return Answered(
        situated, table, lists_of(*shown), is_forward and newest is not None and newest.upload_id == upload.id
    )
