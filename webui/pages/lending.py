"""“Ủy quyền duyệt”: a leader names who approves while he is away; the unit's administrator with a document."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import delegations
from actions.desk import Desk
from registry.store.signing import NewDelegation
from registry.workflow.policy import Action
from webui.filled import Misfilled, day_of, forms_of
from webui.noting import saw
from webui.pages.staff import unit_of
from webui.permission import page
from webui.typed import as_number
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("lending", __name__)


@blueprint.get("/uy-quyen")
@page(Action.DELEGATE)
def own() -> str:
    """What is lent now, and the form that lends."""
    at = desk()
    unit_id = request.args.get("unit", type=as_number) or _unit_of(at)
    at.require(Action.DELEGATE, unit_id)
    with at.read() as connection:
        snapshot = at.snapshot(connection)
        unit = unit_of(snapshot, unit_id)
        saw(f"unit {unit_id}", unit_id)
        lenders = delegations.lenders(at, connection, unit_id)
        lent = delegations.seen(at, connection, unit_id)
        forms = [
            (code, snapshot.form_versions[code].form.title)
            for code in dict.fromkeys(
                code
                for regime in snapshot.regimes.values()
                if any(unit.answers_to(selector) for selector in regime.reporters)
                for code in regime.forms
            )
        ]
    return render_template(
        "lending.html",
        unit=unit,
        unit_id=unit_id,
        units=[(key, snapshot.units_by_id[key]) for key in _units_of(at)],
        lenders=lenders,
        forms=forms,
        current=[(one, delegations.may_revoke(at, one)) for one in lent if one.is_open_on(at.day)],
        over=[one for one in lent if not one.is_open_on(at.day)],
        me=at.actor.person_id,
        today=at.day,
        speaks=at.scope(Action.MANAGE_PEOPLE).allows(unit_id),
        most=delegations.MOST_DAYS,
    )


def _units_of(at: Desk) -> list[int]:
    """Where the person holds a role with which to lend."""
    allowed = at.scope(Action.DELEGATE)
    return [one for one in dict.fromkeys(grant.unit_id for grant in at.actor.grants) if allowed.allows(one)]


def _unit_of(at: Desk) -> int:
    held = _units_of(at)
    return at.actor.home if at.actor.home in held else held[0] if held else 0


@blueprint.post("/uy-quyen")
@page(Action.DELEGATE)
def lend() -> Response:
    """Lend the approval."""
    at, filled = desk(), request.form
    unit_id = filled.get("unit", default=0, type=as_number)
    at.require(Action.DELEGATE, unit_id)
    last = day_of("to")
    if last is None:
        raise Misfilled("bad-day")
    new = NewDelegation(
        filled.get("from_person", default=at.actor.person_id, type=as_number),
        filled.get("person", default=0, type=as_number),
        unit_id,
        forms_of("form"),
        day_of("from") or at.day,
        last,
        filled.get("reason", "").strip()[:500],
        filled.get("document", "").strip()[: delegations.LONGEST_DOCUMENT],
    )
    delegations.lend(at, new)
    flash(say("lend.done"), "success")
    return redirect(url_for("lending.own", unit=unit_id))


@blueprint.post("/uy-quyen/<int:delegation_id>/thu-hoi")
@page(Action.DELEGATE)
def revoke(delegation_id: int) -> Response:
    """Take it back."""
    found = delegations.revoke(desk(), delegation_id)
    flash(say("lend.revoked", name=found.to_name), "success")
    return redirect(url_for("lending.own", unit=found.unit_id))
