"""An instance with the sample catalogue on each kind of database, and desks at a moment."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from actions import catalogues
from actions.console import open_desk
from actions.desk import Desk
from actions.instance import Instance, local_day
from ingest.sandbox import ReadingPool
from registry.sample import catalogue
from registry.store import people
from tests.tools.instances import Prepared
from vietnamese.dates import HO_CHI_MINH

NOW = datetime(2026, 10, 15, 9, 0, tzinfo=HO_CHI_MINH)
As = Callable[..., Desk]
SAMPLE = replace(catalogue(), plans=())  # whose thousands of plans only their own tests need


@pytest.fixture(scope="session")
def pool() -> Iterator[ReadingPool]:
    """One reading child for all tests of the worker."""
    children = ReadingPool(1)
    yield children
    children.close()


def _catalogue(instance: Instance) -> None:
    catalogues.put(open_desk(instance, None), SAMPLE)


CATALOGUE = Prepared("sample-catalogue", NOW, _catalogue)


@pytest.fixture(params=["sqlite", "postgresql"])
def instance(request: pytest.FixtureRequest, tmp_path: Path, pool: ReadingPool) -> Iterator[Instance]:
    """An instance holding the sample catalogue and its accounts; the test runs once on each kind of database."""
    with CATALOGUE.copy(request.param, tmp_path / "instance", pool) as copy:
        yield copy


@pytest.fixture
def at_desk(instance: Instance) -> As:
    """``at_desk("easup")``: that person's desk at NOW, or at another moment."""

    def sit(login: str, moment: datetime = NOW) -> Desk:
        with instance.store.read() as connection:
            person = people.find(connection, login)
            assert person is not None, login
            actor = people.actor(connection, person.id, local_day(moment))
        assert actor is not None
        return Desk(instance, actor, moment)

    return sit
