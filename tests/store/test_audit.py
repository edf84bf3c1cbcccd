import pytest
from sqlalchemy import text

from registry.store import audit
from registry.store.engine import Store
from tests.store.conftest import MOMENT

BREAKS = {
    "an entry was changed": ("UPDATE audit SET actor = 'x' WHERE seq = 3", audit.Broken(3, "hash")),
    "a detail was changed": ("UPDATE audit_detail SET body = '{}' WHERE seq = 4", audit.Broken(4, "detail")),
    "a detail was deleted": ("DELETE FROM audit_detail WHERE seq = 2", audit.Broken(2, "detail")),
    "an entry was deleted": (
        "DELETE FROM audit_detail WHERE seq = 2; DELETE FROM audit WHERE seq = 2",
        audit.Broken(2, "gap"),
    ),
    "a hash was replaced": ("UPDATE audit SET hash = prev WHERE seq = 5", audit.Broken(5, "hash")),
}


def _filled(store: Store) -> None:
    for number in range(5):
        with store.write() as connection:
            assert audit.append(connection, MOMENT, "easup", "upload", f"upload {number}", {"n": number}) == number + 1


def test_a_chain_verifies_from_first_to_last(store: Store) -> None:
    _filled(store)
    with store.read() as connection:
        assert audit.verify(connection) == (5, None)
        assert [entry.seq for entry in audit.latest(connection, 2)] == [5, 4]


@pytest.mark.parametrize("name", BREAKS)
def test_the_first_bad_entry_is_named_when(store: Store, name: str) -> None:
    _filled(store)
    statements, expected = BREAKS[name]
    with store.write() as connection:
        for table in ("audit", "audit_detail"):
            for act in ("update", "delete"):
                where = "" if store.is_sqlite else f" ON {table}"
                connection.execute(text(f'DROP TRIGGER "{table}_no_{act}"{where}'))
        for statement in statements.split(";"):
            connection.execute(text(statement))
    with store.read() as connection:
        assert audit.verify(connection)[1] == expected
