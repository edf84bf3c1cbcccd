"""What waits for somebody at the editing desk: rounds, headings without a text, opinions (R42)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, literal, select, union_all

from registry.store.draft_asks import ended_since
from registry.store.tables import draft, draft_ask, draft_heading, draft_opinion
from registry.workflow.draft import SUBMITTED, WRITTEN, DraftState


class Kind(StrEnum):
    """What is to be done."""

    ROUND = "round"  # look through a draft, pass it on or give it back
    HEADING = "heading"  # write a text
    ASK = "ask"  # say what one's unit thinks of a draft


@dataclass(frozen=True, slots=True)
class Wait:
    """One thing that waits; ``n`` is the number of the heading, or the key of the ask."""

    kind: Kind
    draft_id: int
    n: int


def of(connection: Connection, person_id: int, unit_ids: Collection[int]) -> list[Wait]:
    """What waits for a person, and for whoever answers for some units; one query."""
    rounds = select(literal(Kind.ROUND.value), draft.c.id, literal(0)).where(
        draft.c.with_id == person_id, draft.c.state.in_(SUBMITTED)
    )
    mine = (
        select(literal(Kind.HEADING.value), draft_heading.c.draft_id, draft_heading.c.n)
        .join(draft, draft.c.id == draft_heading.c.draft_id)
        .where(draft_heading.c.owner_id == person_id, draft_heading.c.lock == 0, draft.c.state.in_(WRITTEN))
    )
    said = select(draft_opinion.c.id).where(draft_opinion.c.ask_id == draft_ask.c.id)
    asked = (
        select(literal(Kind.ASK.value), draft_ask.c.draft_id, draft_ask.c.id)
        .join(draft, draft.c.id == draft_ask.c.draft_id)
        .where(draft_ask.c.unit_id.in_(list(unit_ids)), draft.c.state == DraftState.ASKED, ~said.exists())
        .where(~ended_since(draft_ask.c.at))
    )
    return [Wait(Kind(kind), key, n) for kind, key, n in connection.execute(union_all(rounds, mine, asked))]
