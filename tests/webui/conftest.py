"""A small province behind the pages, on each kind of database, with the clock at a chosen moment."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import Barrier, BrokenBarrierError

import pytest
from flask import Flask
from flask.testing import FlaskClient

from actions.desk import Refusal
from actions.instance import Instance
from ingest.sandbox import ReadingPool
from tests.tools.instances import Prepared
from tests.webui import small_province as province
from tests.webui.small_province import NOW, WORD
from webui import site, visitor

SignIn = Callable[[str], FlaskClient]
AtOnce = Callable[[object, str, Callable[[], object]], list[object]]


@dataclass
class Clock:
    """What the pages take for now."""

    now: datetime = NOW


ON_SQLITE = pytest.mark.parametrize("instance", ["sqlite"], indirect=True)
"""What no database makes a difference to, or sends PostgreSQL no statement that another test does not send it."""


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


def _october(instance: Instance) -> None:
    province.fill(instance)
    province.open_month(instance)


def _of_two_units(instance: Instance) -> object:
    from tests.webui.test_permission import make_both

    _october(instance)
    return make_both(instance)


PROVINCE = Prepared("small-province", NOW, _october)
OF_TWO_UNITS = Prepared("small-province-of-two-units", NOW, _of_two_units)


@pytest.fixture(params=["sqlite", "postgresql"])
def instance(request: pytest.FixtureRequest, tmp_path: Path, pool: ReadingPool) -> Iterator[Instance]:
    """A copy of the small province, October open; the test runs once on each kind of database."""
    prepared = OF_TWO_UNITS if "told" in request.fixturenames else PROVINCE
    with prepared.copy(request.param, tmp_path / "instance", pool) as copy:
        yield copy


@pytest.fixture
def told(instance: Instance) -> object:
    """What an instance in which two units have one of everything tells of them."""
    return OF_TWO_UNITS.told("sqlite" if instance.store.is_sqlite else "postgresql")


def app_of(instance: Instance) -> Flask:
    """The pages of an instance, without CSRF tokens to carry about."""
    app = Flask("webui", static_folder="static", template_folder="templates")
    site.register(app, instance)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return app


@pytest.fixture(scope="session")
def apps() -> list[Flask]:
    """The application that serves this worker's tests in turn: registering all pages takes longer than most tests."""
    return []


@pytest.fixture
def app(instance: Instance, clock: Clock, apps: list[Flask]) -> Iterator[Flask]:
    """The pages of this test's instance; whoever adds a page takes an application of their own (``app_of``)."""
    if not apps:
        apps.append(app_of(instance))
    (app,) = apps
    before = dict(app.config)
    app.config["SECRET_KEY"] = instance.session_key
    visitor.serve(app, instance)
    yield app
    app.config.clear()
    app.config.update(before)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser nobody has signed in with."""
    return app.test_client()


@pytest.fixture
def signed_in(app: Flask) -> SignIn:
    """``signed_in("easup")``: that person's browser."""
    return partial(sign_in, app)


def sign_in(app: Flask, login: str) -> FlaskClient:
    """That person's browser."""
    browser = app.test_client()
    answer = browser.post("/dang-nhap", data={"login": login, "password": WORD})
    assert answer.status_code == 302, answer.text
    return browser


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> AtOnce:
    """Do something twice at the same time, each waiting half a second for the other after a look at the store.

    What they gave, or the refusal they met.
    """

    def run(where: object, look: str, act: Callable[[], object]) -> list[object]:
        both, looked = Barrier(2), getattr(where, look)

        def look_and_wait(*told: object) -> object:
            found = looked(*told)
            with suppress(BrokenBarrierError):
                both.wait(0.5)
            return found

        def done(_: int) -> object:
            try:
                return act()
            except Refusal as refusal:
                return refusal

        monkeypatch.setattr(where, look, look_and_wait)
        with ThreadPoolExecutor(2) as hands:
            return list(hands.map(done, range(2)))

    return run
