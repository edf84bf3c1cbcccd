"""Which periods may be opened, and what the sample data leave behind."""

from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

import pytest

from actions import cases, catalogues, demo, distribute, openings
from actions.console import open_desk
from actions.desk import Desk, NotNow, Refusal
from actions.distribute import order_of
from actions.instance import Instance, make
from actions.settings import Settings
from registry.catalogue.model import Catalogue, Deadline, Frequency
from registry.sample import catalogue
from registry.store import notices
from registry.store import openings as stored
from registry.store import settings as facts
from registry.store.definitions import Snapshot
from registry.workflow.policy import EVERYWHERE
from tests.actions.conftest import NOW, As
from tests.webui.conftest import ON_SQLITE
from vietnamese.dates import HO_CHI_MINH, format_due


@ON_SQLITE
def test_only_periods_of_the_regimes_frequency_and_of_years_near_are_opened(at_desk: As) -> None:
    office = at_desk("vpub")
    refused = {
        "KTXH": ("20263", "2026", "2026H1", "2026W41", "2026DX001", "202312", "202801"),
        "KSTT": ("202610", "20264", "20269M", "2023", "20281"),
    }
    for regime, codes in refused.items():
        for code in codes:
            with pytest.raises(Refusal) as caught:
                openings.open_period(office, regime, code)
            assert caught.value.code == "period-not-of-regime", code
    with office.read() as connection:
        assert stored.all_openings(connection) == []
    for regime, code in (("KTXH", "202401"), ("KTXH", "202712"), ("KSTT", "20263"), ("KSTT", "2026")):
        assert openings.open_period(office, regime, code)


@ON_SQLITE
def test_the_years_are_counted_from_the_day_of_opening(at_desk: As) -> None:
    later = at_desk("vpub", datetime(2027, 1, 1, 0, 30, tzinfo=HO_CHI_MINH))
    with pytest.raises(Refusal):
        openings.open_period(later, "KTXH", "202412")
    assert openings.open_period(later, "KTXH", "202801")


@ON_SQLITE
def test_a_regime_that_asks_nobody_is_not_opened(at_desk: As, instance: Instance) -> None:
    regime = next(one for one in catalogue().regimes if one.code == "KTXH")
    for nobody in (replace(regime, forms=()), replace(regime, reporters=())):
        catalogues.put(open_desk(instance, None), Catalogue(regimes=(nobody,)))
        with pytest.raises(Refusal) as caught:
            openings.open_period(at_desk("vpub"), "KTXH", "202610")
        assert (caught.value.code, isinstance(caught.value, NotNow)) == ("nothing-to-ask", False)


def test_an_instance_knows_that_the_sample_data_were_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings.read({"BAOCAO_INSTANCE": str(tmp_path / "instance")})
    make(settings, NOW)
    for part in ("_load_catalogue", "_load_history", "_leave_days", "_divide", "_ask"):
        monkeypatch.setattr(demo, part, lambda desk: None)
    monkeypatch.setattr(demo, "_months", lambda now: [])
    opened = Instance.open(settings)
    with opened.store.read() as connection:
        assert not opened.is_sample(connection)
    assert demo.load(open_desk(opened, None), lambda sentence: None)
    opened.close()
    again = Instance.open(settings)
    with again.store.read() as connection:
        assert again.is_sample(connection)
    again.close()


def test_a_fact_about_the_instance_takes_the_place_of_the_earlier_one(instance: Instance) -> None:
    for value in (True, {"a": [1]}, None):
        with instance.store.write() as connection:
            facts.put(connection, "fact", value)
            assert facts.get(connection, "fact") == value
            assert facts.get(connection, "another") is None


TET = datetime(2026, 2, 2, 9, 0, tzinfo=HO_CHI_MINH)


