"""Everything a unit ever sent, in one zip made in the background and kept for a day."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from actions import unit_exports
from actions.desk import Desk, NotYours
from registry.catalogue.model import Unit
from registry.store.engine import Connection
from registry.workflow.policy import Action
from webui.makings import said_of, told
from webui.permission import page
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("unit_exports", __name__)


@blueprint.get("/don-vi/<int:unit_id>/da-gui")
@page(Action.SEE_UPLOAD, reads="unit {unit_id}")
def look(unit_id: int) -> str:
    """What is in it, how far it is, until when it is kept."""
    at = desk()
    with at.read() as connection:
        made = unit_exports.newest(at, connection, unit_id)
        unit = _known(at, connection, unit_id)
    until = datetime.fromisoformat(made.result["until"]) if made is not None and made.is_ready else None
    return render_template("unit_export.html", unit=unit, unit_id=unit_id, made=made, said=said_of(made), until=until)


def _known(at: Desk, connection: Connection, unit_id: int) -> Unit:
    found = at.snapshot(connection).units_by_id.get(unit_id)
    if found is None:
        raise NotYours
    return found


@blueprint.post("/don-vi/<int:unit_id>/da-gui")
@page(Action.SEE_UPLOAD)
def make(unit_id: int) -> Response:
    """Have it made, or stop that."""
    if request.form.get("do") == "stop":
        unit_exports.stop(desk(), unit_id)
        flash(say("making.stopped"), "success")
    else:
        at = desk()
        with at.read() as connection:
            _known(at, connection, unit_id)
        unit_exports.prepare(at, unit_id)
    return redirect(url_for("unit_exports.look", unit_id=unit_id))


@blueprint.get("/don-vi/<int:unit_id>/da-gui.json")
@page(Action.SEE_UPLOAD)
def progress(unit_id: int) -> Response:
    """How far it is: {state, percent, words}."""
    at = desk()
    with at.read() as connection:
        return told(unit_exports.newest(at, connection, unit_id))


@blueprint.get("/don-vi/<int:unit_id>/da-gui.zip")
@page(Action.SEE_UPLOAD)
def take(unit_id: int) -> Response:
    """The zip, sent piece by piece."""
    stream = unit_exports.fetch(desk(), unit_id)
    return send_file(
        stream, mimetype="application/zip", as_attachment=True, download_name=f"da-gui_{unit_id}.zip", max_age=0
    )
