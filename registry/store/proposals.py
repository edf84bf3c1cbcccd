"""Proposals about indicators and who did what with them (R18)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, and_, insert, select, update

from registry.store.engine import inserted
from registry.store.tables import indicator_proposal, indicator_step, person
from registry.store.within import within
from registry.workflow.policy import Scope
from registry.workflow.proposals import ProposalKind, ProposalState, ProposalStep


@dataclass(frozen=True, slots=True)
class NewProposal:
    """What a unit proposes: of a form, the indicator meant (empty: a new one) and what it should be."""

    unit_id: int
    regime: str
    form: str
    indicator: str
    kind: ProposalKind
    wanted: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """One as it stands."""

    id: int
    new: NewProposal
    state: ProposalState
    version: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """A step somebody took; of the last the document that decided."""

    step: ProposalStep
    text: str
    document: str
    dated: date | None
    by_name: str
    at: datetime


def put(connection: Connection, new: NewProposal, at: datetime) -> int:
    """Keep a new one; its number."""
    row = insert(indicator_proposal).values(
        unit_id=new.unit_id,
        regime=new.regime,
        form=new.form,
        indicator=new.indicator,
        kind=new.kind,
        wanted=new.wanted,
        state=ProposalState.PROPOSED,
        version=1,
        at=at,
    )
    return inserted(connection, row)


def advance(connection: Connection, known: Proposal, state: ProposalState) -> bool:
    """Move it on; False when somebody else moved it since it was read."""
    mine = and_(indicator_proposal.c.id == known.id, indicator_proposal.c.version == known.version)
    changed = update(indicator_proposal).where(mine).values(state=state, version=known.version + 1)
    return connection.execute(changed).rowcount == 1


def add_step(
    connection: Connection,
    proposal_id: int,
    step: ProposalStep,
    by_id: int,
    at: datetime,
    text: str = "",
    document: str = "",
    dated: date | None = None,
) -> None:
    """Record a step."""
    values = {"proposal_id": proposal_id, "step": step, "text": text, "document": document, "dated": dated}
    connection.execute(insert(indicator_step).values(**values, by_id=by_id, at=at))


def listing(connection: Connection, scope: Scope) -> list[Proposal]:
    """Those within a scope, newest first."""
    if scope.is_empty:
        return []
    table = indicator_proposal.c
    query = select(indicator_proposal).where(within(scope, table.unit_id, table.regime, table.form))
    return [_proposal(row) for row in connection.execute(query.order_by(table.id.desc()))]


def get(connection: Connection, proposal_id: int) -> Proposal | None:
    """One by its number."""
    query = select(indicator_proposal).where(indicator_proposal.c.id == proposal_id)
    return next((_proposal(row) for row in connection.execute(query)), None)


def steps(connection: Connection, proposal_ids: Iterable[int]) -> dict[int, list[Taken]]:
    """The steps of each, oldest first: one query."""
    query = (
        select(indicator_step, person.c.name)
        .join(person, person.c.id == indicator_step.c.by_id)
        .where(indicator_step.c.proposal_id.in_(list(proposal_ids)))
        .order_by(indicator_step.c.id)
    )
    found: dict[int, list[Taken]] = {}
    for row in connection.execute(query):
        taken = Taken(ProposalStep(row.step), row.text, row.document, row.dated, row.name, row.at)
        found.setdefault(row.proposal_id, []).append(taken)
    return found


def _proposal(row: Any) -> Proposal:
    new = NewProposal(row.unit_id, row.regime, row.form, row.indicator, ProposalKind(row.kind), row.wanted)
    return Proposal(row.id, new, ProposalState(row.state), row.version, row.at)
