"""Messages on their way out of the house, put there in the transaction they tell of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from registry.store.engine import inserted
from registry.store.tables import outbox


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


def put(connection: Connection, channel: str, to: str, body: dict[str, Any], key: str, at: datetime) -> int | None:
    """The number of a message just put there; None when one with this key was before."""
    if connection.execute(select(outbox.c.id).where(outbox.c.key == key)).first() is not None:
        return None
    row = insert(outbox).values(channel=channel, to=to, body=body, key=key, tries=0, queued_at=at)
    return inserted(connection, row)


def known(connection: Connection, keys: Collection[str]) -> set[str]:
    """Those of some keys a message was put there with."""
    return set(connection.execute(select(outbox.c.key).where(outbox.c.key.in_(keys))).scalars())


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
