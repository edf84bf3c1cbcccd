"""Documents that requests were born from (công văn): the newest of each request counts, earlier ones stay."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from registry.store.engine import Connection
from registry.store.files import Stored
from registry.store.tables import request_letter
from registry.store.uploads import put_file


@dataclass(frozen=True, slots=True)
class Letter:
    """The document of one request."""

    regime: str
    sha: str
    name: str  # of the file as it came


def put(connection: Connection, regime: str, stored: Stored, name: str, by_id: int, at: datetime) -> None:
    """Lay a document beside a request, in place of an earlier one."""
    put_file(connection, stored, at)
    row = insert(request_letter).values(regime=regime, file_sha=stored.sha, name=name[:300], by_id=by_id, at=at)
    connection.execute(row)


def of(connection: Connection, regimes: Iterable[str]) -> dict[str, Letter]:
    """The documents of requests that have one: one query."""
    wanted = sorted(set(regimes))
    if not wanted:
        return {}
    query = select(request_letter).where(request_letter.c.regime.in_(wanted)).order_by(request_letter.c.id)
    return {row.regime: Letter(row.regime, row.file_sha, row.name) for row in connection.execute(query)}
