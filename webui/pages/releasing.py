"""The check before a compiled report leaves, and its issue."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import releasing
from registry.workflow.policy import Action
from webui.filled import day_of
from webui.permission import page
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("releasing", __name__)


@blueprint.get("/ban-tong-hop/<int:version_id>/kiem-tra")
@page(Action.SEE_REPORT, reads="compiled report {version_id} check")
def look(version_id: int) -> str:
    """What stands open of a compiled version, who signed it, and whether it was issued."""
    at = desk()
    found = releasing.look(at, version_id)
    return render_template(
        "release.html",
        check=found,
        report=found.report,
        version=found.report.version,
        seen=releasing.seen_as(found.matters),
        kinds=[(kind, getattr(found.matters, kind)) for kind in vars(found.matters)],
        most=releasing.MOST_NOTE,
        most_number=releasing.MOST_NUMBER,
        today=at.day,
    )


@blueprint.post("/ban-tong-hop/<int:version_id>/kiem-tra")
@page(Action.CHECK_RELEASE)
def sign(version_id: int) -> Response:
    """Sign the list as it was seen."""
    releasing.sign(desk(), version_id, request.form.get("seen", ""), request.form.get("note", ""))
    flash(say("release.signed"), "success")
    return redirect(url_for("releasing.look", version_id=version_id))


@blueprint.post("/ban-tong-hop/<int:version_id>/phat-hanh")
@page(Action.ISSUE_REPORT)
def issue(version_id: int) -> Response:
    """The report was issued."""
    given = request.form
    releasing.issue(desk(), version_id, given.get("number", ""), day_of("dated"), given.get("reason", ""))
    flash(say("release.was-issued"), "success")
    return redirect(url_for("releasing.look", version_id=version_id))
