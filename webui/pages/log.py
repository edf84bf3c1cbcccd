"""The audit log: searched by person, unit, action, object and time, within one's reach; taken away as a workbook."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from actions import checkpoints, log
from registry.store import audit
from registry.store import checkpoints as kept
from registry.workflow.policy import Action
from webui import entries, table_door
from webui.permission import page
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("log", __name__)


@blueprint.get("/nhat-ky")
@page(Action.SEE_AUDIT)
def latest() -> str:
    """A page of the log; for whoever sees all of it also whether it is whole, when asked."""
    at, search = desk(), entries.asked()
    reached = at.require(Action.SEE_AUDIT).units
    found = log.look(at, search, entries.before(), table_door.lines(log.PAGE))
    total = last = checked = None
    if reached is None:
        with at.read() as connection:
            total, last = audit.head(connection).seq, kept.newest(connection)
            if "kiem-tra" in request.args:
                checked = checkpoints.verify(connection, checkpoints.public_keys(at.instance))
    return render_template(
        "log.html",
        listed=entries.shown(at, found.entries),
        older=found.older,
        is_first=entries.before() is None,
        search=search,
        address=entries.address(search),
        units=entries.units(at, reached),
        actions=entries.actions(),
        total=total,
        last=last,
        checked=checked,
        sentence=checkpoints.sentence,
    )


@blueprint.get("/nhat-ky.xlsx")
@page(Action.SEE_AUDIT)
def export() -> Response:
    """What is shown, all pages of it."""
    at = desk()
    return entries.workbook(at, say("log.title"), "nhat-ky.xlsx", log.take(at, entries.asked(), Action.SEE_AUDIT))
