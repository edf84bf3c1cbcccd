"""What was looked at, refused and taken away, noted in the audit log: many in one transaction (DESIGN: The store)."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from registry.store import audit, audit_places
from registry.store.engine import Connection, Store, StoreBusy

if TYPE_CHECKING:
    from actions.desk import Desk
    from registry.store.audit import Note

log = logging.getLogger(__name__)
LATEST = 1.0  # seconds after which a note is written
MOST = 5000  # notes that may wait; whoever comes later waits with them
PATIENCE = 30.0  # seconds somebody waits for the note to be written


@dataclass(frozen=True)
class Seen:
    """One request's note. ``of_others`` are written only if the object is not of a unit the actor has a grant in."""

    desk: Desk
    action: str
    on: str
    detail: Mapping[str, object]
    unit_id: int | None = None
    of_others: bool = False
    is_awaited: bool = False
    written: Future[None] = field(default_factory=Future)

    def note(self, connection: Connection) -> Note | None:
        """The entry; None where nothing is to be noted."""
        actor = self.desk.actor
        whose = self.unit_id or audit_places.unit_of(connection, self.on)
        if self.of_others and whose in {grant.unit_id for grant in actor.grants}:
            return None
        return self.desk.note(self.action, self.on, self.detail, whose)


class Journal:
    """Notes are written by a thread at most LATEST seconds after they were made, or at once while it does not run.

    A crash may lose the notes of reading of the last second; what is refused or taken away is not answered before its
    note is committed. Stopping loses nothing.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._bell = threading.Condition()
        self._queue: list[Seen] = []
        self._is_urgent = self._is_ending = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Collect notes from now on."""
        self._is_ending = False
        self._thread = threading.Thread(target=self._loop, name="baocao-journal", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Write what waits and end."""
        if self._thread is None:
            return
        with self._bell:
            self._is_ending = True
            self._bell.notify_all()
        self._thread.join()
        self._thread = None

    def read(self, desk: Desk, on: str, unit_id: int | None = None) -> None:
        """Somebody looked at this; his own unit's work is his to look at and not noted."""
        self._add(Seen(desk, "read", on, {}, unit_id, of_others=True))

    def write(self, desk: Desk, action: str, on: str, detail: Mapping[str, object]) -> None:
        """Note something and return when that is committed. Raises StoreBusy."""
        self._add(Seen(desk, action, on, detail, is_awaited=True))

    def _add(self, seen: Seen) -> None:
        with self._bell:
            is_running = self._thread is not None and not self._is_ending
            must_wait = seen.is_awaited or len(self._queue) >= MOST
            if is_running:
                self._queue.append(seen)
                self._is_urgent |= must_wait
                self._bell.notify_all()
        if not is_running:
            self._commit([seen])
        elif must_wait:
            seen.written.result(PATIENCE)

    def _loop(self) -> None:
        while True:
            with self._bell:
                self._bell.wait_for(lambda: self._queue or self._is_ending)
                self._bell.wait_for(lambda: self._is_urgent or self._is_ending, LATEST)
                batch, self._queue, self._is_urgent = self._queue, [], False
            if not batch:
                return
            failed = self._write_or_fail(batch)
            with self._bell:
                # Nothing could be written: tried again. Else what failed can never be, and must not stop the others.
                if len(failed) == len(batch) and not self._is_ending:
                    self._queue[:0] = [seen for seen in failed if not seen.is_awaited]

    def _write_or_fail(self, batch: Sequence[Seen]) -> list[Seen]:
        """The notes that could not be written; whoever waits for one hears of it."""
        try:
            self._commit(batch)
        except Exception as fault:
            if len(batch) > 1 and not isinstance(fault, StoreBusy):
                return [failed for seen in batch for failed in self._write_or_fail([seen])]
            log.exception("%s notes could not be written", len(batch))
            for seen in batch:
                if seen.is_awaited:
                    seen.written.set_exception(fault)
            return list(batch)
        for seen in batch:
            seen.written.set_result(None)
        return []

    def _commit(self, batch: Sequence[Seen]) -> None:
        with self._store.read() as connection:
            notes = [note for seen in batch if (note := seen.note(connection)) is not None]
        if notes:
            with self._store.write() as connection:
                audit.append_all(connection, notes)
