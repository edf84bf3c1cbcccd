"""Who is asked what in a year: counted by hand on a small catalogue, and quick on a large one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from registry.catalogue.affected import affected
from registry.catalogue.asked import MONTHS, QUARTERS, YEAR, Asking, demands, newest, shapes_of
from registry.catalogue.burden import FROM_COMMUNES, burden
from registry.catalogue.model import (
    Applies,
    Catalogue,
    CommuneEntry,
    Frequency,
    Occasion,
    PeriodShape,
    ProvinceValue,
    UnitKind,
)
from registry.catalogue.values import Aspect, SeriesKey
from registry.periods import parse, periods_of
from tests.catalogue.folders import small

SMALL = small()  # TH-01 monthly: 3 rows × (c05 prefilled, c06) for one xã and for SNNMT; no ward is asked
TH01 = SMALL.forms[0]


def of_any_year(code: str) -> PeriodShape:
    """A period as its occasions see it whatever the year."""
    return replace(parse(code).shape, year=0)


def test_shapes_of_a_year_are_those_of_its_periods() -> None:
    assert tuple(of_any_year(f"2026{month:02}") for month in range(1, 13)) == MONTHS
    assert tuple(of_any_year(f"2026{quarter}") for quarter in range(1, 5)) == QUARTERS
    assert of_any_year("2026") == YEAR
    assert shapes_of(Frequency.QUARTERS_AND_YEAR) == (*QUARTERS[:3], YEAR)
    for frequency in (Frequency.WEEK, Frequency.HALF, Frequency.NINE):
        of_periods = dict.fromkeys(of_any_year(one.code) for one in periods_of(frequency, 2026))
        assert shapes_of(frequency) == tuple(of_periods)
    assert shapes_of(Frequency.ONCE) == (PeriodShape(frozenset(), 12),)


def test_every_input_of_a_year_is_counted_for_its_month() -> None:
    found = burden(SMALL)
    assert [one.unit.code for one in found.units] == ["SNNMT", "24211"]
    commune = found.units[1].whole
    assert commune.cells == (6,) * 12
    assert (commune.year, commune.typed, commune.most, commune.fullest) == (72, 36, 6, 1)


def test_a_weekly_regime_asks_as_often_as_weeks_end() -> None:
    weekly = replace(SMALL, regimes=(replace(SMALL.regimes[0], frequency=Frequency.WEEK),))
    commune = burden(weekly).units[1].whole
    assert (commune.year, set(commune.cells)) == (52 * 6, {4 * 6, 5 * 6})


def test_rows_of_some_months_count_only_then_and_the_heaviest_come_first() -> None:
    rows = tuple(
        replace(row, occasion=Occasion(frozenset({Applies.MONTH}), frozenset({11, 12}))) if row.code == "B1" else row
        for row in TH01.rows
    )
    less = replace(SMALL, forms=(replace(TH01, rows=rows),))
    assert burden(less).units[1].whole.cells == (4,) * 10 + (6, 6)
    only_communes = tuple(
        replace(row, suppliers=(), province_value=ProvinceValue.COMMUNES) if row.code == "A1" else row
        for row in TH01.rows
    )
    heaviest = burden(replace(SMALL, forms=(replace(TH01, rows=only_communes),))).heaviest(1)
    assert [one.unit.code for one in heaviest] == ["24211"]


def test_a_kind_of_unit_is_summed_up_form_by_form() -> None:
    (agency, commune) = burden(SMALL).kinds
    assert (agency.kind, agency.units, agency.total) == (UnitKind.DEPARTMENT, 1, 72)
    assert (commune.kind, commune.least, commune.most, commune.typed) == (UnitKind.COMMUNE, 72, 72, 36)


def test_a_series_asked_of_communes_and_of_the_agency_is_asked_twice_and_could_come_prefilled() -> None:
    found = burden(SMALL)
    assert {one.series for one in found.repeated} == {SeriesKey(code, Aspect.ACTUAL) for code in ("A1", "A2", "B1")}
    assert [asker.units for asker in found.repeated[0].askers] == [("SNNMT",), ("24211",)]
    (given,) = found.prefillable
    assert (given.form, given.source, given.units, given.cells) == ("TH-01", FROM_COMMUNES, 1, 36)
    assert len(given.series) == 3


def test_parts_that_are_added_up_are_not_asked_twice() -> None:
    rows = tuple(replace(row, province_value=ProvinceValue.ALL) for row in TH01.rows)
    found = burden(replace(SMALL, forms=(replace(TH01, rows=rows),)))
    assert (found.repeated, found.prefillable) == ((), ())


def test_a_second_form_that_asks_the_same_of_the_same_is_named_as_a_source() -> None:
    other = replace(TH01, code="TH-02", rows=TH01.rows[:2])
    regime = replace(SMALL.regimes[0], code="TH2", forms=("TH-02",), reporters=("xã",))
    both = replace(SMALL, forms=(TH01, other), regimes=(*SMALL.regimes, regime))
    found = burden(both)
    first = next(one for one in found.repeated if one.series.indicator == "A1")
    assert [(asker.form, asker.units) for asker in first.askers] == [
        ("TH-01", ("SNNMT",)),
        ("TH-01", ("24211",)),
        ("TH-02", ("24211",)),
    ]
    sources = {(one.form, one.source): one.cells for one in found.prefillable}
    assert sources == {("TH-01", FROM_COMMUNES): 36, ("TH-01", "TH-02"): 12, ("TH-02", "TH-01"): 12}


def test_a_catalogue_without_regimes_burdens_nobody() -> None:
    assert burden(replace(SMALL, regimes=())).units == ()
    assert burden(Catalogue()).heaviest(3) == ()


def test_whom_a_form_concerns_is_counted_by_kind_and_leaves_out_who_fills_nothing() -> None:
    (found,) = affected(SMALL, "TH-01")
    assert found.regime == SMALL.regimes[0]
    assert found.kinds == {UnitKind.DEPARTMENT: 1, UnitKind.COMMUNE: 1}
    (loose,) = affected(replace(SMALL, regimes=()), "TH-01")
    assert (loose.regime, loose.units) == (None, 3)  # the ward may be asked too


def test_a_row_of_an_unknown_indicator_is_left_out_not_an_exception() -> None:
    rows = (*TH01.rows, replace(TH01.rows[1], code="A9", indicator="A9", commune_entry=CommuneEntry.ENTERS))
    assert burden(replace(SMALL, forms=(replace(TH01, rows=rows),))).units[1].whole.year == 72


def test_units_that_meet_the_same_rows_share_one_view() -> None:
    twins = tuple(replace(SMALL.units[2], code=str(24300 + i)) for i in range(50))
    many = replace(SMALL, units=(*SMALL.units, *twins))
    demand = demands(many)[0]
    met = Asking(many).meetings(demand, MONTHS[0])
    assert sorted(len(one.units) for one in met) == [1, 51]
    assert len(burden(many).units) == 52


def test_only_the_newest_version_of_a_form_is_asked() -> None:
    versions = (replace(TH01, version=2, title="MỚI", valid_from=date(2027, 1, 1)), TH01)
    assert newest(versions)["TH-01"].title == "MỚI"
    assert burden(replace(SMALL, forms=versions)).units[1].whole.year == 72
