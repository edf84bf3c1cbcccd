"""Rules over history in SQL, on both databases, beside the closures."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from registry.catalogue.model import Frequency
from registry.catalogue.values import Nature, SeriesKey
from registry.periods import parse
from registry.store import rule_sql
from registry.store.engine import Store
from tests.rules.history import COMMUNE, OTHER, WARD, History
from tests.rules.small_forms import MONTHLY, rule


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = Store(database_url)
    yield opened
    opened.close()


def test_the_simplest_rule_finds_the_units_that_break_it(store):
    history = History(MONTHLY)
    for unit, (rice, sown) in zip((COMMUNE, WARD, OTHER), ((5, 9), (9, 5), (7, 7)), strict=True):
        history.add(unit, SeriesKey("NN07"), "202610", Nature.ESTIMATE, rice * 100)
        history.add(unit, SeriesKey("NN09"), "202610", Nature.ESTIMATE, sown * 100)
    snapshot = history.put(store)
    with store.read() as connection:
        [october, november] = rule_sql.run(
            connection, snapshot, snapshot.form_versions["KTXH-01"], rule("[NN07].(c06) <= [NN09].(c06)"),
            [parse("202610"), parse("202611")], Frequency.MONTH,
        )  # fmt: skip
    assert october.asked == 3
    assert october.hits == (rule_sql.Hit(snapshot.unit_ids["24121"], "NN07", "c06", Decimal(9), Decimal(5)),)
    assert (november.asked, november.hits) == (0, ())
