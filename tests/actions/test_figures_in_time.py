"""What the warehouse knew at an earlier moment: the same answer the store gave then."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import timedelta

import pytest

from actions.console import open_desk
from actions.instance import Instance
from registry.catalogue.values import Known, Nature, SeriesKey, State
from registry.rules.background import Need
from registry.store import figures
from registry.store.figures import NewFigure, Source
from tests.actions.conftest import NOW
from tests.webui.conftest import ON_SQLITE

SERIES = SeriesKey("NN14")
NEEDS = [Need(SERIES, period) for period in ("202608", "202609")]


Said = tuple[int, int, State, int]  # reporter, authority, state, mantissa


def best(said: dict[tuple[str, Nature], list[Said]], period: str) -> Known | None:
    """Of the firmest nature anybody stands by: the last word of the first in the order of sources."""
    for nature in reversed(figures.NATURES):
        last: dict[int, tuple[int, Said]] = {one[0]: (n, one) for n, one in enumerate(said.get((period, nature), []))}
        kept = [(one[1], -n, one) for n, one in last.values() if one[2] is not State.BLANK]
        if kept:
            _, _, (_, _, state, mantissa) = min(kept)
            return Known(mantissa, nature, state)
    return None


@pytest.mark.parametrize("seed", range(4))
def test_as_of_any_moment_the_answers_are_those_given_at_that_moment(instance: Instance, seed: int) -> None:
    desk, draw = open_desk(instance, None), random.Random(seed)
    with desk.read() as connection:
        ids = desk.snapshot(connection).unit_ids
    about, reporters = ids["24211"], [ids["24211"], ids["SNNMT"], ids["STC"]]
    said: dict[tuple[str, Nature], list[Said]] = defaultdict(list)
    given = []
    for step in range(60):
        moment = NOW + timedelta(hours=step)
        state = draw.choice((State.VALUE, State.VALUE, State.NIL, State.BLANK))
        mantissa = draw.randrange(1, 10**6) if state is State.VALUE else 0
        one: Said = (draw.choice(reporters), draw.choice((0, 1, 2, 999)), state, mantissa)
        period, nature = draw.choice(NEEDS).period, draw.choice(figures.NATURES)
        said[period, nature].append(one)
        figure = NewFigure(SERIES, period, about, one[0], nature, mantissa, state, one[1])
        with instance.store.write() as connection:
            batch = figures.begin_import(connection, "history", f"VB {step}", str(step), "x", "x", moment)
            figures.put(connection, [figure], Source(import_id=batch), moment)
            now = figures.backgrounds(connection, [about], NEEDS), figures.sums(connection, reporters, NEEDS)
        for need in NEEDS:
            assert now[0][about].get(SERIES, need.period) == best(said, need.period)
        given.append((moment, now))
    with instance.store.read() as connection:
        for moment, then in given:
            again = (
                figures.backgrounds(connection, [about], NEEDS, moment),
                figures.sums(connection, reporters, NEEDS, moment),
            )
            assert again == then


@ON_SQLITE
def test_several_words_about_one_figure_in_one_import_are_weighed_together(instance: Instance) -> None:
    desk = open_desk(instance, None)
    with desk.read() as connection:
        ids = desk.snapshot(connection).unit_ids
    about = ids["24211"]
    three = [
        NewFigure(SERIES, "202608", about, ids[code], Nature.OFFICIAL, 7 + n, state, 2 - n)
        for n, (code, state) in enumerate([("24211", State.VALUE), ("STC", State.VALUE), ("STC", State.BLANK)])
    ]
    with instance.store.write() as connection:
        batch = figures.begin_import(connection, "history", "VB", "1", "x", "x", NOW)
        figures.put(connection, three, Source(import_id=batch), NOW)
        for as_of in (None, NOW):
            known = figures.backgrounds(connection, [about], NEEDS, as_of)[about]
            assert known.get(SERIES, "202608") == Known(7, Nature.OFFICIAL)


def test_a_figure_names_the_document_it_rests_on(instance: Instance) -> None:
    desk = open_desk(instance, None)
    with desk.read() as connection:
        unit = desk.snapshot(connection).unit_ids["24211"]
    for day, document in enumerate(("NQ 54/NQ-HĐND", "NQ 19/NQ-HĐND")):
        moment = NOW + timedelta(days=day)
        with instance.store.write() as connection:
            batch = figures.begin_import(connection, "plans", document, document, "x", "x", moment)
            one = NewFigure(SERIES, "202608", unit, unit, Nature.OFFICIAL, 7 + day, State.VALUE)
            figures.put(connection, [one], Source(import_id=batch), moment)
    with instance.store.read() as connection:
        for day, document in enumerate(("NQ 54/NQ-HĐND", "NQ 19/NQ-HĐND")):
            moment = NOW + timedelta(days=day)
            known = figures.backgrounds(connection, [unit], NEEDS, moment)[unit].get(SERIES, "202608")
            assert known == Known(7 + day, Nature.OFFICIAL)
            assert figures.origins(connection, unit, NEEDS, moment) == [figures.Origin(document, None, None)]


@ON_SQLITE
def test_a_figure_rests_on_no_document_withdrawn_or_overtaken_by_a_firmer_one(instance: Instance) -> None:
    desk = open_desk(instance, None)
    with desk.read() as connection:
        ids = desk.snapshot(connection).unit_ids
    unit = ids["24211"]
    steps = [
        ("báo nhanh", unit, Nature.ESTIMATE, State.VALUE),
        ("niên giám", unit, Nature.OFFICIAL, State.VALUE),
        ("công văn của sở", ids["STC"], Nature.OFFICIAL, State.VALUE),
        ("công văn rút số liệu", ids["STC"], Nature.OFFICIAL, State.BLANK),
    ]
    with instance.store.write() as connection:
        for day, (document, by, nature, state) in enumerate(steps):
            moment = NOW + timedelta(days=day)
            batch = figures.begin_import(connection, "history", document, document, "x", "x", moment)
            one = NewFigure(SERIES, "202608", unit, by, nature, 7, state)
            figures.put(connection, [one], Source(import_id=batch), moment)
        behind = [
            [origin.document for origin in figures.origins(connection, unit, NEEDS, NOW + timedelta(days=day))]
            for day in range(4)
        ]
    assert behind == [["báo nhanh"], ["niên giám"], ["công văn của sở"], ["niên giám"]]
