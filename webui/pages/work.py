"""“Việc của tôi”: what is due, how far it is, and the one button that matters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from actions import distribute
from actions.desk import Desk
from registry.catalogue.model import Regime, Role
from registry.store import notices, openings, signing, trials
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.openings import Progress
from registry.store.signing import Delegation
from registry.workflow.policy import Action, Scope, own_work
from webui import errands, queues, standing
from webui.errands import Seen
from webui.pages import notices as notice_pages
from webui.permission import page
from webui.visitor import desk

blueprint = Blueprint("work", __name__)

_NEWEST = 2  # notices shown here; all of them have a page
_MOST_OVER = 24  # reports sent, of those the newest
_MOST_FILES = 12  # sent lately


@dataclass(frozen=True)
class Watch:
    """One period the whole province works on."""

    progress: Progress
    regime: Regime | None


@blueprint.get("/")
@page(Action.SEE_WORK)
def home() -> Response | str:
    """What is due, what was sent lately, and for the office how the periods stand.

    Who only watches over security has no work here but the page about it.
    """
    at = desk()
    if {grant.role for grant in at.actor.grants} == {Role.WATCH}:
        return redirect(url_for("watch.overview"))
    allowed = own_work(at.actor)
    with at.read() as connection:
        seen = errands.look(at, connection, allowed)
        beside = _beside(at, connection, seen.snapshot, allowed)
    return render_template(
        "work.html",
        **_owed(at, seen),
        **_sending(at, seen, allowed),
        **beside,
        shared=errands.part_tasks(at, seen, allowed),
        many_units=len(allowed.units or ()) > 1,
        is_clerk=at.actor.has(Role.CLERK),
        is_leader=at.actor.has(Role.LEADER),
        home_units=_home_units(at, seen.snapshot),
    )


def _owed(at: Desk, seen: Seen) -> dict[str, Any]:
    """Reports that wait for the reader, for others, and for nobody."""
    found = errands.errands(at, seen)
    current = sorted((one for one in found if not one.is_over), key=lambda one: one.next_task.work.due_at)
    over = [one for one in found if one.is_over]
    return {
        "current": [one for one in current if one.reasons],
        "others": [one for one in current if not one.reasons],
        "over": over[:_MOST_OVER],
        "over_count": len(over),
        "due_count": len(distribute.to_fill(at, seen.works)),
    }


def _sending(at: Desk, seen: Seen, allowed: Scope) -> dict[str, Any]:
    """The units files can be sent for, and the files sent lately."""
    reached, units = (
        (at.scope(Action.UPLOAD).units or frozenset()) & (allowed.units or frozenset()),
        seen.snapshot.units_by_id,
    )
    return {
        "upload_units": [(one, units[one]) for one in sorted(reached) if one in units],
        "recent": [(one.upload, standing.of_upload(one.upload, one.status)) for one in seen.recent[:_MOST_FILES]],
    }


def _beside(at: Desk, connection: Connection, snapshot: Snapshot, allowed: Scope) -> dict[str, Any]:
    """What stands beside the work: queues, notices, what is lent, trial forms, the office's periods."""
    lent, me = _lent(at, connection), at.actor.person_id
    may_send = at.scope(Action.UPLOAD)
    return {
        "queued": queues.waiting(at, connection),
        "told": [notice_pages.told(one) for one in notices.unread(connection, me, _NEWEST)]
        if current_user.unread
        else [],
        "borrowed": [one for one in lent if one.to_id == me],
        "lent": [one for one in lent if one.from_id == me],
        "tried": [
            (
                one,
                snapshot.regimes[one.regime],
                snapshot.units_by_id[one.unit_id],
                may_send.allows(one.unit_id, one.regime, one.form),
            )
            for one in trials.lying(connection, allowed)
            if one.regime in snapshot.regimes
        ],
        "watched": [
            Watch(one, snapshot.regimes.get(one.opening.regime))
            for one in openings.progress(connection, at.scope(Action.SEE_BOARD))
        ],
    }


def _lent(at: Desk, connection: Connection) -> list[Delegation]:
    """What is lent today by or to the person; only a leader lends."""
    if not at.actor.has(Role.LEADER) and all(one.delegation is None for one in at.actor.grants):
        return []
    return [one for one in signing.delegations_of(connection, at.actor.person_id) if one.holds_on(at.day)]


def _home_units(at: Desk, snapshot: Snapshot) -> list[str]:
    """Names of the units where the person holds a role."""
    held = dict.fromkeys(grant.unit_id for grant in at.actor.grants)
    return [snapshot.units_by_id[one].name for one in held if one in snapshot.units_by_id]
