"""Whoever bends the log is found: by the server's own verifier, and by one that knows only Python."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from actions import checkpoints
from actions.checkpoints import Verified
from registry.store import audit
from registry.store.audit import Broken
from registry.store.checkpoints import Checkpoint
from tests.audit.conftest import ENTRIES, NOW, SIGNED, Log, note

TABLES = {"audit": "seq", "audit_detail": "seq", "checkpoint": "n"}


class Undone(Exception):
    """Ends a transaction without keeping it."""


@contextmanager
def bent(log: Log) -> Iterator[Connection]:
    """A transaction of somebody who owns the database; nothing of it is kept."""
    with suppress(Undone), log.instance.store.write() as connection:
        is_sqlite = log.instance.store.is_sqlite
        for table in TABLES:
            for act in ("update", "delete", "insert" if is_sqlite else "truncate"):
                where = "" if is_sqlite else f" ON {table}"
                connection.execute(text(f'DROP TRIGGER "{table}_no_{act}"{where}'))
        if is_sqlite:
            connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        else:
            connection.execute(text("ALTER TABLE audit_detail DROP CONSTRAINT fk_audit_detail_seq"))
        yield connection
        raise Undone


def exported(connection: Connection, *, with_details: bool = True) -> list[str]:
    """The lines of an export."""
    first = {"format": "baocao-audit-1", "entries": audit.head(connection).seq, "details": with_details}
    lines = [first, *audit.exported(connection, with_details=with_details)]
    return [json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in lines]


def told(stranger: ModuleType, lines: list[str], signed: list[Checkpoint]) -> str:
    """What the verifier outside says; "" when the log is whole."""
    statements = [{"seq": one.seq, "hash": one.hash, "n": one.n} for one in signed]
    try:
        stranger.verify(iter(lines), statements)
    except ValueError as fault:
        return str(fault)
    return ""


def run(connection: Connection, *statements: str) -> None:
    for statement in statements:
        connection.execute(text(statement))


def rewrite(connection: Connection, since: int) -> None:
    """Delete from an entry on and write the rest anew with sound hashes: what one does who knows how the log works."""
    run(connection, f"DELETE FROM audit_detail WHERE seq >= {since}", f"DELETE FROM audit WHERE seq >= {since}")
    audit.append_all(connection, [note(100 + number) for number in range(since, ENTRIES + 1)])


def swap(connection: Connection) -> None:
    for table in ("audit", "audit_detail"):
        run(
            connection,
            *(f"UPDATE {table} SET seq = {new} WHERE seq = {old}" for old, new in ((7, 99), (8, 7), (99, 8))),
        )


def insert(connection: Connection) -> None:
    """An entry of one's own between the eighth and the ninth, all later ones pushed on."""
    for table in ("audit", "audit_detail"):
        run(
            connection,
            f"UPDATE {table} SET seq = -seq WHERE seq > 8",
            f"UPDATE {table} SET seq = 1 - seq WHERE seq < 0",
        )
    columns = "at, actor, action, object, detail_hash, prev, hash, person_id, unit_id"
    run(
        connection,
        f"INSERT INTO audit (seq, {columns}) SELECT 9, {columns} FROM audit WHERE seq = 5",
        "INSERT INTO audit_detail (seq, salt, body) SELECT 9, salt, body FROM audit_detail WHERE seq = 5",
    )


