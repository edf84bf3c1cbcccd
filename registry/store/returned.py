"""Cells a form was returned or reopened for, and words on cells (nhận xét) without returning it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, desc, insert, select

from registry.catalogue.values import CellKey
from registry.store.approvals import APPROVE, TAKE_BACK
from registry.store.tables import cell_remark, person, returned_cell, submission_event

_RETURN, _REOPEN = "return", "reopen"
_DECIDES = (APPROVE, TAKE_BACK, _RETURN, _REOPEN)  # what says anew which cells are open


@dataclass(frozen=True, slots=True)
class Returned:
    """The return or reopening that opened only some cells of a form: the version it was about, the words on each cell.

    ``widest`` are the cells its receiver or reviewer opened, which its leader narrows and never widens; None where the
    whole form was opened to the unit.
    """

    n: int
    cells: Mapping[CellKey, str]
    widest: Mapping[CellKey, str] | None = None


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
    """Of submissions of which only some cells are open, those: two queries."""
    wanted = list(submission_ids)
    if not wanted:
        return {}
    query = (
        select(submission_event)
        .where(submission_event.c.submission_id.in_(wanted), submission_event.c.action.in_(_DECIDES))
        .order_by(submission_event.c.id)
    )
    decided = connection.execute(query).all()
    named = of_events(connection, [row.id for row in decided if row.action in (_RETURN, _REOPEN)])
    now: dict[int, Returned | None] = {}
    before: dict[int, Returned | None] = {}  # the last approval
    for row in decided:
        key, known = row.submission_id, now.get(row.submission_id)
        if row.action == APPROVE:
            before[key], now[key] = known, None
        elif row.action == TAKE_BACK:
            now[key] = before.get(key)
        else:
            cells = named.get(row.id)
            widest = known.widest if known is not None else None
            now[key] = _opened(row.n, cells, cells if row.action == _REOPEN else widest)
    return {submission_id: one for submission_id, one in now.items() if one is not None}


def _opened(n: int, cells: Mapping[CellKey, str] | None, widest: Mapping[CellKey, str] | None) -> Returned | None:
    """What a step opens that names cells, or none: no more than may be open at all; None when that is all."""
    if widest is None:
        return None if cells is None else Returned(n, cells)
    within = {key: text for key, text in (cells or {}).items() if key in widest}
    return Returned(n, within or widest, widest)


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
