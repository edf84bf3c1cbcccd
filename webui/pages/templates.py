"""Workbooks to fill: one form, or everything of a period in one zip."""

from __future__ import annotations

import io
from itertools import chain

from flask import Blueprint, send_file
from werkzeug.wrappers import Response

from actions import distribute, outlines
from registry.workflow.policy import Action
from webui.permission import page
from webui.visitor import desk

blueprint = Blueprint("templates", __name__)

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/bieu-mau/<int:assignment_id>.xlsx")
@page(Action.DOWNLOAD_TEMPLATE)
def workbook(assignment_id: int) -> Response:
    """The workbook of one assignment."""
    made = distribute.workbook(desk(), assignment_id)
    return send_file(io.BytesIO(made.data), mimetype=XLSX, as_attachment=True, download_name=made.name, max_age=0)


@blueprint.get("/de-cuong/<int:opening_id>/<int:unit_id>.docx")
@page(Action.DOWNLOAD_TEMPLATE)
def outline(opening_id: int, unit_id: int) -> Response:
    """The outline of one unit's report."""
    made = outlines.outline(desk(), opening_id, unit_id)
    return send_file(io.BytesIO(made.data), mimetype=DOCX, as_attachment=True, download_name=made.name, max_age=0)


@blueprint.get("/ky-bao-cao/<regime>/<period>/bieu-mau.zip")
@page(Action.DOWNLOAD_TEMPLATE)
def workbooks(regime: str, period: str) -> Response:
    """Every workbook and outline of a period the person may hand out, a folder for each unit."""
    at = desk()
    made = chain(distribute.workbooks(at, regime, period), outlines.outlines(at, regime, period))
    data = distribute.bundle(made)
    name = f"bieu-mau_{regime}_{period}.zip"
    return send_file(io.BytesIO(data), mimetype="application/zip", as_attachment=True, download_name=name, max_age=0)
