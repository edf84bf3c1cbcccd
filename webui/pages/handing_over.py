"""“Bàn giao”: somebody leaves, somebody else takes what they had; looked at before it is done."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import hand_over
from registry.workflow.policy import Action
from webui.filled import day_of
from webui.pages.staff import unit_of
from webui.permission import page
from webui.typed import as_number
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("handing_over", __name__)


@blueprint.get("/don-vi/<int:unit_id>/ban-giao/<int:person_id>")
@page(Action.MANAGE_PEOPLE, reads="unit {unit_id}")
def look(unit_id: int, person_id: int) -> str:
    """What would move."""
    at = desk()
    at.require(Action.MANAGE_PEOPLE, unit_id)
    with at.read() as connection:
        snapshot = at.snapshot(connection)
        found = hand_over.look(at, connection, unit_id, person_id)
        unit = unit_of(snapshot, unit_id)
    return render_template("hand_over.html", found=found, unit=unit, unit_id=unit_id, today=at.day)


@blueprint.post("/don-vi/<int:unit_id>/ban-giao/<int:person_id>")
@page(Action.MANAGE_PEOPLE)
def move(unit_id: int, person_id: int) -> Response:
    """Do it."""
    at, filled = desk(), request.form
    hand_over.move(
        at,
        unit_id,
        person_id,
        filled.get("to", default=0, type=as_number),
        day_of("first") or at.day,
        filled.get("reason", "")[:500],
        filled.get("document", "")[:200],
    )
    flash(say("hand-over.done"), "success")
    return redirect(url_for("staff.one", unit_id=unit_id))
