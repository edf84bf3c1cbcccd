"""Regimes (chế độ báo cáo): the list, a page for each with the real dates of its next periods, and writing one."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import regimes
from actions.catalogues import Loaded
from actions.desk import NotYours, Refusal
from registry.catalogue.asked import reporters
from registry.catalogue.model import FIGURES_AND_TEXT, Frequency, Regime
from registry.catalogue.sheets import DEADLINES, REGIMES
from registry.findings import is_blocking
from registry.periods.told import unknown_years, why
from registry.store.definitions import Snapshot
from registry.workflow.policy import Action
from webui import standing
from webui.permission import page
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("regimes", __name__)

_SHOWN = 3  # periods whose dates a regime's page tells
_LINES = 6  # of deadlines in the form
_LONGEST = 2000
_NOT_SOUND = 422
_NEXT_DEADLINES = tuple(field for field in DEADLINES.fields if field.name != "regime")


@blueprint.get("/che-do-bao-cao")
@page(Action.SEE_CATALOGUE)
def listing() -> str:
    """Every regime in force: the periodic ones with their next deadline, then what was asked once."""
    at, snapshot = desk(), _snapshot()
    periodic = [one for one in snapshot.catalogue.regimes if one.frequency is not Frequency.ONCE]
    return render_template(
        "regimes.html",
        periodic=[(one, next(iter(regimes.coming(at, one, snapshot.calendar, 1)), None)) for one in periodic],
        once=[one for one in snapshot.catalogue.regimes if one.frequency is Frequency.ONCE],
        requests=snapshot.requests,
        units=snapshot.units,
    )


@blueprint.get("/che-do-bao-cao/<code>")
@page(Action.SEE_CATALOGUE)
def one(code: str) -> str:
    """Everything a regime says."""
    at, snapshot = desk(), _snapshot()
    regime = _named(snapshot, code)
    coming = regimes.coming(at, regime, snapshot.calendar, _SHOWN)
    return render_template(
        "regime.html",
        regime=regime,
        behind=snapshot.requests.get(code),
        forms={name: snapshot.form_versions[name].form for name in (*regime.forms, *regime.report_forms)},
        outlines=snapshot.outlines,
        asked=len(reporters(regime, snapshot.catalogue.units)),
        units=snapshot.units,
        coming=coming,
        unknown=unknown_years((one.dates for one in coming), snapshot.calendar),
        why=lambda due: why(due, snapshot.calendar),
    )


def _snapshot() -> Snapshot:
    at = desk()
    with at.read() as connection:
        return at.snapshot(connection)


def _named(snapshot: Snapshot, code: str) -> Regime:
    if code not in snapshot.regimes:
        raise NotYours
    return snapshot.regimes[code]


@blueprint.get("/che-do-bao-cao/lap-moi")
@page(Action.CHANGE_CATALOGUE)
def blank() -> str:
    """The form of a new regime, with what most have."""
    usual = {
        "content": FIGURES_AND_TEXT,
        "frequency": Frequency.MONTH.value,
        "calendar": "15-14",
        "valid_from": f"{desk().day:%d/%m/%Y}",
    }
    return _form("", usual, [])


@blueprint.get("/che-do-bao-cao/<code>/sua")
@page(Action.CHANGE_CATALOGUE)
def change(code: str) -> str:
    """The form of a new version, filled as the regime stands; it holds from today unless told."""
    regime = _named(_snapshot(), code)
    typed = regimes.texts(regime, REGIMES.fields) | {"valid_from": f"{desk().day:%d/%m/%Y}"}
    return _form(code, typed, [regimes.texts(one, _NEXT_DEADLINES) for one in regime.deadlines])


@blueprint.post("/che-do-bao-cao")
@page(Action.CHANGE_CATALOGUE)
def save() -> Response | tuple[str, int]:
    """Write a regime: a new one, or another version of the one named."""
    code = request.form.get("cu", "").strip()
    typed = {field.name: request.form.get(field.name, "")[:_LONGEST] for field in REGIMES.fields}
    typed |= {"code": code} if code else {}
    lines = [
        {field.name: request.form.get(f"{field.name}-{n}", "")[:_LONGEST] for field in _NEXT_DEADLINES}
        for n in range(_LINES)
    ]
    try:
        regime = regimes.written(typed, lines)
        loaded = regimes.save(desk(), regime, is_new=not code, in_scope=bool(request.form.get("pham_vi")))
    except NotYours:
        raise
    except Refusal as refusal:
        return _form(code, typed, lines, sentence=str(refusal)), refusal.status
    if is_blocking(loaded.findings):
        return _form(code, typed, lines, loaded=loaded), _NOT_SOUND
    flash(say("regime.saved" if loaded.changes else "regime.unchanged"), "success")
    return redirect(url_for("regimes.one", code=regime.code))


def _form(
    code: str, typed: dict[str, str], lines: list[dict[str, str]], *, sentence: str = "", loaded: Loaded | None = None
) -> str:
    snapshot = _snapshot()
    return render_template(
        "regime_form.html",
        code=code,
        fields=[field for field in REGIMES.fields if not (code and field.name == "code")],
        deadline_fields=_NEXT_DEADLINES,
        typed=typed,
        lines=[*lines, *({} for _ in range(_LINES))][:_LINES],
        sentence=sentence,
        loaded=loaded,
        finding_badge=standing.of_finding,
        frequencies=[one.value for one in Frequency if one is not Frequency.ONCE],
        forms=snapshot.form_versions,
        outlines=snapshot.outlines,
        units=snapshot.units,
    )
