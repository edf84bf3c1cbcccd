"""A form's definition from the workbook it was published in: what was recognised, what is doubtful, the proposal."""

from __future__ import annotations

import io

from flask import Blueprint, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from actions import downloads, official
from actions.desk import NotYours
from registry.workflow.policy import Action
from webui import standing, tickets
from webui.file_names import arrived_as
from webui.mishaps import NoFile
from webui.permission import page
from webui.visitor import desk

blueprint = Blueprint("official", __name__)

_SHOWN = 200  # rows and doubts on the page; all of them stand in the workbook


@blueprint.get("/danh-muc/bieu/tu-van-ban")
@page(Action.CHANGE_CATALOGUE)
def ask() -> str:
    """Where the file is chosen."""
    return render_template("official.html", made=None)


@blueprint.post("/danh-muc/bieu/tu-van-ban")
@page(Action.CHANGE_CATALOGUE)
def read() -> tuple[str, int]:
    """What is proposed for a file."""
    file = request.files.get("bieu")
    if file is None or not file.filename:
        raise NoFile
    at, name = desk(), arrived_as(file)
    made = official.propose(at, name, file.stream.read())
    form = made.proposal.form
    return render_template(
        "official.html",
        made=made,
        name=name,
        form=form,
        columns=form.columns or tuple(column for table in form.lists for column in table.columns) if form else (),
        new={one.code for one in made.proposal.indicators},
        token=tickets.sign("proposal", official.keep(at, made)) if form else "",
        finding_badge=standing.of_finding,
        shown=_SHOWN,
    ), 200 if form else 422


@blueprint.get("/danh-muc/bieu/tu-van-ban/<token>.zip")
@page(Action.CHANGE_CATALOGUE)
def bundle(token: str) -> Response:
    """The workbooks to correct."""
    try:
        (sha,) = tickets.opened("proposal", token)
    except NotYours:
        return redirect(url_for("official.ask"))
    at = desk()
    data = official.bundle(at, sha)
    downloads.record(at, "proposal", sha)
    return send_file(
        io.BytesIO(data), mimetype="application/zip", as_attachment=True, download_name="ban-de-xuat.zip", max_age=0
    )
