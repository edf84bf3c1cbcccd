"""Last year's regime and its forms, copied to another year: a diff first, then ordinary rows of the catalogue."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import copies
from actions.desk import NotYours, Refusal
from registry.workflow.policy import Action
from webui.changes import sentence as sentence_of
from webui.permission import page
from webui.typed import as_number
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("copies", __name__)


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
        sentence_of=sentence_of,
        sentence=sentence,
    )


def _year(default: int) -> int:
    given = request.values.get("year", default, type=as_number)
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
