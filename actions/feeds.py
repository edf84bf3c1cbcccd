"""The calendar of deadlines as a feed (iCalendar, RFC 5545) behind a secret address, and as a workbook; no figures."""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from actions import due_calendar
from actions.desk import Desk, NotYours, say
from actions.due_calendar import Calendar, Entry
from actions.instance import Instance, local_day
from actions.made import Made
from compile import tables_book
from compile.tables import Align, Table, TableColumn, TableRow, text_cell
from registry.periods.told import weekday
from registry.store import feeds, people
from registry.workflow.policy import Action
from vietnamese.dates import civil, format_date, format_due, format_moment

_BYTES = 24  # of a secret address: 192 bits
_BACK, _AHEAD = timedelta(days=31), timedelta(days=400)
_COLUMNS = (("day", 24), ("due", 24), ("regime", 56), ("period", 24), ("level", 16), ("units", 10), ("standing", 40))


def renew(desk: Desk) -> str:
    """A new secret address for the actor's calendar; the one before is good no more. It is told only now."""
    desk.require(Action.OWN_ACCOUNT)
    token = secrets.token_urlsafe(_BYTES)
    with desk.change("renew calendar address", f"person {desk.actor.person_id}") as change:
        feeds.put(change.connection, desk.actor.person_id, _hashed(token), desk.moment)
    return token


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def fetch(instance: Instance, token: str, moment: datetime) -> bytes:
    """The feed of whoever's address it is. Raises NotYours: no such address, or its owner may not sign in any more."""
    with instance.store.read() as connection:
        owner = feeds.owner(connection, _hashed(token))
        actor = None if owner is None else people.actor(connection, owner, local_day(moment))
    if actor is None:
        raise NotYours
    desk = Desk(instance, actor, moment, "feed")
    return feed(_of(desk), moment)


def _of(desk: Desk) -> Calendar:
    """What a person's own calendar shows: everything to who watches over periods, else the unit's. Raises NotYours."""
    watches = not desk.scope(Action.SEE_BOARD).is_empty
    return (due_calendar.everything if watches else due_calendar.own)(desk, desk.day - _BACK, desk.day + _AHEAD)


def feed(calendar: Calendar, moment: datetime) -> bytes:
    """A calendar as iCalendar bytes; a deadline at the end of a day is an event of the whole day."""
    from icalendar import Calendar as Feed
    from icalendar import Event

    made = Feed()
    whose = calendar.unit.name if calendar.unit else say("feed.all")
    for name, value in (
        ("prodid", "-//Baocao//lich han gui//VI"),
        ("version", "2.0"),
        ("method", "PUBLISH"),
        ("x-wr-calname", say("feed.title", whose=whose)),
        ("x-published-ttl", "PT12H"),
    ):
        made.add(name, value)
    for uid, entry in zip(_uids(calendar), calendar.entries, strict=True):
        event = Event()
        event.add("uid", uid)
        event.add("dtstamp", moment.astimezone(UTC))
        local = civil(entry.moment)
        if local.time() == time():
            event.add("dtstart", entry.day)
        else:
            event.add("dtstart", entry.moment.astimezone(UTC))
        level = f" ({entry.level})" if calendar.unit is None and entry.level else ""
        event.add("summary", say("feed.summary", name=entry.name, period=entry.period.label, level=level))
        event.add("description", " ".join([say("feed.due", due=format_due(entry.moment)), *_standing(entry)]))
        event.add("transp", "TRANSPARENT")
        made.add_component(event)
    return bytes(made.to_ical())


def _uids(calendar: Calendar) -> Iterator[str]:
    """The same for the same deadline whenever it is asked: one that is moved moves in the reader's calendar."""
    whose, seen = calendar.unit.code if calendar.unit else "", Counter[str]()
    for entry in calendar.entries:
        said = f"{whose}|{entry.regime}|{entry.period.code}|{'' if calendar.unit else entry.level}"
        seen[said] += 1
        yield f"{hashlib.sha256(f'{said}|{seen[said]}'.encode()).hexdigest()[:32]}@baocao"


def _standing(entry: Entry) -> list[str]:
    """How a deadline stands and why it is where it is, in sentences."""
    told = [] if entry.is_open else [say("feed.coming")]
    told += [say("feed.moved", first=format_due(entry.first))] if entry.first else []
    return told + ([entry.why] if entry.why else [])


def workbook(desk: Desk, calendar: Calendar, name: str) -> Made:
    """The deadlines as a workbook, a line each."""
    rows = tuple(
        TableRow(
            (
                text_cell(f"{weekday(entry.day)}, {format_date(entry.day)}"),
                text_cell(format_due(entry.moment), Align.CENTRE),
                text_cell(f"{entry.name} ({entry.regime})"),
                text_cell(entry.period.label),
                text_cell(entry.level),
                text_cell(str(entry.units) if entry.units else "", Align.CENTRE),
                text_cell(" ".join(_standing(entry))),
            )
        )
        for entry in calendar.entries
    )
    head = tuple(TableColumn((say(f"feed.column-{key}"),), "", width) for key, width in _COLUMNS)
    whose = calendar.unit.name if calendar.unit else say("feed.all")
    table = Table(say("feed.title", whose=whose), head, rows)
    data = tables_book.build([(say("feed.sheet"), table)], say("feed.as-of", moment=format_moment(desk.moment)))
    return Made(calendar.unit.code if calendar.unit else "", "", name, data)
