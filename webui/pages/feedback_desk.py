"""What others wrote, for whoever answers: the unit's administrator, then the office."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from actions import feedback as acting
from actions.desk import Refusal
from actions.difficulties import Paper, Words, gather, half_named, half_of, take_away
from actions.feedback import Wording
from compile.difficulties import by_kind, by_unit
from registry.periods import parse
from registry.store import feedback
from registry.workflow.feedback import (
    ANSWERED,
    ASKED,
    BOUNDS,
    WAITING,
    WAITING_AT_OFFICE,
    WAITING_AT_UNIT,
    FeedbackKind,
    FeedbackState,
)
from registry.workflow.policy import Action
from webui import standing
from webui.pages.feedback import file_sent, step_sent, story_page
from webui.pages.templates import DOCX, XLSX
from webui.permission import page
from webui.visitor import desk, may
from webui.wording import say

blueprint = Blueprint("feedback_desk", __name__)

# What a chip of the list shows.
GROUPS: dict[str, tuple[FeedbackState, ...]] = {
    "cho-don-vi": WAITING_AT_UNIT,
    "cho-van-phong": WAITING_AT_OFFICE,
    "cho-nguoi-gui": ASKED,
    "da-tra-loi": ANSWERED,
    "da-dong": (FeedbackState.CLOSED,),
    "tat-ca": (),
}


@blueprint.get("/phan-anh/xu-ly")
@page(Action.SEE_FEEDBACK, reads="all feedback")
def listing() -> str:
    """What waits, the soonest due first; everything else by chip and words."""
    at = desk()
    allowed = at.require(Action.SEE_FEEDBACK)
    chosen, wanted = request.args.get("muc", ""), request.args.get("tim", "").strip()
    states = GROUPS.get(chosen, WAITING)
    with at.read() as connection:
        found = feedback.listing(connection, allowed, states=states, words=wanted)
        counts = feedback.counts(connection, allowed)
        ruled = acting.rules(connection)
    groups = [(name, sum(counts.get(one, 0) for one in of or FeedbackState)) for name, of in GROUPS.items()]
    return render_template(
        "feedback_list.html",
        found=[(one, standing.of_feedback(one, at.moment)) for one in found],
        groups=groups,
        waiting=sum(counts.get(one, 0) for one in WAITING),
        chosen=chosen if chosen in GROUPS else "",
        wanted=wanted,
        rules=ruled,
        bounds=BOUNDS,
        may_settle=may(Action.SETTLE_FEEDBACK),
    )


@blueprint.get("/phan-anh/xu-ly/<int:feedback_id>")
@page(Action.SEE_FEEDBACK, reads="feedback {feedback_id}")
def one(feedback_id: int) -> str:
    """One of them: what was said, what can be done."""
    at = desk()
    with at.read() as connection:
        found = acting.see(at, connection, feedback_id)
    return story_page(at, found, as_sender=False)


@blueprint.post("/phan-anh/xu-ly/<int:feedback_id>")
@page(Action.SEE_FEEDBACK)
def step(feedback_id: int) -> Response | tuple[str, int]:
    """Take, ask back, hand on, answer, close."""
    return step_sent(feedback_id, as_sender=False)


@blueprint.get("/phan-anh/xu-ly/<int:feedback_id>/tep/<int:number>")
@page(Action.SEE_FEEDBACK)
def file(feedback_id: int, number: int) -> Response:
    """A file laid beside it."""
    return file_sent(feedback_id, number, as_sender=False)


@blueprint.post("/phan-anh/xu-ly/<int:feedback_id>/dung-chung")
@page(Action.SETTLE_FEEDBACK)
def share(feedback_id: int) -> Response | tuple[str, int]:
    """Let everybody read the answer, in the words of the form; or no longer."""
    at, typed = desk(), request.form
    try:
        if typed.get("do") == "withdraw":
            acting.withdraw(at, feedback_id)
        else:
            wording = Wording(typed.get("cau_hoi", ""), typed.get("tra_loi", ""), "da_doc" in typed)
            acting.share(at, feedback_id, wording)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        with at.read() as connection:
            found = acting.see(at, connection, feedback_id)
        return story_page(at, found, str(refusal), as_sender=False), refusal.status
    flash(say("feedback.withdrawn" if typed.get("do") == "withdraw" else "feedback.shared-now"), "success")
    return redirect(url_for("feedback_desk.one", feedback_id=feedback_id))


@blueprint.get("/phan-anh/tong-hop")
@page(Action.SETTLE_FEEDBACK, reads="feedback difficulties")
def difficulties() -> str:
    """What was written in half a year: counts by kind and by unit, and the list to be taken away."""
    at = desk()
    period = half_named(request.args["ky"]) if request.args.get("ky") else half_of(at.day)
    half = gather(at, period, _words())
    now = half_of(at.day)
    years = range(now.year, now.year - 3, -1)
    halves = [parse(f"{year}H{n}") for year in years for n in (2, 1) if (year, n) <= (now.year, now.number)]
    return render_template(
        "feedback_difficulties.html",
        half=half,
        halves=halves,
        tables=(by_kind(half), by_unit(half)),
        is_over=at.day > period.last,
    )


@blueprint.get("/phan-anh/tong-hop/<period>.<any(docx, xlsx):paper>")
@page(Action.SETTLE_FEEDBACK)
def take_difficulties(period: str, paper: str) -> Response:
    """The list as a document or a workbook."""
    at = desk()
    made = take_away(at, gather(at, half_named(period), _words()), Paper(paper))
    mimetype = DOCX if paper == Paper.DOCUMENT else XLSX
    return send_file(BytesIO(made.data), mimetype=mimetype, as_attachment=True, download_name=made.name, max_age=0)


def _words() -> Words:
    return Words(
        {one: say(f"feedback.kinds.{one}") for one in FeedbackKind},
        {one: say(f"feedback.is.{one}") for one in FeedbackState},
    )


@blueprint.post("/phan-anh/quy-tac")
@page(Action.SETTLE_FEEDBACK)
def put_rules() -> Response:
    """How soon answers are expected."""
    acting.change_rules(desk(), request.form)
    flash(say("feedback.rules-changed"), "success")
    return redirect(url_for("feedback_desk.listing"))
