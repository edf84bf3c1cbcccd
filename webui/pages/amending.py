"""Corrections of locked figures (đính chính): begun on the form's page, listed with every report they touch."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import amending, ripples
from actions.cases import situation
from actions.desk import Desk
from actions.personal import sight_of
from actions.ripples import Touched
from registry.catalogue.model import Unit
from registry.periods import parse
from registry.store import amendments, openings, submissions
from registry.store.amendments import Amendment, Resting
from registry.store.engine import Connection
from registry.workflow.policy import Action
from webui.cell_names import Named, named
from webui.pages.periods import opening_of
from webui.permission import page
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("amending", __name__)


@dataclass(frozen=True)
class Shown:
    """A correction with its figures and the reports it touches."""

    of: Amendment
    unit: Unit
    figures: tuple[tuple[Named, str, str], ...]  # a cell, what it held, what it holds
    reports: tuple[tuple[Unit, Resting], ...]
    touched: Touched  # of the months after


@blueprint.post("/viec/<int:assignment_id>/dinh-chinh")
@page(Action.RUN_PERIOD, also=Action.REQUEST)
def begin(assignment_id: int) -> Response:
    """Let the unit put its figures right."""
    n = amending.begin(desk(), assignment_id, request.form.get("document", ""), request.form.get("reason", ""))
    flash(say("amending.begun", n=n), "success")
    return redirect(url_for("submissions.one", assignment_id=assignment_id))


@blueprint.get("/ky-bao-cao/<regime>/<period>/dinh-chinh")
@page(Action.SEE_BOARD, reads="{regime} {period}")
def listing(regime: str, period: str) -> str:
    """Every correction of a period."""
    at = desk()
    found, snapshot = opening_of(at, Action.SEE_BOARD, regime, period)
    with at.read() as connection:
        works = openings.work(connection, at.scope(Action.SEE_BOARD), opening_id=found.id)
        allowed = {one.assignment_id for one in works}
        listed = [
            _shown(at, connection, one)
            for one in amendments.of_opening(connection, found.id)
            if one.assignment_id in allowed
        ]
    return render_template(
        "amending.html",
        opening=found,
        regime=snapshot.regimes[regime],
        listed=listed,
        units=snapshot.units_by_id,
    )


def _shown(at: Desk, connection: Connection, one: Amendment) -> Shown:
    snapshot = at.snapshot(connection)
    (work,) = openings.work(connection, at.scope(Action.SEE_BOARD), assignment_id=one.assignment_id)
    situated = situation(connection, snapshot, work)
    held = submissions.by_ids(connection, {one.old_version_id, one.new_version_id or 0})
    figures: tuple[tuple[Named, str, str], ...] = ()
    touched = ripples.NOTHING
    if one.new_version_id is not None:
        sight = sight_of(at, snapshot, situated.view.form, work.unit_id)
        old, new = (held[key].values for key in (one.old_version_id, one.new_version_id))
        pairs = amending.differences(situated, dict(sight.values(old)), dict(sight.values(new)))
        names = named(situated.view.form, situated.view.row_set.audience, dict.fromkeys(pairs, ""))
        figures = tuple((name, *pairs[name.key]) for name in names)
        versions = held[one.old_version_id], held[one.new_version_id]
        touched = ripples.of_correction(connection, snapshot, situated, *versions, parse(f"{at.day:%Y%m}"))
    resting = amendments.resting_on(connection, one.old_version_id, one.new_version_id)
    units = snapshot.units_by_id
    return Shown(one, units[one.unit_id], figures, tuple((units[each.unit_id], each) for each in resting), touched)
