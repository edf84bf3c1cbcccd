"""What units asked about their deadlines, and what was decided (R48)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, desc, func, insert, select, update

from registry.store.engine import inserted
from registry.store.tables import opening, period, person, plea
from registry.store.within import within
from registry.workflow.plea import PleaKind, PleaState
from registry.workflow.policy import Scope


@dataclass(frozen=True, slots=True)
class Plea:
    """One thing asked; ``given`` is the moment agreed to, where more time was asked."""

    id: int
    opening_id: int
    regime: str
    period: str
    unit_id: int
    kind: PleaKind
    reason: str
    wanted: datetime | None
    by_id: int
    by_name: str
    at: datetime
    state: PleaState
    decided_by: str | None
    decided_at: datetime | None
    answer: str
    given: datetime | None


def put(
    connection: Connection,
    opening_id: int,
    unit_id: int,
    kind: PleaKind,
    reason: str,
    wanted: datetime | None,
    by_id: int,
    at: datetime,
) -> int:
    """Keep what is asked; its number."""
    return inserted(
        connection,
        insert(plea).values(
            opening_id=opening_id,
            unit_id=unit_id,
            kind=kind,
            reason=reason,
            wanted=wanted,
            by_id=by_id,
            at=at,
            state=PleaState.ASKED,
            answer="",
        ),
    )


def advance(
    connection: Connection,
    plea_id: int,
    state: PleaState,
    by_id: int,
    at: datetime,
    answer: str,
    given: datetime | None,
) -> bool:
    """Write the decision; False when somebody else decided meanwhile."""
    changed = (
        update(plea)
        .where(plea.c.id == plea_id, plea.c.state == PleaState.ASKED)
        .values(state=state, decided_by_id=by_id, decided_at=at, answer=answer, given=given)
    )
    return connection.execute(changed).rowcount == 1


def get(connection: Connection, scope: Scope, plea_id: int) -> Plea | None:
    """One, within a scope."""
    return next(iter(_listed(connection, scope, plea.c.id == plea_id)), None)


def of_unit(connection: Connection, scope: Scope, opening_id: int, unit_id: int) -> list[Plea]:
    """What a unit asked in an opening, newest first."""
    return _listed(connection, scope, (plea.c.opening_id == opening_id) & (plea.c.unit_id == unit_id))


def listing(connection: Connection, scope: Scope, limit: int = 100) -> list[Plea]:
    """Within a scope: what waits first, the oldest of it before; then what was decided last."""
    if scope.is_empty:
        return []
    waits = case((plea.c.state == PleaState.ASKED, 0), else_=1)
    query = _all(scope).order_by(waits, case((waits == 0, plea.c.id)), desc(plea.c.decided_at), plea.c.id).limit(limit)
    return [_plea(row) for row in connection.execute(query)]


def waiting(connection: Connection, scope: Scope, opening_id: int | None = None) -> int:
    """How many wait for a decision within a scope, of all openings or of one."""
    if scope.is_empty:
        return 0
    query = (
        select(func.count())
        .select_from(plea)
        .join(opening, opening.c.id == plea.c.opening_id)
        .where(plea.c.state == PleaState.ASKED, within(scope, plea.c.unit_id, opening.c.regime))
    )
    if opening_id is not None:
        query = query.where(plea.c.opening_id == opening_id)
    return int(connection.execute(query).scalar_one())


def _listed(connection: Connection, scope: Scope, condition: ColumnElement[bool]) -> list[Plea]:
    if scope.is_empty:
        return []
    return [_plea(row) for row in connection.execute(_all(scope).where(condition).order_by(desc(plea.c.id)))]


def _all(scope: Scope) -> Select[Any]:
    decider = person.alias("decider")
    return (
        select(
            plea,
            opening.c.regime,
            period.c.code.label("period"),
            person.c.name.label("by_name"),
            decider.c.name.label("decided_by"),
        )
        .join(opening, opening.c.id == plea.c.opening_id)
        .join(period, period.c.id == opening.c.period_id)
        .join(person, person.c.id == plea.c.by_id)
        .outerjoin(decider, decider.c.id == plea.c.decided_by_id)
        .where(within(scope, plea.c.unit_id, opening.c.regime))
    )


def _plea(row: Any) -> Plea:
    return Plea(
        row.id,
        row.opening_id,
        row.regime,
        row.period,
        row.unit_id,
        PleaKind(row.kind),
        row.reason,
        row.wanted,
        row.by_id,
        row.by_name,
        row.at,
        PleaState(row.state),
        row.decided_by,
        row.decided_at,
        row.answer,
        row.given,
    )
