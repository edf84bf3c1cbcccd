"""Who asks for reports outside the periodic ones, of whom, and what of the answers is theirs (R19)."""

from __future__ import annotations

from actions.desk import Desk, NotYours
from registry.catalogue.model import Unit
from registry.store import openings
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.openings import Opening
from registry.workflow.policy import Action, Scope, Where, may_be_asked

OFFICE = "VPUB"


def askers(desk: Desk, snapshot: Snapshot) -> list[Unit]:
    """The units in whose name the person may ask, the office's own first."""
    allowed = desk.require(Action.REQUEST)
    units = [unit for unit in snapshot.units.values() if allowed.allows(snapshot.unit_ids[unit.code])]
    held = {snapshot.units_by_id[grant.unit_id].code for grant in desk.actor.grants}
    return [unit for unit in units if unit.code in held] if allowed.units is None else units


def askable(snapshot: Snapshot, asker: Unit) -> list[Unit]:
    """The units an asker may ask, in official order."""
    return [
        unit
        for unit in snapshot.units.values()
        if may_be_asked(asker, unit, snapshot.ancestors.get(unit.code, ()), OFFICE)
    ]


def is_own(desk: Desk, snapshot: Snapshot, regime: str) -> bool:
    """True for a request asked in the name of a unit the person may ask for."""
    found = snapshot.regimes.get(regime)
    if found is None or regime not in snapshot.requests or found.lead not in snapshot.unit_ids:
        return False
    return desk.scope(Action.REQUEST).allows(snapshot.unit_ids[found.lead])


def own_requests(desk: Desk, snapshot: Snapshot) -> Scope:
    """Every unit's work, but only on the requests the person asked for: what an asker may watch."""
    return Scope.of(Where(None, code) for code in snapshot.requests if is_own(desk, snapshot, code))


def opening_of(desk: Desk, connection: Connection, regime: str, period: str) -> tuple[Opening, Snapshot]:
    """A round of a request of one's own. Raises NotYours."""
    snapshot = desk.snapshot(connection)
    found = openings.find(connection, regime, period)
    if found is None or not is_own(desk, snapshot, regime):
        raise NotYours
    return found, snapshot
