"""“Danh mục đã thay đổi”: what units report by, as each load changed it, in words (R18)."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from actions import changed
from registry.workflow.policy import Action
from webui.changes import sentence
from webui.permission import page
from webui.typed import as_number
from webui.visitor import desk

blueprint = Blueprint("changed", __name__)

_SHOWN = 200  # changes of one load


@blueprint.get("/danh-muc/da-thay-doi")
@page(Action.SEE_CHANGES)
def listing() -> str:
    """The newest loads; ``nap`` names one, ``truoc`` the one before which to look."""
    only, before = request.args.get("nap", type=as_number), request.args.get("truoc", type=as_number)
    found = changed.listing(desk(), before=before, only=only)
    return render_template(
        "changed.html",
        loads=found,
        shown=_SHOWN,
        only=only,
        sentence_of=sentence,
        older=found[-1].id if len(found) == changed.A_PAGE else None,
    )
