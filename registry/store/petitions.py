"""What units ask of others with their reports (kiến nghị, đề xuất), and what they were answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, desc, func, insert, or_, select

from registry.store.engine import inserted
from registry.store.tables import opening, period, person, petition, petition_answer
from registry.store.within import within
from registry.workflow.petition import PetitionState
from registry.workflow.policy import Scope


@dataclass(frozen=True, slots=True)
class Petition:
    """One, with its newest answer."""

    id: int
    opening_id: int
    regime: str
    period: str
    unit_id: int
    addressee_id: int
    content: str
    basis: str
    by_id: int
    by_name: str
    at: datetime
    state: PetitionState
    answer: str
    answered_by: str | None
    answered_at: datetime | None


def put(
    connection: Connection,
    opening_id: int,
    unit_id: int,
    addressee_id: int,
    content: str,
    basis: str,
    by_id: int,
    at: datetime,
) -> int:
    """Keep what is asked; its key."""
    values = {"opening_id": opening_id, "unit_id": unit_id, "addressee_id": addressee_id}
    row = insert(petition).values(**values, content=content, basis=basis, by_id=by_id, at=at)
    return inserted(connection, row)


def answer(connection: Connection, petition_id: int, state: PetitionState, body: str, by_id: int, at: datetime) -> None:
    """Keep what became of it."""
    values = {"petition_id": petition_id, "state": state, "body": body, "by_id": by_id, "at": at}
    connection.execute(insert(petition_answer).values(**values))


def get(connection: Connection, petition_id: int) -> Petition | None:
    """One."""
    return next(iter(_listed(connection, _all().where(petition.c.id == petition_id))), None)


def listing(connection: Connection, allowed: Scope, opening_id: int | None = None, limit: int = 500) -> list[Petition]:
    """Those a unit somebody may look at made or is asked; of one opening where it is named, newest first."""
    made, sent = (within(allowed, column, opening.c.regime) for column in (petition.c.unit_id, petition.c.addressee_id))
    query = _all().where(or_(made, sent)).order_by(desc(petition.c.id)).limit(limit)
    return _listed(connection, query if opening_id is None else query.where(petition.c.opening_id == opening_id))


def of_opening(connection: Connection, opening_id: int, as_of: datetime) -> list[Petition]:
    """What stood to be answered of an opening at a moment, in the order it came: not what was withdrawn by then."""
    query = _all(as_of).where(petition.c.opening_id == opening_id, petition.c.at <= as_of).order_by(petition.c.id)
    return [one for one in _listed(connection, query) if one.state is not PetitionState.WITHDRAWN]


def _all(as_of: datetime | None = None) -> Select[Any]:
    numbers = select(func.max(petition_answer.c.id).label("id"))
    if as_of is not None:
        numbers = numbers.where(petition_answer.c.at <= as_of)
    newest = numbers.group_by(petition_answer.c.petition_id).subquery()
    answerer = person.alias("answerer")
    last = and_(petition_answer.c.petition_id == petition.c.id, petition_answer.c.id.in_(select(newest.c.id)))
    return (
        select(
            petition,
            opening.c.regime,
            period.c.code,
            person.c.name.label("by_name"),
            petition_answer.c.state,
            petition_answer.c.body,
            petition_answer.c.at.label("answered_at"),
            answerer.c.name.label("answered_by"),
        )
        .join(opening, opening.c.id == petition.c.opening_id)
        .join(period, period.c.id == opening.c.period_id)
        .join(person, person.c.id == petition.c.by_id)
        .outerjoin(petition_answer, last)
        .outerjoin(answerer, answerer.c.id == petition_answer.c.by_id)
    )


def _listed(connection: Connection, query: Select[Any]) -> list[Petition]:
    return [
        Petition(
            row.id,
            row.opening_id,
            row.regime,
            row.code,
            row.unit_id,
            row.addressee_id,
            row.content,
            row.basis,
            row.by_id,
            row.by_name,
            row.at,
            PetitionState(row.state or PetitionState.ASKED),
            row.body or "",
            row.answered_by,
            row.answered_at,
        )
        for row in connection.execute(query)
    ]
