"""The warehouse answers alike on both databases, unit by unit and by sums of the store, now and as it was."""

import random
from datetime import timedelta
from itertools import product

import pytest

from registry.catalogue.chronicle import Chronicle
from registry.catalogue.values import Aspect, Nature, SeriesKey, State
from registry.periods import parse
from registry.rules.answers import Ask, Map, Why
from registry.rules.background import Need
from registry.rules.courses import Look
from registry.store import figures
from registry.store.figures import NewFigure, Source
from registry.store.warehouse import Warehouse
from registry.workflow.policy import EVERYWHERE, Scope, Where
from tests.rules.history import AGENCY, AT, COMMUNE, OTHER, PROVINCE, UNITS, WARD, History
from tests.rules.small_forms import MONTHLY

COMMUNES = (COMMUNE, WARD, OTHER)
MONTHS = (*(f"2025{month:02d}" for month in range(7, 13)), *(f"2026{month:02d}" for month in range(1, 5)))
FLOW, STOCK, GIVEN = "NN12", "NN07", "TC06"
LATER = AT + timedelta(days=3)


def invented(pick):
    history = History(MONTHLY)
    for unit, code, month in product(COMMUNES, (FLOW, STOCK, "NC06"), MONTHS):
        for nature in (Nature.ESTIMATE, Nature.OFFICIAL):
            if pick.random() < 0.8:
                history.add(unit, SeriesKey(code), month, nature, pick.choice((None, 0, 1, 5, 90, 10**12)))
    for unit, month in product(COMMUNES, MONTHS):
        if pick.random() < 0.8:
            history.add(unit, SeriesKey(GIVEN, Aspect.CUMULATIVE), month, Nature.OFFICIAL, pick.randrange(10**14))
    history.add(PROVINCE, SeriesKey(FLOW, Aspect.PLAN_COUNCIL), "2026", Nature.OFFICIAL, 7000)
    return history


def opened(connection, snapshot, scope=EVERYWHERE, as_of=None):
    return Warehouse(connection, scope, snapshot, Chronicle(UNITS), as_of)


ASKED = tuple(
    Ask(code, look)
    for code in (FLOW, STOCK, GIVEN, "NC06")
    for look in (Look.IN_PERIOD, Look.PREVIOUS, Look.SAME_PERIOD, Look.TO_DATE, Look.TO_DATE_SAME_PERIOD)
)


@pytest.mark.parametrize("seed", range(3))
def test_sums_of_the_store_are_the_units_added_one_by_one(store, seed):
    snapshot = invented(random.Random(seed)).put(store)
    keys = tuple(unit.key for unit in COMMUNES)
    with store.read() as connection:
        for code in ("202509", "202512", "202601", "202604"):
            warehouse, period = opened(connection, snapshot), parse(code)
            one_by_one = warehouse.areas({"": keys}, ASKED, (period,), Map.TODAY)[""]
            for ask, found in warehouse.totals(keys, ASKED, period).items():
                expected = one_by_one[ask, code]
                assert (found.state, found.amount, found.nature) == (expected.state, expected.amount, expected.nature)
                assert found.missing == expected.missing
                assert (found.covered.have, found.covered.expected) == (
                    expected.covered.have,
                    expected.covered.expected,
                )


def test_a_unit_over_time_an_indicator_over_units_and_the_plan(store):
    history = History(MONTHLY)
    for unit, size in zip(COMMUNES, (1000, 2000, 4000), strict=True):
        history.add(unit, SeriesKey(FLOW), "202601", Nature.OFFICIAL, size)
    history.add(COMMUNE, SeriesKey(FLOW), "202602", Nature.ESTIMATE, None)
    history.add(PROVINCE, SeriesKey(FLOW, Aspect.PLAN_COUNCIL), "2026", Nature.OFFICIAL, 7000)
    snapshot = history.put(store)
    with store.read() as connection:
        warehouse = opened(connection, snapshot)
        months = [parse(code) for code in ("202506", "202601", "202602")]
        found = warehouse.unit_over_time(COMMUNE.key, [Ask(FLOW)], months)
        assert found[Ask(FLOW), "202506"].missing.text == "đơn vị thành lập 01/07/2025"
        assert found[Ask(FLOW), "202601"].mantissa == 1000
        assert (found[Ask(FLOW), "202602"].state, found[Ask(FLOW), "202602"].nature) == (State.NIL, Nature.ESTIMATE)
        keys = [unit.key for unit in COMMUNES]
        over = warehouse.over_units(keys, Ask(FLOW), parse("202601"))
        assert [over[key].mantissa for key in keys] == [1000, 2000, 4000]
        province = warehouse.areas(
            {"": [PROVINCE.key]}, [Ask(FLOW), Ask(FLOW, Look.PLAN_COUNCIL)], months[1:2], Map.TODAY
        )
        assert [one.mantissa for one in province[""].values()] == [7000, 7000]
        partly = warehouse.totals(keys, [Ask(FLOW)], parse("202602"))[Ask(FLOW)]
        assert (partly.covered.have, partly.covered.expected, partly.is_comparable) == (1, 3, False)


