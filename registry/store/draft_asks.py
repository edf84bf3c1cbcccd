"""Units asked for their opinion on a draft (xin ý kiến), what they said of which heading, and what became of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, desc, insert, select

from registry.store.engine import inserted
from registry.store.tables import draft, draft_ask, draft_opinion, draft_ruling, draft_step, person
from registry.workflow.draft import DraftState


@dataclass(frozen=True, slots=True)
class Ask:
    """One unit asked once."""

    id: int
    draft_id: int
    unit_id: int
    due_at: datetime
    words: str
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Opinion:
    """What it said; ``accepted`` is None while nobody has decided."""

    id: int
    ask_id: int
    unit_id: int
    heading_id: int | None
    body: str
    by_name: str
    at: datetime
    is_late: bool
    accepted: bool | None
    ruling: str
    ruled_by: str | None


def put(
    connection: Connection, draft_id: int, unit_id: int, due_at: datetime, words: str, by_id: int, at: datetime
) -> int:
    """Ask a unit; the key."""
    values = {"draft_id": draft_id, "unit_id": unit_id, "due_at": due_at, "words": words, "by_id": by_id, "at": at}
    return inserted(connection, insert(draft_ask).values(**values))


def get(connection: Connection, ask_id: int) -> Ask | None:
    """One."""
    return next(iter(_asks(connection, _all().where(draft_ask.c.id == ask_id))), None)


def is_open(connection: Connection, one: Ask) -> bool:
    """Whether opinions are asked for still, in the round it was asked in: no step has ended that since."""
    runs = select(draft.c.id).where(draft.c.id == one.draft_id, draft.c.state == DraftState.ASKED, ~ended_since(one.at))
    return connection.execute(runs).first() is not None


def ended_since(at: ColumnElement[datetime] | datetime) -> ColumnElement[bool]:
    """True of a draft that left the state of asking after a moment, whether it came back to it or not."""
    left = (draft_step.c.draft_id == draft.c.id, draft_step.c.state != DraftState.ASKED, draft_step.c.at > at)
    return select(draft_step.c.id).where(*left).correlate(draft, draft_ask).exists()


def of_draft(connection: Connection, draft_id: int) -> list[Ask]:
    """Everybody asked about a draft, as they were asked."""
    return _asks(connection, _all().where(draft_ask.c.draft_id == draft_id).order_by(draft_ask.c.id))


def of_units(connection: Connection, unit_ids: Collection[int] | None, limit: int = 20) -> list[Ask]:
    """What some units were asked, of every one when None, newest first."""
    query = _all().order_by(desc(draft_ask.c.id)).limit(limit)
    return _asks(connection, query if unit_ids is None else query.where(draft_ask.c.unit_id.in_(unit_ids)))


def opine(connection: Connection, ask_id: int, heading_id: int | None, body: str, by_id: int, at: datetime) -> None:
    """Keep what a unit says."""
    values = {"ask_id": ask_id, "heading_id": heading_id, "body": body, "by_id": by_id, "at": at}
    connection.execute(insert(draft_opinion).values(**values))


def opinions(connection: Connection, draft_id: int) -> list[Opinion]:
    """What was said of a draft, in the order it came."""
    judge = person.alias("judge")
    query = (
        select(
            draft_opinion,
            draft_ask.c.unit_id,
            draft_ask.c.due_at,
            person.c.name.label("by_name"),
            draft_ruling.c.accepted,
            draft_ruling.c.words.label("ruling"),
            judge.c.name.label("ruled_by"),
        )
        .join(draft_ask, draft_ask.c.id == draft_opinion.c.ask_id)
        .join(person, person.c.id == draft_opinion.c.by_id)
        .outerjoin(draft_ruling, draft_ruling.c.opinion_id == draft_opinion.c.id)
        .outerjoin(judge, judge.c.id == draft_ruling.c.by_id)
        .where(draft_ask.c.draft_id == draft_id)
        .order_by(draft_opinion.c.id)
    )
    return [
        Opinion(
            row.id,
            row.ask_id,
            row.unit_id,
            row.heading_id,
            row.body,
            row.by_name,
            row.at,
            row.at > row.due_at,
            row.accepted,
            row.ruling or "",
            row.ruled_by,
        )
        for row in connection.execute(query)
    ]


def rule(connection: Connection, opinion_id: int, words: str, by_id: int, at: datetime, *, accepted: bool) -> None:
    """Say what becomes of an opinion; the caller has seen that nobody did before."""
    values = {"opinion_id": opinion_id, "accepted": accepted, "words": words, "by_id": by_id, "at": at}
    connection.execute(insert(draft_ruling).values(**values))


def _all() -> Select[Any]:
    return select(draft_ask, person.c.name.label("by_name")).join(person, person.c.id == draft_ask.c.by_id)


def _asks(connection: Connection, query: Select[Any]) -> list[Ask]:
    return [
        Ask(row.id, row.draft_id, row.unit_id, row.due_at, row.words, row.by_name, row.at)
        for row in connection.execute(query)
    ]
