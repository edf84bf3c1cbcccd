"""Rounds of a request planned ahead: when each opens, until when it is answered, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import insert, select, update

from registry.store.engine import Connection, inserted
from registry.store.tables import planned_round


class RoundState(StrEnum):
    """What became of a planned round."""

    PLANNED = "planned"
    OPENED = "opened"
    CANCELLED = "cancelled"
    MISSED = "missed"  # the server was down until its deadline had passed
    FAILED = "failed"  # opening it was refused, as often as was tried


@dataclass(frozen=True, slots=True)
class PlannedRound:
    """One round to be opened."""

    id: int
    regime: str
    opens_at: datetime
    due_at: datetime
    state: RoundState


def plan(connection: Connection, regime: str, opens_at: datetime, due_at: datetime, by_id: int) -> int | None:
    """The key of a round to be opened; None when one is planned for that moment already. A cancelled one is revived."""
    same = (planned_round.c.regime == regime) & (planned_round.c.opens_at == opens_at)
    known = connection.execute(select(planned_round.c.id, planned_round.c.state).where(same)).first()
    if known is not None and known.state != RoundState.CANCELLED:
        return None
    values = {"due_at": due_at, "state": RoundState.PLANNED, "by_id": by_id}
    if known is not None:
        connection.execute(update(planned_round).where(planned_round.c.id == known.id).values(**values))
        return int(known.id)
    row = insert(planned_round).values(regime=regime, opens_at=opens_at, **values)
    return inserted(connection, row)


def get(connection: Connection, round_id: int) -> PlannedRound | None:
    """A round by its key."""
    row = connection.execute(select(planned_round).where(planned_round.c.id == round_id)).first()
    return PlannedRound(row.id, row.regime, row.opens_at, row.due_at, RoundState(row.state)) if row else None


def of(connection: Connection, regime: str) -> list[PlannedRound]:
    """Every round ever planned of a request, by time."""
    query = select(planned_round).where(planned_round.c.regime == regime).order_by(planned_round.c.opens_at)
    return [
        PlannedRound(row.id, row.regime, row.opens_at, row.due_at, RoundState(row.state))
        for row in connection.execute(query)
    ]


def planned_by(connection: Connection, person_id: int) -> list[PlannedRound]:
    """The rounds somebody planned that are not open yet, by time."""
    query = select(planned_round).where(planned_round.c.by_id == person_id, planned_round.c.state == RoundState.PLANNED)
    return [
        PlannedRound(row.id, row.regime, row.opens_at, row.due_at, RoundState(row.state))
        for row in connection.execute(query.order_by(planned_round.c.opens_at))
    ]


def hand_over(connection: Connection, round_id: int, to_id: int) -> None:
    """Somebody else opens a planned round."""
    connection.execute(update(planned_round).where(planned_round.c.id == round_id).values(by_id=to_id))


def settle(connection: Connection, round_id: int, state: RoundState) -> None:
    """Note what became of a round."""
    connection.execute(update(planned_round).where(planned_round.c.id == round_id).values(state=state))
