"""Units in the store: identities, dated versions, and the closure of the tree (derived)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select

from registry.catalogue.model import Unit
from registry.store.tables import unit, unit_closure, unit_version
from vietnamese.fold import fold


def rebuild(connection: Connection, all_units: Iterable[Unit]) -> None:
    """Write identities not yet known, then the derived versions and closure anew."""
    items = list(all_units)
    known = _identities(connection)
    missing = {(item.code, item.born) for item in items} - known.keys()
    if missing:
        connection.execute(insert(unit), [{"code": code, "born": born} for code, born in sorted(missing)])
        known = _identities(connection)
    newest_of_code = {item.code: known[item.code, item.born] for item in sorted(items, key=lambda item: item.born)}
    connection.execute(delete(unit_closure))
    connection.execute(delete(unit_version))
    versions = [_version(item, known, newest_of_code) for item in items]
    connection.execute(insert(unit_version), versions)
    connection.execute(insert(unit_closure), _closure(versions))


def _identities(connection: Connection) -> dict[tuple[str, date], int]:
    return {(row.code, row.born): row.id for row in connection.execute(select(unit))}


def _version(item: Unit, known: dict[tuple[str, date], int], newest: dict[str, int]) -> dict[str, Any]:
    return {
        "unit_id": known[item.code, item.born],
        "valid_from": item.valid_from,
        "valid_to": item.valid_to,
        "name": item.name,
        "fold": fold(item.name),
        "kind": item.kind.value,
        "rank": item.order,
        "parent_id": newest.get(item.parent) if item.parent else None,
    }


def _closure(versions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    parents = {version["unit_id"]: version["parent_id"] for version in versions}
    rows: list[dict[str, Any]] = []
    for version in versions:
        above, depth = version["unit_id"], 0
        while above is not None and depth < 10:
            rows.append(
                {
                    "ancestor_id": above,
                    "unit_id": version["unit_id"],
                    "valid_from": version["valid_from"],
                    "valid_to": version["valid_to"],
                    "depth": depth,
                }
            )
            above, depth = parents.get(above), depth + 1
    return rows


def ids(connection: Connection, of: Iterable[Unit]) -> dict[Unit, int]:
    """The store's key of each unit."""
    known = _identities(connection)
    return {item: known[item.code, item.born] for item in of}


def all_ids(connection: Connection) -> dict[str, int]:
    """Keys by code over all times; of units that share a code the youngest."""
    return {row.code: row.id for row in connection.execute(select(unit).order_by(unit.c.born))}


def below(connection: Connection, unit_id: int, day: date) -> frozenset[int]:
    """A unit and everything under it on a day."""
    query = select(unit_closure.c.unit_id).where(
        unit_closure.c.ancestor_id == unit_id,
        unit_closure.c.valid_from <= day,
        or_(unit_closure.c.valid_to.is_(None), unit_closure.c.valid_to >= day),
    )
    return frozenset(connection.execute(query).scalars())
