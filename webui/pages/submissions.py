"""One form of one unit in one period: how it came to be, what it holds, and the decision on it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import decide, reports, submit
from actions.behalf import at_assignment, at_report
from actions.desk import Changed, Desk, NotNow
from registry.store import openings
from registry.workflow.policy import Action
from webui.permission import page
from webui.submission import gathered
from webui.typed import as_number
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("submissions", __name__)


@blueprint.get("/viec/<int:assignment_id>")
@page(Action.SEE_SUBMISSION, reads="assignment {assignment_id}")
def one(assignment_id: int) -> str:
    """The whole story of a form."""
    return render_template("submission.html", **gathered(desk(), assignment_id))


def _to(assignment_id: int) -> Response:
    return redirect(url_for("submissions.one", assignment_id=assignment_id))


@blueprint.post("/viec/<int:assignment_id>/khong-phat-sinh")
@page(Action.SUBMIT, also=Action.ENTER_ON_BEHALF)
def nil(assignment_id: int) -> Response:
    """The whole form "không phát sinh", without a file."""
    submit.nil(at_assignment(desk(), assignment_id), assignment_id)
    flash(say("submission.nil-done"), "success")
    return _to(assignment_id)


@blueprint.post("/viec/<int:assignment_id>/thu-hoi")
@page(Action.WITHDRAW, also=Action.ENTER_ON_BEHALF)
def withdraw(assignment_id: int) -> Response:
    """Back from the leader."""
    submit.withdraw(at_assignment(desk(), assignment_id), assignment_id)
    flash(say("submission.withdrawn"), "success")
    return _to(assignment_id)


@blueprint.post("/viec/<int:assignment_id>/duyet")
@page(Action.APPROVE)
def approve(assignment_id: int) -> Response:
    """Approve the version seen, and with the box ticked send the report as it was seen."""
    at = at_assignment(desk(), assignment_id)
    left_out = decide.approve(at, assignment_id, request.form.get("version", 0, type=as_number))
    flash(say("submission.approved"), "success")
    if left_out:
        flash(say("submission.left-out", count=left_out), "warning")
    if request.form.get("send"):
        _send_too(at, assignment_id)
    return _to(assignment_id)


def _send_too(at: Desk, assignment_id: int) -> None:
    with at.read() as connection:
        work = openings.work(connection, at.scope(Action.SEE_SUBMISSION), assignment_id=assignment_id)[0]
    try:
        seen = request.form.get("lock", -1, type=as_number)
        reports.send(at_report(desk(), work.opening_id, work.unit_id), work.opening_id, work.unit_id, seen)
    except (NotNow, Changed) as refusal:
        flash(str(refusal), "warning")
    else:
        flash(say("report.was-sent"), "success")


@blueprint.post("/viec/<int:assignment_id>/tra-lai")
@page(Action.RETURN)
def send_back(assignment_id: int) -> Response:
    """Not approved, with the reason."""
    version = request.form.get("version", 0, type=as_number)
    decide.send_back(at_assignment(desk(), assignment_id), assignment_id, version, request.form.get("reason", ""))
    flash(say("submission.sent-back"), "success")
    return _to(assignment_id)


@blueprint.post("/viec/<int:assignment_id>/thu-hoi-duyet")
@page(Action.TAKE_BACK, also=Action.APPROVE_ON_BEHALF)
def take_back(assignment_id: int) -> Response:
    """The approval was a mistake: back before the leader."""
    version = request.form.get("version", 0, type=as_number)
    decide.take_back(at_assignment(desk(), assignment_id), assignment_id, version, request.form.get("reason", ""))
    flash(say("submission.taken-back"), "success")
    return _to(assignment_id)


@blueprint.post("/viec/<int:assignment_id>/mo-lai")
@page(Action.REOPEN)
def reopen(assignment_id: int) -> Response:
    """Let the unit correct what is approved."""
    version = request.form.get("version", 0, type=as_number)
    decide.reopen(desk(), assignment_id, request.form.get("reason", ""), version=version)
    flash(say("submission.reopened"), "success")
    return _to(assignment_id)
