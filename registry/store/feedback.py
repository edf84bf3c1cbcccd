"""What users write of trouble, the steps taken with it, and the answers everybody may read (PRACTICE F25)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, desc, func, insert, select, update

from registry.store.engine import inserted
from registry.store.files import Stored
from registry.store.tables import feedback, feedback_step, file, person, shared_answer, unit_version, upload
from registry.store.uploads import ENCLOSURE, receive
from registry.store.within import within
from registry.workflow.feedback import WAITING, About, FeedbackKind, FeedbackState, FeedbackStep, Transition
from registry.workflow.policy import Scope
from vietnamese.fold import fold


@dataclass(frozen=True, slots=True)
class Feedback:
    """One thing somebody wrote, as it stands."""

    id: int
    kind: FeedbackKind
    text: str
    about: About
    by_id: int
    by_name: str
    unit_id: int
    unit_name: str
    state: FeedbackState
    version: int
    at: datetime
    due_at: datetime
    reopened: int
    answered_at: datetime | None
    settled_at: datetime | None

    def is_overdue(self, moment: datetime) -> bool:
        """True when an answer was expected before."""
        return self.state in WAITING and moment >= self.due_at


@dataclass(frozen=True, slots=True)
class New:
    """What somebody writes."""

    kind: FeedbackKind
    text: str
    about: About
    by_id: int
    unit_id: int


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file laid beside a step."""

    number: int
    name: str
    sha: str
    is_kept: bool  # False when its content was destroyed


@dataclass(frozen=True, slots=True)
class Taken:
    """A step somebody took."""

    feedback_id: int
    step: FeedbackStep
    text: str
    by_id: int
    by_name: str
    at: datetime
    enclosure: Enclosure | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A step to be recorded, and where it leads."""

    transition: Transition
    text: str
    by_id: int
    at: datetime
    due_at: datetime | None = None  # where it reaches a desk
    upload_id: int | None = None


@dataclass(frozen=True, slots=True)
class Shared:
    """An answer everybody may read, in the office's words."""

    id: int
    feedback_id: int
    question: str
    answer: str
    fold: str
    at: datetime


# --- writing ---------------------------------------------------------------------------------------------------------


def put(connection: Connection, new: New, at: datetime, state: FeedbackState, due_at: datetime) -> int:
    """Keep what somebody wrote; its number. Its first step is recorded with `record`."""
    row = insert(feedback).values(
        by_id=new.by_id,
        unit_id=new.unit_id,
        kind=new.kind,
        text=new.text,
        fold=fold(new.text),
        about={name: value for name, value in asdict(new.about).items() if value},
        state=state,
        version=0,
        at=at,
        due_at=due_at,
        reopened=0,
    )
    return inserted(connection, row)


def advance(connection: Connection, feedback_id: int, step: Step, version: int) -> bool:
    """Take a step, unless somebody took another since ``version``: then nothing is done and the answer is False."""
    values: dict[str, Any] = {"state": step.transition.target, "version": version + 1}
    if step.text:
        values["fold"] = feedback.c.fold + f" {fold(step.text)}"
    if step.due_at is not None:
        values["due_at"] = step.due_at
    if step.transition.step is FeedbackStep.REOPEN:
        values["reopened"] = feedback.c.reopened + 1
    if step.transition.step is FeedbackStep.ANSWER:
        values["answered_at"] = func.coalesce(feedback.c.answered_at, step.at)
    if step.transition.step in (FeedbackStep.ANSWER, FeedbackStep.CLOSE):
        values["settled_at"] = step.at
    seen = (feedback.c.id == feedback_id, feedback.c.version == version)
    if connection.execute(update(feedback).where(*seen).values(values)).rowcount != 1:
        return False
    record(connection, feedback_id, step)
    return True


def record(connection: Connection, feedback_id: int, step: Step) -> None:
    """Write down a step."""
    row = {"feedback_id": feedback_id, "step": step.transition.step, "text": step.text, "by_id": step.by_id}
    connection.execute(insert(feedback_step).values(row | {"at": step.at, "upload_id": step.upload_id}))


def enclose(connection: Connection, stored: Stored, name: str, by_id: int, unit_id: int, at: datetime) -> int:
    """Give a file to be laid beside a step its number."""
    return receive(connection, stored, ENCLOSURE, name, by_id, unit_id, "web", at)


# --- reading ---------------------------------------------------------------------------------------------------------


def get(connection: Connection, feedback_id: int) -> Feedback | None:
    """One thing written."""
    return next(iter(_found(connection, _all().where(feedback.c.id == feedback_id))), None)


def of_person(connection: Connection, person_id: int, limit: int = 200) -> list[Feedback]:
    """What one person wrote, newest first."""
    mine = _all().where(feedback.c.by_id == person_id)
    return _found(connection, mine.order_by(desc(feedback.c.id)).limit(limit))


def sent_since(connection: Connection, person_id: int, since: datetime) -> list[Feedback]:
    """What one person wrote lately, newest first."""
    mine = _all().where(feedback.c.by_id == person_id, feedback.c.at >= since)
    return _found(connection, mine.order_by(desc(feedback.c.id)))


