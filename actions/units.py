"""Units in time as people look at them: the chronicle, searching by any name a unit ever bore, totals over time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import cast

from actions.desk import Desk, NotYours
from registry.catalogue.chronicle import Chronicle
from registry.catalogue.model import Unit, UnitKey
from registry.store import definitions, units
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.workflow.policy import Action
from vietnamese.fold import fold

_KEPT = "chronicle"
_MOST_HITS = 60


def chronicle_of(desk: Desk, connection: Connection) -> Chronicle:
    """The units of all times; worked out once while the catalogue stays."""
    return chronicle_in(connection, desk.snapshot(connection))


def chronicle_in(connection: Connection, snapshot: Snapshot) -> Chronicle:
    """The same, of the catalogue a snapshot was taken from."""
    if _KEPT not in snapshot.memo:
        snapshot.memo[_KEPT] = fresh(connection)
    return cast(Chronicle, snapshot.memo[_KEPT])


def fresh(connection: Connection) -> Chronicle:
    """The same as the open transaction has it."""
    known = definitions.catalogue_of(connection, ("unit", "succession"))
    return Chronicle(known.units, known.successions)


@dataclass(frozen=True, slots=True)
class Hit:
    """A unit found by a name it bears or bore."""

    unit: Unit  # as it stood under that name
    id: int
    since: date
    until: date
    is_alive: bool  # on the day asked about


def search(desk: Desk, words: str, day: date) -> list[Hit]:
    """Units whose name or code of any time has all the words, whatever the accents; those alive on the day first."""
    desk.require(Action.SEE_UNITS)
    wanted = fold(words).split()
    if not wanted:
        return []
    with desk.read() as connection:
        chronicle, ids = chronicle_of(desk, connection), units.ids_by_key(connection)
    found = []
    for key in chronicle.keys:
        for one in reversed(chronicle.stretches(key)):
            text = f"{fold(one.unit.name)} {fold(one.unit.code)}"
            if all(word in text for word in wanted):
                alive = chronicle.at(key, day) is not None
                found.append(Hit(one.unit, ids[key], one.since, one.until, alive))
                break
    found.sort(key=lambda hit: (not hit.is_alive, hit.unit.order))
    return found[:_MOST_HITS]


def key_of(desk: Desk, unit_id: int) -> tuple[Chronicle, UnitKey]:
    """The unit of a key of the store, with the chronicle it stands in. Raises NotYours."""
    desk.require(Action.SEE_UNITS)
    with desk.read() as connection:
        chronicle, ids = chronicle_of(desk, connection), units.ids_by_key(connection)
    for key, known in ids.items():
        if known == unit_id and chronicle.stretches(key):
            return chronicle, key
    raise NotYours
