"""All forms that wait for a leader in one list: those without warnings are ticked and approved together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import batch
from actions.cases import situations
from actions.comparing import compare_all
from actions.desk import Desk
from actions.paired_lines import Unpaired
from actions.personal import sight_of
from registry.store.definitions import Snapshot, form_version
from registry.store.engine import Connection
from registry.store.openings import Work
from registry.workflow.policy import Action
from webui import standing
from webui.cell_names import Named, named
from webui.permission import page
from webui.typed import as_number
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("approving", __name__)

_MOST_COMPARED = 12  # forms of the list; of the others their own page tells what changed


@dataclass(frozen=True)
class _Change:
    """How many cells say something else than before, the one that changed most by name, and what could not be held
    against anything.
    """

    count: int | None
    most: Named | None
    unpaired: Sequence[Unpaired]


@blueprint.get("/cho-duyet")
@page(Action.APPROVE)
def listing() -> str:
    """What waits, with the version each tick would approve."""
    return _page(())


@blueprint.post("/cho-duyet")
@page(Action.APPROVE)
def approve() -> Response | str:
    """Approve what was ticked, each in the version that was seen; what changed since is listed with the reason."""
    seen = dict(request.form.getlist("viec", type=_seen))
    outcomes = batch.approve_seen(desk(), seen)
    done = sum(one.refused is None for one in outcomes)
    if done:
        flash(say("bulk.done", count=done), "success")
    if left_out := sum(one.left_out for one in outcomes):
        flash(say("submission.left-out", count=left_out), "warning")
    refused = tuple(one for one in outcomes if one.refused is not None)
    if not seen:
        flash(say("bulk.none-ticked"), "warning")
    return _page(refused) if refused else redirect(url_for("approving.listing"))


def _seen(text: str) -> tuple[int, int]:
    """``12:3``: an assignment and the version seen of it. Raises ValueError."""
    assignment, _, version = text.partition(":")
    return as_number(assignment), as_number(version)


def _page(refused: tuple[batch.Outcome, ...]) -> str:
    at = desk()
    with at.read() as connection:
        snapshot = at.snapshot(connection)
        waiting = batch.waiting(at, connection)
        titles = {
            one.work.form_definition_id: form_version(connection, snapshot, one.work.form_definition_id).form.title
            for one in waiting
        }
        changed = dict(_changed(at, connection, snapshot, [one.work for one in waiting[:_MOST_COMPARED]]))
    return render_template(
        "approving.html",
        lines=[
            (one, standing.of_deadline(one.work, at.moment, snapshot.calendar), changed.get(one.work.assignment_id))
            for one in waiting
        ],
        units=snapshot.units_by_id,
        titles=titles,
        refused=refused,
        can_tick=any(one.may_be_ticked for one in waiting),
    )


def _changed(
    at: Desk, connection: Connection, snapshot: Snapshot, works: Sequence[Work]
) -> Iterator[tuple[int, _Change]]:
    """What changed in each, by assignment."""
    situated_all = situations(connection, snapshot, works)
    compared = compare_all(connection, situated_all)
    for situated in situated_all:
        found = compared.get(situated.work.assignment_id)
        if found is None or not (found.approved_n or found.before):
            continue
        view, seen = situated.view, sight_of(at, snapshot, situated.view.form, situated.work.unit_id)
        shown = [one for one in found.greatest() if not seen.hides(one.key)]
        most = {one.key: one.text for one in shown[:1]}
        name = next(iter(named(view.form, view.row_set.audience, most)), None)
        yield situated.work.assignment_id, _Change(found.count and len(shown), name, found.unpaired)
