"""Plans against what was done, over the warehouse: within one's reach, with the deciding document, few queries (F6)."""

from decimal import Decimal

import pytest

from actions import attainments, catalogues, decide, openings
from actions.desk import NotYours
from actions.instance import Instance
from compile.attainment import Attainment
from registry.catalogue.model import HistoryFigure
from registry.catalogue.values import Aspect, CellValue, State
from tests.actions.conftest import As
from tests.actions.test_distribute import counted
from tests.actions.test_month import submitted, work_of
from tests.webui.conftest import ON_SQLITE

PERIOD = ("KTXH", "202610")
REPLANTED = "NN10"  # coffee replanted: what the communes give is added up


@pytest.fixture
def reported(at_desk: As) -> None:
    """Ea Súp was given 410 of everything, and reports 120 of it in October."""
    said = CellValue(State.VALUE, text="NQ 07/NQ-HĐND ngày 20/12/2025")
    for regime, period, number, words in ((*PERIOD, "120", {}), ("GCT", "2026", "410", {"NN14_g3": said})):
        openings.open_period(at_desk("vpub"), regime, period)
        submitted(at_desk("easup"), number, **words)
        work = work_of(at_desk("ld.easup"))
        decide.approve(at_desk("ld.easup"), work.assignment_id, work.version)


def herd(found: attainments.Attainments, unit: str = "24211") -> Attainment:
    """The line of the cattle herd."""
    (line,) = [one for one in found.lines if (one.unit.code, one.indicator.code) == (unit, "NN14")]
    return line


def test_a_commune_sees_its_own_plan_with_the_decision_behind_it(at_desk: As, reported: None) -> None:
    found = attainments.attainments(at_desk("easup"), *PERIOD)
    line = herd(found)
    assert (line.plan, line.done, line.percent, line.verdict.value) == (410, 120, Decimal("29.3"), "missed")
    assert line.origin == "NQ 07/NQ-HĐND ngày 20/12/2025; biểu GCT-01 của Xã Ea Súp"
    assert {one.unit.code for one in found.lines} == {"24211"}
    assert not found.is_final


@ON_SQLITE
def test_whoever_watches_all_sees_every_unit_and_one_alone_when_asked(at_desk: As, reported: None) -> None:
    office = at_desk("vpub")
    assert herd(attainments.attainments(office, *PERIOD)).done == 120
    assert {one.unit.code for one in attainments.attainments(office, *PERIOD, "24211").lines} == {"24211"}
    assert attainments.attainments(office, *PERIOD, "66").lines == ()  # one commune's plan is not the province's
    with office.read() as connection:
        units = office.snapshot(connection).units.values()
    others = [unit.code for unit in units if unit.kind.is_commune and unit.code != "24211"]
    council = Aspect.PLAN_COUNCIL
    plans = [HistoryFigure(REPLANTED, council, "", "2026", code, code, Decimal(5), "ha") for code in others]
    catalogues.load_history(office, plans, "NQ của HĐND các xã", "Nguyễn Văn Bình")
    (province,) = attainments.attainments(office, *PERIOD, "66").lines
    assert (province.indicator.code, province.plan) == (REPLANTED, 410 + 5 * len(others))
    assert province.origin == "cộng kế hoạch của các đơn vị"  # nobody gave the province its own
    assert (province.verdict.value, province.percent, province.have) == ("partial", None, "1/102")
    with pytest.raises(NotYours):
        attainments.attainments(at_desk("bmt"), *PERIOD, "24211")
    with pytest.raises(NotYours):
        attainments.attainments(office, "KTXH", "202609")


@ON_SQLITE
def test_the_queries_do_not_grow_with_the_units(instance: Instance, at_desk: As, reported: None) -> None:
    office = at_desk("vpub")
    attainments.attainments(office, *PERIOD)
    with counted(instance) as every:
        attainments.attainments(office, *PERIOD)
    assert len(every) < 60  # 102 communes are asked
