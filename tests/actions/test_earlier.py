"""Figures of old communes: kept under who bore the code then, added up for today's unit where nothing was split off."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from actions import catalogues, unit_totals
from actions.earlier import of_former_units
from actions.units import fresh
from registry.catalogue.model import HistoryFigure, UnitKey
from registry.catalogue.values import Aspect, SeriesKey
from registry.rules.background import Need
from registry.store import figures, units
from tests.actions.conftest import NOW, As
from tests.webui.conftest import ON_SQLITE

REFORM = date(2025, 7, 1)
PIGS, MONTH = "NN14", "202504"
NEED = Need(SeriesKey(PIGS, Aspect.ACTUAL, ""), MONTH)


def old_parts(at_desk: As, code: str) -> list[UnitKey]:
    with at_desk("vpub").read() as connection:
        steps = fresh(connection).came_from((code, REFORM))
    return [step.old for step in steps if len(step.old[0]) == 5]


def give(at_desk: As, codes: list[str], value: int) -> None:
    rows = [HistoryFigure(PIGS, Aspect.ACTUAL, "", MONTH, code, code, Decimal(value), "con") for code in codes]
    catalogues.load_history(at_desk("vpub"), rows, f"Niên giám {len(codes)} {value}", "Trần Thị Bình")


def known(at_desk: As, *codes: str) -> dict[str, int | None]:
    desk = at_desk("vpub")
    areas = {code: [(code, REFORM)] for code in codes}
    with desk.read() as connection:
        found = of_former_units(connection, desk.snapshot(connection), areas, [NEED], NOW)
    return {code: one[NEED].mantissa if NEED in one else None for code, one in found.items()}


@ON_SQLITE
def test_a_figure_is_of_the_unit_that_bore_the_code_at_the_periods_end(at_desk: As) -> None:
    give(at_desk, ["24211"], 40)
    with at_desk("vpub").read() as connection:
        ids = units.ids_by_key(connection)
        old, new = ids["24211", date(2004, 1, 1)], ids["24211", REFORM]
        found = figures.backgrounds(connection, [old, new], {NEED})
    assert found[old].figures[NEED].mantissa == 40
    assert NEED not in found[new].figures


@ON_SQLITE
def test_whole_predecessors_are_added_up_once_all_are_known_and_a_part_gives_nothing(at_desk: As) -> None:
    whole = [code for code, _ in old_parts(at_desk, "24211")]
    split = [code for code, _ in old_parts(at_desk, "22015")]
    give(at_desk, whole[:-1], 40)
    assert known(at_desk, "24211") == {"24211": None}
    give(at_desk, [whole[-1], *split], 7)
    assert known(at_desk, "24211", "22015") == {"24211": 40 * (len(whole) - 1) + 7, "22015": None}


def test_the_page_of_flows_marks_the_break(at_desk: As) -> None:
    desk = at_desk("vpub")
    flow = unit_totals.flows(desk)[0]
    split = [code for code, _ in old_parts(at_desk, "22015")]
    rows = [HistoryFigure(flow.code, Aspect.ACTUAL, "", MONTH, code, code, Decimal(3), flow.measure) for code in split]
    catalogues.load_history(desk, rows, "Niên giám", "Trần Thị Bình")
    lines = {one.name: one for one in unit_totals.totals(desk, flow.code, 2025, "", today=True).lines}
    assert lines["Phường Tuy Hòa"].months[3].breaks  # type: ignore[union-attr]
    assert lines["Phường Tuy Hòa"].numbers[3] is None
    was = {one.name: one for one in unit_totals.totals(desk, flow.code, 2025, "", today=False).lines}
    assert was["Thành phố Tuy Hòa"].numbers[3] is not None
    assert was["Thành phố Tuy Hòa"].months[6] is None
    assert was["Phường Tuy Hòa"].months[3] is None
