"""“Phản ánh, hỏi đáp”: writing of trouble from any page, following one's own, reading answers meant for all (F25)."""

from __future__ import annotations

from typing import BinaryIO, cast

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from actions import feedback as acting
from actions import letters
from actions.desk import Desk, NotYours, Refusal
from actions.letters import Enclosed
from registry.store import feedback
from registry.store.definitions import Snapshot
from registry.store.feedback import Feedback
from registry.workflow.feedback import About, FeedbackKind, FeedbackStep
from registry.workflow.policy import Action
from vietnamese.fold import fold
from webui import standing, tickets, whereabouts
from webui.file_names import arrived_as
from webui.pages.letters import OPEN
from webui.pages.templates import DOCX
from webui.permission import page
from webui.typed import as_number
from webui.visitor import desk, may
from webui.wording import period_words, say

blueprint = Blueprint("feedback", __name__)

_SALT, _PDF = "feedback file", "application/pdf"


# --- writing ---------------------------------------------------------------------------------------------------------


@blueprint.get("/phan-anh/moi")
@page(Action.GIVE_FEEDBACK)
def blank() -> str:
    """The form, with what the page was about from which the person comes."""
    return _form()


@blueprint.post("/phan-anh/moi")
@page(Action.GIVE_FEEDBACK)
def take() -> Response | str | tuple[str, int]:
    """Look for answers there are, or send; what is like answers there are is shown them once before it is sent."""
    at, typed = desk(), request.form
    enclosed: Enclosed | None = None
    try:
        enclosed = chosen_file(at)
        if typed.get("do") == "find" or ("da_xem" not in typed and acting.similar(at, typed.get("noi_dung", ""))):
            return _form(enclosed, looked=True)
        kind = next((one for one in FeedbackKind if one.value == typed.get("loai")), None)
        if kind is None:
            return _form(enclosed, say("feedback.choose-kind")), 400
        number = acting.send(at, kind, typed.get("noi_dung", ""), whereabouts.asked(typed), enclosed)
    except NotYours:
        raise
    except Refusal as refusal:
        return _form(enclosed, str(refusal)), refusal.status
    flash(say("feedback.sent", number=number), "success")
    return redirect(url_for("feedback.one", feedback_id=number))


def chosen_file(at: Desk) -> Enclosed | None:
    """The file chosen now, else the one kept when the form was sent before. Raises Refusal."""
    file, ticket = request.files.get("tep_kem"), request.form.get("tep_da_giu", "")
    if file is not None and file.filename:
        stream, name = cast(BinaryIO, file.stream), arrived_as(file)
        return letters.keep(
            at, stream, name, is_open=OPEN in request.form, action=Action.GIVE_FEEDBACK, what="enclosure"
        )
    return Enclosed(*tickets.opened(_SALT, ticket)) if ticket else None


def _form(enclosed: Enclosed | None = None, sentence: str = "", *, looked: bool = False) -> str:
    at = desk()
    with at.read() as connection:
        about = acting.about(at, connection, whereabouts.asked(request.values))
        told = about_words(about, at.snapshot(connection))
    return render_template(
        "feedback_write.html",
        about=told,
        carried=whereabouts.carried(about),
        kinds=FeedbackKind,
        typed=request.form,
        enclosed=enclosed,
        ticket=tickets.sign(_SALT, enclosed.sha, enclosed.name) if enclosed else "",
        looked=looked,
        similar=acting.similar(at, request.form.get("noi_dung", "")) if looked else [],
        sentence=sentence,
        most=acting.LONGEST,
    )


def about_words(about: About, snapshot: Snapshot) -> list[tuple[str, str, str]]:
    """What it is about, as (name, words, address or nothing)."""
    lines: list[tuple[str, str, str]] = []
    if about.page:
        lines.append((say("feedback.page"), whereabouts.room_of(about.page), whereabouts.page_of(about)))
    if about.unit is not None and about.unit in snapshot.units_by_id:
        lines.append((say("feedback.unit"), snapshot.units_by_id[about.unit].name, ""))
    if about.regime:
        regime = snapshot.regimes.get(about.regime)
        lines.append((say("feedback.regime"), regime.name if regime else about.regime, ""))
    if about.period:
        lines.append((say("feedback.period"), period_words(about.period), ""))
    if about.form:
        lines.append((say("feedback.form"), about.form, ""))
    address = (
        url_for("uploads.verdict", number=about.upload) if about.upload and may(Action.SEE_UPLOAD, about.unit) else ""
    )
    if about.upload:
        lines.append((say("feedback.upload"), str(about.upload), address))
    if about.finding:
        place = f" {say('feedback.place', number=about.place)}" if about.place else ""
        anchor = f"{address}#phat-hien-{about.place - 1}" if about.place and address else ""
        lines.append((say("feedback.finding"), f"{about.finding}{place}", anchor))
    return lines


