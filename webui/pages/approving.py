"""All forms that wait for a leader in one list: those without warnings are ticked and approved together."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import batch
from registry.store.definitions import form_version
from registry.workflow.policy import Action
from webui import standing
from webui.permission import page
from webui.typed import as_number
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("approving", __name__)


@blueprint.get("/cho-duyet")
@page(Action.APPROVE)
def listing() -> str:
    """What waits, with the version each tick would approve."""
    return _page(())


@blueprint.post("/cho-duyet")
@page(Action.APPROVE)
def approve() -> Response | str:
    """Approve what was ticked, each in the version that was seen; what changed since is listed with the reason."""
    seen = dict(request.form.getlist("viec", type=_seen))
    outcomes = batch.approve_seen(desk(), seen)
    done = sum(one.refused is None for one in outcomes)
    if done:
        flash(say("bulk.done", count=done), "success")
    if left_out := sum(one.left_out for one in outcomes):
        flash(say("submission.left-out", count=left_out), "warning")
    refused = tuple(one for one in outcomes if one.refused is not None)
    if not seen:
        flash(say("bulk.none-ticked"), "warning")
    return _page(refused) if refused else redirect(url_for("approving.listing"))


def _seen(text: str) -> tuple[int, int]:
    """``12:3``: an assignment and the version seen of it. Raises ValueError."""
    assignment, _, version = text.partition(":")
    return as_number(assignment), as_number(version)


def _page(refused: tuple[batch.Outcome, ...]) -> str:
    at = desk()
    with at.read() as connection:
        snapshot = at.snapshot(connection)
        waiting = batch.waiting(at, connection)
        titles = {
            one.work.form_definition_id: form_version(connection, snapshot, one.work.form_definition_id).form.title
            for one in waiting
        }
    return render_template(
        "approving.html",
        lines=[(one, standing.of_deadline(one.work, at.moment, snapshot.calendar)) for one in waiting],
        units=snapshot.units_by_id,
        titles=titles,
        refused=refused,
        can_tick=any(one.may_be_ticked for one in waiting),
    )