def listing(
    connection: Connection,
    scope: Scope,
    *,
    states: Collection[FeedbackState] = (),
    words: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int | None = 500,
) -> list[Feedback]:
    """What was written in the units of a scope and holds all the words, whatever their accents; the oldest due first.

    ``states``: only those (none named: all); ``since`` and ``until``: when it was written, from and before.
    """
    conditions: list[ColumnElement[bool]] = [within(scope, feedback.c.unit_id)]
    conditions += [feedback.c.fold.contains(word, autoescape=True) for word in fold(words).split()]
    if states:
        conditions.append(feedback.c.state.in_(states))
    if since is not None:
        conditions.append(feedback.c.at >= since)
    if until is not None:
        conditions.append(feedback.c.at < until)
    return _found(connection, _all().where(*conditions).order_by(feedback.c.due_at, feedback.c.id).limit(limit))


def overdue(connection: Connection, moment: datetime) -> list[Feedback]:
    """What waits though an answer was expected before, oldest first."""
    late = (feedback.c.state.in_(sorted(WAITING)), feedback.c.due_at <= moment)
    return _found(connection, _all().where(*late).order_by(feedback.c.id))


def counts(connection: Connection, scope: Scope) -> dict[FeedbackState, int]:
    """How many stand where, in the units of a scope."""
    query = select(feedback.c.state, func.count()).where(within(scope, feedback.c.unit_id)).group_by(feedback.c.state)
    return {FeedbackState(state): count for state, count in connection.execute(query)}


def steps(connection: Connection, feedback_ids: Collection[int]) -> dict[int, list[Taken]]:
    """The steps taken with some of them, oldest first."""
    query = (
        select(
            feedback_step,
            person.c.name.label("by_name"),
            upload.c.name.label("file_name"),
            upload.c.file_sha,
            file.c.state.label("file_state"),
        )
        .join(person, person.c.id == feedback_step.c.by_id)
        .outerjoin(upload, upload.c.id == feedback_step.c.upload_id)
        .outerjoin(file, file.c.sha == upload.c.file_sha)
        .where(feedback_step.c.feedback_id.in_(feedback_ids))
        .order_by(feedback_step.c.id)
    )
    found: dict[int, list[Taken]] = {one: [] for one in feedback_ids}
    for row in connection.execute(query):
        found[row.feedback_id].append(
            Taken(row.feedback_id, FeedbackStep(row.step), row.text, row.by_id, row.by_name, row.at, _enclosure(row))
        )
    return found


def _enclosure(row: Any) -> Enclosure | None:
    if row.upload_id is None:
        return None
    return Enclosure(row.upload_id, row.file_name, row.file_sha, row.file_state == "kept")


def _all() -> Select[Any]:
    name = (
        select(unit_version.c.name)
        .where(unit_version.c.unit_id == feedback.c.unit_id)
        .order_by(desc(unit_version.c.valid_from))
        .limit(1)
        .scalar_subquery()
    )
    by_name = person.c.name.label("by_name")
    return select(feedback, name.label("unit_name"), by_name).join(person, person.c.id == feedback.c.by_id)


def _found(connection: Connection, query: Select[Any]) -> list[Feedback]:
    return [_feedback(row._mapping) for row in connection.execute(query)]


def _feedback(row: Mapping[Any, Any]) -> Feedback:
    plain = {name: row[name] for name in Feedback.__slots__ if name not in ("kind", "about", "state")}
    return Feedback(
        kind=FeedbackKind(row["kind"]), about=About(**row["about"]), state=FeedbackState(row["state"]), **plain
    )


# --- answers for all -------------------------------------------------------------------------------------------------


def share(connection: Connection, feedback_id: int, question: str, answer: str, by_id: int, at: datetime) -> None:
    """Let everybody read an answer, in place of an earlier wording of it."""
    withdraw(connection, feedback_id, at)
    row = {"feedback_id": feedback_id, "question": question, "answer": answer, "fold": fold(f"{question} {answer}")}
    connection.execute(insert(shared_answer).values(row | {"by_id": by_id, "at": at}))


def withdraw(connection: Connection, feedback_id: int, at: datetime) -> bool:
    """Nobody reads it any more; False when nobody did."""
    lying = (shared_answer.c.feedback_id == feedback_id, shared_answer.c.withdrawn_at.is_(None))
    return connection.execute(update(shared_answer).where(*lying).values(withdrawn_at=at)).rowcount > 0


def shared(connection: Connection, feedback_id: int | None = None) -> list[Shared]:
    """The answers everybody may read, newest first; that to one thing written when it is named."""
    query = select(shared_answer).where(shared_answer.c.withdrawn_at.is_(None)).order_by(desc(shared_answer.c.id))
    if feedback_id is not None:
        query = query.where(shared_answer.c.feedback_id == feedback_id)
    return [
        Shared(row.id, row.feedback_id, row.question, row.answer, row.fold, row.at) for row in connection.execute(query)
    ]
