"""Drafts of reports: their headings, every text ever saved under one, and the steps they took (R42)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Select, and_, desc, insert, select, update

from registry.store.engine import inserted
from registry.store.tables import draft, draft_heading, draft_issue, draft_step, draft_text, opening, period, person
from registry.workflow.draft import DraftState, DraftStep


class Origin(StrEnum):
    """How a text came under its heading."""

    TYPED = "typed"
    BEFORE = "before"  # the text the last report ended with
    TAKEN = "taken"  # a unit's contribution was copied into it
    DOCUMENT = "document"  # came back in an edited docx


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
class Heading:
    """A heading with its newest text; ``lock`` is that text's number, 0 while there is none."""

    id: int
    draft_id: int
    n: int
    tag: str
    title: str
    level: int
    is_written: bool
    instruction: str
    units: tuple[str, ...]
    owner_id: int | None
    owner: str | None
    lock: int
    body: str
    origin: Origin | None
    by_name: str | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Text:
    """One saved text."""

    n: int
    body: str
    origin: Origin
    from_id: int | None
    by_name: str
    at: datetime


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


def listing(connection: Connection, unit_ids: Collection[int] | None, limit: int = 60) -> list[Draft]:
    """Drafts of some units, of every one when None, newest period first."""
    query = _all().order_by(desc(period.c.starts), desc(draft.c.id)).limit(limit)
    return list(_drafts(connection, query if unit_ids is None else query.where(draft.c.unit_id.in_(unit_ids))))


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


def headings(connection: Connection, draft_id: int) -> list[Heading]:
    """The headings of a draft in order, each with its newest text."""
    return _headings(connection, _newest().where(draft_heading.c.draft_id == draft_id).order_by(draft_heading.c.n))


def heading(connection: Connection, draft_id: int, n: int) -> Heading | None:
    """One heading by its number in the draft."""
    found = _headings(connection, _newest().where(draft_heading.c.draft_id == draft_id, draft_heading.c.n == n))
    return next(iter(found), None)


def save(
    connection: Connection,
    heading_id: int,
    seen: int,
    body: str,
    origin: Origin,
    by_id: int,
    at: datetime,
    from_id: int | None = None,
) -> bool:
    """Keep a text as the next after the one that was ``seen``; False when somebody saved another meanwhile."""
    unmoved = and_(draft_heading.c.id == heading_id, draft_heading.c.lock == seen)
    if connection.execute(update(draft_heading).where(unmoved).values(lock=seen + 1)).rowcount != 1:
        return False
    values = {"heading_id": heading_id, "n": seen + 1, "body": body, "origin": origin, "from_id": from_id}
    connection.execute(insert(draft_text).values(**values, by_id=by_id, at=at))
    return True


def texts(connection: Connection, heading_id: int) -> list[Text]:
    """Every text saved under a heading, newest first."""
    query = (
        select(draft_text, person.c.name)
        .join(person, person.c.id == draft_text.c.by_id)
        .where(draft_text.c.heading_id == heading_id)
        .order_by(desc(draft_text.c.n))
    )
    return [
        Text(row.n, row.body, Origin(row.origin), row.from_id, row.name, row.at) for row in connection.execute(query)
    ]


def name_owner(connection: Connection, heading_id: int, owner_id: int | None) -> None:
    """Say who writes a heading."""
    connection.execute(update(draft_heading).where(draft_heading.c.id == heading_id).values(owner_id=owner_id))


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


def _newest() -> Select[Any]:
    owner = person.alias("owner")
    newest = and_(draft_text.c.heading_id == draft_heading.c.id, draft_text.c.n == draft_heading.c.lock)
    return (
        select(
            draft_heading,
            draft_text.c.body,
            draft_text.c.origin,
            draft_text.c.at,
            person.c.name.label("by_name"),
            owner.c.name.label("owner"),
        )
        .outerjoin(draft_text, newest)
        .outerjoin(person, person.c.id == draft_text.c.by_id)
        .outerjoin(owner, owner.c.id == draft_heading.c.owner_id)
    )


def _headings(connection: Connection, query: Select[Any]) -> list[Heading]:
    return [
        Heading(
            row.id,
            row.draft_id,
            row.n,
            row.tag,
            row.title,
            row.level,
            row.is_written,
            row.instruction,
            tuple(row.units),
            row.owner_id,
            row.owner,
            row.lock,
            row.body or "",
            Origin(row.origin) if row.origin else None,
            row.by_name,
            row.at,
        )
        for row in connection.execute(query)
    ]
