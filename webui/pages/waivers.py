"""The register of waivers (miễn áp dụng quy tắc): what, for whom, how long, why, and who handed in under each."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import waivers
from actions.desk import NotEntitled, NotYours, Refusal
from registry.store.waivers import NewWaiver
from registry.workflow.policy import Action
from webui.filled import day_in
from webui.permission import page
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("waivers", __name__)

_FIELDS = ("bieu", "ma", "don_vi", "tu_ngay", "den_ngay", "ly_do", "van_ban")
_SHOWN = 100


@blueprint.get("/mien-ap-dung")
@page(Action.SEE_WAIVERS)
def register() -> str:
    """All of them, or what is looked for."""
    return _register()


def _register(sentence: str = "", typed: dict[str, str] | None = None) -> str:
    at = desk()
    text, only = request.args.get("q", ""), request.args.get("con_hieu_luc") == "1"
    found = waivers.register(at, text, only_in_force=only)
    with at.read() as connection:
        snapshot = at.snapshot(connection)
    forms = [code for code in snapshot.form_versions if waivers.may_waive(at, snapshot, code)]
    rules = [(form, code, words) for form in forms for code, words in waivers.choices(snapshot, form, at.day).items()]
    return render_template(
        "waivers.html",
        found=found[:_SHOWN],
        total=len(found),
        text=text,
        only=only,
        forms=forms,
        rules=rules,
        units=snapshot.catalogue.units,
        typed=typed or {},
        sentence=sentence,
        today=at.day,
    )


@blueprint.post("/mien-ap-dung")
@page(Action.WAIVE)
def grant() -> Response | tuple[str, int]:
    """Enter one."""
    typed = {name: request.form.get(name, "").strip() for name in _FIELDS}
    try:
        number = waivers.grant(
            desk(),
            NewWaiver(
                typed["bieu"],
                typed["ma"],
                typed["don_vi"],
                day_in(typed["tu_ngay"], "waiver-days", most=waivers.LONGEST),
                day_in(typed["den_ngay"], "waiver-days", most=waivers.LONGEST),
                typed["ly_do"],
                typed["van_ban"],
            ),
        )
    except (NotYours, NotEntitled):
        raise
    except Refusal as refusal:
        return _register(str(refusal), typed), refusal.status
    flash(say("waiver.granted", n=number), "success")
    return redirect(url_for("waivers.register"))


@blueprint.post("/mien-ap-dung/<int:waiver_id>/thu-hoi")
@page(Action.WAIVE)
def withdraw(waiver_id: int) -> Response:
    """Take one back."""
    waivers.withdraw(desk(), waiver_id, request.form.get("ly_do", ""))
    flash(say("waiver.was-withdrawn", n=waiver_id), "success")
    return redirect(url_for("waivers.register"))
