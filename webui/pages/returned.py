"""A judged workbook handed back: marked, or tidied."""

from __future__ import annotations

import io

from flask import Blueprint, send_file
from werkzeug.wrappers import Response

from actions import returned
from actions.behalf import at_upload
from actions.made import Made
from registry.workflow.policy import Action
from webui.permission import page
from webui.visitor import desk

blueprint = Blueprint("returned", __name__)


@blueprint.get("/tep/<int:number>/danh-dau.xlsx")
@page(Action.SEE_UPLOAD)
def marked(number: int) -> Response:
    """The workbook with everything found shown in it."""
    return _sent(returned.marked(at_upload(desk(), number), number))


@blueprint.get("/tep/<int:number>/chuan-hoa.xlsx")
@page(Action.SEE_UPLOAD)
def tidied(number: int) -> Response:
    """The workbook with what was understood written into its cells."""
    return _sent(returned.tidied(at_upload(desk(), number), number))


def _sent(made: Made) -> Response:
    stream = io.BytesIO(made.data)
    return send_file(
        stream, mimetype="application/octet-stream", as_attachment=True, download_name=made.name, max_age=0
    )
