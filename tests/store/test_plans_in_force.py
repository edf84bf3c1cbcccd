"""A plan counts from the day its decision holds, everywhere a figure is read, now and as of a moment (F6)."""

from datetime import UTC, date, datetime

import pytest
from alembic import command
from sqlalchemy import event, insert, select

from registry.catalogue.values import Aspect, Known, Nature, SeriesKey, State
from registry.rules.background import Need
from registry.store import figures, migrate, plans
from registry.store.engine import Store
from registry.store.figures import NewFigure, Source
from registry.store.tables import (
    catalogue_load,
    definition,
    figure,
    figure_ahead,
    figure_change,
    figure_now,
    import_batch,
    period,
    series,
    unit,
)
from registry.store.warehouse import summed

PLAN, DONE = SeriesKey("NN14", Aspect.PLAN_COUNCIL), SeriesKey("NN14")
OF_2026 = Need(PLAN, "2026")
COMMUNES = (1, 2)
JUNE = datetime(2026, 6, 10, 2, tzinfo=UTC)
TURN = date(2026, 7, 16)
EVE = datetime(2026, 7, 15, 16, 59, tzinfo=UTC)  # 23:59 in Vietnam
DAWN = datetime(2026, 7, 15, 17, 1, tzinfo=UTC)  # 00:01 of the 16th


def put(connection, decision, at, valid_from, mantissa, *, year="2026", subjects=COMMUNES, state=State.VALUE):
    """A decision's plan of some subjects; the key of its import."""
    batch = figures.begin_import(connection, "plans", decision, decision.rjust(64, "0"), "x", "x", at)
    given = [
        NewFigure(PLAN, year, one, one, Nature.OFFICIAL, mantissa, state, valid_from=valid_from) for one in subjects
    ]
    figures.put(connection, given, Source(import_id=batch), at)
    return batch


@pytest.fixture
def adjusted(store):
    """A plan of 5,000 from the year's first day, and one of 5,200 from the 16th of July, loaded in June."""
    with store.write() as connection:
        connection.execute(insert(unit), [{"code": f"X{one}", "born": date(2025, 7, 1)} for one in COMMUNES])
        done = [NewFigure(DONE, "202606", one, one, Nature.ESTIMATE, 100, State.VALUE) for one in COMMUNES]
        figures.put(connection, done, Source(), JUNE)
        put(connection, "NQ 54", datetime(2026, 1, 5, tzinfo=UTC), date(2026, 1, 1), 5000)
        put(connection, "NQ 19", JUNE, TURN, 5200)
    return store


def told(connection, as_of=None, need=OF_2026):
    """What each door of the store says of a plan: of the first commune, then added up over both."""
    of_one = {
        known and known.mantissa
        for known in (
            figures.backgrounds(connection, COMMUNES, [need], as_of)[1].figures.get(need),
            figures.by_need(connection, COMMUNES, [need], as_of).get(need, {}).get(1),
        )
    }
    added, have = figures.sums(connection, COMMUNES, [need], as_of)
    whole = summed(connection, COMMUNES, [need], as_of).get(need)
    of_all = {known and known.mantissa for known in (added.figures.get(need), whole)}
    assert have.get(need, 0) == (whole.have if whole else 0)
    ((one,), (both,)) = of_one, of_all
    return one, both


def test_an_adjustment_loaded_ahead_counts_from_its_day_on(adjusted):
    with adjusted.read() as connection:
        assert told(connection) == told(connection, JUNE) == told(connection, EVE) == (5000, 10000)
        assert told(connection, DAWN) == (5200, 10400)
        assert told(connection, datetime(2026, 6, 1, tzinfo=UTC)) == (5000, 10000)  # before it was loaded
        assert told(connection, datetime(2026, 1, 1, tzinfo=UTC)) == (None, None)  # nothing was
        both = figures.backgrounds(connection, COMMUNES, [OF_2026, Need(DONE, "202606")], DAWN)[1]
        assert both.figures[Need(DONE, "202606")] == Known(100, Nature.ESTIMATE)


def test_on_its_day_what_counts_now_is_brought_along_once_and_the_dense_array_hears_of_it(adjusted):
    with adjusted.write() as connection:
        before = len(connection.execute(select(figure_change)).all())
        assert figures.come_into_force(connection, EVE) == 0
        assert told(connection) == (5000, 10000)
        assert len(connection.execute(select(figure_change)).all()) == before
        assert figures.come_into_force(connection, DAWN) == len(COMMUNES)
        assert told(connection) == told(connection, DAWN) == (5200, 10400)
        assert len(connection.execute(select(figure_change)).all()) == before + 1
        assert figures.come_into_force(connection, DAWN) == 0


def test_the_report_says_by_which_decision_its_plan_was_given(adjusted):
    with adjusted.read() as connection:
        named = [[one.document for one in figures.origins(connection, 1, [OF_2026], moment)] for moment in (EVE, DAWN)]
        assert named == [["NQ 54"], ["NQ 19"]]
        before, since = (plans.in_force(connection, 1, "X1", OF_2026, moment) for moment in (EVE, DAWN))
        assert (before.plan.document, before.former) == ("NQ 54", ())
        assert (since.plan.document, since.plan.valid_from, since.plan.known_at) == ("NQ 19", TURN, JUNE)
        assert ([one.document for one in since.former], since.was_adjusted) == (["NQ 54"], True)


