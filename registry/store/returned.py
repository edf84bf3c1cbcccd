"""Cells a form was returned or reopened for, and words on cells (nhận xét) without returning it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, desc, insert, select

from registry.catalogue.values import CellKey
from registry.store.tables import cell_remark, person, returned_cell, submission_event

_DECIDES = ("approve", "return", "reopen")  # what says anew which cells are open


@dataclass(frozen=True, slots=True)
class Returned:
    """The last return or reopening of a form that names cells: the version it was about, and the words on each cell."""

    n: int
    cells: Mapping[CellKey, str]


@dataclass(frozen=True, slots=True)
class Remark:
    """Words on a cell of a version, by somebody who did not return it."""

    n: int
    key: CellKey
    text: str
    by_name: str
    at: datetime


def put(connection: Connection, event_id: int, cells: Mapping[CellKey, str]) -> None:
    """Keep the cells a step of returning or reopening names, each with the words on it."""
    rows = [{"event_id": event_id, "text": text, **key._asdict()} for key, text in cells.items()]
    if rows:
        connection.execute(insert(returned_cell), rows)


def of_events(connection: Connection, event_ids: Iterable[int]) -> dict[int, dict[CellKey, str]]:
    """The cells steps name, in the order they were named."""
    found: dict[int, dict[CellKey, str]] = {}
    query = select(returned_cell).where(returned_cell.c.event_id.in_(list(event_ids))).order_by(returned_cell.c.id)
    for row in connection.execute(query):
        found.setdefault(row.event_id, {})[CellKey(row.row, row.column, row.line)] = row.text
    return found


def standing(connection: Connection, submission_ids: Iterable[int]) -> dict[int, Returned]:
    """Of submissions whose last decision named cells, those: two queries."""
    wanted = list(submission_ids)
    if not wanted:
        return {}
    last = {
        row.submission_id: row
        for row in connection.execute(
            select(submission_event)
            .where(submission_event.c.submission_id.in_(wanted), submission_event.c.action.in_(_DECIDES))
            .order_by(submission_event.c.id)
        )
    }
    cells = of_events(connection, [row.id for row in last.values()])
    return {submission_id: Returned(row.n, cells[row.id]) for submission_id, row in last.items() if row.id in cells}


def remark(
    connection: Connection, submission_id: int, n: int, cells: Mapping[CellKey, str], by_id: int, at: datetime
) -> None:
    """Keep words on cells of a version."""
    common = {"submission_id": submission_id, "n": n, "by_id": by_id, "at": at}
    connection.execute(insert(cell_remark), [common | key._asdict() | {"text": text} for key, text in cells.items()])


def remarks(connection: Connection, submission_id: int) -> list[Remark]:
    """Every remark on cells of a submission, newest first."""
    query = (
        select(cell_remark, person.c.name.label("by_name"))
        .join(person, person.c.id == cell_remark.c.by_id)
        .where(cell_remark.c.submission_id == submission_id)
        .order_by(desc(cell_remark.c.id))
    )
    return [
        Remark(row.n, CellKey(row.row, row.column, row.line), row.text, row.by_name, row.at)
        for row in connection.execute(query)
    ]
