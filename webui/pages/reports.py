"""A unit's report: its narrative, and sending it; the files of the compiled one."""

from __future__ import annotations

from typing import BinaryIO, cast

from flask import Blueprint, flash, redirect, request, send_file, url_for
from werkzeug.wrappers import Response

from actions import downloads, outlines, reports
from actions.desk import NotYours
from registry.store import reports as stored
from registry.workflow.policy import Action
from webui.file_names import arrived_as, handed_back_as
from webui.mishaps import NoFile
from webui.pages.templates import DOCX, XLSX
from webui.permission import page
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("reports", __name__)

TYPES = {"xlsx": XLSX, "docx": DOCX}


@blueprint.post("/bao-cao-don-vi/<int:opening_id>/<int:unit_id>/thuyet-minh")
@page(Action.ATTACH_NARRATIVE)
def attach(opening_id: int, unit_id: int) -> Response:
    """Put a narrative into the report's slot."""
    file = request.files.get("thuyet_minh")
    if file is None or not file.filename:
        raise NoFile
    name = arrived_as(file)
    at = desk()
    reports.attach_narrative(at, opening_id, unit_id, cast(BinaryIO, file.stream), name)
    flash(say("report.attached", name=name), "success")
    blank = outlines.unwritten(at, opening_id, unit_id)
    if blank:
        flash(say("report.unwritten", headings="; ".join(blank)), "warning")
    return redirect(url_for("work.home"))


@blueprint.get("/bao-cao-don-vi/<int:opening_id>/<int:unit_id>/thuyet-minh")
@page(Action.SEE_SUBMISSION)
def narrative(opening_id: int, unit_id: int) -> Response:
    """The narrative as it came."""
    at = desk()
    with at.read() as connection:
        report = stored.find(connection, at.require(Action.SEE_SUBMISSION, unit_id), opening_id, unit_id)
    if report is None or report.narrative_sha is None:
        raise NotYours
    stream = at.instance.files.open(report.narrative_sha)
    downloads.record(at, f"narrative of opening {opening_id} unit {unit_id}", report.narrative_sha)
    name = handed_back_as(report.narrative_name, "thuyet-minh.docx")
    return send_file(stream, mimetype=DOCX, as_attachment=True, download_name=name, max_age=0)


@blueprint.post("/bao-cao-don-vi/<int:opening_id>/<int:unit_id>/gui")
@page(Action.SEND_REPORT)
def send(opening_id: int, unit_id: int) -> Response:
    """Approve the report and send it to its receivers."""
    reports.send(desk(), opening_id, unit_id)
    flash(say("report.was-sent"), "success")
    return redirect(url_for("work.home"))


@blueprint.get("/bao-cao/<int:version_id>/<kind>")
@page(Action.SEE_REPORT)
def compiled(version_id: int, kind: str) -> Response:
    """A file of a compiled report."""
    at = desk()
    at.require(Action.SEE_REPORT)
    with at.read() as connection:
        found = stored.compiled_file(connection, version_id, kind)
    if found is None or kind not in TYPES:
        raise NotYours
    stream = at.instance.files.open(found.sha)
    downloads.record(at, f"compiled report {version_id} {kind}", found.sha)
    return send_file(stream, mimetype=TYPES[kind], as_attachment=True, download_name=found.name, max_age=0)
