"""Files sent in: taking them, the verdict on each, and putting an accepted one before the leader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import BinaryIO, cast

from flask import Blueprint, flash, get_flashed_messages, jsonify, redirect, request, send_file, url_for
from werkzeug.wrappers import Response

from actions import correct, downloads, many, receive
from actions.behalf import at_upload
from actions.desk import Desk, NotYours, Refusal
from actions.many import Taken
from actions.personal import assert_sees_all
from actions.submit import submit
from registry.periods import parse
from registry.store import openings
from registry.store.uploads import Upload
from registry.workflow.policy import Action
from vietnamese.dates import format_moment
from webui import standing, verdicts
from webui.boxes import texts_in
from webui.explaining import explanations_in, told_of
from webui.file_names import arrived_as, handed_back_as
from webui.mishaps import NoFile, wants_json
from webui.permission import page
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
        name = arrived_as(files[0])
        try:
            taken = many.take(at, cast(BinaryIO, files[0].stream), name, unit_id, alone=wants_json())
        except Refusal as refusal:
            flash(f"{name}: {refusal}", "danger")
            raise
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
    for one in taken:
        if one.refused:
            flash(f"{one.name}: {one.refused}", "danger")
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
    upload, found, failed = verdicts.upload_of(at_upload(desk(), number), number)
    say_again(is_waiting=found is None and not failed and upload.is_kept)
    return verdicts.page_of(number)


def say_again(*, is_waiting: bool) -> None:
    """Keep what was told for the next look: a page that waits comes back by itself, before anybody has read it."""
    if is_waiting or request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate":
        for category, words in cast(list[tuple[str, str]], get_flashed_messages(with_categories=True)):
            flash(words, category)


@blueprint.get("/tep/<int:number>.json")
@page(Action.SEE_UPLOAD, reads="upload {number}")
def progress(number: int) -> Response:
    """How far the checking is: {number, state, status}."""
    upload, found, failed = verdicts.upload_of(at_upload(desk(), number), number)
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
    upload, _, _ = verdicts.upload_of(at, number)
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
    upload, _, _ = verdicts.upload_of(at, number)
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
        return verdicts.page_of(number, explained, str(refusal)), refusal.status
    flash(say("verdict.submitted"), "success")
    upload, _, _ = verdicts.upload_of(at, number)
    return redirect(url_for("submissions.one", assignment_id=upload.assignment_id))


def _corrected(at: Desk, number: int, explained: Mapping[int, str]) -> int | None:
    """The number of the correction typed into the form, None where every cell stands as it stood."""
    texts = texts_in(request.form.items())
    _, found, _ = verdicts.upload_of(at, number)
    if not texts or found is None:
        return None
    try:
        return correct.correct(at, number, texts, told_of(found.findings, explained))[0]
    except correct.NothingCorrected:
        return None
