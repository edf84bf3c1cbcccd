"""The instants of an open period: more time, closing reception and opening it again."""

from __future__ import annotations

from flask import Blueprint, flash, request
from werkzeug.wrappers import Response

from actions import instants
from actions.desk import Refusal
from registry.store.definitions import Snapshot
from registry.workflow.policy import Action
from webui.moments import moment_of
from webui.pages.periods import opening_of, to_board
from webui.permission import page
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("instants", __name__)


@blueprint.post("/ky-bao-cao/<regime>/<period>/gia-han")
@page(Action.OPEN_PERIOD)
def extend(regime: str, period: str) -> Response:
    """More time, for everybody or one unit."""
    at = desk()
    found, snapshot = opening_of(at, Action.OPEN_PERIOD, regime, period)
    due = moment_of(request.form.get("due", ""), at.moment)
    instants.extend(at, found.id, due, request.form.get("reason", ""), chosen(snapshot, request.form.get("unit", "")))
    flash(say("period.extended"), "success")
    return to_board(regime, period)


def chosen(snapshot: Snapshot, code: str) -> frozenset[int] | None:
    """One unit, or None for everybody when no code was given."""
    if not code:
        return None
    if code not in snapshot.unit_ids:
        raise Refusal("unknown-unit", unit=code)
    return frozenset({snapshot.unit_ids[code]})


@blueprint.post("/ky-bao-cao/<regime>/<period>/nhan")
@page(Action.OPEN_PERIOD)
def reception(regime: str, period: str) -> Response:
    """Close reception, or open it again."""
    at = desk()
    found, _ = opening_of(at, Action.OPEN_PERIOD, regime, period)
    is_open = request.form.get("open") == "1"
    instants.set_reception(at, found.id, is_open=is_open)
    flash(say("period.reception-open" if is_open else "period.reception-closed"), "success")
    return to_board(regime, period)
