"""The audit log: a hash chain over salted detail hashes, appended last in the transaction it tells of."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, desc, func, insert, select, text

from registry.store.codec import canonical
from registry.store.tables import audit, audit_detail

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One link of the chain, without its detail."""

    seq: int
    at: datetime
    actor: str
    action: str
    object: str
    detail: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The first entry that does not verify, and what is wrong with it."""

    seq: int
    why: str  # gap | prev | hash | detail


def append(connection: Connection, at: datetime, actor: str, action: str, on: str, detail: Mapping[str, object]) -> int:
    """Append one entry and return its number."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(4711)"))
    last = connection.execute(select(audit.c.seq, audit.c.hash).order_by(desc(audit.c.seq)).limit(1)).first()
    seq, prev = (last.seq + 1, last.hash) if last else (1, GENESIS)
    salt = secrets.token_hex(16)
    body = canonical(detail).decode()
    detail_hash = _detail_hash(salt, body)
    link = _link(prev, seq, at, actor, action, on, detail_hash)
    connection.execute(
        insert(audit).values(
            seq=seq, at=at, actor=actor, action=action, object=on, detail_hash=detail_hash, prev=prev, hash=link
        )
    )
    connection.execute(insert(audit_detail).values(seq=seq, salt=salt, body=body))
    return int(seq)


def verify(connection: Connection) -> tuple[int, Broken | None]:
    """Walk the chain from the first entry; the number of good entries, and the first bad one if any."""
    query = (
        select(audit, audit_detail.c.salt, audit_detail.c.body)
        .outerjoin(audit_detail, audit_detail.c.seq == audit.c.seq)
        .order_by(audit.c.seq)
    )
    prev, good = GENESIS, 0
    with closing(connection.execution_options(yield_per=1000).execute(query)) as rows:
        for row in rows:
            why = _flaw(row, good + 1, prev)
            if why:
                return good, Broken(good + 1, why)
            prev, good = row.hash, good + 1
    return good, None


def _flaw(row: Any, seq: int, prev: str) -> str:
    if row.seq != seq:
        return "gap"
    if row.prev != prev:
        return "prev"
    if row.salt is None or _detail_hash(row.salt, row.body) != row.detail_hash:
        return "detail"
    link = _link(prev, row.seq, row.at, row.actor, row.action, row.object, row.detail_hash)
    return "" if link == row.hash else "hash"


def latest(connection: Connection, limit: int = 200) -> list[Entry]:
    """The newest entries first."""
    rows = connection.execute(
        select(audit, audit_detail.c.body)
        .join(audit_detail, audit_detail.c.seq == audit.c.seq)
        .order_by(desc(audit.c.seq))
        .limit(limit)
    )
    return [Entry(row.seq, row.at, row.actor, row.action, row.object, row.body) for row in rows]


def length(connection: Connection) -> int:
    """Number of entries."""
    return int(connection.execute(select(func.count()).select_from(audit)).scalar_one())


def _detail_hash(salt: str, body: str) -> str:
    return hashlib.sha256(f"{salt}\n{body}".encode()).hexdigest()


def _link(prev: str, seq: int, at: datetime, actor: str, action: str, on: str, detail_hash: str) -> str:
    fields = [prev, seq, at.astimezone(UTC).isoformat(timespec="microseconds"), actor, action, on, detail_hash]
    return hashlib.sha256(canonical(fields)).hexdigest()
