"""Before a period is opened: who gets what, a trial workbook, and what the unit it was sent to says of it."""

from __future__ import annotations

import io

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from actions import previews
from actions import trials as sending
from registry.catalogue.model import Frequency
from registry.periods.told import unknown_years, why
from registry.store import openings, trials
from registry.workflow.policy import Action
from webui.pages.periods import chosen_period
from webui.pages.templates import XLSX
from webui.permission import page
from webui.visitor import desk
from webui.wording import say

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
        sent = trials.of_period(connection, regime, period)
        snapshot = at.snapshot(connection)
    names = {key: unit.name for key, unit in snapshot.units_by_id.items()}
    return render_template(
        "preview.html",
        preview=shown,
        is_open=is_open,
        is_once=shown.regime.frequency is Frequency.ONCE,
        sent=sent,
        here={"regime": regime, "period": period},
        names=names,
        why=lambda due: why(due, snapshot.calendar),
        unknown=unknown_years([shown.dates] if shown.dates else [], snapshot.calendar),
        trial=lambda unit, form: url_for("previews.trial", regime=regime, period=period, unit=unit, form=form),
    )


@blueprint.post("/ky-bao-cao/<regime>/<period>/ban-thu")
@page(Action.OPEN_PERIOD)
def send(regime: str, period: str) -> Response:
    """Lay a trial with one unit."""
    at, (unit, _, form) = desk(), request.form.get("trial", "").partition(" ")
    sending.send(at, regime, period, unit, form)
    flash(say("preview.trial-sent"), "success")
    return _back(regime, period)


@blueprint.post("/ky-bao-cao/<regime>/<period>/ban-thu/<int:trial_id>/thu-hoi")
@page(Action.OPEN_PERIOD)
def withdraw(regime: str, period: str, trial_id: int) -> Response:
    """Take a trial back."""
    sending.withdraw(desk(), trial_id)
    flash(say("preview.trial-withdrawn"), "success")
    return _back(regime, period)


def _back(regime: str, period: str) -> Response:
    return redirect(url_for("previews.look", regime=regime, period=period, _anchor="ban-thu"))


@blueprint.get("/ban-thu/<int:trial_id>.xlsx")
@page(Action.DOWNLOAD_TEMPLATE)
def lying(trial_id: int) -> Response:
    """The trial lying with one's unit."""
    found, stream = sending.fetch(desk(), trial_id)
    return send_file(stream, mimetype=XLSX, as_attachment=True, download_name=found.name, max_age=0)


@blueprint.post("/ban-thu/<int:trial_id>/nhan-xet")
@page(Action.UPLOAD)
def remark(trial_id: int) -> Response:
    """What the unit says of a trial."""
    sending.remark(desk(), trial_id, request.form.get("text", ""))
    flash(say("preview.remark-sent"), "success")
    return redirect(url_for("work.home", _anchor="ban-thu"))


@blueprint.get("/ky-bao-cao/<regime>/<period>/ban-thu/<unit>/<form>.xlsx")
@page(Action.OPEN_PERIOD)
def trial(regime: str, period: str, unit: str, form: str) -> Response:
    """One unit's workbook, marked as a trial and no return."""
    made = previews.trial_of_period(desk(), regime, period, unit, form)
    return send_file(io.BytesIO(made.data), mimetype=XLSX, as_attachment=True, download_name=made.name, max_age=0)