ACTS: dict[str, tuple[Callable[[Connection], None], Broken, str]] = {
    "flips a letter": (
        lambda found: run(found, "UPDATE audit SET actor = 'người x' WHERE seq = 3"),
        Broken(3, "hash"),
        "entry 3 was changed",
    ),
    "says it was of another unit": (
        lambda found: run(found, "UPDATE audit SET unit_id = 99 WHERE seq = 4"),
        Broken(4, "hash"),
        "entry 4 was changed",
    ),
    "says whose an old entry is": (
        lambda found: run(found, "UPDATE audit SET person_id = 1 WHERE seq = 3"),
        Broken(3, "hash"),
        "entry 3 was changed",
    ),
    "changes a detail": (
        lambda found: run(found, "UPDATE audit_detail SET body = '{}' WHERE seq = 5"),
        Broken(5, "detail"),
        "entry 5 has another detail than it had",
    ),
    "deletes an entry": (
        lambda found: run(found, "DELETE FROM audit_detail WHERE seq = 8", "DELETE FROM audit WHERE seq = 8"),
        Broken(8, "gap"),
        "entry 8 is missing: entry 9 stands in its place",
    ),
    "swaps two": (swap, Broken(7, "prev"), "entry 7 does not follow from the one before"),
    "inserts one": (insert, Broken(9, "prev"), "entry 9 does not follow from the one before"),
    "truncates": (
        lambda found: run(found, "DELETE FROM audit_detail WHERE seq > 16", "DELETE FROM audit WHERE seq > 16"),
        Broken(17, "short", 18),
        "shorter than the checkpoint: 16 entries, 18 at checkpoint 3",
    ),
    "rewrites the end with sound hashes": (
        lambda found: rewrite(found, 14),
        Broken(13, "checkpoint", 18),
        "entries 13 to 18 are not those of checkpoint 3",
    ),
    "rewrites everything with sound hashes": (
        lambda found: rewrite(found, 1),
        Broken(1, "checkpoint", 6),
        "entries 1 to 6 are not those of checkpoint 1",
    ),
}


def test_a_log_nobody_bent_is_whole(log: Log, stranger: ModuleType) -> None:
    with log.instance.store.read() as connection:
        found = checkpoints.verify(connection, log.keys, log.signed)
        lines = exported(connection)
        bare = exported(connection, with_details=False)
    assert found == Verified(ENTRIES, None, len(SIGNED))
    assert found.is_whole
    assert told(stranger, lines, list(log.signed)) == told(stranger, bare, list(log.signed)) == ""
    assert "đối chiếu" in "".join(lines)
    assert "đối chiếu" not in "".join(bare)


@pytest.mark.parametrize("name", ACTS)
def test_both_verifiers_name_the_first_bad_entry_when_somebody(name: str, log: Log, stranger: ModuleType) -> None:
    act, broken, sentence = ACTS[name]
    with bent(log) as connection:
        act(connection)
        found = checkpoints.verify(connection, log.keys)
        assert found.broken == broken
        assert not found.is_whole
        assert checkpoints.sentence(found)
        assert told(stranger, exported(connection), list(log.signed)) == sentence


def test_a_database_taken_back_to_yesterday_is_shorter_than_a_checkpoint_kept_outside(
    log: Log, stranger: ModuleType
) -> None:
    kept = log.signed[-1]
    with bent(log) as connection:
        for table, key in TABLES.items():
            run(connection, f"DELETE FROM {table} WHERE {key} > {2 if table == 'checkpoint' else 15}")
        alone, held = (checkpoints.verify(connection, log.keys, brought) for brought in ((), (kept,)))
        lines = exported(connection)
        assert (alone.is_whole, held.broken) == (True, Broken(16, "short", 18))
        assert "chỉ còn 15 mục, điểm chốt đã ký ở mục 18" in checkpoints.sentence(held)
        audit.append_all(connection, [note(number) for number in range(200, 220)])  # and life goes on
        assert checkpoints.verify(connection, log.keys, (kept,)).broken == Broken(13, "checkpoint", 18)
    assert told(stranger, lines, [kept]) == "shorter than the checkpoint: 15 entries, 18 at checkpoint 3"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE checkpoint SET hash = (SELECT hash FROM audit WHERE seq = 11) WHERE n = 2",
        "UPDATE checkpoint SET signature = (SELECT signature FROM checkpoint WHERE n = 1) WHERE n = 2",
        "UPDATE checkpoint SET reason = 'close KTXH 202610' WHERE n = 2",
        "DELETE FROM checkpoint WHERE n = 2",
    ],
)
def test_a_checkpoint_changed_or_deleted_is_missed(statement: str, log: Log) -> None:
    with bent(log) as connection:
        run(connection, statement)
        assert checkpoints.verify(connection, log.keys).forged == 2


