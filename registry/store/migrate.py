"""Bring a database to the schema of this release; a SQLite file is copied first."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from functools import cache
from pathlib import Path

import pysqlite3.dbapi2 as sqlite
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from registry.store.engine import Store

HERE = Path(__file__).parent / "migrations"


def _config(store: Store) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["store"] = store
    return config


def upgrade(url: str) -> None:
    """Apply every migration the database has not seen; a second call does nothing."""
    store = Store(url)
    try:
        command.upgrade(_config(store), "head")
    finally:
        store.close()


def is_current(store: Store) -> bool:
    """True when the database stands at the newest migration."""
    with store.read() as connection:
        at = MigrationContext.configure(connection).get_current_revision()
    return at == _newest()


@cache
def _newest() -> str | None:
    """The last migration of this release: to find it all of them are read."""
    return ScriptDirectory(str(HERE)).get_current_head()


def back_up_sqlite(database: Path, folder: Path, moment: datetime) -> Path:
    """Copy a live SQLite database by the backup API; the copy's path is returned."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{database.stem}-{moment:%Y%m%dT%H%M%SZ}{database.suffix}"
    with closing(sqlite.connect(database)) as source, closing(sqlite.connect(target)) as copy:
        source.backup(copy)
    target.chmod(0o600)
    return target
