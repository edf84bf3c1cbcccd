"""The report on sending and use of the system: of all units, or of one about itself (R29; 15.1, 17.3)."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, render_template, request, send_file
from werkzeug.wrappers import Response

from actions import usage
from actions.desk import Desk, NotYours
from actions.usage import Paper
from compile.usage import UsageReport, summary, tables
from registry.workflow.policy import Action
from webui.pages.templates import DOCX, XLSX
from webui.permission import page
from webui.visitor import desk

blueprint = Blueprint("usage", __name__)


@blueprint.get("/su-dung")
@page(Action.SEE_USAGE, reads="usage")
def look() -> str:
    """The tables of a period, and the report to be taken away."""
    at = desk()
    periods = usage.lately(at.day)
    report = _gathered(at, request.args.get("ky") or periods[0].code)
    with at.read() as connection:
        units = at.snapshot(connection).units_by_id
    own = at.scope(Action.SEE_USAGE).units
    return render_template(
        "usage.html",
        report=report,
        periods=periods,
        sentences=summary(report),
        tables=tables(report),
        is_over=at.day > report.period.last,
        own_units=sorted((units[one] for one in own or ()), key=lambda unit: unit.order),
    )


@blueprint.get("/su-dung/<period>.<any(docx, xlsx):paper>")
@page(Action.SEE_USAGE)
def take(period: str, paper: str) -> Response:
    """The report as a document or a workbook."""
    at = desk()
    made = usage.take_away(at, _gathered(at, period), Paper(paper))
    mimetype = DOCX if paper == Paper.DOCUMENT else XLSX
    return send_file(BytesIO(made.data), mimetype=mimetype, as_attachment=True, download_name=made.name, max_age=0)


def _gathered(at: Desk, period: str) -> UsageReport:
    """Of the unit named; else of all, for whoever sees only his own of that."""
    code = request.args.get("don-vi", "")
    with at.read() as connection:
        known = at.snapshot(connection).unit_ids
    if code and code not in known:
        raise NotYours
    own = at.scope(Action.SEE_USAGE).units
    unit_id = known[code] if code else None
    if unit_id is None and own is not None:
        unit_id = at.actor.home if at.actor.home in own else min(own)
    return usage.gather(at, usage.named(period), unit_id)