def test_a_decision_of_an_earlier_day_loaded_late_changes_only_what_stood_before_the_adjustment(adjusted):
    with adjusted.write() as connection:
        put(connection, "NQ 60", JUNE, date(2026, 3, 1), 5100)
        assert told(connection) == told(connection, EVE) == (5100, 10200)
        assert told(connection, DAWN) == (5200, 10400)
        figures.come_into_force(connection, DAWN)
        assert told(connection) == (5200, 10400)


def test_a_plan_of_a_year_to_come_is_the_one_of_its_first_day(adjusted):
    next_year = Need(PLAN, "2027")
    with adjusted.write() as connection:
        put(connection, "NQ 70", JUNE, date(2027, 1, 1), 6000, year="2027")
        put(connection, "NQ 71", JUNE, date(2027, 2, 1), 6100, year="2027")
        assert told(connection, need=next_year) == told(connection, JUNE, next_year) == (6000, 12000)
        february = datetime(2027, 2, 1, tzinfo=UTC)
        assert told(connection, february, next_year) == (6100, 12200)
        assert plans.in_force(connection, 1, "X1", next_year, JUNE).plan.mantissa == 6000
        assert figures.come_into_force(connection, february) == len(COMMUNES) * 2  # those of July, too
        assert told(connection, need=next_year) == (6100, 12200)


def test_a_first_plan_is_none_before_its_day_and_one_taken_back_is_none_again(adjusted):
    with adjusted.write() as connection:
        put(connection, "NQ 80", JUNE, date(2026, 9, 1), 7000, subjects=[2], year="2025")
        old = Need(PLAN, "2025")
        september = datetime(2026, 9, 1, tzinfo=UTC)
        assert told(connection, EVE, old) == told(connection, None, old) == (None, None)
        assert told(connection, september, old) == (None, 7000)
        put(connection, "NQ 81", JUNE, None, 0, state=State.BLANK)
        assert told(connection) == told(connection, EVE) == (None, None)
        assert plans.in_force(connection, 1, "X1", OF_2026, EVE) is None
        assert told(connection, DAWN) == (5200, 10400)


def test_more_units_take_no_more_statements(adjusted):
    said = []
    event.listen(adjusted.engine, "before_cursor_execute", lambda *given: said.append(given[2]))
    with adjusted.read() as connection:
        counts = []
        for subjects in (COMMUNES[:1], COMMUNES):
            said.clear()
            figures.backgrounds(connection, subjects, [OF_2026], DAWN)
            counts.append(len([one for one in said if one.startswith("SELECT")]))
    assert counts == [3, 1]  # two of keys, asked once in a look, and one of figures


def test_plans_of_an_older_database_get_the_day_of_their_decision(empty_database_url):
    store = Store(empty_database_url)
    command.upgrade(migrate._config(store), "0048")
    first, years = date(2024, 1, 1), {"NQ 54": "2024-01-01", "NQ 19": "2024-07-16", "NQ 99": "2999-01-01"}
    loaded = datetime(2024, 6, 10, 2, tzinfo=UTC)
    about = {"period_id": 1, "series_id": 1, "subject_id": 1, "nature": 2, "reporting_id": 1, "state": 0}
    given = [("NQ 54", 5000), ("NQ 99", 9000), ("NQ 19", 5200), (None, 5300)]
    with store.write() as connection:
        connection.execute(insert(unit).values(code="X1", born=first))
        connection.execute(insert(period).values(code="2024", starts=first, ends=date(2024, 12, 31)))
        connection.execute(insert(series).values(indicator="NN14", aspect="plan-council", members=""))
        connection.execute(insert(catalogue_load).values(sha="x", by="x", at=loaded, diff={}))
        by = {"kind": "plans", "by": "x", "approved_by": "x", "at": loaded}
        connection.execute(insert(import_batch), [by | {"document": one, "sha": one} for one in years])
        code = "NN14|plan-council|X1|2024|"
        version = {"kind": "plan", "n": 1, "valid_from": first, "sha": "x", "load_id": 1}
        bodies = [version | {"code": code + one, "body": {"valid_from": day}} for one, day in years.items()]
        connection.execute(insert(definition), bodies)
        imports = {one: n for n, one in enumerate(years, start=1)}
        rows = [
            about | {"vintage": n, "mantissa": mantissa, "import_id": imports.get(document), "approved_at": loaded}
            for n, (document, mantissa) in enumerate(given, start=1)
        ]
        connection.execute(insert(figure), rows)
        connection.execute(insert(figure_now).values(**about, authority=0, vintage=4, mantissa=5300))
    migrate.upgrade(empty_database_url)
    with store.read() as connection:
        days = list(connection.execute(select(figure.c.valid_from).order_by(figure.c.vintage)).scalars())
        assert days == [first, date(2999, 1, 1), date(2024, 7, 16), loaded.date()]
        assert list(connection.execute(select(figure_now.c.vintage)).scalars()) == [3]
        assert list(connection.execute(select(figure_ahead.c.valid_from)).scalars()) == [date(2999, 1, 1)]
    store.close()
