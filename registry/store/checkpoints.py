"""Checkpoints of the audit log: from time to time the newest entry's hash, signed, so that the past stays as it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, desc, insert, select

from registry.store.audit import written
from registry.store.codec import canonical
from registry.store.tables import checkpoint

FORMAT = "baocao-checkpoint-1"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """That entry ``seq`` had this hash; ``key`` and ``signature`` (Ed25519) are hexadecimal."""

    n: int  # they are numbered without gaps
    seq: int
    hash: str
    at: datetime
    reason: str  # interval | command | close REGIME PERIOD | compile REGIME PERIOD
    key: str
    signature: str = ""

    @property
    def statement(self) -> dict[str, object]:
        """What is signed."""
        return {
            "format": FORMAT,
            "n": self.n,
            "seq": self.seq,
            "hash": self.hash,
            "at": written(self.at),
            "reason": self.reason,
            "key": self.key,
        }

    @property
    def signed_bytes(self) -> bytes:
        """The statement as it is signed: JSON, keys sorted, without spaces."""
        return canonical(self.statement)


def put(connection: Connection, made: Checkpoint) -> None:
    """Keep a checkpoint."""
    names = ("n", "seq", "hash", "at", "reason", "key", "signature")
    connection.execute(insert(checkpoint).values({name: getattr(made, name) for name in names}))


def newest(connection: Connection) -> Checkpoint | None:
    """The last one made."""
    return next(iter(latest(connection, 1)), None)


def latest(connection: Connection, limit: int) -> list[Checkpoint]:
    """The newest first."""
    return [
        _checkpoint(row) for row in connection.execute(select(checkpoint).order_by(desc(checkpoint.c.n)).limit(limit))
    ]


def every(connection: Connection) -> list[Checkpoint]:
    """All of them, from the first on."""
    return [_checkpoint(row) for row in connection.execute(select(checkpoint).order_by(checkpoint.c.n))]


def get(connection: Connection, n: int) -> Checkpoint | None:
    """One by its number."""
    row = connection.execute(select(checkpoint).where(checkpoint.c.n == n)).first()
    return _checkpoint(row) if row else None


def over(connection: Connection, seq: int) -> Checkpoint | None:
    """The first one that vouches for an entry; None while none does."""
    query = select(checkpoint).where(checkpoint.c.seq >= seq).order_by(checkpoint.c.seq, checkpoint.c.n).limit(1)
    row = connection.execute(query).first()
    return _checkpoint(row) if row else None


def _checkpoint(row: Row[tuple[object, ...]]) -> Checkpoint:
    return Checkpoint(row.n, row.seq, row.hash, row.at, row.reason, row.key, row.signature)
