"""Kiến nghị, đề xuất: asked with a report, grouped by whom they are addressed to, with what became of each."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import petitions
from actions.desk import NotYours
from registry.catalogue.model import UnitKind
from registry.store import openings
from registry.store import petitions as stored
from registry.workflow.petition import PetitionState
from registry.workflow.policy import Action
from webui import standing
from webui.permission import page
from webui.typed import as_number
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("petitions", __name__)
_ANSWERS = (PetitionState.DOING, PetitionState.DONE, PetitionState.DECLINED, PetitionState.WITHDRAWN)


@blueprint.get("/kien-nghi")
@page(Action.SEE_PETITIONS, reads="petitions")
def listing() -> str:
    """Those of the reader's units and to them, by period and addressee; of one period with ``ky``."""
    at, chosen = desk(), request.args.get("ky", type=as_number)
    asking = at.scope(Action.PETITION)
    with at.read() as connection:
        snapshot = at.snapshot(connection)
        found = stored.listing(connection, at.require(Action.SEE_PETITIONS), chosen)
        works = openings.work(connection, asking) if not asking.is_empty else []
        known = openings.all_openings(connection)
    places = {(one.opening_id, one.unit_id): one for one in works if not one.is_locked}
    groups: dict[tuple[int, int], list[stored.Petition]] = {}
    for one in found:
        groups.setdefault((one.opening_id, one.addressee_id), []).append(one)
    return render_template(
        "petitions.html",
        groups=[(some[0], snapshot.units_by_id.get(key[1]), some) for key, some in groups.items()],
        can={one.id: [state for state in _ANSWERS if petitions.may(at, one, state)] for one in found},
        badges={one.id: standing.of_petition(one.state) for one in found},
        units=snapshot.units_by_id,
        places=sorted(places.values(), key=lambda one: -one.opening_id),
        addressees=[
            (key, unit)
            for key, unit in snapshot.units_on(at.day)
            if unit.kind is not UnitKind.DIVISION and not unit.kind.is_commune
        ],
        periods=known,
        chosen=chosen,
        regimes=snapshot.regimes,
    )


@blueprint.post("/kien-nghi")
@page(Action.PETITION)
def ask() -> Response:
    """Ask something with the unit's report."""
    given = request.form
    opening, _, unit = given.get("bao_cao", "").partition(" ")
    try:
        place = as_number(opening), as_number(unit)
    except ValueError:
        raise NotYours from None
    to = given.get("co_quan", 0, type=as_number)
    petitions.ask(desk(), *place, to, given.get("noi_dung", ""), given.get("can_cu", ""))
    flash(say("petition.made"), "success")
    return redirect(url_for("petitions.listing"))


@blueprint.get("/kien-nghi/<int:petition_id>")
@page(Action.SEE_PETITIONS)
def one(petition_id: int) -> Response:
    """Where a notice leads: to its place in the list."""
    return redirect(url_for("petitions.listing", _anchor=f"kien-nghi-{petition_id}"))


@blueprint.post("/kien-nghi/<int:petition_id>")
@page(Action.SEE_PETITIONS)
def settle(petition_id: int) -> Response:
    """Answer it, or take it back."""
    try:
        target = PetitionState(request.form.get("do", ""))
    except ValueError:
        raise NotYours from None
    petitions.settle(desk(), petition_id, target, request.form.get("loi", ""))
    flash(say("petition.settled"), "success")
    return redirect(url_for("petitions.listing", _anchor=f"kien-nghi-{petition_id}"))
