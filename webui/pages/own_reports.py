"""The unit's own report as a document: Word at once, PDF in the background, of what stands now."""

from __future__ import annotations

import io

from flask import Blueprint, flash, redirect, request, send_file, url_for
from werkzeug.wrappers import Response

from actions import draft_prints, own_reports
from actions.behalf import at_report
from registry.workflow.policy import Action
from webui.makings import told
from webui.pages.reports import TYPES
from webui.permission import page
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("own_reports", __name__)


@blueprint.get("/bao-cao-don-vi/<int:opening_id>/<int:unit_id>/ban-in.docx")
@page(Action.SEE_SUBMISSION)
def document(opening_id: int, unit_id: int) -> Response:
    """What stands now as a docx: a draft until everything is approved."""
    made = own_reports.fetch_draft(at_report(desk(), opening_id, unit_id), opening_id, unit_id)
    return send_file(
        io.BytesIO(made.data), mimetype=TYPES["docx"], as_attachment=True, download_name=made.name, max_age=0
    )


@blueprint.post("/bao-cao-don-vi/<int:opening_id>/<int:unit_id>/ban-in")
@page(Action.SEE_SUBMISSION)
def make_pdf(opening_id: int, unit_id: int) -> Response:
    """Have the PDF made, or stop that."""
    at = at_report(desk(), opening_id, unit_id)
    if request.form.get("do") == "stop":
        draft_prints.stop(at, opening_id, unit_id)
        flash(say("making.stopped"), "success")
    else:
        draft_prints.prepare(at, opening_id, unit_id)
    return redirect(url_for("reports.one", opening_id=opening_id, unit_id=unit_id, _anchor="ban-in"))


@blueprint.get("/bao-cao-don-vi/<int:opening_id>/<int:unit_id>/ban-in.json")
@page(Action.SEE_SUBMISSION)
def progress(opening_id: int, unit_id: int) -> Response:
    """How far the PDF is: {state, percent, words}."""
    at = at_report(desk(), opening_id, unit_id)
    with at.read() as connection:
        made = draft_prints.newest(connection, own_reports.basis(at, connection, opening_id, unit_id))
    return told(made)


@blueprint.get("/bao-cao-don-vi/<int:opening_id>/<int:unit_id>/ban-in.pdf")
@page(Action.SEE_SUBMISSION)
def pdf(opening_id: int, unit_id: int) -> Response:
    """The PDF of what stands now."""
    name, stream = draft_prints.fetch(at_report(desk(), opening_id, unit_id), opening_id, unit_id)
    return send_file(stream, mimetype=TYPES["pdf"], as_attachment=True, download_name=name, max_age=0)
