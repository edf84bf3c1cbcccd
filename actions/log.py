"""Reading the audit log, which is itself noted, and taking it away (R06, R55)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from actions.desk import Desk
from registry.store import audit, audit_search, people
from registry.store.audit import Entry
from registry.store.audit_search import Wanted
from registry.workflow.policy import Action, Scope
from vietnamese.fold import fold

FORMAT = "baocao-audit-1"
PAGE, MOST = 50, 20_000  # entries shown, entries taken away at once
SIGNING_IN = ("sign-in", "sign-in refused", "sign-in locked", "code refused")
SECURITY = (  # what whoever watches over the system's security sees; of nobody's figures
    *SIGNING_IN,
    "password",
    "password refused",
    "password by link",
    "confirm factor",
    "drop factor",
    "rule-accounts",
    "disable idle account",
    "enable account",
    "refused",
    "too-often",
    "refuse-file",
    "tampered-code",
    "foreign-workbook",
    "discard-secret",
    "export-log",
)
DAYS = 30  # looked back on unless a span is asked for


@dataclass(frozen=True, slots=True)
class Search:
    """What a person asks of the log, as typed."""

    who: str = ""
    unit: str = ""  # its code
    action: str = ""
    object: str = ""  # as the log names it
    first: date | None = None
    last: date | None = None

    @property
    def typed(self) -> dict[str, str]:
        """What was filled in, for the note that somebody looked."""
        told = {"who": self.who, "unit": self.unit, "action": self.action, "object": self.object}
        told |= {name: day.isoformat() for name, day in (("first", self.first), ("last", self.last)) if day}
        return {name: text for name, text in told.items() if text}


@dataclass(frozen=True, slots=True)
class Found:
    """A page of entries, the newest first; ``older`` is what to ask the next page with."""

    entries: tuple[Entry, ...]
    older: int | None


def look(desk: Desk, search: Search, before: int | None = None, most: int = PAGE) -> Found:
    """A page of the log within the actor's reach; that he looked is an entry too. Raises NotYours."""
    return _page(desk, desk.require(Action.SEE_AUDIT), _wanted(desk, search), search, before, most)


def look_for_security(desk: Desk, search: Search, before: int | None = None, most: int = PAGE) -> Found:
    """The same of what concerns the security of the system. Raises NotYours."""
    wanted = _wanted(desk, search)
    chosen = wanted.actions & set(SECURITY) or frozenset(SECURITY)
    return _page(desk, desk.require(Action.SEE_SECURITY), replace(wanted, actions=chosen), search, before, most)


def _page(desk: Desk, allowed: Scope, wanted: Wanted, search: Search, before: int | None, most: int) -> Found:
    with desk.read() as connection:
        entries = audit_search.search(connection, allowed, wanted, most + 1, before)
    desk.instance.journal.write(desk, "read-log", "log", search.typed)
    shown = entries[:most]
    return Found(tuple(shown), shown[-1].seq if len(entries) > most else None)


def take(desk: Desk, search: Search, action: Action) -> list[Entry]:
    """Everything a page would show, to be taken away: the newest MOST entries. Raises NotYours."""
    allowed, wanted = desk.require(action), _wanted(desk, search)
    if action is Action.SEE_SECURITY:
        wanted = replace(wanted, actions=wanted.actions & set(SECURITY) or frozenset(SECURITY))
    with desk.read() as connection:
        entries = audit_search.search(connection, allowed, wanted, MOST)
    desk.instance.journal.write(desk, "export-log", "log", search.typed | {"entries": len(entries)})
    return entries


def _wanted(desk: Desk, search: Search) -> Wanted:
    with desk.read() as connection:
        known = people.all_people(connection) if search.who else []
        unit_id = desk.snapshot(connection).unit_ids.get(search.unit, 0) if search.unit else None
    asked = fold(search.who)
    meant = [one for one in known if one.login == search.who.strip().casefold()]
    meant = meant or [one for one in known if asked in fold(one.name)]
    since = audit_search.span(search.first, search.first)[0] if search.first else None
    until = audit_search.span(search.last, search.last)[1] if search.last else None
    return Wanted(
        frozenset(one.id for one in meant) if search.who else None,
        frozenset(one.login for one in meant) or frozenset({search.who.strip()}),
        unit_id,
        frozenset({search.action}) if search.action else frozenset(),
        search.object,
        since,
        until,
    )


@dataclass(frozen=True, slots=True)
class Day:
    """What happened on one day, by action."""

    day: date
    counts: dict[str, int]


def by_day(desk: Desk, first: date, last: date) -> list[Day]:
    """The days on which anything of SECURITY happened, the newest first. Raises NotYours."""
    desk.require(Action.SEE_SECURITY)
    with desk.read() as connection:
        counted = audit_search.by_day(connection, SECURITY, *audit_search.span(first, last))
    days = sorted({day for day, _ in counted}, reverse=True)
    return [Day(day, {action: counted.get((day, action), 0) for action in SECURITY}) for day in days]


def lately(desk: Desk) -> tuple[date, date]:
    """The span looked at unless another is asked for."""
    return desk.day - timedelta(days=DAYS - 1), desk.day


def export(desk: Desk, *, with_details: bool) -> Iterator[bytes]:
    """The whole log, one JSON object a line after a first line that says how many; that it was taken is its last entry.

    ``deploy/verify_audit.py`` reads it.
    """
    desk.instance.journal.write(desk, "export-log", "log", {"details": with_details})
    return _lines(desk, with_details)


def _lines(desk: Desk, with_details: bool) -> Iterator[bytes]:
    with desk.read() as connection:
        yield _line({"format": FORMAT, "entries": audit.head(connection).seq, "details": with_details})
        yield from map(_line, audit.exported(connection, with_details=with_details))


def _line(entry: dict[str, object]) -> bytes:
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
