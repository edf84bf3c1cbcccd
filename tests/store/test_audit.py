import hashlib

import pytest
from alembic import command
from sqlalchemy import text

from registry.store import audit, migrate
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


def test_entries_written_before_they_said_whose_they_are_still_verify(empty_database_url: str) -> None:
    store = Store(empty_database_url)
    config = migrate._config(store)
    command.upgrade(config, "0011")
    link = "55753c457138b5338a166d48616e713ff5b15976fc2b210f78aabb4d0099dd06"
    with store.write() as connection:
        connection.execute(
            text(
                "INSERT INTO audit (seq, at, actor, action, object, detail_hash, prev, hash) VALUES "
                "(1, '2026-11-22 03:30:00.000000', 'easup', 'upload', 'upload 0', :detail, :prev, :link)"
            ),
            {"detail": hashlib.sha256(b"salt\n{}").hexdigest(), "prev": audit.GENESIS, "link": link},
        )
        connection.execute(text("INSERT INTO audit_detail (seq, salt, body) VALUES (1, 'salt', '{}')"))
    command.upgrade(config, "head")
    with store.write() as connection:
        audit.append(connection, MOMENT, "easup", "upload", "upload 1", {}, person_id=3, unit_id=7)
    with store.read() as connection:
        assert audit.verify(connection) == (2, None)
        assert [(one.person_id, one.unit_id) for one in audit.latest(connection)] == [(3, 7), (None, None)]
    store.close()


def test_the_same_people_append_many_at_once_as_one_by_one(store: Store) -> None:
    notes = [audit.Note(MOMENT, "easup", "read", f"upload {number}", {}, 1, 2) for number in range(3)]
    with store.write() as connection:
        assert audit.append_all(connection, notes[:2]) == 2
        assert audit.append_all(connection, []) == 2
        assert audit.append_all(connection, notes[2:]) == 3
    with store.read() as connection:
        assert audit.verify(connection) == (3, None)
