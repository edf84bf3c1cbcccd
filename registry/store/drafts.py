"""Drafts of reports: how far they are, and the steps they took (R42)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, desc, insert, select, update

from registry.store.engine import inserted
from registry.store.tables import draft, draft_heading, draft_issue, draft_step, opening, period, person
from registry.store.within import within
from registry.workflow.draft import DraftState, DraftStep
from registry.workflow.policy import Scope


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft and how far it is."""

    id: int
    opening_id: int
    regime: str
    period: str
    unit_id: int
    chief_id: int
    chief: str
    with_id: int | None
    holder: str | None
    state: DraftState
    lock: int


@dataclass(frozen=True, slots=True)
class NewHeading:
    """A heading of a draft that begins."""

    tag: str
    title: str
    level: int
    is_written: bool
    instruction: str
    units: tuple[str, ...]
    owner_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewStep:
    """A step somebody takes, with the state after it."""

    step: DraftStep
    state: DraftState
    by_id: int
    at: datetime
    words: str = ""
    to_id: int | None = None
    heading_id: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A step that was taken."""

    id: int
    step: DraftStep
    state: DraftState
    heading_id: int | None
    to: str | None
    words: str
    by_name: str
    at: datetime


def begin(
    connection: Connection, opening_id: int, unit_id: int, chief_id: int, headings: Iterable[NewHeading], at: datetime
) -> int:
    """Put a draft down with its headings; its key."""
    key = inserted(
        connection,
        insert(draft).values(
            opening_id=opening_id, unit_id=unit_id, chief_id=chief_id, state=DraftState.WRITING, lock=0
        ),
    )
    rows = [
        {
            "draft_id": key,
            "n": n,
            "tag": one.tag,
            "title": one.title,
            "level": one.level,
            "is_written": one.is_written,
            "instruction": one.instruction,
            "units": list(one.units),
            "owner_id": one.owner_id,
            "lock": 0,
        }
        for n, one in enumerate(headings, 1)
    ]
    if rows:
        connection.execute(insert(draft_heading), rows)
    record(connection, key, NewStep(DraftStep.BEGIN, DraftState.WRITING, chief_id, at))
    return key


def get(connection: Connection, draft_id: int) -> Draft | None:
    """One draft."""
    return next(iter(_drafts(connection, _all().where(draft.c.id == draft_id))), None)


def find(connection: Connection, opening_id: int, unit_id: int) -> Draft | None:
    """The draft of a unit's report in an opening."""
    query = _all().where(draft.c.opening_id == opening_id, draft.c.unit_id == unit_id)
    return next(iter(_drafts(connection, query)), None)


def listing(connection: Connection, allowed: Scope, limit: int = 60) -> list[Draft]:
    """Drafts of where somebody may read them, newest period first."""
    query = _all().where(within(allowed, draft.c.unit_id, opening.c.regime))
    return list(_drafts(connection, query.order_by(desc(period.c.starts), desc(draft.c.id)).limit(limit)))


def before(connection: Connection, one: Draft) -> Draft | None:
    """The newest draft of the same report that was passed for an earlier period."""
    own = select(period.c.starts).join(opening, opening.c.period_id == period.c.id)
    query = (
        _all()
        .where(
            draft.c.unit_id == one.unit_id,
            draft.c.id.in_(select(draft_issue.c.draft_id)),
            opening.c.regime == one.regime,
            period.c.starts < own.where(opening.c.id == one.opening_id).scalar_subquery(),
        )
        .order_by(desc(period.c.starts))
        .limit(1)
    )
    return next(iter(_drafts(connection, query)), None)


def name_chief(connection: Connection, draft_id: int, chief_id: int) -> None:
    """Say who is chief editor."""
    connection.execute(update(draft).where(draft.c.id == draft_id).values(chief_id=chief_id))


def advance(connection: Connection, draft_id: int, seen: int, taken: NewStep) -> bool:
    """Take a step unless another was taken since ``seen``: then nothing is done and the answer is False."""
    unmoved = and_(draft.c.id == draft_id, draft.c.lock == seen)
    moved = update(draft).where(unmoved).values(state=taken.state, with_id=taken.to_id, lock=seen + 1)
    if connection.execute(moved).rowcount != 1:
        return False
    record(connection, draft_id, taken)
    return True


def record(connection: Connection, draft_id: int, taken: NewStep) -> None:
    """Put a step on record that moves nothing: a comment."""
    connection.execute(
        insert(draft_step).values(
            draft_id=draft_id,
            step=taken.step,
            state=taken.state,
            heading_id=taken.heading_id,
            to_id=taken.to_id,
            words=taken.words,
            by_id=taken.by_id,
            at=taken.at,
        )
    )


def steps(connection: Connection, draft_id: int) -> list[Step]:
    """What was done with a draft, newest first."""
    addressee = person.alias("addressee")
    query = (
        select(draft_step, person.c.name, addressee.c.name.label("to"))
        .join(person, person.c.id == draft_step.c.by_id)
        .outerjoin(addressee, addressee.c.id == draft_step.c.to_id)
        .where(draft_step.c.draft_id == draft_id)
        .order_by(desc(draft_step.c.id))
    )
    return [
        Step(row.id, DraftStep(row.step), DraftState(row.state), row.heading_id, row.to, row.words, row.name, row.at)
        for row in connection.execute(query)
    ]


def _all() -> Select[Any]:
    holder = person.alias("holder")
    return (
        select(draft, opening.c.regime, period.c.code, person.c.name.label("chief"), holder.c.name.label("holder"))
        .join(opening, opening.c.id == draft.c.opening_id)
        .join(period, period.c.id == opening.c.period_id)
        .join(person, person.c.id == draft.c.chief_id)
        .outerjoin(holder, holder.c.id == draft.c.with_id)
    )


def _drafts(connection: Connection, query: Select[Any]) -> Iterable[Draft]:
    for row in connection.execute(query):
        yield Draft(
            row.id,
            row.opening_id,
            row.regime,
            row.code,
            row.unit_id,
            row.chief_id,
            row.chief,
            row.with_id,
            row.holder,
            DraftState(row.state),
            row.lock,
        )
