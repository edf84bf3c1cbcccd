"""The office's desk for accounts: the queue, issuing many at once, acting for units without an administrator."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import accounts as acting
from registry.store import accounts
from registry.workflow.accounts import RequestState, RequestStep
from registry.workflow.policy import Action
from webui.pages.unit_accounts import asking, kind_sent, step_sent, subject, wanted_sent
from webui.permission import page
from webui.typed import as_number
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("account_desk", __name__)

_BY_OFFICE = (RequestStep.ISSUE, RequestStep.REFUSE)


@blueprint.get("/cap-tai-khoan")
@page(Action.DECIDE_ACCOUNT)
def queue() -> str:
    """What heads of units have agreed to, and what was imported."""
    at = desk()
    allowed = at.require(Action.DECIDE_ACCOUNT)
    with at.read() as connection:
        found = accounts.listing(connection, allowed.units, states=[RequestState.AGREED])[::-1]
        before = accounts.count(connection, allowed.units, RequestState.PROPOSED)
        taken = accounts.steps(connection, [one.id for one in found])
        units = list(at.snapshot(connection).units.values())
        imports = accounts.imports(connection)
    return render_template(
        "account_queue.html",
        requests=[(one, taken[one.id]) for one in found],
        before=before,
        units=units,
        imports=imports,
    )


@blueprint.post("/cap-tai-khoan")
@page(Action.DECIDE_ACCOUNT)
def issue_many() -> Response:
    """Issue all that were ticked; each stands for itself."""
    seen = request.form.getlist("de_xuat", type=_number_and_version)
    done, left = acting.issue_many(desk(), seen[:1000])
    if done:
        flash(say("accounts.issued-many", count=len(done)), "success")
    for number, why in left:
        flash(say("accounts.left", number=number, why=why), "warning")
    if not done and not left:
        flash(say("accounts.none-chosen"), "warning")
    return redirect(url_for("account_desk.queue"))


def _number_and_version(ticked: str) -> tuple[int, int]:
    number, _, version = ticked.partition(" ")
    return as_number(number), as_number(version)


@blueprint.post("/tai-khoan-don-vi/de-xuat/<int:request_id>/van-phong")
@page(Action.DECIDE_ACCOUNT)
def decide(request_id: int) -> Response:
    """Issue one, or refuse it for a reason."""
    return step_sent(request_id, _BY_OFFICE)


@blueprint.get("/cap-tai-khoan/thay")
@page(Action.DECIDE_ACCOUNT)
def ask() -> str:
    """The form by which the office acts itself."""
    return asking(Action.DECIDE_ACCOUNT)


@blueprint.post("/cap-tai-khoan/thay")
@page(Action.DECIDE_ACCOUNT)
def act() -> Response:
    """Do it for a unit in which nobody can propose."""
    at = desk()
    _, unit_id, person_id = subject(at, Action.DECIDE_ACCOUNT)
    made = acting.act(at, unit_id, kind_sent(), wanted_sent(), request.form.get("van_ban", ""), person_id)
    flash(say("accounts.done.act"), "success")
    return redirect(url_for("unit_accounts.one", request_id=made.id))
