"""Which units were reminded of which deadline, and of which step before or after it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Connection, insert, select

from registry.store.tables import reminder

Given = tuple[int, int, str, datetime]  # opening, unit, step, the deadline it was about


def given(connection: Connection, opening_ids: Collection[int]) -> set[Given]:
    """Every reminder given in some openings."""
    query = select(reminder.c.opening_id, reminder.c.unit_id, reminder.c.step, reminder.c.due_at)
    rows = connection.execute(query.where(reminder.c.opening_id.in_(opening_ids)))
    return {(row.opening_id, row.unit_id, row.step, row.due_at) for row in rows}


def put(connection: Connection, new: Iterable[Given], at: datetime) -> None:
    """Reminders given now: one statement."""
    rows = [
        {"opening_id": opening_id, "unit_id": unit_id, "step": step, "due_at": due_at, "at": at}
        for opening_id, unit_id, step, due_at in new
    ]
    if rows:
        connection.execute(insert(reminder), rows)
