"""Which periods may be opened, and what the sample data leave behind."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from actions import catalogues, demo, openings
from actions.console import open_desk
from actions.desk import NotNow, Refusal
from actions.instance import Instance, make
from actions.settings import Settings
from registry.catalogue.model import Catalogue
from registry.sample import catalogue
from registry.store import openings as stored
from registry.store import settings as facts
from tests.actions.conftest import NOW, As
from tests.webui.conftest import ON_SQLITE
from vietnamese.dates import HO_CHI_MINH


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
