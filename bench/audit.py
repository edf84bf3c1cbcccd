"""How many entries of the audit log a second: written one by one, written together, verified.

The yardstick does by hand, on a bare connection of the same settings, what no chain can do without: hash every detail,
hash every link over the one before, insert both rows in one transaction.
"""

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pysqlite3.dbapi2 as sqlite

from bench import harness
from bench.harness import Effort, Measurement
from registry.store import audit, migrate
from registry.store.audit import Note
from registry.store.engine import Store

MOMENT = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)
BATCH = 1000
YARDSTICK = "bare sha256 + insert"
_AUDIT = "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_DETAIL = "INSERT INTO audit_detail VALUES (?, ?, ?)"


def measure(effort: Effort) -> Iterator[Measurement]:
    """Entries of the audit log, a thousand at a time, against bare hashing and inserting."""
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = (_fresh(Path(folder) / name) for name in ("ours.db", "theirs.db"))
        numbers = range(effort.rounds(30, 6))
        together, bare = _writer(ours), _bare(Path(folder) / "theirs.db")
        yield _each(harness.compare("written together, an entry", together, {YARDSTICK: bare}, numbers, "µs"))
        yield _each(
            harness.compare("written one by one, an entry", _one_by_one(ours), {YARDSTICK: bare}, numbers, "µs")
        )
        with ours.read() as connection:
            length = audit.length(connection)
        verified = harness.compare("verified, an entry", _verify, {}, [ours] * effort.rounds(5, 3), "µs")
        yield Measurement(verified.case, verified.value / length, verified.unit)
        ours.close()
        theirs.close()


def _each(found: Measurement) -> Measurement:
    return Measurement(found.case, found.value / BATCH, found.unit, found.ratios)


def _fresh(path: Path) -> Store:
    migrate.upgrade(f"sqlite:///{path}")
    return Store(f"sqlite:///{path}")


def _notes(turn: int) -> list[Note]:
    return [
        Note(MOMENT, "easup", "read", f"assignment {turn * BATCH + number}", {"n": number}, 7, 24)
        for number in range(BATCH)
    ]


def _writer(store: Store) -> Callable[[int], None]:
    def write(turn: int) -> None:
        with store.write() as connection:
            audit.append_all(connection, _notes(turn))

    return write


def _one_by_one(store: Store) -> Callable[[int], None]:
    def write(turn: int) -> None:
        with store.write() as connection:
            for note in _notes(turn):
                audit.append_all(connection, [note])

    return write


def _bare(path: Path) -> Callable[[int], None]:
    connection = sqlite.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous=FULL")
    prev, seq = audit.GENESIS, 0

    def write(turn: int) -> None:
        nonlocal prev, seq
        connection.execute("BEGIN IMMEDIATE")
        at = "2026-11-22 03:30:00.000000"
        for number in range(BATCH):
            seq += 1
            body = json.dumps({"n": number})
            detail = hashlib.sha256(f"salt\n{body}".encode()).hexdigest()
            on = f"assignment {turn * BATCH + number}"
            link = hashlib.sha256(json.dumps([prev, seq, at, "easup", "read", on, detail, 7, 24]).encode()).hexdigest()
            connection.execute(_AUDIT, (seq, at, "easup", "read", on, detail, prev, link, 7, 24))
            connection.execute(_DETAIL, (seq, "salt", body))
            prev = link
        connection.execute("COMMIT")

    return write


def _verify(store: Store) -> None:
    with store.read() as connection:
        good, broken = audit.verify(connection)
    assert broken is None, broken
    assert good


if __name__ == "__main__":
    harness.main(measure)