def test_a_checkpoint_signed_with_another_key_vouches_for_nothing(log: Log) -> None:
    with log.instance.store.read() as connection:
        assert checkpoints.verify(connection, ["ab" * 32]).forged == 1


def test_the_database_itself_refuses_to_bend_the_log(log: Log) -> None:
    store = log.instance.store
    for table, key in TABLES.items():
        acts = [f"UPDATE {table} SET {key} = {key} WHERE {key} = 2", f"DELETE FROM {table} WHERE {key} = 2"]
        replace = f"REPLACE INTO {table} SELECT * FROM {table} WHERE {key} = 2"
        acts.append(replace if store.is_sqlite else f"TRUNCATE {table} CASCADE")
        for act in acts:
            with pytest.raises(Exception, match="append-only"), store.write() as connection:
                run(connection, act)


# --- any single change -----------------------------------------------------------------------------------------------

ONE_LETTER = st.characters(codec="utf-8")


@st.composite
def changed_lines(draw: st.DrawFn, lines: list[str]) -> list[str]:
    """An export with one change: a letter, a line gone, twice, elsewhere, or another's field."""
    lines, at = list(lines), draw(st.integers(0, len(lines) - 1))
    match draw(st.sampled_from(("letter", "cut", "delete", "repeat", "move", "field"))):
        case "letter":
            place = draw(st.integers(0, len(lines[at]) - 1))
            lines[at] = lines[at][:place] + draw(ONE_LETTER) + lines[at][place + 1 :]
        case "cut":
            lines[at] = lines[at][: draw(st.integers(0, len(lines[at]) - 1))]
        case "delete":
            del lines[at]
        case "repeat":
            lines.insert(at, lines[at])
        case "move":
            lines.insert(draw(st.integers(0, len(lines) - 1)), lines.pop(at))
        case "field":
            entry, other = json.loads(lines[at]), json.loads(draw(st.sampled_from(lines)))
            name = draw(st.sampled_from(sorted(entry)))
            entry[name] = draw(st.sampled_from([None, 0, "", other.get(name)]))
            lines[at] = json.dumps(entry, ensure_ascii=False, separators=(",", ":"))
    return lines


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_any_single_change_of_an_export_is_found(data: st.DataObject, log: Log, stranger: ModuleType) -> None:
    with log.instance.store.read() as connection:
        lines = exported(connection)
    changed = data.draw(changed_lines(lines))
    assert bool(told(stranger, changed, list(log.signed))) == (changed != lines)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_any_single_change_in_the_database_is_found(data: st.DataObject, log: Log) -> None:
    with bent(log) as connection:
        table = data.draw(st.sampled_from(sorted(TABLES)))
        rows = connection.execute(text(f"SELECT * FROM {table}")).mappings().all()
        row, other = data.draw(st.sampled_from(rows)), data.draw(st.sampled_from(rows))
        column = data.draw(st.sampled_from(sorted(row)))
        value: Any = data.draw(st.one_of(st.just(other[column]), st.just(_next(row[column]))))
        where = {"old": row[TABLES[table]]}
        if value == row[column] or (column == TABLES[table] and value == other[column]):
            connection.execute(text(f"DELETE FROM {table} WHERE {TABLES[table]} = :old"), where)
        else:
            statement = text(f"UPDATE {table} SET {column} = :new WHERE {TABLES[table]} = :old")
            connection.execute(statement, where | {"new": value})
        signed = log.signed if table == "checkpoint" else ()
        assert not checkpoints.verify(connection, log.keys, signed).is_whole or _is_last(table, row)


def _next(value: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(value, str) and "T" not in value and value[:4] == f"{NOW:%Y}":
        return value.replace("2026", "2025")
    return value + 1000 if isinstance(value, int) else "0" if value is None else f"{value}x"


def _is_last(table: str, row: Any) -> bool:
    """What was added last and is not signed yet leaves no trace: that is what the interval is about."""
    return row[TABLES[table]] == {"audit": ENTRIES, "checkpoint": len(SIGNED)}.get(table)
