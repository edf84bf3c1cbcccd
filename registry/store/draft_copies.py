"""Files of a draft that went out and came back, and the texts it was issued with (R42)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, desc, func, insert, select

from registry.store.engine import inserted
from registry.store.files import Stored
from registry.store.tables import draft, draft_copy, draft_issue, person
from registry.store.uploads import put_file


@dataclass(frozen=True, slots=True)
class Copy:
    """One file; ``held`` is what it went out with, or what came back."""

    id: int
    draft_id: int
    is_back: bool
    n: int
    name: str
    file_sha: str
    held: Any
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Issue:
    """One text the last approval passed; ``changes`` against the issue before, each (placeholder, old, new)."""

    n: int
    texts: Any  # [{tag, body, text, numbers: [[placeholder, printed]]}]
    changes: Any
    by_name: str
    at: datetime


def put(
    connection: Connection,
    draft_id: int,
    name: str,
    stored: Stored,
    held: Any,
    by_id: int,
    at: datetime,
    *,
    is_back: bool,
) -> int:
    """Keep one as the next of its kind; its key."""
    put_file(connection, stored, at)
    mine = (draft_copy.c.draft_id == draft_id, draft_copy.c.is_back.is_(is_back))
    n = int(connection.execute(select(func.count()).select_from(draft_copy).where(*mine)).scalar_one()) + 1
    values = {"draft_id": draft_id, "is_back": is_back, "n": n, "name": name, "file_sha": stored.sha}
    return inserted(connection, insert(draft_copy).values(**values, held=held, by_id=by_id, at=at))


def get(connection: Connection, draft_id: int, copy_id: int) -> Copy | None:
    """One of a draft's."""
    row = connection.execute(_all().where(draft_copy.c.id == copy_id, draft_copy.c.draft_id == draft_id)).first()
    return _copy(row) if row is not None else None


def newest(connection: Connection, draft_id: int, *, is_back: bool, n: int | None = None) -> Copy | None:
    """The last that went out or came back, or the one of a number."""
    query = _all().where(draft_copy.c.draft_id == draft_id, draft_copy.c.is_back.is_(is_back))
    query = query if n is None else query.where(draft_copy.c.n == n)
    row = connection.execute(query.order_by(desc(draft_copy.c.n)).limit(1)).first()
    return _copy(row) if row is not None else None


def came_back(connection: Connection, draft_id: int) -> list[Copy]:
    """Every file that came back, newest first."""
    mine = (draft_copy.c.draft_id == draft_id, draft_copy.c.is_back)
    return [_copy(row) for row in connection.execute(_all().where(*mine).order_by(desc(draft_copy.c.n)))]


def issue(connection: Connection, draft_id: int, texts: Any, changes: Any, by_id: int, at: datetime) -> int:
    """Keep the texts that were passed; the number of the issue."""
    n = len(issues(connection, draft_id)) + 1
    values = {"draft_id": draft_id, "n": n, "texts": texts, "changes": changes}
    connection.execute(insert(draft_issue).values(**values, by_id=by_id, at=at))
    return n


def issues(connection: Connection, draft_id: int) -> list[Issue]:
    """Every text that was passed, newest first."""
    query = (
        select(draft_issue, person.c.name)
        .join(person, person.c.id == draft_issue.c.by_id)
        .where(draft_issue.c.draft_id == draft_id)
        .order_by(desc(draft_issue.c.n))
    )
    return [Issue(row.n, row.texts, row.changes, row.name, row.at) for row in connection.execute(query)]


def passed(connection: Connection, opening_id: int, unit_id: int, as_of: datetime) -> list[Any]:
    """The texts issued last by a moment of the draft of a unit's report, as an Issue keeps them."""
    query = (
        select(draft_issue.c.texts)
        .join(draft, draft.c.id == draft_issue.c.draft_id)
        .where(draft.c.opening_id == opening_id, draft.c.unit_id == unit_id, draft_issue.c.at <= as_of)
        .order_by(desc(draft_issue.c.n))
        .limit(1)
    )
    return connection.execute(query).scalar() or []


def _all() -> Select[Any]:
    return select(draft_copy, person.c.name.label("by_name")).join(person, person.c.id == draft_copy.c.by_id)


def _copy(row: Row[Any]) -> Copy:
    return Copy(row.id, row.draft_id, row.is_back, row.n, row.name, row.file_sha, row.held, row.by_name, row.at)
