"""A small province behind the pages, on each kind of database, with the clock at a chosen moment."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from actions.instance import Instance, make
from actions.settings import Settings
from ingest.sandbox import ReadingPool
from tests.tools import databases
from tests.webui import small_province as province
from tests.webui.small_province import NOW, WORD
from webui import site, visitor

SignIn = Callable[[str], FlaskClient]


@dataclass
class Clock:
    """What the pages take for now."""

    now: datetime = NOW


ON_SQLITE = pytest.mark.parametrize("instance", ["sqlite"], indirect=True)  # where only the page is at stake


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    held = Clock()
    monkeypatch.setattr(visitor, "now", lambda: held.now)
    return held


@pytest.fixture(scope="session")
def pool() -> Iterator[ReadingPool]:
    """One reading child for all tests of the worker."""
    children = ReadingPool(1)
    yield children
    children.close()


def opened(folder: Path, url: str, pool: ReadingPool, *, demo: bool = False) -> Instance:
    """An instance in a folder, sharing the reading child."""
    environment = {"BAOCAO_INSTANCE": str(folder), "BAOCAO_DATABASE_URL": url, "BAOCAO_DEMO": "1" if demo else ""}
    settings = Settings.read(environment)
    make(settings, NOW)
    instance = Instance.open(settings)
    instance.__dict__["pool"] = pool
    return instance


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, pool: ReadingPool) -> Path:
    """A folder with an instance holding the small province; tests work on copies."""
    folder = tmp_path_factory.mktemp("prepared") / "instance"
    folder.mkdir()
    with databases.sqlite_database(folder / "baocao.db") as url:
        instance = opened(folder, url, pool)
        province.fill(instance)
        province.open_month(instance)
        with instance.store.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        instance.store.close()
    return folder


@pytest.fixture(scope="session")
def prepared_postgresql(tmp_path_factory: pytest.TempPathFactory, pool: ReadingPool) -> Iterator[tuple[Path, str]]:
    """The same on PostgreSQL: its folder and its database's address."""
    folder = tmp_path_factory.mktemp("prepared-postgresql") / "instance"
    folder.mkdir()
    with databases.postgresql_database() as url:
        instance = opened(folder, url, pool)
        province.fill(instance)
        province.open_month(instance)
        instance.store.close()
        yield folder, url


@pytest.fixture(params=["sqlite", "postgresql"])
def instance(request: pytest.FixtureRequest, tmp_path: Path, pool: ReadingPool) -> Iterator[Instance]:
    """A copy of the small province, October open; the test runs once on each kind of database."""
    folder = tmp_path / "instance"
    if request.param == "sqlite":
        shutil.copytree(request.getfixturevalue("prepared"), folder)
        copy = opened(folder, f"sqlite:///{folder / 'baocao.db'}", pool)
        yield copy
        copy.store.close()
        return
    source, like = request.getfixturevalue("prepared_postgresql")
    shutil.copytree(source, folder)
    with databases.postgresql_database(like) as url:
        copy = opened(folder, url, pool)
        yield copy
        copy.store.close()


def app_of(instance: Instance) -> Flask:
    """The pages of an instance, without CSRF tokens to carry about."""
    app = Flask("webui", static_folder="static", template_folder="templates")
    site.register(app, instance)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return app


@pytest.fixture
def app(instance: Instance, clock: Clock) -> Flask:
    return app_of(instance)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser nobody has signed in with."""
    return app.test_client()


@pytest.fixture
def signed_in(app: Flask) -> SignIn:
    """``signed_in("easup")``: that person's browser."""

    def sign_in(login: str) -> FlaskClient:
        browser = app.test_client()
        answer = browser.post("/dang-nhap", data={"login": login, "password": WORD})
        assert answer.status_code == 302, answer.text
        return browser

    return sign_in
