"""Destroying the content of an upload by recorded minutes: proposing it, and the second person's decision."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import destroy
from registry.store import destructions
from registry.workflow.policy import Action
from webui.permission import page
from webui.typed import as_number
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("destroying", __name__)


@blueprint.get("/tieu-huy")
@page(Action.SEE_DESTRUCTION)
def acts() -> str:
    """What was proposed, declined and destroyed; for the two who have a part in it."""
    at = desk()
    at.require(Action.SEE_DESTRUCTION)
    with at.read() as connection:
        found = destructions.last(connection)
    return render_template(
        "destroying.html",
        acts=found,
        steps=destructions.Step,
        number=request.args.get("tep", type=as_number),
        longest=destroy.LONGEST_RECORD,
    )


@blueprint.post("/tieu-huy")
@page(Action.PROPOSE_DESTRUCTION)
def propose() -> Response:
    """Propose to destroy the content of an upload."""
    number = request.form.get("number", default=0, type=as_number)
    destroy.propose(desk(), number, request.form.get("record", ""), request.form.get("reason", ""))
    flash(say("destroy.was-proposed", number=number), "success")
    return redirect(url_for("destroying.acts"))


@blueprint.post("/tieu-huy/<int:number>")
@page(Action.CONFIRM_DESTRUCTION)
def decide(number: int) -> Response:
    """Destroy, or decline with a reason."""
    if request.form.get("do") == "destroy":
        destroy.confirm(desk(), number)
        flash(say("destroy.was-confirmed", number=number), "success")
    else:
        destroy.decline(desk(), number, request.form.get("reason", ""))
        flash(say("destroy.was-declined"), "success")
    return redirect(url_for("destroying.acts"))
