"""What a workbook says of itself while it is filled: row by row, for the sheet, and on the guide."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.catalogue.model import Rule, RuleLevel
from registry.catalogue.values import CellKey, CellValue, State
from registry.findings import Severity
from registry.rules.evaluate import check, compute
from tests.templates import real_orders
from tests.templates import small_catalogue as small
from tests.tools.office import office, typed
from workbook_templates import guide
from workbook_templates.filling import Filling, fill, prefilled, skeleton
from workbook_templates.grid import Grid, a1, place
from workbook_templates.live_checks import PREFIXES
from workbook_templates.order import Order
from workbook_templates.template import build, slots

LESS = Rule("R1", "KTXH-09", "(c06) <= 100", RuleLevel.WARNING, "Số tháng này lớn hơn 100.", rows=frozenset({"NN12"}))
LOWER = replace(LESS, code="R2", formula="(c06) <= 50", level=RuleLevel.ERROR, message="Số tháng này lớn hơn 50.")
REMARK = replace(LESS, code="R3", formula="(c06) <= 10", level=RuleLevel.NOTE, message="Số tháng này lớn hơn 10.")
C05, C06, C14 = (CellKey("NN12", column) for column in ("c05", "c06", "c14"))


def number(value: int) -> CellValue:
    return CellValue(State.VALUE if value else State.ZERO, Decimal(value))


def filled(answers: dict[CellKey, CellValue], *rules: Rule) -> Filling:
    order = small.order(rules=rules)
    return fill(order, skeleton(order.context, order.rules, place(order.context.view)), answers)


def said(answers: dict[CellKey, CellValue], *rules: Rule) -> object:
    return filled(answers, *rules).checks["NN12"].cached


def test_a_row_says_how_many_of_its_inputs_are_blank() -> None:
    assert said({}) == "Chưa nhập"
    assert said({C06: number(3)}) == "Còn 2 ô chưa nhập"
    assert said({C05: CellValue(State.NIL), C06: number(3), C14: CellValue(State.NOT_AVAILABLE)}) == "Đã nhập đủ"


def test_the_gravest_broken_rule_speaks_first_whatever_the_order_of_the_rules() -> None:
    assert said({C06: number(200)}, REMARK, LESS, LOWER) == "Lỗi: Số tháng này lớn hơn 50."
    assert said({C06: number(200)}, REMARK, LESS) == "Cảnh báo: Số tháng này lớn hơn 100."
    assert said({C06: number(20)}, REMARK, LESS, LOWER) == "Lưu ý: Số tháng này lớn hơn 10."
    assert said({C06: number(10)}, REMARK, LESS, LOWER) == "Còn 2 ô chưa nhập"


def test_the_sheet_counts_blank_cells_and_broken_rows() -> None:
    order = small.order()
    inputs = order.context.view.inputs
    everything = {key: number(3) for key in inputs}
    assert filled({}).status.line.cached == f"Còn {len(inputs)} ô chưa nhập"
    some = {key: value for key, value in everything.items() if key not in (C05, C14)} | {C06: number(200)}
    assert filled(some, LOWER).status.line.cached == "Còn 2 ô chưa nhập, 1 chỗ lệch"
    assert filled(everything | {C06: number(200)}, LOWER).status.line.cached == "Đã nhập đủ, 1 chỗ lệch"
    assert filled(everything | {C06: number(20)}, REMARK).status.line.cached == "Đã nhập đủ, chưa thấy chỗ lệch"


def test_the_line_stands_in_sight_above_what_is_printed_and_the_guide_repeats_it() -> None:
    order = small.order(rules=(LESS,))
    grid = place(order.context.view)
    book = openpyxl.load_workbook(BytesIO(build(order)), data_only=True)
    sheet = book[grid.sheet]
    assert str(sheet[grid.status].value).startswith("Còn ")
    assert sheet[grid.status].row == 1
    assert sheet.freeze_panes == a1(grid.first_row, grid.first_figure_column)
    assert "$1:" not in str(sheet.print_area)
    assert sheet.column_dimensions[openpyxl.utils.get_column_letter(grid.check_column + 1)].hidden
    followed = guide.SLOTS[-1]
    assert book[followed.sheet][followed.a1].value == sheet[grid.status].value
    live = openpyxl.load_workbook(BytesIO(build(order)))[followed.sheet][followed.a1].value
    assert live == f"='{grid.sheet}'!{grid.status}"
    assert followed in slots(grid)


def test_what_fails_is_coloured_by_how_grave_it_is() -> None:
    order = small.order(rules=(LESS,))
    grid = place(order.context.view)
    sheet = openpyxl.load_workbook(BytesIO(build(order)))[grid.sheet]
    formulas = {
        (str(area.sqref), formula)
        for area, rules in sheet.conditional_formatting._cf_rules.items()
        for rule in rules
        for formula in rule.formula
    }
    labels = f"B{grid.first_row}:D{grid.last_row} {grid.checked}"
    for prefix in PREFIXES.values():
        beside = f"${a1(grid.first_row, grid.check_column)}"
        assert (labels, f'LEFT({beside},{len(prefix)})="{prefix}"') in formulas


figures = st.one_of(
    st.integers(0, 300).map(number),
    st.sampled_from([CellValue(State.BLANK), CellValue(State.NIL), CellValue(State.NOT_AVAILABLE)]),
)


@settings(max_examples=40)
@given(st.data())
def test_no_row_is_called_wrong_that_the_server_finds_right(data: st.DataObject) -> None:
    order = small.order(rules=(LESS, LOWER, REMARK))
    answers = data.draw(st.fixed_dictionaries(dict.fromkeys(order.context.view.inputs, figures)))
    filling = fill(order, skeleton(order.context, order.rules, place(order.context.view)), answers)
    values = compute(order.context, prefilled(order.context) | answers)
    graver = (Severity.ERROR, Severity.WARNING)
    found = {
        dict(one.values)["row_code"] for one in check(order.context, order.rules, values) if one.severity in graver
    }
    prefixes = (PREFIXES["error"], PREFIXES["warning"])
    assert {row for row, live in filling.checks.items() if str(live.cached).startswith(prefixes)} <= found


@pytest.mark.office
@pytest.mark.parametrize(("form", "unit", "period"), [("KTXH-01", "24211", "202609"), ("II.06a", "24211", "20263")])
def test_libreoffice_says_of_every_row_and_of_the_sheet_what_the_server_would(
    form: str, unit: str, period: str, tmp_path: Path
) -> None:
    order = real_orders.order(form, unit, period)
    grid = place(order.context.view)
    given = [(key, value) for key, value in real_orders.answers(order).items() if value.state is not State.BLANK]
    answers = dict(one for at, one in enumerate(given) if at % 5)
    blank = tmp_path / "blank.xlsx"
    blank.write_bytes(build(order))
    types = [f"--type={grid.sheet}!{grid.cells[key]}={typed(value)}" for key, value in answers.items()]
    guide_sheet, guide_cell = guide.SLOTS[-1]
    read = [f"{grid.sheet}!{grid.status}:{grid.status}", f"{grid.sheet}!{grid.checked}"]
    read.append(f"{guide_sheet}!{guide_cell}:{guide_cell}")
    answer = office(blank, *types, *(f"--read={one}" for one in read), "--find-errors")

    (line,), statuses, (on_guide,) = (_first_of_each(one) for one in answer["read"])
    assert answer["errors"] == []
    assert line == on_guide
    _agrees(order, grid, answers, line, statuses)


def _first_of_each(read: dict[str, Any]) -> list[str]:
    return [row[0] for row in read["values"]]


def _agrees(order: Order, grid: Grid, answers: dict[CellKey, CellValue], line: str, statuses: list[str]) -> None:
    expected = fill(order, skeleton(order.context, order.rules, grid), answers)
    shown = dict(zip(grid.rows, statuses, strict=True))
    known = {row: live.cached for row, live in expected.checks.items()}
    counted = {row: shown[row] for row in known if not shown[row].startswith(tuple(PREFIXES.values()))}
    assert counted == {row: known[row] for row in counted}
    values = compute(order.context, prefilled(order.context) | answers)
    found = {dict(one.values).get("row_code") for one in check(order.context, order.rules, values)}
    wrong = [row for row, text in shown.items() if text.startswith((PREFIXES["error"], PREFIXES["warning"]))]
    assert wrong
    assert set(wrong) <= found
    blank = len([key for key in grid.view.inputs if key not in prefilled(order.context) | answers])
    assert line == f"Còn {blank} ô chưa nhập, {len(wrong)} chỗ lệch"