# --- one's own -------------------------------------------------------------------------------------------------------


@blueprint.get("/phan-anh")
@page(Action.GIVE_FEEDBACK)
def mine() -> str:
    """What the person wrote, and how it stands."""
    at = desk()
    with at.read() as connection:
        found = feedback.of_person(connection, at.actor.person_id)
    wanted = fold(request.args.get("tim", "")).split()
    shown = [one for one in found if all(word in fold(one.text) for word in wanted)]
    return render_template(
        "feedback_mine.html", found=[(one, standing.of_feedback(one, at.moment)) for one in shown], total=len(found)
    )


@blueprint.get("/phan-anh/<int:feedback_id>")
@page(Action.GIVE_FEEDBACK)
def one(feedback_id: int) -> str:
    """One's own: what was said, what can be done."""
    at = desk()
    with at.read() as connection:
        found = acting.own(at, connection, feedback_id)
    return story_page(at, found, as_sender=True)


@blueprint.post("/phan-anh/<int:feedback_id>")
@page(Action.GIVE_FEEDBACK)
def step(feedback_id: int) -> Response | tuple[str, int]:
    """Reply, close, reopen."""
    return step_sent(feedback_id, as_sender=True)


@blueprint.get("/phan-anh/<int:feedback_id>/tep/<int:number>")
@page(Action.GIVE_FEEDBACK)
def file(feedback_id: int, number: int) -> Response:
    """A file laid beside one's own."""
    return file_sent(feedback_id, number, as_sender=True)


def story_page(at: Desk, found: Feedback, sentence: str = "", *, as_sender: bool) -> str:
    """One thing written with all that was said of it."""
    with at.read() as connection:
        taken = feedback.steps(connection, [found.id])[found.id]
        about = about_words(acting.shown(at, connection, found.about), at.snapshot(connection))
        ruled = acting.rules(connection)
        shared = feedback.shared(connection, found.id)
    return render_template(
        "feedback_one.html",
        one=found,
        taken=taken,
        about=about,
        badge=standing.of_feedback(found, at.moment),
        steps=acting.steps_open(at, found, ruled, as_sender=as_sender),
        step=FeedbackStep,
        as_sender=as_sender,
        may_share=not as_sender and found.answered_at is not None and may(Action.SETTLE_FEEDBACK),
        shared=shared[0] if shared else None,
        last_answer=next((one.text for one in reversed(taken) if one.step is FeedbackStep.ANSWER), ""),
        typed=request.form,
        sentence=sentence,
        most=acting.LONGEST,
        most_question=acting.LONGEST_QUESTION,
    )


def step_sent(feedback_id: int, *, as_sender: bool) -> Response | tuple[str, int]:
    """Take the step a button sent; nothing typed is lost when it is refused."""
    at, typed = desk(), request.form
    wanted = next((one for one in FeedbackStep if one.value == typed.get("do")), None)
    if wanted is None:
        raise NotYours
    with at.read() as connection:
        before = (acting.own if as_sender else acting.see)(at, connection, feedback_id)
    version = typed.get("version", default=-1, type=as_number)
    try:
        enclosed = chosen_file(at)
        text = typed.get("noi_dung", "")
        acting.take_step(at, feedback_id, wanted, version, text, enclosed, as_sender=as_sender)
    except NotYours:
        raise
    except Refusal as refusal:
        return story_page(at, before, str(refusal), as_sender=as_sender), refusal.status
    flash(say(f"feedback.done.{wanted}"), "success")
    room = "feedback" if as_sender else "feedback_desk"
    return redirect(url_for(f"{room}.one", feedback_id=feedback_id))


def file_sent(feedback_id: int, number: int, *, as_sender: bool) -> Response:
    """A file laid beside it, to be kept by the reader."""
    found, stream = acting.fetch(desk(), feedback_id, number, as_sender=as_sender)
    mimetype = _PDF if found.name.lower().endswith(".pdf") else DOCX
    return send_file(stream, mimetype=mimetype, as_attachment=True, download_name=found.name, max_age=0)


# --- answers for all -------------------------------------------------------------------------------------------------


@blueprint.get("/phan-anh/dung-chung")
@page(Action.GIVE_FEEDBACK)
def shared() -> str:
    """Answers everybody may read; those that speak of what is looked for."""
    at, wanted = desk(), request.args.get("tim", "").strip()
    with at.read() as connection:
        known = feedback.shared(connection)
    words = fold(wanted).split()
    found = [one for one in known if all(word in one.fold for word in words)]
    return render_template("feedback_shared.html", found=found, total=len(known), wanted=wanted)
