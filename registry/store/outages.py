"""Outages on record, and the heartbeat they are noticed by (R48)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, desc, func, insert, or_, select, update

from registry.store.engine import inserted
from registry.store.tables import assignment, heartbeat, opening, outage, person
from registry.workflow.outage import DAY_OF_DEADLINE, OutageState, Span


@dataclass(frozen=True, slots=True)
class Outage:
    """A span in which the server was not ready, entered by somebody or noticed by itself (``by_name`` None)."""

    id: int
    span: Span
    cause: str
    by_name: str | None
    at: datetime
    state: OutageState
    decided_by: str | None
    decided_at: datetime | None


def put(connection: Connection, span: Span, cause: str, by_id: int | None, at: datetime) -> int:
    """Keep one, to be confirmed; its number."""
    values = {"began": span.began, "ended": span.ended, "cause": cause, "by_id": by_id, "at": at}
    return inserted(connection, insert(outage).values(**values, state=OutageState.PROPOSED))


def advance(
    connection: Connection,
    outage_id: int,
    state: OutageState,
    cause: str,
    by_id: int,
    at: datetime,
    known: OutageState = OutageState.PROPOSED,
) -> bool:
    """Write what was decided of one as ``known``; False when somebody else decided meanwhile."""
    changed = (
        update(outage)
        .where(outage.c.id == outage_id, outage.c.state == known)
        .values(state=state, cause=cause, decided_by_id=by_id, decided_at=at)
    )
    return connection.execute(changed).rowcount == 1


def listing(connection: Connection, limit: int = 100) -> list[Outage]:
    """Those on record, newest first."""
    decider = person.alias("decider")
    query = (
        select(outage, person.c.name.label("by_name"), decider.c.name.label("decided_by"))
        .outerjoin(person, person.c.id == outage.c.by_id)
        .outerjoin(decider, decider.c.id == outage.c.decided_by_id)
        .order_by(desc(outage.c.began), desc(outage.c.id))
        .limit(limit)
    )
    return [_outage(row) for row in connection.execute(query)]


def get(connection: Connection, outage_id: int) -> tuple[Span, OutageState] | None:
    """Its span and where it stands."""
    row = connection.execute(select(outage).where(outage.c.id == outage_id)).first()
    return (Span(row.began, row.ended), OutageState(row.state)) if row else None


def confirmed(connection: Connection) -> list[Span]:
    """Those whose minutes were given back."""
    query = select(outage.c.began, outage.c.ended).where(outage.c.state == OutageState.CONFIRMED)
    return [Span(row.began, row.ended) for row in connection.execute(query)]


def waiting(connection: Connection) -> int:
    """How many wait to be confirmed."""
    query = select(func.count()).select_from(outage).where(outage.c.state == OutageState.PROPOSED)
    return int(connection.execute(query).scalar_one())


def openings_near(connection: Connection, span: Span) -> list[int]:
    """The openings with a deadline, or an end of reception, a span may touch."""
    query = (
        select(opening.c.id)
        .distinct()
        .join(assignment, assignment.c.opening_id == opening.c.id)
        .where(
            assignment.c.closed_at.is_(None),
            or_(assignment.c.due_at > span.began, opening.c.reception_closed_at > span.began),
            assignment.c.due_at_first < span.ended + DAY_OF_DEADLINE,
        )
        .order_by(opening.c.id)
    )
    return list(connection.execute(query).scalars())


def beat(connection: Connection, at: datetime) -> datetime | None:
    """The server is alive; when it last said so, None the first time."""
    before = connection.execute(select(heartbeat.c.at)).scalar()
    if before is None:
        connection.execute(insert(heartbeat).values(id=1, at=at))
    else:
        connection.execute(update(heartbeat).values(at=at))
    return before


def _outage(row: Any) -> Outage:
    span = Span(row.began, row.ended)
    state = OutageState(row.state)
    return Outage(row.id, span, row.cause, row.by_name, row.at, state, row.decided_by, row.decided_at)
