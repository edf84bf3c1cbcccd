"""Outages: noticed or entered, confirmed by the office, their minutes given back to the deadlines they touch (R48)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from actions import instants
from actions.desk import Change, Changed, Desk, NotNow, NotYours, Refusal, say
from actions.instance import Instance
from registry.store import instants as stored
from registry.store import outages
from registry.store.engine import Connection
from registry.store.instants import CLOSE, OUTAGE, OUTAGE_EXTENDED, TAKEN_BACK, Dues
from registry.workflow.outage import LONGEST, SILENCE, OutageState, Span
from registry.workflow.policy import Action
from vietnamese.dates import format_due

MOST_WORDS = 500  # of a cause


@dataclass(frozen=True, slots=True)
class Shift:
    """What an outage moves in one period: the deadline of so many units."""

    regime: str
    period: str
    old: datetime
    new: datetime
    units: int


def beat(instance: Instance, moment: datetime) -> int | None:
    """The server says that it is alive; after a longer silence an outage is proposed: its number, else None."""
    with instance.store.write() as connection:
        before = outages.beat(connection, moment)
        if before is None or moment - before <= SILENCE:
            return None
        return outages.put(connection, Span(before, moment), say("outage.noticed"), None, moment)


def enter(desk: Desk, began: datetime, ended: datetime, cause: str) -> int:
    """Put an outage on record, to be confirmed; its number.

    Raises NotYours, Refusal (no cause, not in the past, longer than three days).
    """
    desk.require(Action.CREDIT_OUTAGE)
    if not began < ended <= desk.moment:
        raise Refusal("outage-bounds")
    _assert_short(Span(began, ended))
    with desk.change(Action.CREDIT_OUTAGE, "outage") as change:
        number = outages.put(change.connection, Span(began, ended), _worded(cause), desk.actor.person_id, desk.moment)
        change.on = f"outage {number}"
        change.detail |= {"reason": cause.strip()}
        return number


def decide(desk: Desk, outage_id: int, cause: str, *, is_confirmed: bool) -> int:
    """Give its minutes back, or not; how many units' deadlines moved.

    Raises NotYours, NotNow (decided; minutes that were given back already), Refusal (no cause, too long), Changed.
    """
    desk.require(Action.CREDIT_OUTAGE)
    with desk.change(Action.CREDIT_OUTAGE, f"outage {outage_id}") as change:
        span = _standing(change.connection, outage_id, OutageState.PROPOSED, "outage-decided")
        if is_confirmed:
            _assert_short(span)
        if is_confirmed and any(span.overlaps(one) for one in outages.confirmed(change.connection)):
            raise NotNow("outage-overlaps")
        target, why = OutageState.CONFIRMED if is_confirmed else OutageState.DISMISSED, _worded(cause)
        if not outages.advance(change.connection, outage_id, target, why, desk.actor.person_id, desk.moment):
            raise Changed
        change.detail |= {"state": target.value, "reason": why}
        if not is_confirmed:
            return 0
        touched = outages.openings_near(change.connection, span)
        moved = sum(_credit(desk, change, opening_id, span, why) for opening_id in touched)
        change.detail["units"] = moved
        return moved


def take_back(desk: Desk, outage_id: int, why: str) -> int:
    """What a confirmed outage gave is taken back, on record beside it; how many units' deadlines moved back.

    Who sent while the deadline stood moved is measured by it for ever, and reception closes when it does by now.
    Raises NotYours, Refusal (no reason), Changed, NotNow (not confirmed; another builds on it; a period is locked).
    """
    desk.require(Action.CREDIT_OUTAGE)
    with desk.change(Action.CREDIT_OUTAGE, f"outage {outage_id}") as change:
        span = _standing(change.connection, outage_id, OutageState.CONFIRMED, "outage-not-given")
        target, why = OutageState.TAKEN_BACK, _worded(why)
        by, at = desk.actor.person_id, desk.moment
        if not outages.advance(change.connection, outage_id, target, why, by, at, known=OutageState.CONFIRMED):
            raise Changed
        credited = stored.credited_by(change.connection, span.began)
        moved = sum(_take_back(desk, change, opening_id, span, why) for opening_id in credited)
        change.detail |= {"state": target.value, "reason": why, "units": moved}
        return moved


def _take_back(desk: Desk, change: Change, opening_id: int, span: Span, why: str) -> int:
    here = instants.running(desk, change.connection, opening_id)
    instants.assert_changeable(desk, change.connection, here.opening)
    given = stored.credits_of(change.connection, opening_id, span.began)
    if stored.is_built_on(change.connection, opening_id, given):
        raise NotNow("outage-built-on")
    back = [
        stored.Change(TAKEN_BACK, one.old, why, desk.moment, desk.actor.person_id, one.unit_id, one.new, one.since)
        for one in given
        if one.old is not None
    ]
    stored.record(change.connection, opening_id, back)
    whom = {one.unit_id for one in given}
    theirs = {unit_id: dues for unit_id, dues in here.dues.items() if None in whom or unit_id in whom}
    moved = stored.settle(change.connection, opening_id, theirs)
    for due in sorted(set(moved.values())):
        units = {unit_id for unit_id, its in moved.items() if its == due}
        instants.tell(desk, change.connection, here, instants.MOVED, units, due=format_due(due), why=why)
    return len(moved)


def shifts(desk: Desk, connection: Connection, span: Span) -> list[Shift]:
    """Which deadlines a span moves when it is confirmed, and to when; of one too long, none."""
    found = []
    for opening_id in outages.openings_near(connection, span) if not span.is_too_long else []:
        here = instants.running(desk, connection, opening_id)
        last = {unit_id: _last(here.dues[unit_id], its) for unit_id, its in _touched(desk, here, span, "").items()}
        alike = Counter((here.dues[unit_id].now, new) for unit_id, new in last.items())
        regime = here.snapshot.regimes[here.opening.regime].name
        found += [Shift(regime, here.opening.period, old, new, units) for (old, new), units in sorted(alike.items())]
    return found


def _standing(connection: Connection, outage_id: int, state: OutageState, refusal: str) -> Span:
    """An outage that is in a state. Raises NotYours, NotNow."""
    found = outages.get(connection, outage_id)
    if found is None:
        raise NotYours
    if found[1] is not state:
        raise NotNow(refusal)
    return found[0]


def _assert_short(span: Span) -> None:
    if span.is_too_long:
        raise Refusal("outage-long", days=LONGEST.days)


def _worded(cause: str) -> str:
    cause = cause.strip()
    if not cause or len(cause) > MOST_WORDS:
        raise Refusal("outage-cause", most=MOST_WORDS)
    return cause


def _credit(desk: Desk, change: Change, opening_id: int, span: Span, cause: str) -> int:
    here = instants.running(desk, change.connection, opening_id)
    touched = _touched(desk, here, span, cause)
    stored.record_each(change.connection, opening_id, touched, everybody=touched.keys() == here.dues.keys())
    last = {unit_id: _last(here.dues[unit_id], its) for unit_id, its in touched.items()}
    for due in sorted(set(last.values())):
        units = {unit_id for unit_id, its in last.items() if its == due}
        stored.move(change.connection, opening_id, units, due)
        instants.tell(desk, change.connection, here, instants.MOVED, units, due=format_due(due), why=cause)
    closes = here.opening.reception_closed_at
    if closes is not None and span.touches(closes):
        by, later = desk.actor.person_id, span.credited(closes)
        stored.record(change.connection, opening_id, [stored.Change(CLOSE, later, cause, desk.moment, by, old=closes)])
        stored.close_reception(change.connection, opening_id, later)
    return len(touched)


def _touched(desk: Desk, here: instants.Running, span: Span, cause: str) -> dict[int, list[stored.Change]]:
    changes = {unit_id: list(_moved(desk, one, span, cause)) for unit_id, one in here.dues.items()}
    return {unit_id: its for unit_id, its in changes.items() if its}


def _last(dues: Dues, changes: list[stored.Change]) -> datetime:
    return max(dues.now, *(one.new for one in changes))


def _moved(desk: Desk, dues: Dues, span: Span, cause: str) -> Iterator[stored.Change]:
    """What moves of a unit's deadlines: the first, and where it was extended the one in force; since it began."""
    kinds = [(OUTAGE, dues.credited)] + ([(OUTAGE_EXTENDED, dues.now)] if dues.now > dues.credited else [])
    for kind, old in kinds:
        if span.touches(old):
            by, new = desk.actor.person_id, span.credited(old)
            yield stored.Change(kind, new, cause, desk.moment, by, old=old, since=span.began)
