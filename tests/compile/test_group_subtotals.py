"""Subtotals by a group set (R52): each group is the exact sum of its communes, the live formula says the same."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cache
from io import BytesIO

import openpyxl
from openpyxl.utils import range_boundaries

from compile import workbook
from compile.compiled import Compiled, compiled
from compile.group_table import group_table
from compile.tables import SumOfUnits
from registry import sample
from registry.catalogue.model import GroupSet
from registry.catalogue.values import CellKey
from tests.compile.sample_report import sample_report

SETS = {one.code: one for one in sample.catalogue().group_sets}


@cache
def monthly(code: str = "phia") -> Compiled:
    return compiled(replace(sample_report("KTXH", "202610"), group_set=SETS[code]))


def lines(report: Compiled, group_set: GroupSet) -> dict[str, dict[str, Decimal]]:
    table = group_table(report.totals[0], report.order, group_set)
    assert table is not None
    return {
        row.cells[1].text: {
            f"{cell.link.key.row}.{cell.link.key.column}": cell.number
            for cell in row.cells[3:]
            if isinstance(cell.link, SumOfUnits) and cell.number is not None
        }
        for row in table.rows
    }


def test_two_sides_make_up_the_province_cell_by_cell() -> None:
    found = lines(monthly(), SETS["phia"])
    assert list(found) == ["Khu vực phía Tây", "Khu vực phía Đông", "Cộng các xã, phường"]
    west, east, whole = found.values()
    for key, total in whole.items():
        assert west.get(key, 0) + east.get(key, 0) == total, key


def test_each_group_is_the_sum_of_its_own_communes_only() -> None:
    report = monthly()
    found = lines(report, SETS["phia"])["Khu vực phía Tây"]
    members = {unit.code for unit in report.order.units if unit.in_group("phia", "Khu vực phía Tây")}
    key = CellKey("NN14", "c06")
    given = [one for (unit, at), one in report.totals[0].contributions.items() if at == key and unit in members]
    assert given
    assert found["NN14.c06"] == sum(one.number or 0 for one in given)


def test_former_districts_stand_in_official_order_and_what_is_in_no_group_has_its_line() -> None:
    report = monthly("huyen_cu")
    names = list(lines(report, SETS["huyen_cu"]))
    assert (names[0], len(names), names[-1]) == ("Thành phố Tuy Hòa", 25, "Cộng các xã, phường")
    border = list(lines(report, SETS["bien_gioi"]))
    assert border == ["biên giới", "Không thuộc nhóm nào", "Cộng các xã, phường"]


def test_the_workbooks_formula_gives_the_printed_subtotal() -> None:
    book = openpyxl.load_workbook(BytesIO(workbook.build(monthly())))
    sheet = book["Theo nhóm KTXH-01"]
    plain = openpyxl.load_workbook(BytesIO(workbook.build(monthly())), data_only=True)
    checked = 0
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and cell.value.startswith("=SUM("):
                terms = cell.value.removeprefix("=SUM(").removesuffix(")").split(",")
                total = 0.0
                for term in terms:
                    name, _, area = term.rpartition("!")
                    left, top, right, bottom = range_boundaries(area)
                    there = plain[name.strip("'")]
                    numbers = [there.cell(at, left).value for at in range(top, bottom + 1)]
                    assert left == right
                    total += sum(one for one in numbers if isinstance(one, int | float))
                printed = plain["Theo nhóm KTXH-01"][cell.coordinate].value
                assert abs(total - printed) < 1e-6, cell.coordinate
                checked += 1
    assert checked > 60


def test_a_report_without_a_set_has_no_such_sheet() -> None:
    report = compiled(sample_report("KTXH", "202610"))
    assert not any(
        name.startswith("Theo nhóm") for name in openpyxl.load_workbook(BytesIO(workbook.build(report))).sheetnames
    )
