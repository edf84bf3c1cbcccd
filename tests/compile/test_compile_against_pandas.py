"""Totals of random catalogues beside pandas adding what was typed: another program, other data, the same numbers."""

from __future__ import annotations

from decimal import Decimal

import pandas
from hypothesis import given, settings

from registry.catalogue.model import ProvinceValue
from registry.catalogue.values import CellKey, State
from tests.compile.random_report import COLUMNS, RandomReport, random_reports
from tests.compile.small_report import COMMUNES

TO_SMALLEST = {"ha": 100, "con": 1, "triệu đồng": 10**6, "tỷ đồng": 10**9}
ADDED = (ProvinceValue.COMMUNES, ProvinceValue.ALL)


def typed_table(report: RandomReport) -> pandas.DataFrame:
    """A line for every number or "-" typed: unit, row, column, whole smallest units of the row's measure."""
    rows = {row.code: row for row in report.rows}
    lines = []
    for unit, answers in report.typed.items():
        for cell, answer in answers.items():
            code, column = cell.split(".")
            is_commune = unit in COMMUNES
            measure = rows[code].commune_measure if is_commune else rows[code].measure
            if answer != "…":
                amount = 0 if answer == "-" else int(Decimal(answer) * TO_SMALLEST[measure])
                lines.append((unit.code, is_commune, code, column, amount, answer == "-"))
    return pandas.DataFrame(lines, columns=["unit", "is_commune", "row", "column", "amount", "is_nil"])


@settings(max_examples=40, deadline=None)
@given(random_reports())
def test_totals_are_what_pandas_adds_up(report: RandomReport) -> None:
    totals = report.builder.totals
    table = typed_table(report)
    for row in report.rows:
        for column in COLUMNS:
            mine = table[(table["row"] == row.code) & (table["column"] == column)]
            if row.province_value is ProvinceValue.COMMUNES:
                mine = mine[mine["is_commune"]]
            elif row.province_value not in ADDED:
                mine = mine[~mine["is_commune"]]
            cell = totals.cells[CellKey(row.code, column)]
            if mine.empty:
                assert not cell.state.is_number
                continue
            expected = Decimal(int(mine["amount"].sum())) / TO_SMALLEST[row.measure]
            assert cell.number == expected
            assert (cell.state is State.NIL) == bool(mine["is_nil"].all())
            assert set(cell.contributors) == set(mine["unit"])


@settings(max_examples=20, deadline=None)
@given(random_reports())
def test_what_communes_give_beside_an_agency_is_what_pandas_adds_up(report: RandomReport) -> None:
    table = typed_table(report)
    for gap in report.builder.totals.differences:
        row = next(one for one in report.rows if one.code == gap.key.row)
        mine = table[(table["row"] == gap.key.row) & (table["column"] == gap.key.column) & table["is_commune"]]
        expected = None if mine.empty else Decimal(int(mine["amount"].sum())) / TO_SMALLEST[row.measure]
        assert gap.other.number == expected
