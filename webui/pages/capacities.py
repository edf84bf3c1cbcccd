"""“Tư cách ký”: in what capacity people sign for a unit."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import capacities
from actions.grants import is_alive, people_of
from registry.store import signing
from registry.store.signing import NewCapacity
from registry.workflow.policy import Action
from registry.workflow.signing import Standing
from webui.filled import chosen, day_of, forms_of
from webui.pages.staff import house_of, unit_of
from webui.permission import page
from webui.typed import as_number
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("capacities", __name__)


@blueprint.get("/don-vi/<int:unit_id>/tu-cach-ky")
@page(Action.MANAGE_PEOPLE, reads="unit {unit_id}")
def one(unit_id: int) -> str:
    """The signing capacities of a unit, in force and over."""
    at = desk()
    at.require(Action.MANAGE_PEOPLE, unit_id)
    with at.read() as connection:
        snapshot = at.snapshot(connection)
        unit = unit_of(snapshot, unit_id)
        recorded = signing.capacities(connection, [unit_id])
        known = people_of(at, connection, unit_id)
        house = house_of(at, connection, snapshot, unit_id)
    regimes = [r for r in snapshot.regimes.values() if any(unit.answers_to(each) for each in r.reporters)]
    return render_template(
        "capacities.html",
        unit=unit,
        unit_id=unit_id,
        house=house,
        current=[each for each in recorded if each.is_open_on(at.day)],
        over=[each for each in recorded if not each.is_open_on(at.day)],
        people=known,
        standings=Standing,
        forms=sorted({code for regime in regimes for code in regime.forms}),
        today=at.day,
        is_alive=is_alive(snapshot, unit_id),
    )


@blueprint.post("/don-vi/<int:unit_id>/tu-cach-ky")
@page(Action.MANAGE_PEOPLE)
def record(unit_id: int) -> Response:
    """Record one."""
    at, filled = desk(), request.form
    at.require(Action.MANAGE_PEOPLE, unit_id)

    def text(name: str) -> str:
        return filled.get(name, "").strip()[:200]

    new = NewCapacity(
        filled.get("person", default=0, type=as_number),
        unit_id,
        text("title"),
        chosen(Standing, filled.get("standing", "")),
        text("head"),
        text("field"),
        forms_of("form"),
        text("document"),
        day_of("document_date"),
        day_of("from") or at.day,
        day_of("to"),
    )
    capacities.record(at, new)
    flash(say("capacity.done"), "success")
    return redirect(url_for("capacities.one", unit_id=unit_id))


@blueprint.post("/don-vi/<int:unit_id>/tu-cach-ky/<int:capacity_id>/ket-thuc")
@page(Action.MANAGE_PEOPLE)
def end(unit_id: int, capacity_id: int) -> Response:
    """End one now."""
    found = capacities.end(desk(), capacity_id, unit_id)
    flash(say("capacity.ended", name=found.name), "success")
    return redirect(url_for("capacities.one", unit_id=unit_id))
