"""Whole columns answer what the units answer one by one, whatever is missing and whatever became of the units."""

import random
from dataclasses import replace
from datetime import date
from itertools import product

import numpy as np
import pytest

from registry.catalogue.chronicle import Chronicle
from registry.catalogue.model import Succession, UnitKind
from registry.catalogue.values import Known, State
from registry.periods import parse
from registry.rules.analysis import Analysis, ByUnit, needs
from registry.rules.answers import Ask, Map
from registry.rules.courses import Look
from registry.store.columns import Columns, Fast, Opened
from registry.store.cube import NIL, Column, Cube
from registry.store.figures import NATURES
from tests.rules import history
from tests.rules.test_analysis import CHRONICLE, COURSES, INDICATORS, KNOWN, NEW, NEXT, OTHER, PROVINCE, STAYS, unit
from tests.store.test_cube import more
from tests.store.test_warehouse import ASKED, COMMUNES, FLOW, invented, opened

DISTRICT = unit("huyện", UnitKind.DISTRICT, ended=date(2025, 6, 30))
BELOW = tuple(unit(f"h{n}", UnitKind.COMMUNE, parent="huyện", ended=date(2025, 6, 30)) for n in range(2))
JOINED = Chronicle(
    (*(CHRONICLE.last(key) for key in CHRONICLE.keys), DISTRICT, *BELOW),
    (*CHRONICLE.successions, *(Succession(one.code, "stays", date(2025, 7, 1), True) for one in BELOW)),
)
PERIODS = tuple(map(parse, ("202411", "202502", "202506", "202507", "202601", "202602")))
AREAS = {
    "province": (PROVINCE.key,),
    "some": (NEW.key, STAYS.key),
    "broken": (NEXT.key, OTHER.key, STAYS.key),
    **{one.code: (one.key,) for one in (NEW, NEXT, OTHER, STAYS)},
    "old": (BELOW[0].key,),
}
QUESTIONS = [(Ask(one.code, look), period) for one in INDICATORS for look in Look for period in PERIODS]


def figures(pick, chance):
    """Of every need and unit something, or nothing."""
    found = {}
    for need in needs(QUESTIONS, COURSES):
        given = {}
        for key in JOINED.keys:
            likely = chance / 4 if key in (PROVINCE.key, DISTRICT.key) else chance
            if pick.random() < likely:
                state = pick.choice((State.VALUE, State.VALUE, State.NIL))
                mantissa = 0 if state is State.NIL else pick.choice((0, -7, 5, 10**14, pick.randrange(10**6)))
                given[key] = Known(mantissa, pick.choice(NATURES), state)
        found[need] = given
    return found


def column(given, places):
    made = Column(np.zeros(len(places) + 1, dtype=np.int64), np.zeros(len(places) + 1, dtype=np.int8))
    for key, one in given.items():
        made.mantissas[places[key]] = one.mantissa
        made.codes[places[key]] = NATURES.index(one.nature) + 1 + NIL * (one.state is State.NIL)
    return made


@pytest.mark.parametrize(("seed", "chance"), tuple(enumerate((0.3, 0.8, 0.95, 1))))
@pytest.mark.parametrize("on", Map)
def test_columns_say_what_units_say_one_by_one(seed, chance, on):
    known = figures(random.Random(seed), chance)
    places = {key: place for place, key in enumerate(JOINED.keys)}
    by_unit = ByUnit(JOINED, KNOWN, COURSES, known, on)
    held = {need: column(given, places) for need, given in known.items()}
    opened_by_unit = replace(by_unit, known=Opened(held, {place: key for key, place in places.items()}))
    columns = Columns(JOINED, COURSES, held, places, on)
    slow = Analysis(by_unit, COURSES, KNOWN)
    fast = Analysis(Fast(columns, opened_by_unit), COURSES, KNOWN)
    answered = 0
    for ask, period in QUESTIONS:
        alone = columns.alone([area[0] for area in AREAS.values() if len(area) == 1], ask, period)
        for area in AREAS.values():
            expected = slow.figure(area, ask, period)
            assert fast.figure(area, ask, period) == expected
            if len(area) == 1 and area[0] in alone:
                assert alone[area[0]] == expected
                answered += 1
    assert answered > len(QUESTIONS)


QUESTIONS_OF_UNITS = list(product(ASKED, map(parse, ("202512", "202604"))))


def both_ways(connection, snapshot, cube):
    warehouse = opened(connection, snapshot)
    areas = (
        {unit.code: (unit.key,) for unit in COMMUNES}
        | {"all": tuple(unit.key for unit in COMMUNES)}
        | {"province": (history.PROVINCE.key,)}
    )
    return (
        warehouse.answers(areas, QUESTIONS_OF_UNITS),
        replace(warehouse, cube=cube).answers(areas, QUESTIONS_OF_UNITS),
    )


def test_the_warehouse_answers_alike_from_the_array_from_the_store_and_from_both(store, tmp_path):
    snapshot = invented(random.Random(11)).put(store)
    cube = Cube(tmp_path / "cube")
    with store.read() as connection:
        cube.refresh(connection)
        expected, found = both_ways(connection, snapshot, cube)
        assert found == expected
    more(store, snapshot, COMMUNES[0], "202604", 123)
    more(store, snapshot, COMMUNES[1], "202605", 9, State.NIL)
    with store.read() as connection:
        expected, found = both_ways(connection, snapshot, cube)
        assert found == expected
        assert found[COMMUNES[0].code][Ask(FLOW), "202604"].mantissa == 123
        fresh = replace(opened(connection, snapshot), cube=cube)
        keys = [unit.key for unit in (*COMMUNES, history.PROVINCE)]
        later = fresh.over_units(keys, Ask(FLOW), parse("202605"))
        assert [one.state for one in later.values()].count(State.NIL) == 2
        cube.refresh(connection)
        assert fresh.over_units(keys, Ask(FLOW), parse("202605")) == later
        assert fresh.over_units(keys, Ask(FLOW), parse("202612"))[keys[0]].amount is None
