"""Regimes that open by themselves: the worker looks every day, and what somebody must decide it tells the office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from actions.desk import Desk, Refusal
from actions.openings import UNDECIDED, is_ahead, open_period
from registry.catalogue.model import Regime, Role
from registry.periods import Period, WorkingCalendar, periods_about, timetable
from registry.store import accounts, jobs, notices, openings
from registry.store.engine import Connection
from vietnamese.dates import civil

OPENINGS = "openings"  # kind of the job
_EARLY = time(0, 5)


@dataclass(frozen=True, slots=True)
class Done:
    """What one look did: the periods opened, and those left to the office."""

    opened: tuple[str, ...]
    left: tuple[str, ...]


def queue(connection: Connection, operator_id: int, moment: datetime) -> None:
    """Have the regimes looked at; whoever asks again before then is answered by the same job."""
    name = f"{OPENINGS} {civil(moment).date()}"
    jobs.enqueue(connection, OPENINGS, {}, moment, unique_key=name, by_id=operator_id)


def look(desk: Desk) -> Done:
    """The body of the job: queue tomorrow's look, open what is due to open, leave to the office what collides.

    Each period is a transaction of its own and is opened once, so the job may run twice.
    """
    tomorrow = datetime.combine(desk.day + timedelta(days=1), _EARLY, civil(desk.moment).tzinfo)
    with desk.instance.store.write() as connection:
        queue(connection, desk.actor.person_id, tomorrow)
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        known = {(one.regime, one.period) for one in openings.all_openings(connection)}
    opened, left = [], []
    for regime in snapshot.catalogue.regimes:
        for period in _due_to_open(desk, regime, snapshot.calendar):
            if (regime.code, period.code) in known:
                continue
            if timetable(regime, period, snapshot.calendar).is_sound and _opens(desk, regime, period):
                opened.append(f"{regime.code} {period.code}")
            elif _leaves(desk, regime, period):
                left.append(f"{regime.code} {period.code}")
    return Done(tuple(opened), tuple(left))


def _due_to_open(desk: Desk, regime: Regime, calendar: WorkingCalendar) -> list[Period]:
    """The periods whose day of opening has come and whose deadlines are all still ahead."""
    if regime.opens_before is None:
        return []
    found = []
    for period in periods_about(regime.frequency, desk.day):
        dates = timetable(regime, period, calendar)
        if not regime.holds_on(period.last) or not dates.dues:
            continue
        begins = calendar.add_working_days(min(dates.closes, dates.dues[0].day), -regime.opens_before)
        if begins <= desk.day and is_ahead(dates, desk.moment):
            found.append(period)
    return found


def _opens(desk: Desk, regime: Regime, period: Period) -> bool:
    try:
        open_period(desk, regime.code, period.code)
    except Refusal:
        return False
    return True


def _leaves(desk: Desk, regime: Regime, period: Period) -> bool:
    """Tell the office, once, that a period waits for somebody to open it; False when somebody has meanwhile."""
    on = f"{regime.code} {period.code}"
    with desk.instance.store.write() as connection:
        if openings.find(connection, regime.code, period.code) is not None:
            return False
        if not notices.was_told(connection, UNDECIDED, on):
            office = accounts.everybody(connection, Role.OFFICE, desk.day)
            values = {"regime": regime.code, "name": regime.name, "period": period.code}
            notices.put(connection, office, UNDECIDED, on, values, desk.moment)
    return True
