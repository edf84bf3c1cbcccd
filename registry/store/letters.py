"""Documents that requests were born from (công văn): the newest of each request counts, earlier ones stay."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from registry.store.engine import Connection
from registry.store.files import Stored
from registry.store.tables import file, request_letter
from registry.store.uploads import LETTER, receive


@dataclass(frozen=True, slots=True)
class Letter:
    """The document of one request."""

    regime: str
    sha: str
    name: str  # of the file as it came
    number: int | None  # to quote, as of any file sent in
    is_kept: bool  # False when its content was destroyed


@dataclass(frozen=True, slots=True)
class Sender:
    """Who lays a document beside a request, for which unit, and how it came."""

    person_id: int
    unit_id: int
    channel: str = "web"


def put(connection: Connection, regime: str, stored: Stored, name: str, sender: Sender, at: datetime) -> int:
    """Lay a document beside a request, in place of an earlier one; its number."""
    number = receive(connection, stored, LETTER, name, sender.person_id, sender.unit_id, sender.channel, at)
    row = insert(request_letter).values(
        regime=regime, file_sha=stored.sha, name=name[:300], by_id=sender.person_id, at=at, upload_id=number
    )
    connection.execute(row)
    return number


def of(connection: Connection, regimes: Iterable[str]) -> dict[str, Letter]:
    """The documents of requests that have one: one query."""
    wanted = sorted(set(regimes))
    if not wanted:
        return {}
    query = (
        select(request_letter, file.c.state)
        .join(file, file.c.sha == request_letter.c.file_sha)
        .where(request_letter.c.regime.in_(wanted))
        .order_by(request_letter.c.id)
    )
    return {
        row.regime: Letter(row.regime, row.file_sha, row.name, row.upload_id, row.state == "kept")
        for row in connection.execute(query)
    }
