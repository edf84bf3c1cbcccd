"""Workbooks to fill: one form, or everything of a period in one zip that is made in the background."""

from __future__ import annotations

import io
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from actions import bundles, distribute, handing_out, outlines
from actions.behalf import at_assignment
from registry.catalogue.model import Unit
from registry.store.openings import Work
from registry.workflow.policy import Action
from vietnamese.fold import fold
from webui.makings import said_of, told
from webui.pages import parts
from webui.permission import page
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("templates", __name__)

_NAMED = 10  # units nobody could be written to, by name
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Line:
    """The workbooks of one unit."""

    unit: Unit
    works: tuple[Work, ...]

    @property
    def words(self) -> str:
        """What the search looks in."""
        return fold(f"{self.unit.name} {self.unit.code}")


@blueprint.get("/bieu-mau/<int:assignment_id>.xlsx")
@page(Action.DOWNLOAD_TEMPLATE)
def workbook(assignment_id: int) -> Response:
    """The workbook of one assignment, or of a division's part of it."""
    made = distribute.workbook(at_assignment(desk(), assignment_id), assignment_id, parts.asked_for())
    return send_file(io.BytesIO(made.data), mimetype=XLSX, as_attachment=True, download_name=made.name, max_age=0)


@blueprint.get("/bieu-mau/can-nhap.zip")
@page(Action.UPLOAD)
def due() -> Response:
    """The workbooks of every form one still has to fill, in one zip."""
    at, out = desk(), io.BytesIO()
    for _ in bundles.write(at, distribute.due(at).made, out):
        pass
    out.seek(0)
    name = f"bieu-mau_can-nhap_{at.day:%Y%m%d}.zip"
    return send_file(out, mimetype="application/zip", as_attachment=True, download_name=name, max_age=0)


@blueprint.get("/ky-bao-cao/<regime>/<period>/bieu-mau")
@page(Action.DOWNLOAD_TEMPLATE)
def listing(regime: str, period: str) -> str:
    """Every workbook of a period the person may hand out, and the zip of all of them."""
    at = desk()
    snapshot, works = distribute.asked(at, regime, period)
    by_unit: dict[int, list[Work]] = {}
    for work in works:
        by_unit.setdefault(work.unit_id, []).append(work)
    lines = sorted(
        (Line(snapshot.units_by_id[unit_id], tuple(mine)) for unit_id, mine in by_unit.items()),
        key=lambda line: line.unit.order,
    )
    text, (made, bundle) = request.args.get("q", "").strip(), bundles.newest(at, regime, period)
    return render_template(
        "workbooks.html",
        regime=snapshot.regimes[regime],
        period=period,
        count=len(works),
        lines=[line for line in lines if fold(text) in line.words],
        total=len(lines),
        text=text,
        made=made,
        said=said_of(made),
        bundle=bundle,
        can_mail=handing_out.can_mail(at),
        units=[line.unit for line in lines],
    )


@blueprint.post("/ky-bao-cao/<regime>/<period>/bieu-mau")
@page(Action.DOWNLOAD_TEMPLATE)
def prepare(regime: str, period: str) -> Response:
    """Have the zip made, or stop that."""
    if request.form.get("do") == "stop":
        bundles.stop(desk(), regime, period)
        flash(say("making.stopped"), "success")
    else:
        bundles.prepare(desk(), regime, period)
        flash(say("bundle.begun"), "success")
    return redirect(url_for("templates.listing", regime=regime, period=period))


@blueprint.post("/ky-bao-cao/<regime>/<period>/bieu-mau/thu")
@page(Action.REMIND)
def mail(regime: str, period: str) -> Response:
    """Write to the clerks of all or one unit where their workbooks are."""
    unit = request.form.get("don_vi", "")
    handed = handing_out.by_mail(desk(), regime, period, [unit] if unit else ())
    if handed.people or not handed.before:
        flash(say("bundle.mailed", count=handed.people), "success")
    if handed.before:
        flash(say("bundle.mailed-before", count=handed.before), "info")
    if handed.without:
        named, more = ", ".join(handed.without[:_NAMED]), len(handed.without) - _NAMED
        flash(
            say("bundle.mailed-without" if more <= 0 else "bundle.mailed-without-more", units=named, more=more),
            "warning",
        )
    return redirect(url_for("templates.listing", regime=regime, period=period))


@blueprint.get("/ky-bao-cao/<regime>/<period>/bieu-mau.json")
@page(Action.DOWNLOAD_TEMPLATE)
def progress(regime: str, period: str) -> Response:
    """How far the zip is: {state, percent, words}."""
    made, _ = bundles.newest(desk(), regime, period)
    return told(made)


@blueprint.get("/de-cuong/<int:opening_id>/<int:unit_id>.docx")
@page(Action.DOWNLOAD_TEMPLATE)
def outline(opening_id: int, unit_id: int) -> Response:
    """The outline of one unit's report."""
    made = outlines.outline(desk(), opening_id, unit_id)
    return send_file(io.BytesIO(made.data), mimetype=DOCX, as_attachment=True, download_name=made.name, max_age=0)


@blueprint.get("/ky-bao-cao/<regime>/<period>/bieu-mau.zip")
@page(Action.DOWNLOAD_TEMPLATE)
def workbooks(regime: str, period: str) -> Response:
    """The zip, a folder for each unit, sent piece by piece."""
    name = f"bieu-mau_{regime}_{period}.zip"
    file = bundles.fetch(desk(), regime, period)
    return send_file(file, mimetype="application/zip", as_attachment=True, download_name=name, max_age=0)
