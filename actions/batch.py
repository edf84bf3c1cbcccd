"""Deciding everything that waits in a period at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actions.decide import approve, send_back
from actions.desk import Desk, Refusal
from actions.reports import send
from registry.store import openings
from registry.workflow.policy import Action
from registry.workflow.submission import State


def decide_all(
    desk: Desk, regime: str, period: str, units: Sequence[str], reason: str | None, *, send_reports: bool
) -> list[dict[str, Any]]:
    """Approve (or with ``reason`` return) every pending form in the actor's scope; one row each.

    Raises Refusal when nothing waits.
    """
    action = Action.APPROVE if reason is None else Action.RETURN
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        works = [
            work
            for work in openings.work(connection, desk.require(action), regime=regime, period_code=period)
            if work.state is State.PENDING and (not units or snapshot.units_by_id[work.unit_id].code in units)
        ]
    if not works:
        raise Refusal("nothing-waits")
    for work in works:
        if reason is None:
            approve(desk, work.assignment_id, work.version)
        else:
            send_back(desk, work.assignment_id, work.version, reason)
    if reason is None and send_reports:
        for opening_id, unit_id in sorted({(work.opening_id, work.unit_id) for work in works}):
            send(desk, opening_id, unit_id)
    return [
        {
            "unit": snapshot.units_by_id[work.unit_id].code,
            "form": work.form,
            "version": work.version,
            "state": "approved" if reason is None else "returned",
        }
        for work in works
    ]
