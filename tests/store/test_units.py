"""The derived tables of units say what the chronicle says, on each kind of database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import or_, select

from registry.catalogue.chronicle import Chronicle
from registry.catalogue.model import Catalogue
from registry.sample import catalogue
from registry.store import definitions, units
from registry.store.engine import Store
from registry.store.tables import unit_closure, unit_version
from tests.store.conftest import MOMENT

SAMPLE = catalogue()
REFORM = date(2025, 7, 1)


@pytest.mark.parametrize("day", [date(2025, 2, 1), REFORM - timedelta(days=1), REFORM, date(2026, 11, 1)])
def test_what_lies_below_a_unit_on_a_day_is_what_a_walk_finds(store: Store, day: date) -> None:
    chronicle = Chronicle(SAMPLE.units, SAMPLE.successions)
    with store.write() as connection:
        definitions.load(connection, Catalogue(units=SAMPLE.units, successions=SAMPLE.successions), "test", MOMENT)
        ids = units.ids_by_key(connection)
        walked: dict[int, set[int]] = {}
        for one in chronicle.units_on(day):
            for above in (one.key, *chronicle.above(one.key, day)):
                walked.setdefault(ids[above], set()).add(ids[one.key])
        for code in ("66", "54", "646", "SNNMT", "VPUB"):
            for key in chronicle.of_code(code):
                lasts = or_(unit_closure.c.valid_to.is_(None), unit_closure.c.valid_to >= day)
                found = select(unit_closure.c.unit_id).where(
                    unit_closure.c.ancestor_id == ids[key], unit_closure.c.valid_from <= day, lasts
                )
                assert set(connection.execute(found).scalars()) == walked.get(ids[key], set()), (code, day)


def test_an_export_holds_every_version_of_a_unit_and_loading_it_again_changes_nothing(store: Store) -> None:
    whole = Catalogue(units=SAMPLE.units, successions=SAMPLE.successions, group_sets=SAMPLE.group_sets)
    with store.write() as connection:
        definitions.load(connection, whole, "test", MOMENT)
        kept = definitions.catalogue_of(connection)
        assert kept.units == whole.units
        assert definitions.load(connection, kept, "test", MOMENT) == []
        moved = select(unit_version.c.valid_from, unit_version.c.valid_to).where(
            unit_version.c.name.like("%Khu kinh tế%")
        )
        days = connection.execute(moved.order_by(unit_version.c.valid_from)).all()
        assert [tuple(row) for row in days] == [(date(2004, 1, 1), REFORM - timedelta(days=1)), (REFORM, None)]
        zone = units.codes(connection).at("BQLKKT", REFORM)
        above = select(unit_closure.c.depth, unit_closure.c.valid_from).where(unit_closure.c.unit_id == zone)
        links = connection.execute(above.order_by(unit_closure.c.depth, unit_closure.c.valid_from)).all()
        assert [tuple(row) for row in links] == [(0, date(2004, 1, 1)), (1, date(2004, 1, 1)), (1, REFORM)]


def test_a_code_is_its_bearers_of_the_day_and_the_youngests_when_nobody_bears_it(store: Store) -> None:
    with store.write() as connection:
        definitions.load(connection, Catalogue(units=SAMPLE.units), "test", MOMENT)
        ids, codes = units.ids_by_key(connection), units.codes(connection)
    old, new = ids["22015", date(2004, 1, 1)], ids["22015", REFORM]
    assert [codes.at("22015", day) for day in (REFORM - timedelta(days=1), REFORM)] == [old, new]
    assert codes.at("22015", date(1990, 1, 1)) == new
    assert codes.at("646", date(2026, 1, 1)) == ids["646", date(2004, 1, 1)]
    assert "nobody" not in codes
