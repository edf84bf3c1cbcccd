"""Labels (nhãn) watchers put on units of a period, so that nobody is called twice; the newest holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, desc, insert, select

from registry.store.tables import person, unit_label


@dataclass(frozen=True, slots=True)
class Label:
    """What a watcher noted of a unit; an empty text took the one before off."""

    text: str
    by_name: str
    at: datetime


def put(connection: Connection, opening_id: int, unit_ids: Iterable[int], text: str, by_id: int, at: datetime) -> None:
    """Put a label on units of an opening."""
    said = {"opening_id": opening_id, "text": text, "by_id": by_id, "at": at}
    connection.execute(insert(unit_label), [said | {"unit_id": one} for one in sorted(set(unit_ids))])


def of_opening(connection: Connection, opening_id: int) -> dict[int, list[Label]]:
    """By unit everything noted in an opening, the newest first: one query."""
    query = (
        select(unit_label.c.unit_id, unit_label.c.text, person.c.name, unit_label.c.at)
        .join(person, person.c.id == unit_label.c.by_id)
        .where(unit_label.c.opening_id == opening_id)
        .order_by(desc(unit_label.c.id))
    )
    found: dict[int, list[Label]] = {}
    for row in connection.execute(query):
        found.setdefault(row.unit_id, []).append(Label(row.text, row.name, row.at))
    return found
