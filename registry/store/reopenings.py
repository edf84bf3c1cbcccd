"""Requests of units to have approved figures open again (đề nghị mở lại, PRACTICE F17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, desc, insert, select, update

from registry.store import engine
from registry.store.engine import inserted
from registry.store.tables import assignment, opening, period, person, reopening, submission
from registry.workflow.reopening import Answer
from registry.workflow.submission import State


@dataclass(frozen=True, slots=True)
class Reopening:
    """A request, and its answer."""

    id: int
    assignment_id: int
    unit_id: int
    form: str
    regime: str
    period: str
    reason: str
    by_name: str
    at: datetime
    answer: Answer
    words: str | None  # of whoever answered
    answered_by: str | None
    answered_at: datetime | None
    is_open: bool  # to be answered: the form is approved still
    is_locked: bool  # its period: it can only be refused


def ask(connection: Connection, assignment_id: int, reason: str, by_id: int, at: datetime) -> int:
    """Record a request; its key."""
    values = {"assignment_id": assignment_id, "reason": reason, "by_id": by_id, "at": at, "answer": Answer.ASKED}
    return inserted(connection, insert(reopening).values(**values))


def answer(
    connection: Connection, request: Reopening, given: Answer, words: str | None, by_id: int, at: datetime
) -> bool:
    """Answer a request; False when somebody else was quicker."""
    mine = (reopening.c.id == request.id, reopening.c.answer == Answer.ASKED)
    values = {"answer": given, "words": words, "answered_by_id": by_id, "answered_at": at}
    return connection.execute(update(reopening).where(*mine).values(**values)).rowcount == 1


def take_turns(connection: Connection, assignment_id: int) -> None:
    """Nobody else asks, answers or opens the same form until the commit."""
    engine.take_turns(connection, f"reopening {assignment_id}")


def settle(connection: Connection, assignment_id: int, words: str | None, by_id: int, at: datetime) -> None:
    """What was asked of a form is granted: it was opened."""
    mine = (reopening.c.assignment_id == assignment_id, reopening.c.answer == Answer.ASKED)
    values = {"answer": Answer.GRANTED, "words": words, "answered_by_id": by_id, "answered_at": at}
    connection.execute(update(reopening).where(*mine).values(**values))


def get(connection: Connection, request_id: int) -> Reopening | None:
    """One by its key."""
    return next(iter(_found(connection, _all().where(reopening.c.id == request_id))), None)


def of_assignment(connection: Connection, assignment_id: int) -> list[Reopening]:
    """What was ever asked about a form, newest first."""
    return _found(connection, _all().where(reopening.c.assignment_id == assignment_id))


def waiting(connection: Connection) -> list[Reopening]:
    """What nobody has answered, newest first."""
    open_ones = (reopening.c.answer == Answer.ASKED, submission.c.state == State.APPROVED)
    return _found(connection, _all().where(*open_ones))


def answered(connection: Connection, limit: int) -> list[Reopening]:
    """What was answered, the newest first."""
    return _found(connection, _all().where(reopening.c.answer != Answer.ASKED).limit(limit))


_asker, _answerer = person.alias("asker"), person.alias("answerer")


def _all() -> Select[Any]:
    return (
        select(
            reopening,
            assignment.c.unit_id,
            assignment.c.form,
            opening.c.regime,
            opening.c.locked_at,
            period.c.code,
            submission.c.state,
            _asker.c.name.label("by_name"),
            _answerer.c.name.label("answered_by"),
        )
        .join(assignment, assignment.c.id == reopening.c.assignment_id)
        .join(submission, submission.c.assignment_id == assignment.c.id)
        .join(opening, opening.c.id == assignment.c.opening_id)
        .join(period, period.c.id == opening.c.period_id)
        .join(_asker, _asker.c.id == reopening.c.by_id)
        .outerjoin(_answerer, _answerer.c.id == reopening.c.answered_by_id)
        .order_by(desc(reopening.c.id))
    )


def _found(connection: Connection, query: Select[Any]) -> list[Reopening]:
    return [
        Reopening(
            row.id,
            row.assignment_id,
            row.unit_id,
            row.form,
            row.regime,
            row.code,
            row.reason,
            row.by_name,
            row.at,
            Answer(row.answer),
            row.words,
            row.answered_by,
            row.answered_at,
            row.answer == Answer.ASKED and row.state == State.APPROVED,
            row.locked_at is not None,
        )
        for row in connection.execute(query)
    ]
