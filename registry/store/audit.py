"""The audit log: a hash chain over salted detail hashes, appended last in the transaction it tells of."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, desc, func, insert, select, text

from registry.store.codec import canonical
from registry.store.tables import audit, audit_detail

GENESIS = "0" * 64
_HEAD = select(audit.c.seq, audit.c.hash).order_by(desc(audit.c.seq)).limit(1)
_PUT, _PUT_DETAIL = insert(audit), insert(audit_detail)


@dataclass(frozen=True, slots=True)
class Note:
    """What is to be written: who did what to which object, and whose data that was."""

    at: datetime
    actor: str
    action: str
    object: str
    detail: Mapping[str, Any]
    person_id: int | None = None  # None: not known to be anybody's account
    unit_id: int | None = None  # None: of no unit, or of all


@dataclass(frozen=True, slots=True)
class Entry:
    """One link of the chain as people read it."""

    seq: int
    at: datetime
    actor: str
    action: str
    object: str
    detail: str
    person_id: int | None = None
    unit_id: int | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """The first entry that is not what it was, and why; somewhere in ``seq`` to ``until`` where that is given."""

    seq: int
    why: str  # gap | prev | hash | detail | checkpoint | short
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry: its hash stands for the whole chain."""

    seq: int
    hash: str


def append(
    connection: Connection,
    at: datetime,
    actor: str,
    action: str,
    on: str,
    detail: Mapping[str, object],
    *,
    person_id: int | None = None,
    unit_id: int | None = None,
) -> int:
    """Append one entry and return its number."""
    return append_all(connection, [Note(at, actor, action, on, detail, person_id, unit_id)])


def append_all(connection: Connection, notes: Sequence[Note]) -> int:
    """Append entries in their order and return the number of the last; nobody else appends until the commit."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(4711)"))
    newest = head(connection)
    seq, prev = newest.seq, newest.hash
    links, details = [], []
    for note in notes:
        seq, salt, body = seq + 1, secrets.token_hex(16), canonical(note.detail).decode()
        link: dict[str, Any] = {
            "seq": seq,
            "at": note.at,
            "actor": note.actor,
            "action": note.action,
            "object": note.object,
            "detail_hash": _detail_hash(salt, body),
            "prev": prev,
            "person_id": note.person_id,
            "unit_id": note.unit_id,
        }
        link["hash"] = prev = _link(link)
        links.append(link)
        details.append({"seq": seq, "salt": salt, "body": body})
    if links:
        connection.execute(_PUT, links)
        connection.execute(_PUT_DETAIL, details)
    return seq


def head(connection: Connection) -> Head:
    """The newest entry; number 0 before the first."""
    last = connection.execute(_HEAD).first()
    return Head(last.seq, last.hash) if last else Head(0, GENESIS)


def verify(connection: Connection, signed: Iterable[tuple[int, str]] = ()) -> tuple[int, Broken | None]:
    """Walk the chain from the first entry; the number of good entries, and the first bad one if any.

    ``signed`` says of some entries' numbers which hash they had when a checkpoint was made.
    """
    expected: dict[int, set[str]] = {}
    for seq, link in signed:
        expected.setdefault(seq, set()).add(link)
    prev, good, vouched = GENESIS, 0, 0
    for row in rows(connection):
        why = _flaw(row, good + 1, prev)
        if why:
            return good, Broken(good + 1, why)
        if row.seq in expected:
            if expected[row.seq] != {row.hash}:
                return vouched, Broken(vouched + 1, "checkpoint", row.seq)
            vouched = row.seq
        prev, good = row.hash, good + 1
    furthest = max(expected, default=0)
    return good, Broken(good + 1, "short", furthest) if furthest > good else None


def rows(connection: Connection) -> Iterator[Row[Any]]:
    """Every entry with its detail, from the first on, a thousand at a time."""
    query = (
        select(audit, audit_detail.c.salt, audit_detail.c.body)
        .outerjoin(audit_detail, audit_detail.c.seq == audit.c.seq)
        .order_by(audit.c.seq)
        .execution_options(yield_per=1000)
    )
    with closing(connection.execute(query)) as found:
        yield from found


def exported(connection: Connection, *, with_details: bool) -> Iterator[dict[str, object]]:
    """Every entry as it leaves the house: what its hash was taken over, and the hash.

    Details tell reasons and names; their salted hashes tell nothing.
    """
    for row in rows(connection):
        entry: dict[str, object] = {
            "seq": row.seq,
            "at": written(row.at),
            "actor": row.actor,
            "action": row.action,
            "object": row.object,
            "detail_hash": row.detail_hash,
            "person": row.person_id,
            "unit": row.unit_id,
            "prev": row.prev,
            "hash": row.hash,
        }
        yield entry | {"salt": row.salt, "detail": row.body} if with_details else entry


def _flaw(row: Row[Any], seq: int, prev: str) -> str:
    if row.seq != seq:
        return "gap"
    if row.prev != prev:
        return "prev"
    if row.salt is None or _detail_hash(row.salt, row.body) != row.detail_hash:
        return "detail"
    return "" if _link(row._mapping) == row.hash else "hash"


def latest(connection: Connection, limit: int = 200) -> list[Entry]:
    """The newest entries first."""
    found = connection.execute(
        select(audit, audit_detail.c.body)
        .join(audit_detail, audit_detail.c.seq == audit.c.seq)
        .order_by(desc(audit.c.seq))
        .limit(limit)
    )
    return [entry_of(row) for row in found]


def entry_of(row: Row[Any]) -> Entry:
    """An entry from a row of both tables."""
    return Entry(row.seq, row.at, row.actor, row.action, row.object, row.body, row.person_id, row.unit_id)


def length(connection: Connection) -> int:
    """Number of entries."""
    return int(connection.execute(select(func.count()).select_from(audit)).scalar_one())


def written(at: datetime) -> str:
    """A moment as it is hashed: UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _detail_hash(salt: str, body: str) -> str:
    return hashlib.sha256(f"{salt}\n{body}".encode()).hexdigest()


_HASHED = ("actor", "action", "object", "detail_hash")
_PLACED = ("person_id", "unit_id")  # since migration 0014: an entry of nobody and of no unit is hashed as before it


def _link(row: Mapping[Any, Any]) -> str:
    fields = [row["prev"], row["seq"], written(row["at"]), *(row[name] for name in _HASHED)]
    if row["person_id"] is not None or row["unit_id"] is not None:
        fields += [row[name] for name in _PLACED]
    return hashlib.sha256(msgspec.json.encode(fields)).hexdigest()