def test_a_period_whose_levels_collide_is_opened_as_proposed_and_the_units_are_told(at_desk: As) -> None:
    office = at_desk("vpub", TET)
    with pytest.raises(NotNow) as caught:
        openings.open_period(office, "KTXH", "202602")
    assert caught.value.code == "deadlines-collide"
    opening_id = openings.open_period(office, "KTXH", "202602", as_proposed=True)
    clerk = at_desk("easup", TET)
    with office.read() as connection:
        opened = stored.get(connection, opening_id)
        communes = stored.work(connection, EVERYWHERE, opening_id=opening_id, form="KTXH-01")
        told = notices.unread(connection, clerk.actor.person_id)
        work = next(one for one in communes if one.unit_id == clerk.actor.home)
        rehearsed = cases.situation(connection, office.snapshot(connection), work)
    assert opened is not None
    assert opened.closes_on == date(2026, 2, 10)
    assert {format_due(one.due_at) for one in communes} == {"17:00 ngày 12/02/2026", "24:00 ngày 13/02/2026"}
    (notice,) = told
    assert (notice.kind, notice.object) == ("period-opened-early", f"opening {opening_id}")
    assert (notice.values["closes"], notice.values["due"]) == ("10/02/2026", "17:00 ngày 12/02/2026")
    assert order_of(office_snapshot(office), rehearsed).window == (date(2026, 1, 15), date(2026, 2, 10))


def office_snapshot(office: Desk) -> Snapshot:
    with office.read() as connection:
        return office.snapshot(connection)


@ON_SQLITE
def test_levels_are_planned_together(at_desk: As) -> None:
    office = at_desk("vpub", datetime(2026, 5, 4, 9, 0, tzinfo=HO_CHI_MINH))
    opening_id = openings.open_period(office, "KTXH", "202605")
    with office.read() as connection:
        works = stored.work(connection, EVERYWHERE, opening_id=opening_id)
        told = notices.unread(connection, at_desk("easup").actor.person_id)
    assert {format_due(one.due_at) for one in works} == {"17:00 ngày 18/05/2026", "24:00 ngày 19/05/2026"}
    assert [(one.kind, one.values["due"]) for one in told] == [("period-opened", "17:00 ngày 18/05/2026")]
    openings.open_period(office, "KTXH", "202606")
    with office.read() as connection:
        told = notices.unread(connection, at_desk("easup").actor.person_id)
    assert [one.values["period"] for one in told] == ["202606"]


@ON_SQLITE
def test_when_it_is_too_late_for_what_is_proposed_the_period_opens_on_the_dates_pushed(at_desk: As) -> None:
    office = at_desk("vpub", datetime(2026, 2, 23, 9, 0, tzinfo=HO_CHI_MINH))
    opening_id = openings.open_period(office, "KTXH", "202602")
    with office.read() as connection:
        works = stored.work(connection, EVERYWHERE, opening_id=opening_id)
    assert {format_due(one.due_at) for one in works} == {"17:00 ngày 23/02/2026", "24:00 ngày 24/02/2026"}


@ON_SQLITE
@pytest.mark.parametrize(
    ("frequency", "code", "due"),
    [
        (Frequency.WEEK, "2026W42", "16:00 ngày 20/10/2026"),
        (Frequency.HALF, "2026H2", "16:00 ngày 16/12/2026"),
        (Frequency.NINE, "20269M", "16:00 ngày 16/09/2026"),
    ],
)
def test_a_period_of_any_frequency_is_opened_and_its_workbooks_are_made(
    at_desk: As, instance: Instance, frequency: Frequency, code: str, due: str
) -> None:
    regime = next(one for one in catalogue().regimes if one.code == "HN")
    deadlines = (Deadline("xã", after=2, at=time(16)), Deadline("sở", after=4))
    made = replace(regime, frequency=frequency, calendar="15-14", deadlines=deadlines)
    catalogues.put(open_desk(instance, None), Catalogue(regimes=(made,)))
    office = at_desk("vpub", datetime(2026, 9, 15, 9, 0, tzinfo=HO_CHI_MINH))
    opening_id = openings.open_period(office, "HN", code)
    clerk = at_desk("easup")
    with office.read() as connection:
        (work,) = stored.work(connection, EVERYWHERE, opening_id=opening_id, unit_id=clerk.actor.home)
    assert format_due(work.due_at) == due
    assert len(distribute.workbook(clerk, work.assignment_id).data) > 10_000
