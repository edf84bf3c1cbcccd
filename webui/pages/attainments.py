"""Plans against what was done (vượt, đạt, không đạt): of the province, of one's unit, of any unit one watches (F6)."""

from __future__ import annotations

import io

from flask import Blueprint, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from actions import attainments, downloads
from actions.attainments import EVERYBODY, Attainments
from actions.desk import Desk
from actions.made import Made
from compile import attainment_book
from compile.attainment import Verdict, tally
from compile.coverage import copy
from registry.catalogue.model import PROVINCE
from registry.store import openings
from registry.workflow.policy import Action
from vietnamese.numbers import format_number
from webui.noting import saw
from webui.pages.templates import XLSX
from webui.permission import page
from webui.standing import Badge
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("attainments", __name__)

_ALL = "tat-ca"
_BADGES = {
    Verdict.EXCEEDED: ("good", "arrow-up-circle"),
    Verdict.MET: ("good", "check-lg"),
    Verdict.MISSED: ("bad", "exclamation-circle-fill"),
    Verdict.UNKNOWN: ("quiet", "dash-circle"),
    Verdict.PARTIAL: ("quiet", "dash-circle"),
}


@blueprint.get("/ky-bao-cao/<regime>/<period>/ke-hoach")
@page(Action.SEE_SUBMISSION)
def look(regime: str, period: str) -> str:
    """One unit's plans, the province's for whoever watches all."""
    at = desk()
    whose = _whose(at)
    found = attainments.attainments(at, regime, period, whose)
    with at.read() as connection:
        snapshot = at.snapshot(connection)
        works = openings.work(connection, at.scope(Action.SEE_SUBMISSION), regime=regime, period_code=period)
    watches = not at.scope(Action.SEE_BOARD).is_empty
    if whose != PROVINCE:
        saw(f"attainment {regime} {period}", snapshot.unit_ids.get(whose, None if watches else at.actor.home))
    units = {snapshot.units_by_id[work.unit_id] for work in works}
    return render_template(
        "attainments.html",
        found=found,
        lines=[(one, _badge(one.verdict, found, one.have)) for one in found.lines],
        counts=[(_badge(verdict, found), count) for verdict, count in sorted(tally(found.lines).items())],
        units=sorted(units, key=lambda unit: unit.order),
        province=snapshot.province if watches else None,
        whose=whose,
        words=copy,
        number=format_number,
        export=lambda unit: url_for(
            "attainments.export",
            regime=regime,
            period=period,
            **{"don-vi": unit or _ALL},  # type: ignore[arg-type]
        ),
    )


@blueprint.get("/ky-bao-cao/<regime>/<period>/ke-hoach.xlsx")
@page(Action.SEE_SUBMISSION)
def export(regime: str, period: str) -> Response:
    """The same as a workbook, of one unit or of everybody within reach."""
    at = desk()
    found = attainments.attainments(at, regime, period, _whose(at))
    title, about = say("attainment.title"), f"{found.regime.name}, {found.period.label}"
    data = attainment_book.build(title, about, found.lines, is_final=found.is_final)
    made = Made("", regime, f"doi-chieu-ke-hoach_{regime}_{period}.xlsx", data)
    downloads.record(at, f"attainment {regime} {period}", made.sha256)
    return send_file(io.BytesIO(data), mimetype=XLSX, as_attachment=True, download_name=made.name, max_age=0)


def _whose(at: Desk) -> str:
    """The unit asked for; unless one is, the province for whoever watches all, and everything of one's own."""
    unit = request.args.get("don-vi", "")
    if unit == _ALL:
        return EVERYBODY
    return unit or (EVERYBODY if at.scope(Action.SEE_BOARD).is_empty else PROVINCE)


def _badge(verdict: Verdict, found: Attainments, have: str = "") -> Badge:
    tone, icon = _BADGES[verdict]
    return Badge(tone, icon, attainment_book.verdict_words(verdict, have, is_final=found.is_final))
