"""Chasing who is late (đôn đốc, R30, F18): labels so that nobody is called twice."""

from __future__ import annotations

from collections.abc import Set

from actions.desk import Desk, NotYours, Refusal
from registry.store import labels, openings
from registry.workflow.policy import Action

LONGEST = 100  # letters of a label


def label(desk: Desk, regime: str, period: str, unit_ids: Set[int], text: str) -> None:
    """Put a label on units of a period, an empty one to take it off. Raises NotYours, Refusal."""
    said = " ".join(text.split())
    if len(said) > LONGEST:
        raise Refusal("label-too-long", most=LONGEST)
    with desk.change(Action.CHASE, f"{regime} {period}") as change:
        opening = openings.find(change.connection, regime, period)
        if opening is None or not unit_ids:
            raise NotYours
        allowed = desk.require(Action.CHASE)
        asked = openings.asked_units(change.connection, opening.id)
        if not all(one in asked and allowed.allows(one, regime) for one in unit_ids):
            raise NotYours
        labels.put(change.connection, opening.id, unit_ids, said, desk.actor.person_id, desk.moment)
        known = desk.snapshot(change.connection).units_by_id
        change.detail |= {"label": said, "units": sorted(known[one].code for one in unit_ids)}
        change.unit_id = next(iter(unit_ids)) if len(unit_ids) == 1 else None
