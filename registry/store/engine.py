"""The two doors to the database: `Store.read()` (deferred) and `Store.write()` (one immediate transaction)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pysqlite3.dbapi2 as sqlite
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Insert,
    Table,
    cast,
    create_engine,
    event,
    func,
    insert,
    literal,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import DatabaseError, OperationalError

__all__ = [
    "OLDEST_SAFE_SQLITE",
    "UNREACHABLE",
    "Connection",
    "Store",
    "StoreBusy",
    "UnsafeSqlite",
    "insert_all",
    "inserted",
    "take_turns",
]

OLDEST_SAFE_SQLITE = (3, 51, 3)  # earlier versions can corrupt a WAL being reset (FACTS 6)
BUSY_MILLISECONDS = 5000
_LOCAL = ("", "localhost", "127.0.0.1", "::1")


UNREACHABLE = (DatabaseError, sqlite.DatabaseError)
"""What the first look raises when there is no server, no right to it, or a file that is no database."""


class StoreBusy(RuntimeError):
    """Another writer held the database for longer than we may wait; the shells answer 503."""


class UnsafeSqlite(RuntimeError):
    """The SQLite library at hand is older than OLDEST_SAFE_SQLITE."""


class Store:
    """One database, SQLite or PostgreSQL, by URL (``sqlite:///path`` or ``postgresql+psycopg://…``)."""

    def __init__(self, url: str, *, durable: bool = True) -> None:
        """``durable=False`` is for data that can be made again (the demo): a power cut may lose commits."""
        self.url = url
        self.engine = _sqlite_engine(url, durable) if url.startswith("sqlite") else _postgres_engine(url)

    @property
    def is_sqlite(self) -> bool:
        """True on SQLite, false on PostgreSQL."""
        return self.engine.dialect.name == "sqlite"

    @property
    def transport(self) -> str:
        """How the database is reached: ``file``, ``local``, or what the URL says of ``sslmode`` (libpq: ``prefer``)."""
        if self.is_sqlite:
            return "file"
        url = self.engine.url
        named = url.query.get("host", url.host or "")
        hosts = ",".join(named if isinstance(named, tuple) else (named,)).split(",")
        if all(host in _LOCAL or host.startswith("/") for host in hosts):
            return "local"
        return str(url.query.get("sslmode", "prefer"))

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection seeing one consistent state; nothing written through it is kept.

        What was `asked_once` of it is answered from memory.
        """
        with self.engine.connect().execution_options(asked={}) as connection:
            if not self.is_sqlite:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            transaction = connection.begin()
            try:
                yield connection
            finally:
                transaction.rollback()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """The one transaction of a request: committed durably on leaving, rolled back on any exception."""
        try:
            with self.engine.connect().execution_options(immediate=True) as connection, connection.begin():
                yield connection
        except OperationalError as error:
            if "database is locked" in str(error.orig):
                raise StoreBusy(str(error.orig)) from error
            raise

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def inserted(connection: Connection, row: Insert) -> int:
    """Insert one row; the key it was given."""
    key = connection.execute(row).inserted_primary_key
    assert key is not None
    return int(key[0])


def insert_all(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of the same columns; to PostgreSQL they go as one array a column, in one statement."""
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        connection.execute(insert(table), rows)
        return
    columns = [table.c[name] for name in rows[0]]
    given = [_column(column, [row[column.name] for row in rows]) for column in columns]
    connection.execute(insert(table).from_select([column.name for column in columns], select(*given)))


def _column(column: Column[Any], values: list[Any]) -> Any:
    """The values of a column one below the other; what is the same in all rows is said once."""
    first = values[0]
    if all(one is first for one in values):
        return cast(literal(first, column.type), column.type).label(column.name)
    return func.unnest(cast(literal(values, ARRAY(column.type)), ARRAY(column.type))).label(column.name)


def asked_once(connection: Connection, what: Hashable, ask: Callable[[], Any]) -> Any:
    """An answer that is the same throughout a consistent look; where things are written it is asked every time."""
    known = connection.get_execution_options().get("asked")
    if known is None:
        return ask()
    if what not in known:
        known[what] = ask()
    return known[what]


def forget(connection: Connection, what: Hashable) -> None:
    """It was changed in the very look (a rehearsal)."""
    connection.get_execution_options().get("asked", {}).pop(what, None)


def take_turns(connection: Connection, what: str) -> None:
    """Wait until nobody else writes of the same: what is looked for and then inserted is there once. Until the commit.

    SQLite has but one writer, who needs no turn.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(1, hashtext(:what))"), {"what": what})


def _sqlite_engine(url: str, durable: bool) -> Engine:
    if sqlite.sqlite_version_info < OLDEST_SAFE_SQLITE:
        raise UnsafeSqlite(sqlite.sqlite_version)
    engine = create_engine(url, module=sqlite, pool_size=8, max_overflow=24)

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # transactions are begun below, by us
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={'FULL' if durable else 'OFF'}",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_MILLISECONDS}",
            "trusted_schema=OFF",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get("immediate")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


def _postgres_engine(url: str) -> Engine:
    return create_engine(url, pool_size=8, max_overflow=24)
