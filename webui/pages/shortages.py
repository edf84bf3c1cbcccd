"""“Đơn vị chưa đủ người”: no administrator, no approver, one person only, rights that end soon (F24)."""

from __future__ import annotations

from collections import Counter

from flask import Blueprint, render_template, request

from actions import shortages
from actions.shortages import Lack
from registry.workflow.policy import Action
from webui.permission import page
from webui.visitor import desk

blueprint = Blueprint("shortages", __name__)


@blueprint.get("/don-vi-chua-du-nguoi")
@page(Action.SEE_SHORTAGES)
def listing() -> str:
    """The units and what each lacks."""
    found = shortages.look(desk())
    wanted = request.args.get("thieu", "")
    counts = Counter(lack for one in found for lack in one.lacks)
    return render_template(
        "shortages.html",
        found=[one for one in found if not wanted or wanted in one.lacks],
        total=len(found),
        wanted=wanted,
        unmanned={one.unit_id for one in found if {Lack.LEADER, Lack.CLERK} <= set(one.lacks)},
        counts=[(lack, counts[lack]) for lack in Lack if counts[lack]],
    )
