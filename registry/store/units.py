"""Units in the store: identities, dated versions, and the closure of the tree (derived)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from registry.catalogue.chronicle import FOREVER, Chronicle, Link, Stretch
from registry.catalogue.model import Unit, UnitKey
from registry.store.tables import unit, unit_closure, unit_version
from vietnamese.fold import fold


def rebuild(connection: Connection, all_units: Iterable[Unit]) -> None:
    """Write identities not yet known, then the derived versions and closure anew; every version of a unit is given."""
    chronicle = Chronicle(all_units)
    known = ids_by_key(connection)
    missing = chronicle.keys - known.keys()
    if missing:
        connection.execute(insert(unit), [{"code": code, "born": born} for code, born in sorted(missing)])
        known = ids_by_key(connection)
    connection.execute(delete(unit_closure))
    connection.execute(delete(unit_version))
    versions = [
        _version(stretch, known, parent) for key in chronicle.keys for stretch, parent in chronicle.parents(key)
    ]
    connection.execute(insert(unit_version), versions)
    connection.execute(insert(unit_closure), [_link(link, known) for link in chronicle.links()])


def _version(stretch: Stretch, known: dict[UnitKey, int], parent: UnitKey | None) -> dict[str, Any]:
    return {
        "unit_id": known[stretch.unit.key],
        "valid_from": stretch.since,
        "valid_to": _end(stretch.until),
        "name": stretch.unit.name,
        "fold": fold(stretch.unit.name),
        "kind": stretch.unit.kind.value,
        "rank": stretch.unit.order,
        "parent_id": known[parent] if parent else None,
    }


def _link(link: Link, known: dict[UnitKey, int]) -> dict[str, Any]:
    return {
        "ancestor_id": known[link.above],
        "unit_id": known[link.below],
        "valid_from": link.since,
        "valid_to": _end(link.until),
        "depth": link.depth,
    }


def _end(until: date) -> date | None:
    return None if until == FOREVER else until


def ids(connection: Connection, of: Iterable[Unit]) -> dict[Unit, int]:
    """The store's key of each unit."""
    known = ids_by_key(connection)
    return {item: known[item.key] for item in of}


@dataclass(frozen=True)
class Codes:
    """Who is meant by a code: the unit that bears it on a day, else the youngest that ever bore it."""

    lives: Mapping[str, tuple[tuple[date, date, int], ...]]  # code -> (born, last day, key), oldest first

    def __contains__(self, code: str) -> bool:
        return code in self.lives

    def at(self, code: str, day: date) -> int:
        """The store's key. Raises KeyError for a code nobody ever bore."""
        lives = self.lives[code]
        return next((key for born, last, key in lives if born <= day <= last), lives[-1][2])


def codes(connection: Connection) -> Codes:
    """The codes of all times: one query."""
    last = func.max(func.coalesce(unit_version.c.valid_to, FOREVER))
    query = (
        select(unit.c.code, unit.c.born, unit.c.id, last.label("last"))
        .outerjoin(unit_version, unit_version.c.unit_id == unit.c.id)
        .group_by(unit.c.id, unit.c.code, unit.c.born)
        .order_by(unit.c.born)
    )
    lives: dict[str, tuple[tuple[date, date, int], ...]] = {}
    for row in connection.execute(query):
        end = row.last or row.born  # never alive
        lives[row.code] = (*lives.get(row.code, ()), (row.born, _day(end), row.id))
    return Codes(lives)


def _day(value: date | str) -> date:
    """SQLite gives a computed day as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def ids_by_key(connection: Connection) -> dict[UnitKey, int]:
    """Keys of all units of all times by what they are."""
    return {(row.code, row.born): row.id for row in connection.execute(select(unit))}
