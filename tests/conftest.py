"""What every test may ask for: Hypothesis profiles, and fresh databases of both kinds."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck, settings

from actions import passwords
from registry.store import engine
from tests.tools import databases, engines

settings.register_profile("ci", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("long", deadline=None, max_examples=3000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ci")

engine.create_engine = engines.sharing(engine.create_engine)

RUN_FOLDER = pytest.StashKey[Path]()


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def pytest_configure(config: pytest.Config) -> None:
    gc.set_threshold(100_000, 50, 1000)  # a worker holds every test: walking it all each time takes a sixth of the run
    if _is_worker(config):
        return
    for name in [name for name in os.environ if name.startswith("BAOCAO_")]:
        del os.environ[name]
    config.stash[RUN_FOLDER] = databases.make_folder()


def pytest_unconfigure(config: pytest.Config) -> None:
    if RUN_FOLDER in config.stash:
        databases.remove_folder(config.stash[RUN_FOLDER])


@pytest.fixture(scope="session", autouse=True)
def true_hasher() -> Iterator[PasswordHasher]:
    """The one passwords are kept with; tests sign in by the hundred with one that costs nothing."""
    true = passwords._hasher
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    yield true
    passwords._hasher = true


@pytest.fixture
def sqlite_url(tmp_path: Path) -> Iterator[str]:
    """The address of a fresh migrated SQLite database."""
    with databases.sqlite_database(tmp_path / "baocao.sqlite") as url:
        yield url


@pytest.fixture
def postgresql_url() -> Iterator[str]:
    """The address of a fresh migrated PostgreSQL database."""
    with databases.postgresql_database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh migrated database; the test runs once on each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table; the test runs once on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite'}"
        return
    with databases.empty_postgresql_database() as url:
        yield url
