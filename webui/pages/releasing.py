"""The check before a compiled report leaves."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import releasing
from registry.workflow.policy import Action
from webui.permission import page
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("releasing", __name__)


@blueprint.get("/ban-tong-hop/<int:version_id>/kiem-tra")
@page(Action.SEE_REPORT, reads="compiled report {version_id} check")
def look(version_id: int) -> str:
    """What stands open of a compiled version, who signed it, and whether it was issued."""
    found = releasing.look(desk(), version_id)
    return render_template(
        "release.html",
        check=found,
        report=found.report,
        version=found.report.version,
        seen=releasing.seen_as(found.matters),
        kinds=[(kind, getattr(found.matters, kind)) for kind in vars(found.matters)],
        most=releasing.MOST_NOTE,
    )


@blueprint.post("/ban-tong-hop/<int:version_id>/kiem-tra")
@page(Action.CHECK_RELEASE)
def sign(version_id: int) -> Response:
    """Sign the list as it was seen."""
    releasing.sign(desk(), version_id, request.form.get("seen", ""), request.form.get("note", ""))
    flash(say("release.signed"), "success")
    return redirect(url_for("releasing.look", version_id=version_id))
