"""The month before of a unit that took over others: summed where all of them came, blank where a part did."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from actions import decide, openings, reorganising
from actions.cases import Situation, situation
from actions.instance import Instance
from registry.catalogue.model import UnitKind
from registry.catalogue.reorganise import Act, ActKind
from registry.store.tables import figure, period
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, Clock, SignIn
from tests.webui.small_province import sit
from vietnamese.dates import HO_CHI_MINH
from workbook_templates.filling import prefilled

LATER = datetime(2026, 11, 20, 8, 0, tzinfo=HO_CHI_MINH)
DAY, LAW, NEW = (LATER - timedelta(days=10)).date(), "NQ 12/NQ-UBTVQH15", "24999"


def october(instance: Instance) -> None:
    """120 of everything in Ea Súp, 80 in Buôn Ma Thuột, approved."""
    for clerk, leader, number in (("easup", "ld.easup", "120"), ("bmt", "ld.bmt", "80")):
        province.submitted(sit(instance, clerk), number)
        work = province.work_of(sit(instance, leader))
        decide.approve(sit(instance, leader), work.assignment_id, work.version)


def november(instance: Instance, acts: list[Act], login: str = "easup") -> Situation:
    """The form of November as the unit of somebody meets it after a reorganisation."""
    reorganising.apply(sit(instance, "vpub", LATER), acts)
    openings.open_period(sit(instance, "vpub", LATER), "KTXH", "202611")
    clerk = sit(instance, login, LATER)
    with clerk.read() as connection:
        return situation(connection, clerk.snapshot(connection), province.work_of(clerk, "202611"))


def shifted(situated: Situation) -> set[Decimal | None]:
    """The numbers known in the cells about October."""
    known = prefilled(situated.context)
    return {known[key].number for key, spec in situated.view.inputs.items() if spec.shift and key in known}


def founded() -> Act:
    return Act(ActKind.FOUND, NEW, DAY, LAW, name="Xã Mới", level=UnitKind.COMMUNE, parent="66", order=999)


@ON_SQLITE
@pytest.mark.parametrize("into", [NEW, "24133"])
def test_what_adds_up_is_the_sum_of_the_former_units_whose_figures_stay_as_they_were(
    instance: Instance, signed_in: SignIn, clock: Clock, into: str
) -> None:
    october(instance)
    merged = ["24211", "24133"] if into == NEW else ["24211"]
    acts = [Act(ActKind.MERGE, code, DAY, LAW, into) for code in merged]
    found = shifted(november(instance, [founded(), *acts] if into == NEW else acts))
    assert found == {Decimal(200)}
    clock.now = LATER
    clerk, leader = sit(instance, "easup", LATER), sit(instance, "ld.easup", LATER)
    work = province.work_of(clerk, "202611")
    assert "số kỳ trước là tổng các đơn vị cũ" in signed_in("easup").get(f"/viec/{work.assignment_id}/nhap").text
    before = october_figures(instance)
    province.submitted(clerk, "200", "202611")
    work = province.work_of(leader, "202611")
    decide.approve(leader, work.assignment_id, work.version)
    assert october_figures(instance) == before


def october_figures(instance: Instance) -> list[tuple[int, ...]]:
    columns = (figure.c.series_id, figure.c.subject_id, figure.c.nature, figure.c.mantissa)
    query = select(*columns).join(period).where(period.c.code == "202610").order_by(*columns)
    with instance.store.read() as connection:
        return [tuple(row) for row in connection.execute(query)]


@ON_SQLITE
def test_what_came_in_part_is_a_break_and_blank(instance: Instance) -> None:
    october(instance)
    found = november(instance, [Act(ActKind.SPLIT, "24211", DAY, LAW, "24133")], "bmt")
    assert found.inherited.has_break
    assert shifted(found) == set()


@ON_SQLITE
def test_who_took_over_nobody_keeps_his_own(instance: Instance) -> None:
    october(instance)
    found = november(instance, [Act(ActKind.RENAME, "24211", DAY, LAW, name="Xã Ea Súp Mới")])
    assert not found.inherited.figures
    assert shifted(found) == {Decimal(120)}
