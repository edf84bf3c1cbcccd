"""Files held since a session was over: their sender, signed in again, sends them on or drops them."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import holding
from registry.store.held import KEPT
from registry.workflow.policy import Action
from webui.pages import uploads
from webui.permission import page
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("holding", __name__)


@blueprint.get("/tai-len/con-giu")
@page(Action.UPLOAD)
def look() -> str:
    """One's held files."""
    at = desk()
    with at.read() as connection:
        units = at.snapshot(connection).units_by_id
    return render_template("held.html", held=holding.held(at), units=units, kept=KEPT)


@blueprint.post("/tai-len/con-giu")
@page(Action.UPLOAD)
def send() -> Response:
    """Send them on, and see what becomes of them; or drop them."""
    at = desk()
    if request.form.get("do") == "drop":
        holding.drop(at)
        flash(say("held.dropped"), "success")
    elif taken := holding.send(at):
        return uploads.answer(taken)
    return redirect(url_for("work.home"))
