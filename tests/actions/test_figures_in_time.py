"""What the warehouse knew at an earlier moment: the same answer the store gave then."""

from __future__ import annotations

import random
from datetime import timedelta

from actions.console import open_desk
from actions.instance import Instance
from registry.catalogue.values import Known, Nature, SeriesKey, State
from registry.rules.background import Need
from registry.store import figures
from registry.store.figures import NewFigure, Source
from tests.actions.conftest import NOW

SERIES = SeriesKey("NN14")
NEEDS = [Need(SERIES, period) for period in ("202608", "202609")]


def test_as_of_any_moment_the_answers_are_those_given_at_that_moment(instance: Instance) -> None:
    desk, draw = open_desk(instance, None), random.Random(5)
    with desk.read() as connection:
        ids = desk.snapshot(connection).unit_ids
    about, reporters = ids["24211"], [ids["24211"], ids["SNNMT"], ids["STC"]]
    given = []
    for step in range(40):
        moment = NOW + timedelta(hours=step)
        authority = draw.randrange(3)
        state = draw.choice((State.VALUE, State.VALUE, State.NIL, State.BLANK))
        figure = NewFigure(
            SERIES,
            draw.choice(NEEDS).period,
            about,
            reporters[authority],
            draw.choice(list(Nature)),
            draw.randrange(1, 10**6) if state is State.VALUE else 0,
            state,
            authority,
        )
        with instance.store.write() as connection:
            batch = figures.begin_import(connection, "history", f"VB {step}", str(step), "x", "x", moment)
            figures.put(connection, [figure], Source(import_id=batch), moment)
            now = figures.backgrounds(connection, [about], NEEDS), figures.sums(connection, reporters, NEEDS)
        given.append((moment, now))
    with instance.store.read() as connection:
        for moment, then in given:
            again = (
                figures.backgrounds(connection, [about], NEEDS, moment),
                figures.sums(connection, reporters, NEEDS, moment),
            )
            assert again == then


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
