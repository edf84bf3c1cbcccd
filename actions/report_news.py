"""Telling people of a unit, and those who receive from it, how far its report is."""

from __future__ import annotations

from collections.abc import Collection

from actions.desk import Desk
from registry.catalogue.model import Role
from registry.store import grants, notices
from registry.store.engine import Connection
from registry.store.reports import Report

SENDERS = (Role.CLERK, Role.LEADER)


def tell(desk: Desk, connection: Connection, report: Report, kind: str, roles: Collection[Role], **values: str) -> None:
    """Whoever holds one of the roles in the report's unit for its regime learns of it, but for who did it."""
    held = grants.of_units(connection, frozenset({report.unit_id}))
    told = {
        one.person_id
        for one in held
        if one.role in roles and one.is_active and one.holds_on(desk.day) and one.regime in (None, report.regime)
    }
    unit = desk.snapshot(connection).units_by_id[report.unit_id].name
    said = {"regime": report.regime, "period": report.period, "unit": unit, **values}
    on = f"opening {report.opening_id} unit {report.unit_id}"
    notices.put(connection, told - {desk.actor.person_id}, kind, on, said, desk.moment)
