"""Messages on their way out of the house, put there in the transaction they tell of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from registry.store.tables import outbox


@dataclass(frozen=True, slots=True)
class New:
    """A message to put there; one with the same key goes only once."""

    to: str
    body: dict[str, Any]
    key: str


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it waits or went; ``tries`` counts the attempts that failed."""

    id: int
    channel: str
    to: str
    body: dict[str, Any]
    key: str
    tries: int
    queued_at: datetime
    sent_at: datetime | None


def put_all(connection: Connection, channel: str, new: Collection[New], at: datetime) -> list[int]:
    """The numbers of messages just put there, but for those with a key that was before: three statements."""
    keys = [one.key for one in new]
    before = set(connection.execute(select(outbox.c.key).where(outbox.c.key.in_(keys))).scalars())
    rows = [
        {"channel": channel, "to": one.to, "body": one.body, "key": one.key, "tries": 0, "queued_at": at}
        for one in new
        if one.key not in before
    ]
    if not rows:
        return []
    connection.execute(insert(outbox), rows)
    made = select(outbox.c.id).where(outbox.c.key.in_([one["key"] for one in rows]))
    return list(connection.execute(made.order_by(outbox.c.id)).scalars())


def get(connection: Connection, message_id: int) -> Message | None:
    """A message by its number."""
    row = connection.execute(select(outbox).where(outbox.c.id == message_id)).first()
    return Message(*row) if row else None


def unsent(connection: Connection) -> list[Message]:
    """Every message that has not gone yet, the oldest first."""
    query = select(outbox).where(outbox.c.sent_at.is_(None)).order_by(outbox.c.id)
    return [Message(*row) for row in connection.execute(query)]


def note_sent(connection: Connection, message_id: int, at: datetime) -> None:
    """It has gone."""
    connection.execute(update(outbox).where(outbox.c.id == message_id).values(sent_at=at))


def note_failed(connection: Connection, message_id: int) -> None:
    """One attempt more that failed."""
    connection.execute(update(outbox).where(outbox.c.id == message_id).values(tries=outbox.c.tries + 1))
