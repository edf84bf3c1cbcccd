"""Outages of the server: on record, confirmed by the office, given back to the deadlines they touched (R48)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import outages
from registry.store import outages as stored
from registry.workflow.outage import LONGEST, OutageState
from registry.workflow.policy import Action
from webui import standing
from webui.moments import said_moment
from webui.permission import page
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("outages", __name__)


@blueprint.get("/gian-doan")
@page(Action.CREDIT_OUTAGE)
def listing() -> str:
    """Those on record, newest first, and the form that enters one."""
    at = desk()
    with at.read() as connection:
        found = stored.listing(connection)
        waiting = [one for one in found if one.state is OutageState.PROPOSED]
        shifts = {one.id: outages.shifts(at, connection, one.span) for one in waiting}
    return render_template(
        "outages.html",
        found=[(one, standing.of_outage(one.state)) for one in found],
        shifts=shifts,
        longest=LONGEST.days,
        given=OutageState.CONFIRMED,
        most=outages.MOST_WORDS,
    )


@blueprint.post("/gian-doan")
@page(Action.CREDIT_OUTAGE)
def enter() -> Response:
    """Put one on record, to be confirmed."""
    at, given = desk(), request.form
    began, ended = (said_moment(given.get(name, ""), at.moment) for name in ("began", "ended"))
    outages.enter(at, began, ended, given.get("cause", ""))
    flash(say("outage.entered"), "success")
    return redirect(url_for("outages.listing"))


@blueprint.post("/gian-doan/<int:outage_id>")
@page(Action.CREDIT_OUTAGE)
def decide(outage_id: int) -> Response:
    """Give its minutes back, or not; or take back what was given."""
    do, cause = request.form.get("do"), request.form.get("cause", "")
    if do == "take-back":
        flash(say("outage.taken-back", count=outages.take_back(desk(), outage_id, cause)), "success")
        return redirect(url_for("outages.listing"))
    is_confirmed = do == "confirm"
    moved = outages.decide(desk(), outage_id, cause, is_confirmed=is_confirmed)
    flash(say("outage.confirmed", count=moved) if is_confirmed else say("outage.dismissed"), "success")
    return redirect(url_for("outages.listing"))
