"""Judging by experience: what is fetched for it, how checks are switched off, and what only the receiver is told."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import event

from actions import catalogues, experience, measuring, openings, receive
from actions.cases import situations
from actions.check_rates import FEWEST_ASKED
from actions.console import open_desk
from actions.desk import Desk, NotYours, Refusal
from actions.instance import Instance
from actions.work import run_one
from registry.catalogue.model import HistoryFigure
from registry.catalogue.values import Aspect, CellValue, SeriesKey, State
from registry.periods import parse
from registry.store import audit
from registry.store import experience as stored
from registry.store import openings as works
from registry.store.experience import Alike, Measured
from registry.workflow.policy import EVERYWHERE
from tests.actions.conftest import NOW, As
from tests.actions.test_month import filled, submitted, work_of
from tests.webui.conftest import ON_SQLITE

OCTOBER = parse("202610")
MONTHS = tuple(f"2025{m:02d}" for m in range(8, 13)) + tuple(f"2026{m:02d}" for m in range(1, 10))
COWS, BUFFALOES = "NN14", "NN13"


@pytest.fixture
def opening(instance: Instance, at_desk: As) -> int:
    """October, open, behind fourteen months in which Ea Súp had about 1.300 cows."""
    rows = [
        HistoryFigure(COWS, Aspect.ACTUAL, "", month, "24211", "24211", Decimal(1300 + 7 * at), "con")
        for at, month in enumerate(MONTHS)
    ]
    catalogues.load_history(open_desk(instance, None), rows, "Số liệu nền", "Vũ Thị Duyệt")
    return openings.open_period(at_desk("vpub"), "KTXH", "202610")


def codes(desk: Desk, **changed: CellValue) -> set[str]:
    name, data = filled(desk, **changed)
    number = receive.receive(desk, io.BytesIO(data), name, work_of(desk).unit_id)
    return {one.code for one in receive.judge_upload(desk, number).findings if one.code.startswith("plausible-")}


def cows(number: int) -> dict[str, CellValue]:
    return {f"{COWS}_{column}": CellValue(State.VALUE, Decimal(number)) for column in ("c05", "c06")}


@contextmanager
def statements(instance: Instance) -> Iterator[list[str]]:
    told: list[str] = []

    def note(*given: object) -> None:
        told.append(str(given[2]))

    event.listen(instance.store.engine, "before_cursor_execute", note)
    try:
        yield told
    finally:
        event.remove(instance.store.engine, "before_cursor_execute", note)


# --- judging ---------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("opening")
@ON_SQLITE
def test_an_upload_is_compared_with_what_was_approved_before(at_desk: As) -> None:
    assert codes(at_desk("easup"), **cows(1395)) == set()
    assert codes(at_desk("easup"), **cows(3915)) == {"plausible-unusual"}
    assert codes(at_desk("easup"), **cows(139500)) == {"plausible-scale-large"}


@pytest.mark.usefixtures("opening")
@ON_SQLITE
def test_experience_costs_two_queries_for_one_unit_and_for_a_hundred(instance: Instance, at_desk: As) -> None:
    office = at_desk("vpub")
    with office.read() as connection:
        snapshot = office.snapshot(connection)
        asked = works.work(connection, EVERYWHERE, form="KTXH-01")
        found = situations(connection, snapshot, asked)
        communes = [one for one in found if one.unit.kind.is_commune]
        counts = []
        for some in (communes[:1], communes, found):
            with statements(instance) as told:
                known = experience.experiences(connection, snapshot, some)
            counts.append(len(told))
            assert known.keys() == {one.work.assignment_id for one in some}
    assert len(communes) > 90
    assert counts == [2, 2, 2]


@pytest.mark.usefixtures("opening")
@ON_SQLITE
def test_an_agency_is_compared_with_the_province(instance: Instance, at_desk: As) -> None:
    rows = [HistoryFigure("NN12", Aspect.ACTUAL, "", month, "66", "SNNMT", Decimal(1000), "tấn") for month in MONTHS]
    catalogues.load_history(open_desk(instance, None), rows, "Số liệu nền của tỉnh", "Vũ Thị Duyệt")
    office = at_desk("vpub")
    with office.read() as connection:
        snapshot = office.snapshot(connection)
        found = situations(connection, snapshot, works.work(connection, EVERYWHERE, form="KTXH-01"))
        agency = next(one for one in found if one.unit.code == "SNNMT")
        known = experience.experiences(connection, snapshot, [agency])[agency.work.assignment_id]

    assert known is not None
    mine = {cell.series.indicator for cell in experience.cells(agency) if cell.key in known.past}
    assert mine == {"NN12"}


# --- switching off ---------------------------------------------------------------------------------------------------


def measured(period: str, hit: int, asked: int = FEWEST_ASKED) -> Measured:
    return Measured("KTXH-01", period, {"plausible-unusual": (asked, hit)}, (), NOW)


@pytest.mark.usefixtures("opening")
@pytest.mark.parametrize(
    ("measurements", "is_heard"),
    [
        ([measured("202609", 5)], True),
        ([measured("202609", 6)], False),
        ([measured("202609", 6), measured("202610", 5)], True),  # comes on again by itself
        ([measured("202609", 5), measured("202610", 6)], False),
        ([measured("202609", 6, FEWEST_ASKED - 1)], True),  # too few to say
        ([measured("202608", 6), measured("202609", 9, FEWEST_ASKED - 1)], False),
        ([measured("202611", 6)], True),  # what comes later says nothing of this month
    ],
)
@ON_SQLITE
def test_a_check_above_five_in_a_hundred_is_off(
    instance: Instance, at_desk: As, measurements: list[Measured], is_heard: bool
) -> None:
    with instance.store.write() as connection:
        for one in measurements:
            stored.put(connection, one)

    assert codes(at_desk("easup"), **cows(3915)) == ({"plausible-unusual"} if is_heard else set())


@pytest.mark.usefixtures("opening")
def test_what_was_handed_in_is_measured_and_the_log_tells_what_is_off(instance: Instance, at_desk: As) -> None:
    submitted(at_desk("easup"), **cows(3915))

    made = measuring.measure(at_desk("vpub"), "KTXH-01", "202610")

    assert made.checks["plausible-unusual"] == (1, 1) or made.checks["plausible-unusual"][1] >= 1
    with instance.store.read() as connection:
        entry = next(one for one in audit.latest(connection, 20) if one.action == measuring.MEASURE)
    assert entry.object == "form KTXH-01 202610"
    [form] = [one for one in measuring.listing(at_desk("vpub")) if one.form.code == "KTXH-01"]
    assert form.periods == ("202610",)
    line = next(one for one in form.lines if one.code == "plausible-unusual")
    assert line.of("202610") == line.rates[0]
    assert not line.is_off  # of so few cells nothing is said


@pytest.mark.usefixtures("opening")
@ON_SQLITE
def test_opening_a_period_has_the_one_before_measured(instance: Instance, at_desk: As) -> None:
    assert run_one(instance, (measuring.MEASURE,))
    assert measuring.listing(at_desk("vpub")) == ()  # of September nothing was handed in, and one commune is no middle

    submitted(at_desk("easup"), **cows(1395))
    later = replace(at_desk("vpub"), moment=NOW.replace(month=11))
    openings.open_period(later, "KTXH", "202611")
    while run_one(instance, (measuring.MEASURE,)):
        pass

    assert [one.periods for one in measuring.listing(at_desk("vpub"))] == [("202610",)]


@ON_SQLITE
def test_units_alike_are_measured_when_enough_of_them_have_a_figure(instance: Instance, at_desk: As) -> None:
    office = at_desk("vpub")
    with office.read() as connection:
        units = office.snapshot(connection).units.values()
        communes = [one for one in units if one.kind.value == "xã" and one.code != "24211"]
    rows = [
        HistoryFigure(COWS, Aspect.ACTUAL, "", "202609", one.code, one.code, Decimal(400 + at), "con")
        for at, one in enumerate(communes[5:45])
    ]
    catalogues.load_history(open_desk(instance, None), rows, "Số liệu nền", "Vũ Thị Duyệt")
    openings.open_period(office, "KTXH", "202609")
    openings.open_period(office, "KTXH", "202610")
    while run_one(instance, (measuring.MEASURE,)):
        pass

    with office.read() as connection:
        [september] = stored.measured(connection, "KTXH-01", OCTOBER.last, 5)
    assert [(one.kind, one.series, one.count) for one in september.alike] == [("xã", SeriesKey(COWS), 40)]
    assert "plausible-unlike" not in codes(at_desk("easup"), **cows(1300))
    assert "plausible-unlike" in codes(at_desk("easup"), **cows(400_000))


@pytest.mark.usefixtures("opening")
def test_only_the_office_measures(at_desk: As) -> None:
    with pytest.raises(Refusal):
        measuring.renew(at_desk("vpub"))  # nothing was handed in
    for login in ("easup", "ld.easup", "ioc"):
        with pytest.raises(NotYours):
            measuring.renew(at_desk(login))
        with pytest.raises(NotYours):
            measuring.measure(at_desk(login), "KTXH-01", "202610")


# --- what concerns another unit --------------------------------------------------------------------------------------


def test_a_measurement_keeps_its_numbers(instance: Instance) -> None:
    kept = Measured("KTXH-01", "202610", {"plausible-sign": (7, 1)}, (Alike("xã", SeriesKey(COWS), 9, 6.25, 0.5),), NOW)
    with instance.store.write() as connection:
        stored.put(connection, replace(kept, checks={}))
        stored.put(connection, kept)
        assert stored.every_measured(connection) == {"KTXH-01": [kept]}
