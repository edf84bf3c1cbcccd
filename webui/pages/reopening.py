"""Units' requests to have approved figures open again: asked on the form's page, answered in a queue."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import reopening
from registry.workflow.policy import Action
from webui.permission import page
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("reopening", __name__)

_MOST_ANSWERED = 30


@blueprint.post("/viec/<int:assignment_id>/de-nghi-mo-lai")
@page(Action.ASK_REOPEN)
def ask(assignment_id: int) -> Response:
    """The unit asks."""
    reopening.ask(desk(), assignment_id, request.form.get("reason", ""))
    flash(say("reopening.was-asked"), "success")
    return redirect(url_for("submissions.one", assignment_id=assignment_id))


@blueprint.get("/de-nghi-mo-lai")
@page(Action.REOPEN, reads="reopenings")
def listing() -> str:
    """What waits for an answer, and what was answered last."""
    at = desk()
    with at.read() as connection:
        units = at.snapshot(connection).units_by_id
        waiting, answered = reopening.waiting(at, connection), reopening.answered(at, connection, _MOST_ANSWERED)
    return render_template(
        "reopening.html",
        waiting=[(one, units[one.unit_id]) for one in waiting],
        answered=[(one, units[one.unit_id]) for one in answered],
    )


@blueprint.post("/de-nghi-mo-lai/<int:request_id>")
@page(Action.REOPEN)
def answer(request_id: int) -> Response:
    """Open the figures, or refuse."""
    grant = request.form.get("do") == "grant"
    reopening.answer(desk(), request_id, request.form.get("reason", ""), grant=grant)
    flash(say("reopening.granted" if grant else "reopening.refused"), "success")
    return redirect(url_for("reopening.listing"))
