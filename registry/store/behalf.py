"""Entry on behalf of a unit (nhập thay, F23): the document it answered with, and which versions rest on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, desc, insert, select

from registry.store.engine import inserted
from registry.store.tables import (
    assignment,
    behalf,
    file,
    opening,
    person,
    submission,
    submission_event,
    submission_version,
    unit_version,
    upload,
)
from registry.store.uploads import LETTER
from registry.store.within import within
from registry.workflow.policy import Scope


@dataclass(frozen=True, slots=True)
class NewBehalf:
    """A document that is laid down."""

    assignment_id: int
    from_unit_id: int  # in whose name the figures are entered
    number: str  # số, ký hiệu
    dated: date
    summary: str  # trích yếu
    reason: str  # why others enter for a unit that has people


@dataclass(frozen=True, slots=True)
class Behalf:
    """The document a unit answered with, and who laid it down from which unit."""

    id: int
    assignment_id: int
    from_unit_id: int
    from_name: str
    number: str
    dated: date
    summary: str
    reason: str
    letter_id: int
    letter_name: str
    letter_sha: str
    is_kept: bool  # False when the file's content was destroyed
    by_id: int
    by_name: str
    at: datetime


def put(connection: Connection, new: NewBehalf, by_id: int, at: datetime) -> int:
    """Lay a document down, in place of an earlier one; its key, which its file (a letter) is sent with."""
    row = insert(behalf).values(
        assignment_id=new.assignment_id,
        from_unit_id=new.from_unit_id,
        number=new.number,
        dated=new.dated,
        summary=new.summary,
        reason=new.reason,
        by_id=by_id,
        at=at,
    )
    return inserted(connection, row)


def get(connection: Connection, key: int) -> Behalf | None:
    """One by its key."""
    return next((_behalf(row) for row in connection.execute(_all().where(behalf.c.id == key))), None)


def newest(connection: Connection, assignment_id: int) -> Behalf | None:
    """The document an assignment is entered by now."""
    query = _all().where(behalf.c.assignment_id == assignment_id).order_by(desc(behalf.c.id)).limit(1)
    return next((_behalf(row) for row in connection.execute(query)), None)


def of_versions(connection: Connection, version_ids: Iterable[int]) -> dict[int, Behalf]:
    """The documents of those versions that were entered on behalf of their unit, in one query."""
    query = (
        _all()
        .add_columns(submission_version.c.id.label("version_id"))
        .join(submission_version, submission_version.c.behalf_id == behalf.c.id)
        .where(submission_version.c.id.in_(list(version_ids)))
    )
    return {row.version_id: _behalf(row) for row in connection.execute(query)}


def of_newest(
    connection: Connection,
    scope: Scope,
    *,
    opening_id: int | None = None,
    assignment_ids: Iterable[int] | None = None,
) -> dict[int, Behalf]:
    """By assignment, the documents of newest versions entered on behalf of units in a scope: one query."""
    if scope.is_empty:
        return {}
    last = and_(submission_version.c.submission_id == submission.c.id, submission_version.c.n == submission.c.version)
    query = (
        _all()
        .join(submission, submission.c.assignment_id == assignment.c.id)
        .join(submission_version, and_(last, submission_version.c.behalf_id == behalf.c.id))
        .join(opening, opening.c.id == assignment.c.opening_id)
        .where(within(scope, assignment.c.unit_id, opening.c.regime, assignment.c.form))
    )
    if opening_id is not None:
        query = query.where(assignment.c.opening_id == opening_id)
    if assignment_ids is not None:
        query = query.where(assignment.c.id.in_(list(assignment_ids)))
    return {row.assignment_id: _behalf(row) for row in connection.execute(query)}


def of_upload(connection: Connection, number: int) -> int | None:
    """The assignment an upload was entered for on behalf of its unit; None for one the unit sent itself."""
    query = select(behalf.c.assignment_id).join(upload, upload.c.behalf_id == behalf.c.id).where(upload.c.id == number)
    return connection.execute(query).scalar()


def of_receipt(connection: Connection, number: int) -> int | None:
    """The assignment of a handing in on behalf of a unit; None for the unit's own."""
    query = (
        select(behalf.c.assignment_id)
        .join(submission_version, submission_version.c.behalf_id == behalf.c.id)
        .join(
            submission_event,
            and_(
                submission_event.c.submission_id == submission_version.c.submission_id,
                submission_event.c.n == submission_version.c.n,
            ),
        )
        .where(submission_event.c.id == number)
    )
    return connection.execute(query).scalar()


def _all() -> Select[Any]:
    name = (
        select(unit_version.c.name)
        .where(unit_version.c.unit_id == behalf.c.from_unit_id)
        .order_by(desc(unit_version.c.valid_from))
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(
            behalf,
            person.c.name.label("by_name"),
            upload.c.id.label("letter_id"),
            upload.c.name.label("letter_name"),
            upload.c.file_sha,
            file.c.state.label("file_state"),
            name.label("from_name"),
        )
        .join(assignment, assignment.c.id == behalf.c.assignment_id)
        .join(person, person.c.id == behalf.c.by_id)
        .join(upload, and_(upload.c.behalf_id == behalf.c.id, upload.c.kind == LETTER))
        .join(file, file.c.sha == upload.c.file_sha)
    )


def _behalf(row: Any) -> Behalf:
    return Behalf(
        row.id,
        row.assignment_id,
        row.from_unit_id,
        row.from_name,
        row.number,
        row.dated,
        row.summary,
        row.reason,
        row.letter_id,
        row.letter_name,
        row.file_sha,
        row.file_state == "kept",
        row.by_id,
        row.by_name,
        row.at,
    )
