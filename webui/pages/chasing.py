"""Chasing the late of a period: who owes what, the message to copy, công văn and list, reminding all at once."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import Blueprint, flash, redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response

from actions import chase
from actions.chase import Paper
from actions.desk import Desk
from compile.chase import message
from registry.store import board as boards
from registry.store import labels
from registry.store.openings import Opening
from registry.workflow.policy import Action
from webui.board_lines import board_of
from webui.pages.board import addressed, wanted_now
from webui.pages.periods import opening_of
from webui.pages.templates import DOCX, XLSX
from webui.permission import page
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("chasing", __name__)


@blueprint.get("/ky-bao-cao/<regime>/<period>/don-doc")
@page(Action.CHASE, reads="{regime} {period}")
def listing(regime: str, period: str) -> str:
    """Those of the board's filter who have still to send."""
    at = desk()
    opening, only = _chosen(at, regime, period)
    chased = chase.gather(at, opening, only)
    return render_template(
        "chase.html", opening=opening, chased=chased, message=message(chased), asked_for=addressed(wanted_now())
    )


@blueprint.get("/ky-bao-cao/<regime>/<period>/don-doc.<any(docx, xlsx):paper>")
@page(Action.CHASE)
def take(regime: str, period: str, paper: str) -> Response:
    """The công văn, or the list with telephone numbers."""
    at = desk()
    made = chase.take_away(at, *_chosen(at, regime, period), Paper(paper))
    mimetype = DOCX if paper == Paper.LETTER else XLSX
    return send_file(BytesIO(made.data), mimetype=mimetype, as_attachment=True, download_name=made.name, max_age=0)


@blueprint.post("/ky-bao-cao/<regime>/<period>/don-doc")
@page(Action.REMIND)
def remind(regime: str, period: str) -> Response:
    """Tell everybody of the units on the list."""
    at = desk()
    count = chase.remind(at, *_chosen(at, regime, period))
    flash(say("chase.reminded", count=count), "success")
    where: dict[str, Any] = {"regime": regime, "period": period} | addressed(wanted_now())
    return redirect(url_for("chasing.listing", **where))


def _chosen(at: Desk, regime: str, period: str) -> tuple[Opening, frozenset[int]]:
    """The opening, and the units the board's filter in the address finds."""
    opening, snapshot = opening_of(at, Action.CHASE, regime, period)
    lead = snapshot.unit_ids[snapshot.regimes[regime].lead]
    with at.read() as connection:
        squares = boards.squares(connection, at.scope(Action.CHASE), opening.id, lead)
        noted = labels.of_opening(connection, opening.id)
    whole = board_of(squares, snapshot.units_by_id, noted, at.moment)
    return opening, frozenset(line.squares[0].unit_id for line in whole.found(wanted_now()))
