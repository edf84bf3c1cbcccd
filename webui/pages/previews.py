"""Before a period is opened: who gets what, a trial workbook, and last year's regime copied to another year."""

from __future__ import annotations

import io
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from actions import copies, previews
from actions.copies import Moved
from actions.desk import NotYours, Refusal
from registry.catalogue.model import Frequency
from registry.store import openings
from registry.workflow.policy import Action
from webui.pages.templates import XLSX
from webui.permission import page
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("previews", __name__)


@blueprint.get("/ky-bao-cao/xem-truoc")
@page(Action.OPEN_PERIOD)
def choose() -> Response:
    """From the list of periods that may be opened to the look at one."""
    regime, _, period = request.args.get("period", "").strip().partition(" ")
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


@dataclass(frozen=True, slots=True)
class Shown:
    """A difference in words."""

    of: str
    field: str
    before: str
    after: str


def _shown(one: Moved) -> Shown:
    what, _, code = one.of.partition(" ")
    field = f"copy-field.{one.field}"
    return Shown(f"{say(f'copy-what.{what}')} {code}", say(field) if field in say else one.field, one.before, one.after)


@blueprint.get("/danh-muc/sao-chep/<regime>")
@page(Action.CHANGE_CATALOGUE)
def copy(regime: str) -> str:
    """The copy as a diff, before it is saved."""
    return _copy_page(regime)


def _copy_page(regime: str, sentence: str = "") -> str:
    at = desk()
    with at.read() as connection:
        snapshot = at.snapshot(connection)
    if regime not in snapshot.regimes:
        raise NotYours
    year = _year(at.day.year + 1)
    code = request.values.get("code", "").strip() or copies.next_code(snapshot, regime, year)
    planned = None
    try:
        planned = copies.plan(at, regime, code, year)
    except Refusal as refusal:
        sentence = sentence or str(refusal)
    return render_template(
        "copy.html",
        original=snapshot.regimes[regime],
        code=code,
        year=year,
        planned=planned,
        moved=[_shown(one) for one in planned.moved] if planned else [],
        sentence=sentence,
    )


def _year(default: int) -> int:
    given = request.values.get("year", default, type=int)
    return given if 2000 <= given <= 2999 else default


@blueprint.post("/danh-muc/sao-chep/<regime>")
@page(Action.CHANGE_CATALOGUE)
def save(regime: str) -> Response | tuple[str, int]:
    """Save the copy as it was shown."""
    at, year = desk(), _year(0)
    code = request.form.get("code", "").strip()
    try:
        copies.save(at, regime, code, year)
    except NotYours:
        raise
    except Refusal as refusal:
        return _copy_page(regime, str(refusal)), refusal.status
    flash(say("copy.saved", code=code, year=year), "success")
    return redirect(url_for("catalogue.overview"))
