"""Flows over time by area: on today's map or as it was, with the breaks marked."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from actions import groups, unit_totals
from registry.workflow.policy import Action
from webui.permission import page
from webui.typed import as_number
from webui.visitor import desk

blueprint = Blueprint("unit_totals", __name__)

_FIRST_YEAR = 2000


@blueprint.get("/don-vi/so-lieu")
@page(Action.SEE_TOTALS, reads="totals")
def look() -> str:
    """One indicator, the months of a year, area by area."""
    at = desk()
    known = unit_totals.flows(at)
    indicator = request.args.get("chi_tieu", known[0].code if known else "")
    year = request.args.get("nam", default=at.day.year, type=as_number)
    group_set, today = request.args.get("nhom", "phia"), request.args.get("ban_do") != "cu"
    is_asked = indicator and _FIRST_YEAR <= year <= at.day.year
    return render_template(
        "unit_totals.html",
        indicators=known,
        indicator=indicator,
        year=year,
        years=range(at.day.year, at.day.year - 6, -1),
        sets=groups.sets(at),
        group_set=group_set,
        today=today,
        found=unit_totals.totals(at, indicator, year, group_set, today=today) if is_asked else None,
    )
