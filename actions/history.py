"""How units kept their deadlines: what was sent when, judged, with what was granted and sent back (R29, R48)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from actions.desk import Desk
from compile.history import Kept
from registry.periods import parse
from registry.periods.deadline import LOCAL
from registry.store import history, sendings
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.workflow.policy import Action, Scope
from registry.workflow.timeliness import Sending, judged

MONTHS = 24  # looked back on


def span(first: date, last: date) -> tuple[datetime, datetime]:
    """From the first moment of a day to the last of another, on Vietnamese clocks; midnight ends a day."""
    since, until = (datetime.combine(day, time(), LOCAL) for day in (first, last + timedelta(days=1)))
    return since + timedelta(microseconds=1), until


def lately(day: date) -> tuple[datetime, datetime]:
    """The months looked back on, up to a year ahead: deadlines still to come are told too."""
    months = day.year * 12 + day.month - 1 - MONTHS
    return span(date(months // 12, months % 12 + 1, 1), day + timedelta(days=365))


def kept(
    desk: Desk, connection: Connection, scope: Scope, within: tuple[datetime, datetime], unit_id: int | None = None
) -> list[Kept]:
    """Every sending of a scope whose first deadline lies in a span, newest period first: four queries."""
    since, until = within
    snapshot = desk.snapshot(connection)
    openings = history.due_within(connection, since, until)
    held = [
        one
        for one in sendings.within(connection, scope, openings=openings, unit_id=unit_id, ended=True)
        if since <= one.due_first <= until
    ]
    granted: dict[tuple[int, int | None], list[str]] = defaultdict(list)
    for each in history.extensions(connection, openings):
        granted[each.opening_id, each.unit_id].append(each.reason)
    returned = history.returns(connection, openings)
    return [_kept(desk, snapshot, one, granted, returned) for one in held]


def _kept(
    desk: Desk,
    snapshot: Snapshot,
    one: Sending,
    granted: Mapping[tuple[int, int | None], list[str]],
    returned: Mapping[tuple[int, int], int],
) -> Kept:
    place = (one.opening_id, one.unit_id)
    reasons = [*granted.get((one.opening_id, None), ()), *granted.get(place, ())]
    return Kept(
        snapshot.units_by_id[one.unit_id],
        one.regime,
        parse(one.period),
        one,
        judged(one, desk.moment, snapshot.calendar),
        tuple(reasons),
        returned.get(place, 0),
    )


def own(desk: Desk, connection: Connection, unit_id: int | None = None) -> list[Kept]:
    """What the person may see of it lately, of one unit when named. Raises NotYours."""
    allowed = desk.require(Action.SEE_TIMELINESS, unit_id)
    return kept(desk, connection, allowed, lately(desk.day), unit_id)
