"""Dashboards: what units are missing from is neither ranked nor shared, and is listed; seasons run across the year."""

from dataclasses import replace
from datetime import UTC, datetime

from actions.panel_charts import Teller, asked
from compile.charts import Chart, rows_of
from registry.catalogue.aggregation import Amount
from registry.catalogue.dashboards import Extent, Kind, Panel
from registry.catalogue.model import RowNature
from registry.catalogue.season import Season
from registry.catalogue.values import Nature, State
from registry.periods import parse
from registry.rules.answers import Covered, Figure
from tests.rules.test_analysis import FLOW_ROW, FORM, KNOWN, PROVINCE

TELLER = Teller(KNOWN, {"66": PROVINCE}, {}, lambda *_: "", datetime(2026, 4, 1, tzinfo=UTC))


def figure(mantissa: int, have: int, expected: int) -> Figure:
    return Figure(State.VALUE, Amount.of(mantissa), Nature.OFFICIAL, Covered(have, expected))


def of_groups(kind: Kind) -> Chart:
    panel = Panel(kind, ("FLOW",), Extent.GROUPS, "phia")
    (ask,) = asked(panel)
    given = {"Tây": figure(9900, 26, 68), "Đông": figure(9500, 34, 34), "Nam": figure(9500, 10, 10)}
    return TELLER.by_unit(panel, parse("202601"), {name: {(ask, "202601"): one} for name, one in given.items()})


def test_a_group_of_which_communes_are_missing_has_no_place_and_equal_groups_share_theirs() -> None:
    chart = of_groups(Kind.RANKING)
    assert [(one.label, one.place) for one in chart.strands[0].readings] == [("Đông", 1), ("Nam", 1), ("Tây", 0)]
    assert chart.foot[0] == "Đủ số liệu 2/3 nhóm; chưa đủ: Tây (26/68 xã, phường)."


def test_nobody_has_a_share_of_a_whole_some_communes_of_which_are_missing() -> None:
    assert all(line[2].number is None for line in rows_of(of_groups(Kind.SHARE)).lines)


def test_months_of_which_communes_are_missing_are_listed_and_a_season_goes_on_at_new_year() -> None:
    panel = Panel(Kind.TREND, ("FLOW",), Extent.PROVINCE, "", span=3)
    (ask,) = asked(panel)
    periods = [parse(code) for code in ("202511", "202512", "202601")]
    given = zip(periods, (102, 3, 102), strict=True)
    answers = {(ask, at.code): figure(100 * have, have, 102) for at, have in given}
    chart = TELLER.trend(panel, "66", periods, answers)
    assert "Chưa đủ số liệu của các xã, phường: T12/2025 (3/102)." in chart.foot
    assert {one.run for one in chart.strands[0].readings} == {""}
    winter = replace(FLOW_ROW, season=Season("DX", "Đông Xuân", 11, 5))
    flow = replace(KNOWN.indicators["FLOW"], nature=RowNature.SEASON)
    known = replace(KNOWN, forms={"F": replace(FORM, rows=(winter,))}, indicators=KNOWN.indicators | {"FLOW": flow})
    seasonal = replace(TELLER, definitions=known).trend(panel, "66", periods, answers)
    assert {one.run for one in seasonal.strands[0].readings} == {"2025"}
