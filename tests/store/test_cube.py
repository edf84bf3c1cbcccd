"""The dense array says what the store says, and is silent when it is out of date."""

import random
import shutil
from dataclasses import replace

import numpy as np

from registry.catalogue.values import Nature, SeriesKey, State
from registry.periods import parse
from registry.rules.answers import Ask
from registry.rules.background import Need
from registry.rules.courses import Look
from registry.store import figures
from registry.store.cube import Cube, generations
from registry.store.figures import Keys, NewFigure, Source
from registry.store.warehouse import summed
from tests.rules.history import AT, COMMUNE, WARD
from tests.store.test_warehouse import ASKED, COMMUNES, FLOW, MONTHS, invented, opened

KEYS = tuple(unit.key for unit in COMMUNES)
LATEST = parse("202604")


def more(store, snapshot, unit, period, mantissa, state=State.VALUE):
    subject = snapshot.unit_ids[unit.code]
    with store.write() as connection:
        batch = figures.begin_import(connection, "history", "thêm", f"{mantissa:064d}", "thử", "thử", AT)
        new = NewFigure(SeriesKey(FLOW), period, subject, subject, Nature.OFFICIAL, mantissa, state)
        figures.put(connection, [new], Source(import_id=batch), AT)


def test_sums_of_the_array_are_those_of_the_store(store, tmp_path):
    snapshot = invented(random.Random(7)).put(store)
    cube = Cube(tmp_path / "cube")
    with store.read() as connection:
        warehouse = opened(connection, snapshot)
        assert not cube.is_kept
        assert replace(warehouse, cube=cube).totals(KEYS, ASKED, LATEST) == warehouse.totals(KEYS, ASKED, LATEST)
        made = cube.refresh(connection)
        assert made.periods == len({*MONTHS, "2026"})
        needs = {Need(SeriesKey(code), month) for code in (FLOW, "NC06", "NN07", "unknown") for month in MONTHS}
        for units in (COMMUNES, (COMMUNE,), (WARD, COMMUNE)):
            subjects = [snapshot.unit_ids[unit.code] for unit in units]
            assert cube.sums(connection, subjects, needs) == summed(connection, subjects, needs)
        assert replace(warehouse, cube=cube).totals(KEYS, ASKED, LATEST) == warehouse.totals(KEYS, ASKED, LATEST)


def test_what_was_written_since_makes_its_period_stale_until_the_array_follows(store, tmp_path):
    snapshot = invented(random.Random(8)).put(store)
    cube = Cube(tmp_path / "cube")
    with store.read() as connection:
        cube.refresh(connection)
    subjects = [snapshot.unit_ids[unit.code] for unit in COMMUNES]
    of = {code: {Need(SeriesKey(FLOW), code)} for code in ("202601", "202602")}
    more(store, snapshot, COMMUNE, "202601", 77)
    with store.read() as connection:
        assert cube.sums(connection, subjects, of["202601"]) is None
        assert cube.sums(connection, subjects, of["202602"]) == summed(connection, subjects, of["202602"])
        warehouse = opened(connection, snapshot)
        ask = (Ask(FLOW, Look.TO_DATE), Ask(FLOW))
        assert replace(warehouse, cube=cube).totals(KEYS, ask, LATEST) == warehouse.totals(KEYS, ask, LATEST)
        assert cube.refresh(connection).periods == 1
        assert cube.sums(connection, subjects, of["202601"]) == summed(connection, subjects, of["202601"])
        assert cube.refresh(connection).periods == 0
        assert cube.refresh(connection, anew=True).periods == len({*MONTHS, "2026"})


def test_what_was_written_before_a_restore_is_never_read_for_what_was_written_after(store, tmp_path):
    """The array is of another past: its database lost a change, and another took its place."""
    snapshot = invented(random.Random(8)).put(store)
    kept, cube = Cube(tmp_path / "kept"), Cube(tmp_path / "cube")
    need, subjects = {Need(SeriesKey(FLOW), "202601")}, [snapshot.unit_ids[COMMUNE.code]]
    more(store, snapshot, COMMUNE, "202601", 77)
    with store.read() as connection:
        kept.refresh(connection)
        key = Keys.of(connection).periods["202601"]
        times, mark = generations(connection)[key]
        shutil.copytree(kept.folder, cube.folder)
        for path in cube.folder.glob(f"{key}-{times}-{mark}.*"):
            path.rename(path.with_name(path.name.replace(mark, "f" * 16)))
        assert cube.sums(connection, subjects, need) is None
        assert cube.refresh(connection).periods == 1
        assert cube.sums(connection, subjects, need) == kept.sums(connection, subjects, need)
        assert sorted(path.name for path in cube.folder.iterdir()) == sorted(p.name for p in kept.folder.iterdir())


def test_series_and_units_that_came_later_have_places_behind(store, tmp_path):
    snapshot = invented(random.Random(9)).put(store)
    cube = Cube(tmp_path / "cube")
    with store.read() as connection:
        cube.refresh(connection)
    subject = snapshot.unit_ids[COMMUNE.code]
    new = SeriesKey("TC07")
    with store.write() as connection:
        batch = figures.begin_import(connection, "history", "mới", "2" * 64, "thử", "thử", AT)
        given = NewFigure(new, "202605", subject, subject, Nature.ESTIMATE, 5, State.NIL)
        figures.put(connection, [given], Source(import_id=batch), AT)
    with store.read() as connection:
        cube.refresh(connection)
        needs = {Need(new, "202605"), Need(new, "202601"), Need(SeriesKey(FLOW), "202601")}
        assert cube.sums(connection, [subject], needs) == summed(connection, [subject], needs)


def test_the_largest_figures_of_the_most_subjects_add_up_exactly():
    most = np.full((1, 9_000), 10**15 - 1, dtype=np.int64)
    assert int((most @ np.ones(9_000, dtype=np.int64))[0]) == 9_000 * (10**15 - 1)


def test_too_many_subjects_are_left_to_the_store(store, tmp_path):
    cube = Cube(tmp_path / "cube")
    with store.read() as connection:
        cube.refresh(connection)
        assert cube.sums(connection, range(9_001), set()) is None
        assert cube.sums(connection, range(9_000), set()) == {}
