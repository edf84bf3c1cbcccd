"""The forms of the sample catalogue as real units get them in months of three different shapes."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from io import BytesIO

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from registry.catalogue.model import CellKind
from registry.catalogue.values import CellKey, CellValue, State
from registry.rules.evaluate import compute
from registry.rules.lookup import cell_terms
from tests.templates import real_orders
from workbook_templates.excel_2010 import faults
from workbook_templates.filling import prefilled
from workbook_templates.grid import a1, place
from workbook_templates.template import build

ORDERS = [
    *[("KTXH-01", unit, period) for unit in ("24211", "24133", "SNNMT") for period in ("202601", "202609", "202610")],
    ("II.06a", "24211", "20263"),
    ("II.06a", "STC", "2026"),
]
EXCEL_2010 = {
    "ABS",
    "AND",
    "COUNT",
    "COUNTA",
    "COUNTIF",
    "IF",
    "ISNUMBER",
    "ISTEXT",
    "MAX",
    "MIN",
    "N",
    "NOT",
    "OR",
    "ROUND",
    "SUM",
}
named = pytest.mark.parametrize(("form", "unit", "period"), ORDERS, ids=lambda value: str(value))


@cache
def sheet_of(form: str, unit: str, period: str, values: bool) -> Worksheet:
    order = real_orders.order(form, unit, period)
    data = build(order, real_orders.answers(order))
    return openpyxl.load_workbook(BytesIO(data), data_only=values)[place(order.context.view).sheet]


@named
def test_cached_values_are_what_the_server_computes(form: str, unit: str, period: str) -> None:
    order = real_orders.order(form, unit, period)
    grid = place(order.context.view)
    expected = compute(order.context, prefilled(order.context) | real_orders.answers(order))
    sheet = sheet_of(form, unit, period, True)
    signs = {State.NIL: "-", State.NOT_AVAILABLE: "…", State.NOT_APPLICABLE: "x", State.BLANK: None}

    def written(value: CellValue) -> object:
        return signs.get(value.state, value.amount)

    found = {key: _exact(sheet[address].value) for key, address in grid.cells.items()}
    assert found == {key: written(expected[key]) for key in grid.cells}


def _exact(value: object) -> object:
    return Decimal(repr(value)) if isinstance(value, int | float) else value


@named
def test_a_workbook_needs_no_newer_program_than_excel_2010(form: str, unit: str, period: str) -> None:
    sheet = sheet_of(form, unit, period, False)
    formulas = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert formulas
    formulas += [str(one.formula1) for one in sheet.data_validations.dataValidation if one.type == "custom"]
    formulas += [text for ranges in sheet.conditional_formatting for one in ranges.rules for text in one.formula]
    assert [(text, fault) for text in formulas for fault in faults(text)] == []


@named
def test_every_computed_cell_is_live(form: str, unit: str, period: str) -> None:
    grid = place(real_orders.order(form, unit, period).context.view)
    sheet = sheet_of(form, unit, period, False)
    computed = [address for key, address in grid.cells.items() if grid.view.cells[key].kind is CellKind.COMPUTED]
    assert computed
    assert [address for address in computed if sheet[address].data_type != "f"] == []


@named
def test_background_figures_stand_in_hidden_columns(form: str, unit: str, period: str) -> None:
    grid, sheet = place(real_orders.order(form, unit, period).context.view), sheet_of(form, unit, period, False)
    for address in grid.background.values():
        assert sheet[address].protection.locked
    letters = {re.sub(r"\d", "", address) for address in grid.background.values()}
    hidden = [
        range(column.min, column.max + 1) for column in sheet.column_dimensions.values() if column.hidden and column.min
    ]
    assert all(any(openpyxl.utils.column_index_from_string(one) in span for span in hidden) for one in letters)


@pytest.mark.parametrize("unit", ["24211", "24133"])
@pytest.mark.parametrize("month", range(1, 13))
def test_a_commune_fills_20_to_25_rows_in_any_month(unit: str, month: int) -> None:
    view = real_orders.order("KTXH-01", unit, f"2026{month:02d}", seed=None).context.view
    rows = {key.row for key in view.inputs}
    assert 20 <= len(rows) <= 25


def test_the_provinces_columns_fit_a4_but_for_the_two_of_autumn() -> None:
    def paper(period: str) -> int:
        return int(sheet_of("KTXH-01", "SNNMT", period, False).page_setup.paperSize)

    assert (paper("202609"), paper("202610")) == (9, 8)


def test_january_has_no_cumulative_columns() -> None:
    grid = place(real_orders.order("KTXH-01", "24211", "202601", seed=None).context.view)
    assert not {"c04", "c07", "c10"} & grid.columns.keys()


def test_an_empty_warehouse_leaves_comparisons_blank_never_zero() -> None:
    order = real_orders.order("KTXH-01", "24211", "202610", seed=None)
    answers = {CellKey("NN12", "c06"): CellValue(State.VALUE, Decimal(7))}
    grid = place(order.context.view)
    sheet = openpyxl.load_workbook(BytesIO(build(order, answers)), data_only=True)[grid.sheet]
    row = {code: sheet[grid.cells[CellKey("NN12", code)]].value for code in grid.columns}
    assert {code: value for code, value in row.items() if value is not None} == {"c06": 7}


@pytest.mark.parametrize(
    ("period", "before"), [("20261", "2025"), ("20262", "20261"), ("20263", "20262"), ("2026", "2025")]
)
def test_dossiers_carried_over_start_from_the_report_before_under_three_quarters_and_a_year(
    period: str, before: str
) -> None:
    """PRACTICE F28: there is no report of the fourth quarter; before quarter I and before a year stands last year's."""
    context = real_orders.order("II.06a", "24211", period, seed=None).context
    spec = context.view.cells[CellKey("HT", "c06")]
    terms = cell_terms(context.view, context.period, context.frequency, spec)
    assert [(need.series.indicator, need.period) for need, _ in terms or ()] == [("TTHC11", before)]


def test_a_season_and_a_window_of_their_own_are_printed_where_they_apply() -> None:
    order = real_orders.order("KTXH-01", "24211", "202601", seed=None)
    grid, sheet = place(order.context.view), sheet_of("KTXH-01", "24211", "202601", True)
    assert sheet[a1(grid.rows["NN01"], 3)].value == "Tổng diện tích gieo trồng vụ Đông Xuân 2025–2026"
    assert sheet[a1(grid.rows["NN04"], 3)].value == "Tổng diện tích gieo trồng vụ Hè Thu"  # closed: no year of its own
    foot = str(sheet[a1(grid.last_row + 1, 2)].value)
    assert "dòng 40 đến 41: từ ngày 15/12/2025 đến ngày 14/01/2026" in foot
    police = real_orders.order("KTXH-01", "CAT", "202601", seed=None)
    head = openpyxl.load_workbook(BytesIO(build(police)))["KTXH-01"][place(police.context.view).places["window"]]
    assert head.value == "(Số liệu từ ngày 15/12/2025 đến ngày 14/01/2026)"
