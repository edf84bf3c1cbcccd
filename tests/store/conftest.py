"""A store on each kind of database."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from registry.store.engine import Store

MOMENT = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = Store(database_url)
    yield opened
    opened.close()