def test_what_was_known_at_a_moment_is_answered_as_it_was(store):
    history = History(MONTHLY)
    history.add(COMMUNE, SeriesKey(FLOW), "202601", Nature.ESTIMATE, 1000)
    snapshot = history.put(store)
    unit = snapshot.unit_ids[COMMUNE.code]
    with store.write() as connection:
        batch = figures.begin_import(connection, "history", "sửa", "1" * 64, "thử", "thử", LATER)
        new = NewFigure(SeriesKey(FLOW), "202601", unit, unit, Nature.OFFICIAL, 1100, State.VALUE)
        figures.put(connection, [new], Source(import_id=batch), LATER)
    with store.read() as connection:
        for as_of, mantissa in ((None, 1100), (LATER, 1100), (AT, 1000)):
            warehouse = opened(connection, snapshot, as_of=as_of)
            period = parse("202601")
            assert warehouse.over_units([COMMUNE.key], Ask(FLOW), period)[COMMUNE.key].mantissa == mantissa
            assert warehouse.totals([COMMUNE.key], [Ask(FLOW)], period)[Ask(FLOW)].mantissa == mantissa
        before = opened(connection, snapshot, as_of=AT - timedelta(days=1))
        answer = before.over_units([COMMUNE.key], Ask(FLOW), period)[COMMUNE.key]
        assert answer.missing.why is Why.NOT_GIVEN


def test_units_outside_the_scope_are_not_told_of_nor_those_of_whom_one_form_may_be_read(store):
    history = History(MONTHLY)
    for unit in COMMUNES:
        history.add(unit, SeriesKey(FLOW), "202601", Nature.OFFICIAL, 5)
    snapshot = history.put(store)
    mine, formwise = (snapshot.unit_ids[unit.code] for unit in (COMMUNE, WARD))
    scope = Scope(frozenset({Where(frozenset({mine})), Where(frozenset({formwise}), form="KTXH-01")}))
    with store.read() as connection:
        warehouse = opened(connection, snapshot, scope)
        keys = [unit.key for unit in COMMUNES]
        assert list(warehouse.over_units(keys, Ask(FLOW), parse("202601"))) == [COMMUNE.key]
        assert warehouse.totals(keys, [Ask(FLOW)], parse("202601")) == {}


def test_a_unit_is_of_the_sum_with_what_it_gave_itself_whatever_others_say_of_it(store):
    """Sở Tài chính tells an official figure about one of two communes that gave their estimates."""
    history = History(MONTHLY)
    for unit in (COMMUNE, WARD):
        history.add(unit, SeriesKey("NN12"), "202601", Nature.ESTIMATE, 1000)
    snapshot = history.put(store)
    ids = snapshot.unit_ids
    need = Need(SeriesKey("NN12"), "202601")
    told = NewFigure(need.series, need.period, ids[WARD.code], ids[AGENCY.code], Nature.OFFICIAL, 1100, State.VALUE)
    with store.write() as connection:
        batch = figures.begin_import(connection, "history", "niên giám", "9" * 64, "thử", "thử", AT)
        figures.put(connection, [told], Source(import_id=batch), AT)
    with store.read() as connection:
        for moment in (None, AT):
            found, have = figures.sums(connection, [ids[COMMUNE.code], ids[WARD.code]], {need}, moment)
            assert (found.figures[need].mantissa, have[need]) == (2000, 2)
