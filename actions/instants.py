"""The instants of an open period: more time, closing reception and opening it again (R28)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from actions import checkpoints
from actions.askers import is_own
from actions.desk import Change, Desk, NotNow, NotYours, Refusal
from actions.reasons import reason_of
from registry.catalogue.model import Role
from registry.periods import parse
from registry.store import addressees, instants, notices, openings
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.instants import CLOSE, EXTEND, FIGURES_REOPENED, REOPEN, RETURN, Dues
from registry.store.openings import Opening
from registry.workflow.policy import Action
from registry.workflow.timeliness import time_to_send_again
from vietnamese.dates import format_due

MOVED, RECEPTION_CLOSED, RECEPTION_REOPENED = "deadline-moved", "reception-closed", "reception-reopened"  # notices
_RECEPTION = (RECEPTION_CLOSED, RECEPTION_REOPENED)
_OVERTAKES = {MOVED: (MOVED,), RECEPTION_CLOSED: _RECEPTION, RECEPTION_REOPENED: _RECEPTION}
_LONGEST = timedelta(days=366)  # to send again what was sent back
TOLD = (Role.CLERK, Role.LEADER)


@dataclass(frozen=True)
class Running:
    """An opening under the hands of somebody who may run it."""

    opening: Opening
    snapshot: Snapshot
    dues: dict[int, Dues]  # by unit


def may_run(desk: Desk, snapshot: Snapshot, regime: str) -> bool:
    """The office and the unit that leads a regime run its periods; who asks for a report runs that one."""
    led = any(place.regime in (None, regime) for place in desk.scope(Action.RUN_PERIOD).places)
    return led or is_own(desk, snapshot, regime)


def running(desk: Desk, connection: Connection, opening_id: int) -> Running:
    """Raises NotYours."""
    found, snapshot = openings.get(connection, opening_id), desk.snapshot(connection)
    if found is None or not may_run(desk, snapshot, found.regime):
        raise NotYours
    return Running(found, snapshot, instants.dues(connection, opening_id))


def assert_changeable(desk: Desk, connection: Connection, opening: Opening) -> None:
    """Raises NotNow once the period, or the year it belongs to, is locked."""
    assert_year_open(desk, connection, opening.regime, opening.period)
    assert_unlocked(desk, connection, opening)


def assert_unlocked(desk: Desk, connection: Connection, opening: Opening) -> None:
    """Raises NotNow: it tells whom to ask for a correction."""
    if opening.is_locked:
        raise NotNow("period-locked", who=lead_of(desk.snapshot(connection), opening.regime))


def assert_kept_open(desk: Desk, connection: Connection, opening_id: int, is_corrected: Callable[[], bool]) -> None:
    """What is written next is not of a locked period, nor will it be before the commit.

    Raises NotNow: the period is locked and there is no correction; there is one, and the year is locked.
    """
    assert_open_but(desk, connection, openings.hold(connection, opening_id), is_corrected)


def assert_open_but(desk: Desk, connection: Connection, opening: Opening, is_corrected: Callable[[], bool]) -> None:
    """The same of an opening at hand. Raises NotNow."""
    if opening.is_locked and is_corrected():
        assert_year_open(desk, connection, opening.regime, opening.period)
    else:
        assert_unlocked(desk, connection, opening)


def assert_year_open(desk: Desk, connection: Connection, regime: str, period: str) -> None:
    """Raises NotNow once the office has locked the year: its months change by a document only (PRACTICE F17)."""
    year = parse(period).year
    found = instants.years(connection, regime).get((regime, year))
    if found is not None and found.is_locked:
        raise NotNow("year-locked", year=year, regime=desk.snapshot(connection).regimes[regime].name)


def locked_years(connection: Connection, regime: str) -> frozenset[int]:
    """The years of a regime that are locked."""
    return frozenset(year for (_, year), found in instants.years(connection, regime).items() if found.is_locked)


def lead_of(snapshot: Snapshot, regime: str) -> str:
    """The name of the unit to ask about a regime."""
    code = snapshot.regimes[regime].lead
    return snapshot.units[code].name if code in snapshot.units else code


def extend(desk: Desk, opening_id: int, due: datetime, reason: str, units: frozenset[int] | None = None) -> None:
    """Give all units (None) or some more time, with a reason; the first deadline stays recorded (R28).

    Who has more time already keeps it. Raises NotYours, NotNow (locked), Refusal (no reason, no more time for anybody).
    """
    words = reason_of(reason)
    with desk.change(Action.RUN_PERIOD, f"opening {opening_id}") as change:
        here = running(desk, change.connection, opening_id)
        assert_changeable(desk, change.connection, here.opening)
        give(desk, change, here, due, words, units)
        change.detail |= {"due": due.isoformat(), "units": sorted(units) if units else "all", "reason": reason}


def give(
    desk: Desk,
    change: Change,
    here: Running,
    due: datetime,
    reason: str,
    units: Collection[int] | None,
    since: datetime | None = None,
    *,
    is_told: bool = True,
) -> None:
    """More time inside an open transaction, in force from ``since`` (now unless told). Raises Refusal.

    What is in force from an earlier moment is kept also where the deadline has passed it meanwhile.
    """
    whom = set(here.dues) if units is None else set(here.dues) & set(units)
    moved = {unit_id for unit_id in whom if since is not None or here.dues[unit_id].now < due}
    if not moved:
        raise Refusal("no-more-time", due=format_due(due))
    before = {here.dues[unit_id].now for unit_id in moved}

    def changed(unit_id: int | None, old: datetime | None) -> instants.Change:
        return instants.Change(EXTEND, due, reason, desk.moment, desk.actor.person_id, unit_id, old, since)

    if moved == set(here.dues) and len(before) == 1:
        kept = [changed(None, before.pop())]
    else:
        kept = [changed(unit_id, here.dues[unit_id].now) for unit_id in sorted(moved)]
    instants.record(change.connection, here.opening.id, kept)
    instants.move(change.connection, here.opening.id, None if units is None else moved, due)
    if is_told:
        tell(desk, change.connection, here, MOVED, moved, due=format_due(due), why=reason)


def dues_of(connection: Connection, opening_id: int, unit_id: int) -> Dues:
    """The deadlines of one unit. Raises NotYours where it is asked nothing."""
    found = instants.dues(connection, opening_id).get(unit_id)
    if found is None:
        raise NotYours
    return found


def give_time(
    desk: Desk,
    change: Change,
    opening_id: int,
    unit_id: int,
    reason: str,
    due: datetime | None = None,
) -> datetime:
    """The time a unit has to send again what was sent back to it, inside an open transaction; the moment it ends.

    Without a moment, two working days; never before the deadline in force. Whether the unit was on time is not judged
    anew while it keeps it (PRACTICE F18). Raises Refusal (a moment that is past, or more than a year away).
    """
    mine = instants.dues(change.connection, opening_id).get(unit_id)
    if due is not None and due <= desk.moment:
        raise Refusal("due-needed")
    if due is not None and due > desk.moment + _LONGEST:
        raise Refusal("due-too-far", days=_LONGEST.days)
    calendar = desk.snapshot(change.connection).calendar
    until = due or time_to_send_again(desk.moment, calendar)
    until = max(until, mine.now) if mine else until
    given = instants.Change(
        RETURN, until, reason, desk.moment, desk.actor.person_id, unit_id, mine.now if mine else None
    )
    instants.record(change.connection, opening_id, [given])
    instants.move(change.connection, opening_id, [unit_id], until)
    return until


def give_time_to_correct(desk: Desk, change: Change, opening_id: int, unit_id: int, reason: str) -> None:
    """Figures opened again are taken for two working days, whether reception is closed or not; no deadline moves."""
    until = time_to_send_again(desk.moment, desk.snapshot(change.connection).calendar)
    given = instants.Change(FIGURES_REOPENED, until, reason, desk.moment, desk.actor.person_id, unit_id)
    instants.record(change.connection, opening_id, [given])


def set_reception(desk: Desk, opening_id: int, *, is_open: bool, reason: str = "", at: datetime | None = None) -> None:
    """Close reception (đóng nhận), now or at a moment to come, or reopen it; reopening needs a reason.

    Raises NotYours, NotNow (locked), Refusal (no reason, a moment that is past).
    """
    words = reason_of(reason) if is_open or reason.strip() else ""
    if at is not None and at <= desk.moment:
        raise Refusal("due-needed")
    with desk.change(Action.RUN_PERIOD, f"opening {opening_id}") as change:
        here = running(desk, change.connection, opening_id)
        assert_changeable(desk, change.connection, here.opening)
        closes = None if is_open else at or desk.moment
        kind, told = (REOPEN, RECEPTION_REOPENED) if is_open else (CLOSE, RECEPTION_CLOSED)
        kept = instants.Change(
            kind,
            closes or desk.moment,
            words,
            desk.moment,
            desk.actor.person_id,
            old=here.opening.reception_closed_at,
        )
        instants.record(change.connection, opening_id, [kept])
        instants.close_reception(change.connection, opening_id, closes)
        tell(desk, change.connection, here, told, here.dues, due=format_due(kept.new), why=words)
        change.detail |= {"reception": "open" if is_open else "closed"} | ({"reason": words} if words else {})
        if not is_open:
            checkpoints.queue(desk, change.connection, f"close {here.opening.regime} {here.opening.period}")


def tell(desk: Desk, connection: Connection, here: Running, kind: str, units: Collection[int], **said: str) -> None:
    """Those who fill in and sign in the units it touches are told; what they were told before is overtaken."""
    theirs = addressees.of_units(connection, TOLD, units, desk.day, here.opening.regime)
    people = set().union(*theirs.values()) - {desk.actor.person_id}
    name = here.snapshot.regimes[here.opening.regime].name
    values = {"name": name, "period": here.opening.period, **said}
    on = f"opening {here.opening.id}"
    if overtaken := _OVERTAKES.get(kind):
        notices.settle(connection, overtaken, on, desk.moment, people)
    notices.put(connection, people, kind, on, values, desk.moment)
