"""Workbooks to fill: one form, or everything of a period in one zip."""

from __future__ import annotations

import io

from flask import Blueprint, send_file
from werkzeug.wrappers import Response

from actions import distribute
from registry.workflow.policy import Action
from webui.permission import page
from webui.visitor import desk

blueprint = Blueprint("templates", __name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/bieu-mau/<int:assignment_id>.xlsx")
@page(Action.DOWNLOAD_TEMPLATE)
def workbook(assignment_id: int) -> Response:
    """The workbook of one assignment."""
    made = distribute.workbook(desk(), assignment_id)
    return send_file(io.BytesIO(made.data), mimetype=XLSX, as_attachment=True, download_name=made.name, max_age=0)


@blueprint.get("/ky-bao-cao/<regime>/<period>/bieu-mau.zip")
@page(Action.DOWNLOAD_TEMPLATE)
def workbooks(regime: str, period: str) -> Response:
    """Every workbook of a period the person may hand out, a folder for each unit."""
    name = f"bieu-mau_{regime}_{period}.zip"
    file = distribute.open_bundle(desk(), regime, period)
    return send_file(file, mimetype="application/zip", as_attachment=True, download_name=name, max_age=0)
