"""The reform of 01/7/2025 replayed: totals of flows are kept over whole successions, parts are marked as breaks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.reorganisation import read_acts
from registry.catalogue.chronicle import Chronicle
from registry.catalogue.lineage import as_it_was, former, on_the_map
from registry.catalogue.model import Unit, UnitKey, UnitKind
from registry.catalogue.reorganise import Act, ActKind, acts_of, plan
from registry.sample import catalogue
from workbook_templates.definition_book import write_acts

SAMPLE = catalogue()
REFORM = date(2025, 7, 1)
EVE = REFORM - timedelta(days=1)
TODAY = Chronicle(SAMPLE.units, SAMPLE.successions)
NOW = [unit for unit in TODAY.units_on(REFORM) if unit.kind.is_commune]
THEN = [unit for unit in TODAY.units_on(EVE) if unit.kind.is_commune]
HELD = {step.new for step in TODAY.steps if not step.whole and step.old in {unit.key for unit in THEN}}


def before() -> Chronicle:
    """The units as the office knew them on 30/6/2025."""
    alive = (replace(one, valid_to=None, ended_by="") if one.valid_to == EVE else one for one in SAMPLE.units)
    known = (one for one in alive if one.valid_from < REFORM)
    return Chronicle(known, (one for one in SAMPLE.successions if one.on < REFORM))


def group(name: str, value: str) -> list[UnitKey]:
    return [unit.key for unit in NOW if (name, value) in unit.groups]


# --- the reform, replayed --------------------------------------------------------------------------------------------


def test_the_reform_replayed_act_by_act_gives_todays_units_and_successions() -> None:
    made = plan(before(), list(acts_of(TODAY, REFORM)))
    assert made.findings == ()
    replayed = Chronicle(
        {(one.key, one.valid_from): one for one in (*_versions(before()), *made.units)}.values(),
        (*before().successions, *made.successions),
    )
    for day in (EVE, REFORM):
        assert [_said(one) for one in replayed.units_on(day)] == [_said(one) for one in TODAY.units_on(day)]
    assert set(replayed.steps) == set(TODAY.steps)
    alone = [one.unit.code for one in made.ended if one.successor is None and one.unit.kind.is_commune]
    assert len(alone) == 8  # of which only parts went anywhere: somebody has to decide


def test_the_reform_is_a_workbook_that_can_be_applied() -> None:
    acts = tuple(acts_of(TODAY, REFORM))
    assert len(acts) > 500
    read, places, findings = read_acts(write_acts(acts), "cải cách.xlsx", guard=lambda data, name: ())
    assert (findings, read) == ((), acts)
    assert plan(before(), read, places).findings == ()


def _versions(chronicle: Chronicle) -> list[Unit]:
    return [unit for key in chronicle.keys for unit in chronicle.versions(key)]


def _said(unit: Unit) -> Unit:
    """Without the groups, which are another matter."""
    return replace(unit, groups=(), document="", valid_to=None)


@given(st.lists(st.integers(0, 10**9), min_size=len(THEN), max_size=len(THEN)))
@settings(max_examples=20)
def test_totals_of_flows_are_kept_over_the_reform(numbers: list[int]) -> None:
    figures = {unit.key: number for unit, number in zip(THEN, numbers, strict=True)}
    province = on_the_map(TODAY, [unit.key for unit in NOW], EVE, figures)
    assert province.is_comparable
    assert province.number == sum(numbers)
    was = (
        as_it_was(TODAY, ("66", date(2004, 1, 1)), EVE, figures),
        as_it_was(TODAY, ("54", date(2004, 1, 1)), EVE, figures),
    )
    assert sum(one.number or 0 for one in was) == sum(numbers)
    sides = [on_the_map(TODAY, group("phia", f"Khu vực phía {side}"), EVE, figures) for side in ("Tây", "Đông")]
    assert all(one.is_comparable for one in sides)
    assert [one.number for one in sides] == [one.number for one in was]


def test_thirteen_communes_are_broken_and_the_other_89_have_their_sum() -> None:
    figures = {unit.key: 1 for unit in THEN}
    told = {unit.key: on_the_map(TODAY, [unit.key], EVE, figures) for unit in NOW}
    assert {key for key, one in told.items() if one.breaks} == HELD
    assert len(HELD) == 13
    assert all(one.number is None for one in told.values() if one.breaks)
    whole = [one for one in told.values() if not one.breaks]
    assert all(one.is_comparable and one.number == len(one.contributors) for one in whole)
    assert sum(one.number or 0 for one in whole) == len({key for one in whole for key in one.contributors})


def test_a_split_inside_an_area_is_no_break_of_the_area() -> None:
    figures = {unit.key: 1 for unit in THEN}
    holders = {step.new for step in TODAY.steps if step.old[0] == "22627" or step.old == ("22024", date(2004, 1, 1))}
    one = next(iter(holders))
    assert on_the_map(TODAY, [one], EVE, figures).breaks
    area = group("huyen_cu", "Thành phố Tuy Hòa")
    assert not any(step.old == ("22024", date(2004, 1, 1)) for step in former(TODAY, area, EVE).breaks)


def test_a_district_stands_for_its_communes_and_is_never_added_to_them() -> None:
    area = group("huyen_cu", "Huyện Ea Súp")
    district = ("646", date(2004, 1, 1))
    assert district in former(TODAY, area, EVE).whole
    wards = {unit.key: 3 for unit in THEN if unit.parent == "646"}
    assert on_the_map(TODAY, area, EVE, {district: 100}).number == 100
    assert on_the_map(TODAY, area, EVE, wards).number == 3 * len(wards)
    assert on_the_map(TODAY, area, EVE, {district: 100, **wards}).number == 100
    assert as_it_was(TODAY, district, EVE, {district: 100, **wards}).number == 100


def test_what_is_missing_is_named_and_nothing_known_is_no_number() -> None:
    area = group("huyen_cu", "Huyện Ea Súp")
    first, *rest = [unit.key for unit in THEN if unit.parent == "646"]
    partly = on_the_map(TODAY, area, EVE, dict.fromkeys(rest, 2))
    assert (partly.number, partly.missing, partly.is_comparable) == (2 * len(rest), (first,), False)
    assert on_the_map(TODAY, area, EVE, {}).number is None


def test_after_the_reform_a_unit_is_itself() -> None:
    key = ("22015", REFORM)
    assert on_the_map(TODAY, [key], REFORM, {key: 7}).number == 7
    assert not former(TODAY, [key], REFORM).breaks


def two() -> tuple[Unit, Unit]:
    born = date(2004, 1, 1)
    return Unit("A", "A", UnitKind.COMMUNE, None, 0, born, born), Unit("B", "B", UnitKind.COMMUNE, None, 1, born, born)


def test_a_unit_that_takes_another_in_and_goes_on_counts_with_it_before() -> None:
    a, b = two()
    made = plan(Chronicle([a, b]), [Act(ActKind.MERGE, "A", date(2027, 1, 1), "NQ 1", "B")])
    chronicle = Chronicle([*made.units, b], made.successions)
    assert on_the_map(chronicle, [b.key], date(2026, 12, 31), {a.key: 3, b.key: 4}).number == 7
    assert on_the_map(chronicle, [b.key], date(2027, 1, 31), {a.key: 3, b.key: 4}).number == 4


def test_a_part_given_away_breaks_both() -> None:
    a, b = two()
    made = plan(Chronicle([a, b]), [Act(ActKind.SPLIT, "A", date(2027, 1, 1), "NQ 1", "B")])
    chronicle = Chronicle([a, b], made.successions)
    figures = {a.key: 3, b.key: 4}
    assert on_the_map(chronicle, [b.key], date(2026, 12, 31), figures).breaks
    assert on_the_map(chronicle, [a.key], date(2026, 12, 31), figures).breaks
    assert on_the_map(chronicle, [a.key, b.key], date(2026, 12, 31), figures).number == 7
