"""Moments of a period given a name (số liệu chốt để báo cáo), to make reports as of them and hold others against."""

from __future__ import annotations

from datetime import datetime

from actions.desk import Desk, NotYours, Refusal
from actions.receptions import receives
from registry.store import freezes, openings
from registry.store.engine import Connection, take_turns
from registry.store.freezes import MOST_NAME, Freeze


def freeze(desk: Desk, regime: str, period: str, receiver: str, name: str, as_of: datetime | None = None) -> None:
    """Give a moment (now unless told) a name that is free in its period.

    Raises NotYours, Refusal (no name, one that is taken, a moment to come or before the period was opened).
    """
    name, moment = " ".join(name.split()), as_of or desk.moment
    if not name or len(name) > MOST_NAME:
        raise Refusal("freeze-name", most=MOST_NAME)
    with desk.change("freeze", f"{regime} {period}") as change:
        connection = change.connection
        opening, snapshot = openings.find(connection, regime, period), desk.snapshot(connection)
        if opening is None or receiver not in snapshot.regimes[regime].receivers:
            raise NotYours
        if not receives(desk, snapshot, regime, snapshot.unit_ids[receiver]):
            raise NotYours
        if not opening.opened_at <= moment <= desk.moment:
            raise Refusal("freeze-moment")
        take_turns(connection, f"freezes of {opening.id}")
        if freezes.find(connection, opening.id, name) is not None:
            raise Refusal("freeze-taken", name=name)
        freezes.put(connection, opening.id, name, moment, desk.actor.person_id, desk.moment)
        change.detail |= {"name": name, "at": moment.isoformat()}


def named(connection: Connection, opening_id: int, name: str) -> Freeze:
    """The freeze of that name; raises Refusal where there is none."""
    found = freezes.find(connection, opening_id, name)
    if found is None:
        raise Refusal("freeze-unknown", name=name)
    return found
