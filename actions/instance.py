"""An instance at work: its settings, store, files, keys and reading children."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

from actions.journal import Journal
from actions.pace import Pace
from actions.settings import Settings
from ingest.office import Office
from ingest.sandbox import ReadingPool
from registry.store import definitions, migrate
from registry.store import settings as facts
from registry.store.definitions import Snapshot
from registry.store.derived import Shelf
from registry.store.engine import Connection, Store
from registry.store.files import FileStore
from registry.store.held import HeldFiles
from registry.workflow.account_rules import AccountRules
from vietnamese.dates import civil


class NoInstance(RuntimeError):
    """The folder holds no instance, or one of an older release: ``baocao init`` makes or migrates it."""


@dataclass
class Instance:
    """What every desk of one running server shares; a crash loses at most what was noted of reading in a second."""

    settings: Settings
    store: Store
    files: FileStore
    wake: threading.Event = field(default_factory=threading.Event)  # set when a job was queued
    _snapshots: tuple[Snapshot, ...] = ()

    @classmethod
    def open(cls, settings: Settings, *, durable: bool = True) -> Instance:
        """An existing, migrated instance; raises NoInstance."""
        store = Store(settings.database_url, durable=durable)
        sqlite = settings.database_url.removeprefix("sqlite:///")
        if (store.is_sqlite and not Path(sqlite).exists()) or not migrate.is_current(store):
            raise NoInstance(settings.database_url)
        return cls(settings, store, FileStore(settings.files_root, durable))

    @cached_property
    def pool(self) -> ReadingPool:
        """The children that read what strangers send."""
        return ReadingPool(self.settings.workers)

    @cached_property
    def journal(self) -> Journal:
        """What was looked at, refused and taken away, on its way into the audit log."""
        return Journal(self.store)

    @cached_property
    def pace(self) -> Pace:
        """How fast people and addresses knock."""
        return Pace(self.settings.limits)

    @cached_property
    def office(self) -> Office:
        """LibreOffice, which turns old workbooks into new ones."""
        return Office()

    @property
    def shelf(self) -> Shelf:
        """What can be made again: base workbooks, bundles ready to be fetched."""
        return Shelf(self.settings.files_root / "derived")

    @property
    def held(self) -> HeldFiles:
        """What came when a session was over."""
        return HeldFiles(self.settings.files_root / "held")

    @cached_property
    def token_keys(self) -> Mapping[int, bytes]:
        """Secrets that sign workbooks, by key id; old ones stay so that old workbooks are still known."""
        return {
            int(path.stem.removeprefix("token-")): path.read_bytes()
            for path in sorted(self.settings.secrets_dir.glob("token-*.key"))
        }

    @cached_property
    def session_key(self) -> bytes:
        """The secret that signs cookies and CSRF tokens."""
        return (self.settings.secrets_dir / "session.key").read_bytes()

    @cached_property
    def audit_keys(self) -> tuple[bytes, ...]:
        """Secrets that sign checkpoints of the audit log, newest first; old ones vouch for what they signed."""
        return self._keys("audit")

    @cached_property
    def factor_keys(self) -> tuple[bytes, ...]:
        """Secrets that seal second factors, newest first; old ones still open what they sealed."""
        return self._keys("factor")

    def _keys(self, kind: str) -> tuple[bytes, ...]:
        paths = self.settings.secrets_dir.glob(f"{kind}-*.key")
        found = {int(path.stem.removeprefix(f"{kind}-")): path.read_bytes() for path in paths}
        return tuple(found[number] for number in sorted(found, reverse=True))

    def snapshot(self, connection: Connection, day: date) -> Snapshot:
        """The catalogue in force on a day; kept until the next load."""
        generation = definitions.generation(connection)
        fresh = tuple(one for one in self._snapshots if one.generation == generation)
        known = next((one for one in fresh if one.since <= day < one.until), None)
        if known is None:
            known = definitions.snapshot(connection, day)
            self._snapshots = (*fresh[-8:], known)
        return known

    def known_snapshot(self, day: date) -> Snapshot | None:
        """The same as it was looked at last, for what may be a load old: the database is not asked."""
        return next((one for one in reversed(self._snapshots) if one.since <= day < one.until), None)

    def account_rules(self, connection: Connection) -> AccountRules:
        """The rules of accounts in force."""
        rules = AccountRules.read(facts.get(connection, facts.ACCOUNT_RULES) or {})
        return rules.trial if self.settings.demo else rules

    def is_sample(self, connection: Connection) -> bool:
        """True when the sample data were loaded here, whatever has been added since."""
        return facts.get(connection, facts.SAMPLE) is True

    def close(self) -> None:
        """Write what is noted, end the children and the connections."""
        self.journal.stop()
        if "pool" in self.__dict__:
            self.pool.close()
        self.store.close()


def make(settings: Settings, moment: datetime) -> Path | None:
    """Make the instance or migrate it; a SQLite file of an older release is copied first, its copy returned."""
    for folder in (settings.root, settings.files_root, settings.secrets_dir):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in ("token-1.key", "session.key", "audit-1.key", "factor-1.key"):
        path = settings.secrets_dir / name
        if not path.exists():
            path.touch(mode=0o600)
            path.write_bytes(secrets.token_bytes(32))
    backup = None
    database = Path(settings.database_url.removeprefix("sqlite:///"))
    if settings.database_url.startswith("sqlite") and database.exists() and not _is_current(settings):
        backup = migrate.back_up_sqlite(database, settings.root / "backups", moment)
    migrate.upgrade(settings.database_url)
    return backup


def _is_current(settings: Settings) -> bool:
    store = Store(settings.database_url)
    try:
        return migrate.is_current(store)
    finally:
        store.close()


def local_day(moment: datetime) -> date:
    """The day a moment falls on in Viet Nam."""
    return civil(moment).date()


def now() -> datetime:
    """The clock, for the shells."""
    return datetime.now(UTC)
