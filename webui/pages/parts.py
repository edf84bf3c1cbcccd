"""What the divisions of a unit gave of a form: who is missing, putting it together, heads standing behind it."""

from __future__ import annotations

import io

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from actions import assembling
from actions.parts_book import parts_book
from registry.workflow.policy import Action
from webui import standing
from webui.permission import page
from webui.typed import as_number
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("parts", __name__)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def asked_for() -> int | None:
    """The division whose part the address names (``?cho=``): who answers for the unit too says so."""
    return request.args.get("cho", 0, type=as_number) if "cho" in request.args else None


@blueprint.get("/viec/<int:assignment_id>/phan-viec")
@page(Action.SEE_PARTS)
def look(assignment_id: int) -> str:
    """Each division's part of the form and how far it is; the rows that are the unit's own."""
    at = desk()
    found = assembling.look(at, assignment_id)
    return render_template(
        "unit_parts.html",
        found=found,
        work=found.situated.work,
        lines=[
            (one, standing.of_upload(one.newest, one.status) if one.newest else standing.nothing_given())
            for one in found.given
        ],
        whole=standing.of_upload(found.own, found.own_status) if found.own else None,
        missing=[one.part.division.name for one in found.given if one.is_missing],
        state=standing.of_submission(found.situated.work.state),
    )


@blueprint.get("/viec/<int:assignment_id>/phan-viec.xlsx")
@page(Action.SEE_PARTS, reads="assignment {assignment_id}")
def book(assignment_id: int) -> Response:
    """Who gave which row, as a workbook."""
    data, name = parts_book(desk(), assignment_id)
    return send_file(io.BytesIO(data), mimetype=_XLSX, as_attachment=True, download_name=name, max_age=0)


@blueprint.post("/viec/<int:assignment_id>/ghep")
@page(Action.ASSEMBLE)
def assemble(assignment_id: int) -> Response:
    """Put the parts together and show what is found of the whole."""
    number, _ = assembling.assemble(desk(), assignment_id)
    flash(say("parts.assembled"), "success")
    return redirect(url_for("uploads.verdict", number=number))


@blueprint.post("/tep/<int:number>/xac-nhan")
@page(Action.CONFIRM_PART)
def confirm(number: int) -> Response:
    """As head of the division, stand behind its part."""
    assembling.confirm(desk(), number)
    flash(say("parts.confirmed-now"), "success")
    return redirect(url_for("uploads.verdict", number=number))
