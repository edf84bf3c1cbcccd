"""A compiled report as a page, and every figure of it followed to its sources."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from actions import tracing
from registry.workflow.policy import Action
from webui.permission import page
from webui.visitor import desk

blueprint = Blueprint("tracing", __name__)


@blueprint.get("/ban-tong-hop/<int:version_id>")
@page(Action.SEE_REPORT, reads="compiled report {version_id} html", also=Action.REQUEST)
def report(version_id: int) -> str:
    """The tables of a compiled version, its files, and how much changed since the one before."""
    found = tracing.look(desk(), version_id)
    return render_template("compiled.html", report=found, version=found.version)


@blueprint.get("/ban-tong-hop/<int:version_id>/so-lieu")
@page(Action.SEE_REPORT, reads="compiled report {version_id} html", also=Action.REQUEST)
def figure(version_id: int) -> str:
    """One figure: what it is made of, down to each unit's file."""
    form, cell = request.args.get("bieu", ""), request.args.get("o", "")
    found = tracing.follow(desk(), version_id, form, cell)
    return render_template("figure.html", trace=found, report=found.report, version=found.report.version)
