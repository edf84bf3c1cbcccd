"""Loads of the catalogue, each with what it added or changed and what stood there before."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, and_, select

from registry.store.codec import revive
from registry.store.definitions import KINDS
from registry.store.tables import catalogue_load, definition

_TYPES = {kind.name: kind.type for kind in KINDS}


@dataclass(frozen=True, slots=True)
class Item:
    """One item a load wrote; None before the first version, and after one that was taken back."""

    kind: str
    code: str
    n: int
    valid_from: date
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Load:
    """One load: by whom, when, and its items in the order they were written."""

    id: int
    by: str
    at: datetime
    items: tuple[Item, ...]
    asks_once: bool  # it wrote a request, with what that needs


def newest(
    connection: Connection, kinds: Collection[str], limit: int, *, before: int | None = None, only: int | None = None
) -> list[Load]:
    """Loads that wrote items of some kinds, newest first: three queries."""
    keys = (
        select(definition.c.load_id)
        .where(definition.c.kind.in_(list(kinds)))
        .distinct()
        .order_by(definition.c.load_id.desc())
    )
    if before is not None:
        keys = keys.where(definition.c.load_id < before)
    if only is not None:
        keys = keys.where(definition.c.load_id == only)
    wanted = list(connection.execute(keys.limit(limit)).scalars())
    former = definition.alias("former")
    same = and_(
        former.c.kind == definition.c.kind, former.c.code == definition.c.code, former.c.n == definition.c.n - 1
    )
    query = (
        select(
            definition.c.load_id,
            definition.c.kind,
            definition.c.code,
            definition.c.n,
            definition.c.valid_from,
            definition.c.body,
            former.c.body.label("former_body"),
            catalogue_load.c.by,
            catalogue_load.c.at,
        )
        .join(catalogue_load, catalogue_load.c.id == definition.c.load_id)
        .outerjoin(former, same)
        .where(definition.c.load_id.in_(wanted), definition.c.kind.in_(list(kinds)))
        .order_by(definition.c.load_id.desc(), definition.c.id)
    )
    requests = select(definition.c.load_id).where(definition.c.load_id.in_(wanted), definition.c.kind == "request")
    asking = set(connection.execute(requests).scalars())
    found: dict[int, Load] = {}
    items: dict[int, list[Item]] = {}
    for row in connection.execute(query):
        found.setdefault(row.load_id, Load(row.load_id, row.by, row.at, (), row.load_id in asking))
        kind = _TYPES[row.kind]
        held = (None if body is None else revive(kind, body) for body in (row.former_body, row.body))
        items.setdefault(row.load_id, []).append(Item(row.kind, row.code, row.n, row.valid_from, *held))
    return [replace(one, items=tuple(items[one.id])) for one in found.values()]
