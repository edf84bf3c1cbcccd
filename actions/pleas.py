"""Units ask for more time, or dispute a recorded lateness; the lead unit or the office decides (R48; PRACTICE F18)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from actions import instants
from actions.desk import Change, Changed, Desk, NotEntitled, NotNow, NotYours, Refusal
from actions.reasons import reason_of
from registry.catalogue.model import Role
from registry.store import accounts, addressees, notices, openings, pleas, sendings
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.openings import Opening
from registry.store.pleas import Plea
from registry.workflow.plea import PleaKind, PleaState, PleaStep, step
from registry.workflow.policy import EVERYWHERE, Action
from registry.workflow.timeliness import Arrival, judged
from vietnamese.dates import format_due

ASKED = {PleaKind.TIME: "time-asked", PleaKind.DISPUTE: "lateness-disputed"}  # notices
_DECIDED = {
    (PleaKind.TIME, PleaState.AGREED): "time-agreed",
    (PleaKind.TIME, PleaState.REFUSED): "time-refused",
    (PleaKind.DISPUTE, PleaState.AGREED): "dispute-accepted",
    (PleaKind.DISPUTE, PleaState.REFUSED): "dispute-refused",
}
MOST_WORDS = 2000  # of a reason or an answer


def ask_time(desk: Desk, opening_id: int, unit_id: int, reason: str, wanted: datetime) -> int:
    """Ask for more time, also after the deadline; the number of what was asked.

    Raises NotYours, NotNow (locked, one waits already), Refusal (no reason, a moment not after the deadline in force).
    """
    with desk.change(Action.PLEAD, f"opening {opening_id} unit {unit_id}") as change:
        opening = _opening(desk, change.connection, opening_id, unit_id)
        instants.assert_changeable(desk, change.connection, opening)
        dues = instants.dues_of(change.connection, opening_id, unit_id)
        if wanted <= max(dues.now, desk.moment):
            raise Refusal("no-more-time", due=format_due(wanted))
        return _asked(desk, change, opening, unit_id, PleaKind.TIME, reason, wanted)


def dispute(desk: Desk, opening_id: int, unit_id: int, reason: str) -> int:
    """Say why a recorded lateness is wrong; the number of what was asked. Raises NotYours, NotNow, Refusal."""
    with desk.change(Action.PLEAD, f"opening {opening_id} unit {unit_id}") as change:
        opening = _opening(desk, change.connection, opening_id, unit_id)
        if not is_late(desk, change.connection, opening_id, unit_id):
            raise NotNow("not-late")
        return _asked(desk, change, opening, unit_id, PleaKind.DISPUTE, reason, None)


def is_late(desk: Desk, connection: Connection, opening_id: int, unit_id: int) -> bool:
    """True when what the unit sent counts as late."""
    found = sendings.within(connection, EVERYWHERE, openings=[opening_id], unit_id=unit_id)
    calendar = desk.snapshot(connection).calendar
    return any(judged(one, desk.moment, calendar).arrival is Arrival.LATE for one in found)


def withdraw(desk: Desk, plea_id: int) -> None:
    """Whoever asked, or another of the unit, takes it back. Raises NotYours, NotNow (decided), Changed."""
    with desk.change(Action.PLEAD, f"plea {plea_id}") as change:
        found = pleas.get(change.connection, desk.scope(Action.PLEAD), plea_id)
        _advance(desk, change, found, PleaStep.WITHDRAW, "")


def decide(desk: Desk, plea_id: int, taken: PleaStep, answer: str = "", due: datetime | None = None) -> None:
    """Agree, to the moment asked for or to another one, or not, with a reason.

    More time holds from when it was asked, and an accepted dispute makes what was sent count as on time; nothing is
    erased. Raises NotYours, NotNow (decided, locked), NotEntitled (one's own), Refusal, Changed.
    """
    with desk.change(Action.RUN_PERIOD, f"plea {plea_id}") as change:
        found = pleas.get(change.connection, EVERYWHERE, plea_id)
        if found is None or taken is PleaStep.WITHDRAW:
            raise NotYours
        here = instants.running(desk, change.connection, found.opening_id)
        if found.by_id == desk.actor.person_id:
            raise NotEntitled("plea-own")
        is_given = taken is PleaStep.AGREE and found.kind is PleaKind.TIME
        given = (due or found.wanted) if is_given else None
        mine = here.dues.get(found.unit_id)
        if due is not None and given is not None and mine is not None and due <= mine.now:
            raise Refusal("no-more-time", due=format_due(due))
        _advance(desk, change, found, taken, answer, max(given, mine.now) if given and mine else given)
        if given is not None:
            instants.assert_changeable(desk, change.connection, here.opening)
            instants.give(desk, change, here, given, found.reason, [found.unit_id], since=found.at, is_told=False)


def _advance(
    desk: Desk, change: Change, found: Plea | None, taken: PleaStep, answer: str, given: datetime | None = None
) -> None:
    """Run one step of the table and tell the unit. Raises NotYours, NotNow, Refusal, Changed."""
    if found is None:
        raise NotYours
    transition = step(found.state, taken)
    if transition is None:
        raise NotNow("plea-decided")
    by = desk.actor.person_id
    answer = reason_of(answer, MOST_WORDS) if transition.reason or answer.strip() else ""
    if not pleas.advance(change.connection, found.id, transition.target, by, desk.moment, answer, given):
        raise Changed
    on = f"plea {found.id}"
    notices.settle(change.connection, ASKED.values(), on, desk.moment)
    change.unit_id = found.unit_id
    change.detail |= {"step": taken.value} | ({"reason": answer} if answer else {})
    change.detail |= {"due": given.isoformat()} if given else {}
    if (kind := _DECIDED.get((found.kind, transition.target))) is None:
        return
    theirs = addressees.of_units(change.connection, instants.TOLD, [found.unit_id], desk.day, found.regime)
    said = {"why": answer, "due": format_due(given) if given else ""}
    values = _values(desk.snapshot(change.connection), found.regime, found.period, found.unit_id) | said
    _tell(desk, change, kind, on, theirs[found.unit_id] | {found.by_id}, values)


def _opening(desk: Desk, connection: Connection, opening_id: int, unit_id: int) -> Opening:
    found = openings.get(connection, opening_id)
    if found is None:
        raise NotYours
    desk.require(Action.PLEAD, unit_id, found.regime)
    instants.dues_of(connection, opening_id, unit_id)
    return found


def _asked(
    desk: Desk, change: Change, opening: Opening, unit_id: int, kind: PleaKind, reason: str, wanted: datetime | None
) -> int:
    why = reason_of(reason, MOST_WORDS)
    before = pleas.of_unit(change.connection, EVERYWHERE, opening.id, unit_id)
    if any(one.kind is kind and one.state is PleaState.ASKED for one in before):
        raise NotNow("plea-waits")
    by = desk.actor.person_id
    key = pleas.put(change.connection, opening.id, unit_id, kind, why, wanted, by, desk.moment)
    change.on, change.unit_id = f"plea {key}", unit_id
    change.detail |= {"reason": why} | ({"due": wanted.isoformat()} if wanted else {})
    snapshot = desk.snapshot(change.connection)
    said = {"why": why, "due": format_due(wanted) if wanted else ""}
    values = _values(snapshot, opening.regime, opening.period, unit_id) | said
    _tell(desk, change, ASKED[kind], change.on, _deciders(desk, change.connection, snapshot, opening.regime), values)
    return key


def _deciders(desk: Desk, connection: Connection, snapshot: Snapshot, regime: str) -> set[int]:
    lead = snapshot.unit_ids.get(snapshot.regimes[regime].lead)
    units = [] if lead is None else [lead]
    found = addressees.of_units(connection, (Role.RECEIVER,), units, desk.day, regime)
    return accounts.everybody(connection, Role.OFFICE, desk.day).union(*found.values())


def _values(snapshot: Snapshot, regime: str, period: str, unit_id: int) -> dict[str, str]:
    return {"name": snapshot.regimes[regime].name, "period": period, "unit": snapshot.units_by_id[unit_id].name}


def _tell(desk: Desk, change: Change, kind: str, on: str, people: Iterable[int], values: dict[str, str]) -> None:
    notices.put(change.connection, set(people) - {desk.actor.person_id}, kind, on, values, desk.moment)
