"""Instances filled once a run, for all its worker processes; every test works on a copy of its own."""

import pickle
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from actions.instance import Instance, make
from actions.pace import Door, Limits
from actions.settings import Settings
from ingest.sandbox import ReadingPool
from tests.tools import databases

UNLIMITED = replace(Limits(), **dict.fromkeys(Door, 10**6))  # the clock stands still while a test walks the pages


def settings_of(folder: Path, url: str, *, demo: bool = False) -> Settings:
    """Those of an instance in a folder, on the database with this address; it asks for no second factor."""
    read = Settings.read(
        {"BAOCAO_INSTANCE": str(folder), "BAOCAO_DATABASE_URL": url, "BAOCAO_DEMO": "1" if demo else ""}
    )
    return replace(read, second_factor=False, limits=UNLIMITED)


@dataclass(frozen=True)
class Prepared:
    """What an instance holds before a test begins: made at ``moment`` and filled by ``fill``, which may tell of it."""

    name: str
    moment: datetime
    fill: Callable[[Instance], object]

    def told(self, kind: str) -> Any:
        """What ``fill`` told of the instance that every copy of this kind is of."""
        return pickle.loads(_told(self._source(kind)).read_bytes())

    @contextmanager
    def copy(self, kind: str, folder: Path, pool: ReadingPool, *, demo: bool = False) -> Iterator[Instance]:
        """A copy in ``folder`` on a database of this kind, "sqlite" or "postgresql"."""
        source = self._source(kind)
        if kind == "sqlite":
            self._prepare_sqlite(source)
            shutil.copytree(source, folder)
            with _open(folder, f"sqlite:///{folder / 'baocao.db'}", pool, demo=demo) as instance:
                yield instance
            return
        like = self._prepare_postgresql(source)
        shutil.copytree(source, folder)
        with databases.postgresql_database(like) as url, _open(folder, url, pool, demo=demo) as instance:
            yield instance

    def _source(self, kind: str) -> Path:
        return databases.folder() / f"{self.name}-{kind}"

    def _prepare_sqlite(self, folder: Path) -> None:
        with databases.once(folder.name) as wanted:
            if wanted:
                folder.mkdir()
                with databases.sqlite_database(folder / "baocao.db") as url:
                    self._make(folder, url)

    def _prepare_postgresql(self, folder: Path) -> str:
        with databases.shared_postgresql_database(folder.name) as (url, wanted):
            if wanted:
                folder.mkdir()
                self._make(folder, url)
        return url

    def _make(self, folder: Path, url: str) -> None:
        settings = settings_of(folder, url)
        make(settings, self.moment)
        instance = Instance.open(settings)
        _told(folder).write_bytes(pickle.dumps(self.fill(instance)))
        if instance.store.is_sqlite:
            with instance.store.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        instance.close()


def _told(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.told")


@contextmanager
def _open(folder: Path, url: str, pool: ReadingPool, *, demo: bool) -> Iterator[Instance]:
    """The instance there, sharing a reading child."""
    instance = Instance.open(settings_of(folder, url, demo=demo))
    instance.__dict__["pool"] = pool
    try:
        yield instance
    finally:
        instance.store.close()
