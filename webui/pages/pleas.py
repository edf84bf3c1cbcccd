"""A unit's time: how it stands, more time asked for, a lateness disputed; and for who decides, what waits (R48)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import instants, pleas
from actions.desk import Desk, NotYours
from registry.store import instants as stored_instants
from registry.store import openings, sendings
from registry.store import pleas as stored
from registry.store.definitions import Snapshot
from registry.store.pleas import Plea
from registry.workflow.plea import PleaKind, PleaState, PleaStep
from registry.workflow.policy import Action
from registry.workflow.timeliness import Arrival, judged
from webui import standing
from webui.moments import moment_of
from webui.pages.instants import lines_of
from webui.permission import page
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("pleas", __name__)


@blueprint.get("/thoi-han/<int:opening_id>/<int:unit_id>")
@page(Action.SEE_SUBMISSION, reads="opening {opening_id} unit {unit_id}")
def look(opening_id: int, unit_id: int) -> str:
    """Of one unit in one period: its deadline and how it came to be, how it sent, what it asked."""
    at = desk()
    allowed = at.require(Action.SEE_SUBMISSION, unit_id)
    with at.read() as connection:
        opening = openings.get(connection, opening_id)
        found = sendings.within(connection, allowed, openings=[opening_id], unit_id=unit_id)
        if opening is None or not found:
            raise NotYours
        snapshot = at.snapshot(connection)
        kept = stored_instants.history(connection, opening_id, unit_id)
        asked = stored.of_unit(connection, allowed, opening_id, unit_id)
    stands = judged(found[0], at.moment, snapshot.calendar)
    pleads = at.scope(Action.PLEAD).allows(unit_id, opening.regime)
    waits = {one.kind for one in asked if one.state is PleaState.ASKED}
    return render_template(
        "plea.html",
        opening=opening,
        regime=snapshot.regimes[opening.regime],
        unit=snapshot.units_by_id[unit_id],
        lead=instants.lead_of(snapshot, opening.regime),
        sending=found[0],
        stands=standing.of_arrival(stands),
        lines=lines_of(kept, snapshot),
        moves=stored_instants.OF_DEADLINES,
        asked=[(one, standing.of_plea(one.state), _is_mine(at, one)) for one in asked],
        may_ask=pleads and not opening.is_locked and PleaKind.TIME not in waits,
        may_dispute=pleads and stands.arrival is Arrival.LATE and PleaKind.DISPUTE not in waits,
        may_decide=instants.may_run(at, snapshot, opening.regime) and not at.scope(Action.RUN_PERIOD).is_empty,
        most=pleas.MOST_WORDS,
    )


def _is_mine(at: Desk, one: Plea) -> bool:
    return one.state is PleaState.ASKED and at.scope(Action.PLEAD).allows(one.unit_id, one.regime)


@blueprint.post("/thoi-han/<int:opening_id>/<int:unit_id>")
@page(Action.PLEAD)
def ask(opening_id: int, unit_id: int) -> Response:
    """Ask for more time, or dispute a lateness."""
    at, reason = desk(), request.form.get("reason", "")
    at.require(Action.PLEAD, unit_id)
    if request.form.get("do") == PleaKind.DISPUTE:
        pleas.dispute(at, opening_id, unit_id, reason)
        flash(say("plea.disputed"), "success")
    else:
        pleas.ask_time(at, opening_id, unit_id, reason, moment_of(request.form.get("wanted", ""), at.moment))
        flash(say("plea.asked"), "success")
    return _to(opening_id, unit_id)


@blueprint.get("/de-nghi")
@page(Action.RUN_PERIOD)
def queue() -> str:
    """What waits for a decision, the oldest first; then what was decided last."""
    at = desk()
    with at.read() as connection:
        snapshot = at.snapshot(connection)
        found = stored.listing(connection, at.scope(Action.RUN_PERIOD))
    return render_template(
        "pleas.html",
        waiting=[_line(snapshot, one) for one in found if one.state is PleaState.ASKED],
        decided=[_line(snapshot, one) for one in found if one.state is not PleaState.ASKED],
        most=pleas.MOST_WORDS,
    )


def _line(snapshot: Snapshot, one: Plea) -> tuple[Plea, str, str, standing.Badge]:
    unit = snapshot.units_by_id.get(one.unit_id)
    return one, unit.name if unit else "", snapshot.regimes[one.regime].name, standing.of_plea(one.state)


@blueprint.get("/de-nghi/<int:plea_id>")
@page(Action.SEE_SUBMISSION)
def one(plea_id: int) -> Response:
    """Where a notice leads: for who decides to the queue, for others to the unit's time."""
    at = desk()
    found = _found(at, plea_id, Action.SEE_SUBMISSION)
    if at.scope(Action.RUN_PERIOD).allows(found.unit_id, found.regime):
        return redirect(url_for("pleas.queue", _anchor=f"de-nghi-{plea_id}"))
    return _to(found.opening_id, found.unit_id)


@blueprint.post("/de-nghi/<int:plea_id>/rut")
@page(Action.PLEAD)
def withdraw(plea_id: int) -> Response:
    """Take back what was asked."""
    at = desk()
    found = _found(at, plea_id, Action.PLEAD)
    pleas.withdraw(at, plea_id)
    flash(say("plea.withdrawn"), "success")
    return _to(found.opening_id, found.unit_id)


@blueprint.post("/de-nghi/<int:plea_id>")
@page(Action.RUN_PERIOD)
def decide(plea_id: int) -> Response:
    """Đồng ý, đồng ý đến mốc khác, không đồng ý."""
    at, given = desk(), request.form
    _found(at, plea_id, Action.RUN_PERIOD)
    taken = PleaStep.REFUSE if given.get("do") == PleaStep.REFUSE else PleaStep.AGREE
    due = moment_of(given["due"], at.moment) if given.get("due") and taken is PleaStep.AGREE else None
    pleas.decide(at, plea_id, taken, given.get("answer", ""), due)
    flash(say(f"plea.done-{taken}"), "success")
    return redirect(url_for("pleas.queue"))


def _found(at: Desk, plea_id: int, action: Action) -> Plea:
    with at.read() as connection:
        found = stored.get(connection, at.scope(action), plea_id)
    if found is None:
        raise NotYours
    return found


def _to(opening_id: int, unit_id: int) -> Response:
    return redirect(url_for("pleas.look", opening_id=opening_id, unit_id=unit_id))
