"""How units kept their deadlines over the last two years: their own, or of all as a table with shares."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, render_template, request, send_file
from werkzeug.wrappers import Response

from actions import history
from actions.desk import Desk, NotYours
from compile.history import ORDERS, Kept, Record, by_unit, ordered, workbook
from registry.workflow.policy import Action
from webui import standing
from webui.pages.templates import XLSX
from webui.permission import page
from webui.visitor import desk

blueprint = Blueprint("history", __name__)


@blueprint.get("/tinh-hinh-gui")
@page(Action.SEE_TIMELINESS, reads="timeliness")
def look() -> str:
    """The shares of all units the reader sees; of one unit every sending."""
    at = desk()
    code, regime = request.args.get("don-vi", ""), request.args.get("che-do", "")
    held = _held(at, code)
    regimes = sorted({one.regime for one in held})
    held = _of(held, regime)
    lines = by_unit(held)
    is_one = bool(code) or len(lines) <= 1
    by = request.args.get("xep", "")
    return render_template(
        "history.html",
        held=[(one, standing.of_arrival(one.standing)) for one in held] if is_one else [],
        lines=[] if is_one else ordered(lines, by),
        whole=Record.of(held),
        unit=lines[0].unit if is_one and lines else None,
        code=code,
        regime=regime,
        regimes=regimes,
        orders=ORDERS,
        by=by,
        months=history.MONTHS,
        has_usage=_has_usage(at, code),
    )


def _has_usage(at: Desk, code: str) -> bool:
    """True when the reader sees how the system is used by the unit; without a unit, by some."""
    allowed = at.scope(Action.SEE_USAGE)
    if allowed.is_empty or not code:
        return not allowed.is_empty
    with at.read() as connection:
        return allowed.allows(at.snapshot(connection).unit_ids[code])


@blueprint.get("/tinh-hinh-gui.xlsx")
@page(Action.SEE_TIMELINESS, reads="timeliness")
def take() -> Response:
    """The same as a workbook: every unit, and every sending."""
    at = desk()
    held = _held(at, request.args.get("don-vi", ""))
    data = BytesIO(workbook(_of(held, request.args.get("che-do", "")), at.moment))
    return send_file(data, mimetype=XLSX, as_attachment=True, download_name="tinh-hinh-gui.xlsx", max_age=0)


def _held(at: Desk, code: str) -> list[Kept]:
    with at.read() as connection:
        known = at.snapshot(connection).unit_ids
        if code and code not in known:
            raise NotYours
        return history.own(at, connection, known[code] if code else None)


def _of(held: list[Kept], regime: str) -> list[Kept]:
    return [one for one in held if not regime or one.regime == regime]
