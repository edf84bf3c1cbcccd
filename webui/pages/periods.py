"""Periods: the list of openings, opening one, receiving reports."""

from __future__ import annotations

from datetime import date, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import openings as opened
from actions import receptions
from actions.desk import Desk, NotYours
from registry.catalogue.model import Regime, Role
from registry.periods import Period, periods_about
from registry.store import openings
from registry.store.definitions import Snapshot
from registry.store.openings import Opening
from registry.workflow.policy import Action
from webui.moments import moment_of
from webui.pages.work import Watch
from webui.permission import page
from webui.typed import as_number
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("periods", __name__)


@blueprint.get("/ky-bao-cao")
@page(Action.SEE_BOARD)
def listing() -> str:
    """Every opening, and for the office the form that opens another."""
    at = desk()
    with at.read() as connection:
        snapshot = at.snapshot(connection)
        known = openings.progress(connection, at.scope(Action.SEE_BOARD))
    open_now = {(one.opening.regime, one.opening.period) for one in known}
    suggestions = [
        (regime, [period for period in suggested(regime, at.day) if (regime.code, period.code) not in open_now])
        for regime in snapshot.regimes.values()
    ]
    return render_template(
        "periods.html",
        watched=[
            Watch(one, snapshot.regimes.get(one.opening.regime))
            for one in sorted(known, key=lambda one: not one.owed_at(at.moment))
        ],
        suggestions=suggestions,
    )


def suggested(regime: Regime, day: date) -> list[Period]:
    """The periods one would open about now, those the regime holds for."""
    return [period for period in periods_about(regime.frequency, day) if regime.holds_on(period.last)]


@blueprint.post("/ky-bao-cao")
@page(Action.OPEN_PERIOD)
def open_one() -> Response:
    """Open a period: everybody asked gets work."""
    regime, period = chosen_period()
    at, due = desk(), request.form.get("due")
    opened.open_period(
        at, regime, period, moment_of(due, at.moment) if due else None, as_proposed=bool(request.form.get("de_nghi"))
    )
    flash(say("period.opened"), "success")
    return to_board(regime, period)


def chosen_period() -> tuple[str, str]:
    """The regime and period a form names, in two fields or chosen from the list as "KTXH 202611"."""
    first, _, second = request.form.get("period", "").strip().partition(" ")
    return (first, second) if second else (request.form.get("regime", ""), first)


def to_board(regime: str, period: str) -> Response:
    return redirect(url_for("board.board", regime=regime, period=period))


def opening_of(at: Desk, action: Action, regime: str, period: str) -> tuple[Opening, Snapshot]:
    """An opening the person may treat this way; raises NotYours."""
    at.require(action)
    with at.read() as connection:
        found = openings.find(connection, regime, period)
        if found is None:
            raise NotYours
        return found, at.snapshot(connection)


@blueprint.post("/ky-bao-cao/<regime>/<period>/tiep-nhan/<int:reception_id>")
@page(Action.RECEIVE_REPORT)
def take(regime: str, period: str, reception_id: int) -> Response:
    """Receive a unit's report, or with a reason send it back."""
    at = desk()
    found, _ = opening_of(at, Action.RECEIVE_REPORT, regime, period)
    is_return = request.form.get("do") == "return"
    receptions.take(at, found.id, reception_id, *returning(at, is_return))
    flash(say("board.returned" if is_return else "board.received"), "success")
    return to_board(regime, period)


def returning(at: Desk, is_return: bool) -> tuple[str | None, datetime | None]:
    """Why a report is sent back, and until when it is wanted again where the form says so."""
    if not is_return:
        return None, None
    until = request.form.get("resend_by", "")
    return request.form.get("reason", ""), moment_of(until, at.moment) if until else None


@blueprint.post("/ky-bao-cao/<regime>/<period>/tiep-nhan")
@page(Action.RECEIVE_REPORT)
def take_all(regime: str, period: str) -> Response:
    """Receive every listed report."""
    at = desk()
    found, _ = opening_of(at, Action.RECEIVE_REPORT, regime, period)
    count = receptions.take_all(at, found.id, set(request.form.getlist("bao_cao", type=as_number)))
    flash(say("board.received-all", count=count), "success")
    return to_board(regime, period)


def receiver_of(at: Desk, snapshot: Snapshot, regime: Regime) -> str:
    """The receiving unit the person acts for: where they hold office, else the last receiver of the regime."""
    held = [
        snapshot.units_by_id[grant.unit_id].code
        for grant in at.actor.grants
        if grant.role in (Role.OFFICE, Role.RECEIVER) and grant.unit_id in snapshot.units_by_id
    ]
    return next((code for code in held if code in regime.receivers), regime.receivers[-1])
