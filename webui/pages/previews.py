"""Before a period is opened: who gets what, and a trial workbook."""

from __future__ import annotations

import io

from flask import Blueprint, redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response

from actions import previews
from registry.catalogue.model import Frequency
from registry.store import openings
from registry.workflow.policy import Action
from webui.pages.periods import chosen_period
from webui.pages.templates import XLSX
from webui.permission import page
from webui.visitor import desk

blueprint = Blueprint("previews", __name__)


@blueprint.post("/ky-bao-cao/xem-truoc")
@page(Action.OPEN_PERIOD)
def choose() -> Response:
    """From the form that opens a period to the look at it."""
    regime, period = chosen_period()
    return redirect(url_for("previews.look", regime=regime or "-", period=period or "-"))


@blueprint.get("/ky-bao-cao/<regime>/<period>/xem-truoc")
@page(Action.OPEN_PERIOD)
def look(regime: str, period: str) -> str:
    """Units by forms: cells to fill, deadlines, and who lacks people."""
    at = desk()
    shown = previews.of_period(at, regime, period)
    with at.read() as connection:
        is_open = openings.find(connection, regime, period) is not None
    return render_template(
        "preview.html",
        preview=shown,
        is_open=is_open,
        is_once=shown.regime.frequency is Frequency.ONCE,
        trial=lambda unit, form: url_for("previews.trial", regime=regime, period=period, unit=unit, form=form),
    )


@blueprint.get("/ky-bao-cao/<regime>/<period>/ban-thu/<unit>/<form>.xlsx")
@page(Action.OPEN_PERIOD)
def trial(regime: str, period: str, unit: str, form: str) -> Response:
    """One unit's workbook, marked as a trial and no return."""
    made = previews.trial_of_period(desk(), regime, period, unit, form)
    return send_file(io.BytesIO(made.data), mimetype=XLSX, as_attachment=True, download_name=made.name, max_age=0)
