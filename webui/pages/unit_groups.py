"""Groups of units: who is in which group of a set on a day; the office puts units into groups from a day on."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import groups
from registry.catalogue.model import GroupSet
from registry.workflow.policy import Action
from webui.pages.units import day_asked
from webui.permission import page
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("unit_groups", __name__)

_FIELD = "u:"


@blueprint.get("/don-vi/nhom")
@page(Action.SEE_UNITS)
def listing() -> str:
    """The sets, and of the one chosen every unit with its groups."""
    at = desk()
    known = groups.sets(at)
    code = request.args.get("bo", known[0].code if known else "")
    day = day_asked(at.day)
    return render_template(
        "unit_groups.html",
        sets=known,
        chosen=groups.sorted_by(at, code, day) if known else None,
        day=day,
    )


@blueprint.post("/don-vi/nhom")
@page(Action.CHANGE_UNITS)
def put() -> Response:
    """Put units into groups from a day on, or make a set."""
    at = desk()
    code = request.form.get("bo", "").strip()[:40]
    if request.form.get("do") == "set":
        listed = tuple(name for text in request.form.get("cac_nhom", "").split(";") if (name := text.strip()[:100]))
        name = request.form.get("ten", "").strip()[:100]
        groups.put_set(at, GroupSet(code, name, bool(request.form.get("mot_nhom")), listed))
        flash(say("groups.set-kept"), "success")
        return redirect(url_for("unit_groups.listing", bo=code))
    try:
        since = date.fromisoformat(request.form.get("tu_ngay", ""))
    except ValueError:
        flash(say("reorganise.bad-day"), "danger")
        return redirect(url_for("unit_groups.listing", bo=code))
    wanted = {
        name.removeprefix(_FIELD): frozenset(filter(None, request.form.getlist(name)))
        for name in request.form
        if name.startswith(_FIELD)
    }
    changed = groups.put(at, code, wanted, since, request.form.get("van_ban", ""))
    flash(say("groups.kept", count=changed), "success")
    return redirect(url_for("unit_groups.listing", bo=code, ngay=since.isoformat()))
