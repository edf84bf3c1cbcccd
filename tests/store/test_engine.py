from datetime import datetime, timedelta

import pytest
from alembic import command
from sqlalchemy import Column, MetaData, Table, insert, select
from sqlalchemy.exc import DBAPIError, StatementError

from registry.store import migrate
from registry.store.engine import Store, asked_once, forget
from registry.store.tables import (
    APPEND_ONLY,
    attempt,
    figure,
    figure_now,
    file,
    grant,
    import_batch,
    metadata,
    password,
    period,
    person,
    request_letter,
    series,
    unit,
    upload,
)
from tests.store.conftest import MOMENT


def test_what_a_read_wrote_is_not_kept(store: Store) -> None:
    with store.read() as connection:
        connection.execute(insert(attempt).values(key="k", at=MOMENT, ok=True))
    with store.read() as connection:
        assert connection.execute(select(attempt)).first() is None


def test_a_look_asks_once_what_does_not_change_in_it_and_a_write_every_time(store: Store) -> None:
    asked: list[str] = []
    with store.read() as connection:
        for _ in range(2):
            assert asked_once(connection, "n", lambda: asked.append("read") or len(asked)) == 1
        forget(connection, "n")
        assert asked_once(connection, "n", lambda: asked.append("read") or len(asked)) == 2
    with store.read() as connection:
        asked_once(connection, "n", lambda: asked.append("other"))
    with store.write() as connection:
        for _ in range(2):
            asked_once(connection, "n", lambda: asked.append("write"))
    assert asked == ["read", "read", "other", "write", "write"]


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


def test_figures_of_an_older_database_get_the_authority_of_their_reporters(empty_database_url: str) -> None:
    store = Store(empty_database_url)
    command.upgrade(migrate._config(store), "0002")
    commune, agency = {"reporting_id": 1}, {"reporting_id": 2}
    number, withdrawn = {"mantissa": 7, "state": 0}, {"mantissa": 0, "state": 2}
    of_plan = {"subject_id": 1, "import_id": 2, **agency, **number}
    said = [
        {"subject_id": 1, "import_id": 1, **commune, **number},
        {"subject_id": 1, "import_id": 2, **commune, **number},
        of_plan,
        {"subject_id": 2, "import_id": 1, **commune, **number},
        {"subject_id": 2, "import_id": 2, **agency, **number},
        {"subject_id": 2, "import_id": 2, **agency, **withdrawn},
    ]
    about = {"period_id": 1, "series_id": 1, "nature": 2}
    vintages = [about | {"vintage": n, "approved_at": MOMENT} | one for n, one in enumerate(said, start=1)]
    counting = about | {"vintage": 3, "authority": 0} | {key: of_plan[key] for key in of_plan if key != "import_id"}
    hidden = about | {"subject_id": 2, "vintage": 6, "authority": 1, **agency, **withdrawn}
    with store.write() as connection:
        connection.execute(insert(unit), [{"code": code, "born": MOMENT.date()} for code in ("24211", "STC")])
        connection.execute(insert(period).values(code="202608", starts=MOMENT.date(), ends=MOMENT.date()))
        connection.execute(insert(series).values(indicator="NN14", aspect="", members=""))
        by = {"document": "VB", "by": "x", "approved_by": "x", "at": MOMENT}
        connection.execute(insert(import_batch), [by | {"kind": kind, "sha": kind} for kind in ("history", "plans")])
        connection.execute(insert(figure), vintages)
        connection.execute(insert(figure_now), [counting, hidden])
    migrate.upgrade(empty_database_url)
    with store.read() as connection:
        authorities = connection.execute(select(figure.c.authority).order_by(figure.c.vintage)).scalars()
        assert list(authorities) == [999, 999, 0, 999, 1, 1]
        now = connection.execute(select(figure_now.c.subject_id, figure_now.c.vintage).order_by("subject_id"))
        assert [tuple(row) for row in now] == [(1, 3), (2, 4)]
    with pytest.raises(DBAPIError, match="append-only"), store.write() as connection:
        connection.execute(figure.update().values(mantissa=8))
    store.close()


def test_letters_of_an_older_database_get_a_number(empty_database_url: str) -> None:
    store = Store(empty_database_url)
    command.upgrade(migrate._config(store), "0011")
    someone = {"position": "", "email": "", "phone": "", "state": "active"}
    role = {"role": "clerk", "below": False, "valid_from": MOMENT.date(), "by": "x"}
    letters = [
        {"regime": "DX-2026-001", "file_sha": "a" * 64, "name": "cv.pdf", "by_id": 1, "at": MOMENT},
        {"regime": "DX-2026-002", "file_sha": "a" * 64, "name": "cv.pdf", "by_id": 2, "at": MOMENT},
        {"regime": "DX-2026-003", "file_sha": "b" * 64, "name": "cv.pdf", "by_id": 3, "at": MOMENT},
    ]
    with store.write() as connection:
        connection.execute(insert(unit), [{"code": code, "born": MOMENT.date()} for code in ("24211", "STC")])
        connection.execute(insert(person), [someone | {"login": one, "name": one} for one in ("a", "b", "c")])
        connection.execute(insert(grant), [role | {"person_id": n, "unit_id": n} for n in (1, 2)])
        connection.execute(insert(file), [{"sha": one * 64, "size": 1, "at": MOMENT, "state": "kept"} for one in "ab"])
        older = [Column(one.name, one.type) for one in request_letter.c if one.name not in ("id", "upload_id")]
        connection.execute(insert(Table("request_letter", MetaData(), *older)), letters)
    migrate.upgrade(empty_database_url)
    with store.read() as connection:
        found = connection.execute(
            select(request_letter.c.regime, upload.c.kind, upload.c.unit_id, upload.c.by_id, upload.c.file_sha)
            .outerjoin(upload, upload.c.id == request_letter.c.upload_id)
            .order_by(request_letter.c.id)
        ).all()
    assert [tuple(row) for row in found] == [
        ("DX-2026-001", "letter", 1, 1, "a" * 64),
        ("DX-2026-002", "letter", 2, 2, "a" * 64),
        ("DX-2026-003", None, None, None, None),  # nobody knows whose it was
    ]
    with pytest.raises(DBAPIError, match="append-only"), store.write() as connection:
        connection.execute(request_letter.update().values(name="khác"))
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


@pytest.mark.parametrize(
    ("url", "way"),
    [
        ("sqlite:///any.db", "file"),
        ("postgresql+psycopg://baocao@/baocao", "local"),
        ("postgresql+psycopg://baocao@localhost/baocao", "local"),
        ("postgresql+psycopg://baocao@/baocao?host=/run/postgresql", "local"),
        ("postgresql+psycopg://baocao@10.0.0.5/baocao", "prefer"),
        ("postgresql+psycopg://baocao@/baocao?host=localhost&host=10.0.0.5", "prefer"),
        ("postgresql+psycopg://baocao@10.0.0.5/baocao?sslmode=require", "require"),
        ("postgresql+psycopg://baocao@10.0.0.5/baocao?sslmode=verify-full", "verify-full"),
    ],
)
def test_a_store_says_how_its_database_is_reached(url: str, way: str) -> None:
    store = Store(url)
    assert store.transport == way
    store.close()
