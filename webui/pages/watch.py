"""Security of the system for whoever watches over it (Sở KH&CN, R55): read only, and of nobody's figures."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from actions import checkpoints, log
from actions.desk import NotYours
from registry.store import audit
from registry.store import checkpoints as kept
from registry.workflow.policy import Action
from webui import entries, table_door
from webui.permission import page
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("watch", __name__)

_CHECKPOINTS_SHOWN = 10
# What a day's line counts, and the actions each counts.
COUNTED = {
    "sign-in": ("sign-in",),
    "sign-in-refused": ("sign-in refused", "code refused"),
    "sign-in-locked": ("sign-in locked",),
    "refused": ("refused",),
    "refuse-file": ("refuse-file", "tampered-code", "foreign-workbook", "discard-secret"),
}


@blueprint.get("/an-toan-thong-tin")
@page(Action.SEE_SECURITY)
def overview() -> str:
    """Sign-ins, lockouts, refusals and refused files by day and one by one; checkpoints."""
    at, search = desk(), entries.asked()
    at.require(Action.SEE_SECURITY)
    first, last = log.lately(at)
    span = (search.first or min(first, search.last or first), search.last or last)
    spanned = replace(search, first=span[0], last=span[1])
    found = log.look_for_security(at, spanned, entries.before(), table_door.lines(log.PAGE))
    with at.read() as connection:
        head, listed = audit.head(connection), kept.latest(connection, _CHECKPOINTS_SHOWN)
        keys = checkpoints.public_keys(at.instance)
        checked = checkpoints.verify(connection, keys) if "kiem-tra" in request.args else None
    return render_template(
        "watch.html",
        days=[(one.day, _counts(one)) for one in log.by_day(at, *span)],
        counted=list(COUNTED),
        span=span,
        listed=entries.shown(at, found.entries),
        older=found.older,
        is_first=entries.before() is None,
        search=search,
        address=entries.address(search),
        actions=entries.actions(log.SECURITY),
        head=head,
        checkpoints=listed,
        keys=keys,
        checked=checked,
        sentence=checkpoints.sentence,
    )


def _counts(day: log.Day) -> list[int]:
    return [sum(day.counts[name] for name in names) for names in COUNTED.values()]


@blueprint.get("/an-toan-thong-tin.xlsx")
@page(Action.SEE_SECURITY)
def export() -> AnyResponse:
    """What is shown, all pages of it."""
    at = desk()
    search = entries.asked()
    taken = log.take(at, replace(search, first=search.first or log.lately(at)[0]), Action.SEE_SECURITY)
    return entries.workbook(at, say("watch.title"), "an-toan-thong-tin.xlsx", taken)


@blueprint.get("/an-toan-thong-tin/nhat-ky.jsonl")
@page(Action.SEE_SECURITY)
def chain() -> Response:
    """The whole log without its details, for the verifier that needs nothing of ours."""
    at = desk()
    at.require(Action.SEE_SECURITY)
    lines = log.export(at, with_details=False)
    return Response(lines, mimetype="application/octet-stream", headers=_named("nhat-ky.jsonl"))


@blueprint.get("/an-toan-thong-tin/diem-chot/<int:n>.json")
@page(Action.SEE_SECURITY)
def checkpoint(n: int) -> Response:
    """A checkpoint, to be kept away from the server."""
    at = desk()
    at.require(Action.SEE_SECURITY)
    with at.read() as connection:
        found = kept.get(connection, n)
    if found is None:
        raise NotYours
    name = checkpoints.name_of(found)
    return Response(checkpoints.as_file(found), mimetype="application/octet-stream", headers=_named(name))


def _named(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
