"""The databases the other tests stand on."""

import pytest
from sqlalchemy import inspect, text

from registry.store import migrate
from registry.store.engine import Store


@pytest.mark.parametrize("turn", [1, 2])
def test_every_test_gets_a_migrated_database_of_its_own(database_url: str, turn: int) -> None:
    store = Store(database_url)
    with store.write() as connection:
        connection.execute(text("CREATE TABLE trace_of_a_test (x integer)"))
    assert migrate.is_current(store)
    store.close()


def test_the_migrations_lead_from_nothing_to_the_same_tables(empty_database_url: str, database_url: str) -> None:
    migrate.upgrade(empty_database_url)
    assert _tables(empty_database_url) == _tables(database_url) != set()


def _tables(url: str) -> set[str]:
    store = Store(url)
    with store.read() as connection:
        names = set(inspect(connection).get_table_names())
    store.close()
    return names
