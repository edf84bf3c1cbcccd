"""A message is put in the outbox once under its key, and waits there until it has gone."""

from __future__ import annotations

from datetime import UTC, datetime

from registry.store import outbox
from registry.store.engine import Store

MOMENT = datetime(2026, 10, 15, 2, 0, tzinfo=UTC)


def test_a_message_waits_once_under_its_key_until_it_has_gone(store: Store) -> None:
    with store.write() as connection:
        new = [outbox.New("a@b", {"subject": "x"}, "due 1")]
        (first,) = outbox.put_all(connection, "mail", new, MOMENT)
        assert outbox.put_all(connection, "mail", new, MOMENT) == []
        outbox.note_failed(connection, first)
        (waiting,) = outbox.unsent(connection)
        assert (waiting, waiting.tries) == (outbox.get(connection, first), 1)
        outbox.note_sent(connection, first, MOMENT)
        assert outbox.unsent(connection) == []
