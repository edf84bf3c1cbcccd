"""The instants of an open period: more time, closing reception and opening it again (R28)."""

from __future__ import annotations

from datetime import datetime

from actions import checkpoints
from actions.askers import is_own
from actions.desk import Desk, NotYours, Refusal
from registry.store import openings
from registry.store.engine import Connection
from registry.store.openings import Opening
from registry.workflow.policy import Action


def extend(desk: Desk, opening_id: int, due: datetime, reason: str, units: frozenset[int] | None = None) -> None:
    """Give all units (None) or some more time, with a reason; the first deadline stays recorded (R28)."""
    if not reason.strip():
        raise Refusal("reason-needed")
    with desk.change(Action.OPEN_PERIOD, f"opening {opening_id}") as change:
        _assert_runs(desk, change.connection, opening_id)
        openings.extend(change.connection, opening_id, units, due, reason.strip(), desk.actor.person_id, desk.moment)
        change.detail |= {"due": due.isoformat(), "units": sorted(units) if units else "all", "reason": reason}


def set_reception(desk: Desk, opening_id: int, *, is_open: bool) -> None:
    """Close or reopen reception (mở, đóng nhận báo cáo)."""
    with desk.change(Action.OPEN_PERIOD, f"opening {opening_id}") as change:
        found = _assert_runs(desk, change.connection, opening_id)
        openings.close_reception(change.connection, opening_id, None if is_open else desk.moment)
        change.detail["reception"] = "open" if is_open else "closed"
        if not is_open:
            checkpoints.queue(desk, change.connection, f"close {found.regime} {found.period}")


def _assert_runs(desk: Desk, connection: Connection, opening_id: int) -> Opening:
    """Whoever opens periods runs them all; who asks for a report runs that one. Raises NotYours."""
    found = openings.get(connection, opening_id)
    if found is None:
        raise NotYours
    if desk.scope(Action.OPEN_PERIOD).is_empty and not is_own(desk, desk.snapshot(connection), found.regime):
        raise NotYours
    return found
