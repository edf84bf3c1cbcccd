"""Deciding everything that waits in a period at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from actions.decide import approve, send_back
from actions.desk import Desk, Refusal
from actions.naming import unit_ids
from actions.reports import send
from registry.catalogue.model import Unit
from registry.store import openings
from registry.store.openings import Work
from registry.workflow.policy import Action
from registry.workflow.submission import State


def decide_all(
    desk: Desk, regime: str, period: str, units: Sequence[str], reason: str | None, *, send_reports: bool
) -> list[dict[str, Any]]:
    """Approve (or with ``reason`` return) every pending form in the actor's scope; one row each.

    Why something was not done stands in the row's ``refused``, and the others are done all the same; a unit asked
    for where nothing waits has a row without a form.
    Raises Refusal when nothing waits, or a unit is unknown.
    """
    action = Action.APPROVE if reason is None else Action.RETURN
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        wanted = unit_ids(snapshot, units)
        works = [
            work
            for work in openings.work(connection, desk.require(action), regime=regime, period_code=period)
            if work.state is State.PENDING and (not wanted or work.unit_id in wanted)
        ]
    if not works:
        raise Refusal("nothing-waits")
    refused = [_refusal(partial(_decide, desk, work, reason)) for work in works]
    states = [_state(reason) if why is None else work.state for work, why in zip(works, refused, strict=True)]
    if reason is None and send_reports:
        for reported in sorted({(work.opening_id, work.unit_id) for work in works}):
            why_not = _refusal(partial(send, desk, *reported))
            for at, work in enumerate(works):
                if (work.opening_id, work.unit_id) == reported:
                    refused[at] = refused[at] or why_not
    idle = wanted - {work.unit_id for work in works}
    return [
        *(
            _row(snapshot.units_by_id[work.unit_id], work.form, work.version, state, why)
            for work, state, why in zip(works, states, refused, strict=True)
        ),
        *(_row(snapshot.units_by_id[one], None, None, None, str(Refusal("nothing-waits"))) for one in sorted(idle)),
    ]


def _row(unit: Unit, form: str | None, version: int | None, state: State | None, why: str | None) -> dict[str, Any]:
    return {"unit": unit.code, "form": form, "version": version, "state": state, "refused": why}


def _state(reason: str | None) -> State:
    return State.APPROVED if reason is None else State.RETURNED


def _decide(desk: Desk, work: Work, reason: str | None) -> None:
    if reason is None:
        approve(desk, work.assignment_id, work.version)
    else:
        send_back(desk, work.assignment_id, work.version, reason)


def _refusal(act: Callable[[], object]) -> str | None:
    """Do it; why not, when it was refused."""
    try:
        act()
    except Refusal as refusal:
        return str(refusal)
    return None
