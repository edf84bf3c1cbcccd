from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import DBAPIError, StatementError

from registry.store import migrate
from registry.store.engine import Store
from registry.store.tables import APPEND_ONLY, attempt, metadata, password, person
from tests.store.conftest import MOMENT


def test_what_a_read_wrote_is_not_kept(store: Store) -> None:
    with store.read() as connection:
        connection.execute(insert(attempt).values(key="k", at=MOMENT, ok=True))
    with store.read() as connection:
        assert connection.execute(select(attempt)).first() is None


def test_an_exception_in_a_write_keeps_nothing(store: Store) -> None:
    def fail_halfway() -> None:
        with store.write() as connection:
            connection.execute(insert(attempt).values(key="k", at=MOMENT, ok=True))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_halfway()
    with store.read() as connection:
        assert connection.execute(select(attempt)).first() is None


def test_a_moment_comes_back_aware_and_equal(store: Store) -> None:
    local = MOMENT.astimezone(tz=None) + timedelta(microseconds=7)
    with store.write() as connection:
        connection.execute(insert(attempt).values(key="k", at=local, ok=True))
    with store.read() as connection:
        assert connection.execute(select(attempt.c.at)).scalar_one() == local


def test_a_naive_moment_is_refused(store: Store) -> None:
    with pytest.raises(StatementError), store.write() as connection:
        connection.execute(insert(attempt).values(key="k", at=datetime(2026, 1, 1), ok=True))  # noqa: DTZ001


def test_an_append_only_row_can_be_neither_changed_nor_deleted(store: Store) -> None:
    with store.write() as connection:
        connection.execute(insert(person).values(login="a", name="A", position="", email="", phone="", state="active"))
        connection.execute(insert(password).values(person_id=1, hash="x", at=MOMENT))
    for statement in (password.update().values(hash="y"), password.delete()):
        with pytest.raises(DBAPIError, match="append-only"), store.write() as connection:
            connection.execute(statement)


def test_every_append_only_table_exists() -> None:
    assert set(APPEND_ONLY) <= set(metadata.tables)


def test_the_migrations_make_exactly_the_tables_of_this_release(empty_database_url: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    migrate.upgrade(empty_database_url)
    migrate.upgrade(empty_database_url)
    store = Store(empty_database_url)
    with store.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, metadata) == []
    assert migrate.is_current(store)
    store.close()


def test_a_backup_holds_what_the_database_held(sqlite_url: str, tmp_path) -> None:
    from pathlib import Path

    store = Store(sqlite_url)
    with store.write() as connection:
        connection.execute(insert(attempt).values(key="kept", at=MOMENT, ok=True))
    copy = migrate.back_up_sqlite(Path(sqlite_url.removeprefix("sqlite:///")), tmp_path / "backups", MOMENT)
    store.close()
    restored = Store(f"sqlite:///{copy}")
    with restored.read() as connection:
        assert connection.execute(select(attempt.c.key)).scalar_one() == "kept"
    restored.close()
