"""The audit log."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from registry.store import audit
from registry.workflow.policy import Action
from webui.permission import page
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("log", __name__)


@blueprint.get("/nhat-ky")
@page(Action.SEE_AUDIT)
def latest() -> str:
    """The newest entries; on demand the whole chain is verified."""
    at = desk()
    at.require(Action.SEE_AUDIT)
    with at.read() as connection:
        entries = audit.latest(connection)
        total = audit.length(connection)
        checked = audit.verify(connection) if "kiem-tra" in request.args else None
    return render_template("log.html", entries=entries, total=total, checked=checked, act=_act)


def _act(action: str) -> str:
    key = f"audit.{action.replace(' ', '-')}"
    return say(key) if key in say else action
