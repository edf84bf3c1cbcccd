"""The workbook as another program finds it: figures, locks, validations, identity, print set-up."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from decimal import Decimal
from functools import cache
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from registry.catalogue.model import CellKind
from registry.catalogue.values import CellKey, CellValue, State
from tests.templates import small_catalogue as small
from workbook_templates import token
from workbook_templates.grid import HEAD_ROWS, STATUS_ROW, Slot, a1, place
from workbook_templates.order import Order
from workbook_templates.template import build, file_name, slots

GUIDE = "Hướng dẫn"
ORDER = small.order(background=small.known(NN12_202609=5000, NN07_202609=7225))
ANSWERS = {
    CellKey("NN12", "c06"): CellValue(State.VALUE, Decimal("12.345")),
    CellKey("TC12", "c05"): CellValue(State.NIL),
    CellKey("TC12", "c06"): CellValue(State.NOT_AVAILABLE),
    CellKey("TC13", "c06"): CellValue(State.ZERO),
    CellKey("NN12", "c13"): CellValue(State.VALUE, text="=mưa lớn, thu hoạch chậm"),
}


def reopened(order: Order = ORDER, answers: dict[CellKey, CellValue] = ANSWERS, values: bool = False) -> Workbook:
    return openpyxl.load_workbook(BytesIO(build(order, answers)), data_only=values)


@cache
def opened() -> Workbook:
    return reopened()


def form_sheet(order: Order = ORDER) -> Worksheet:
    return (opened() if order is ORDER else reopened(order, {}))[place(order.context.view).sheet]


def address(row: str, column: str, order: Order = ORDER) -> str:
    return place(order.context.view).cells[CellKey(row, column)]


def test_equal_orders_give_equal_bytes() -> None:
    again = small.order(background=small.known(NN12_202609=5000, NN07_202609=7225))
    assert build(again, ANSWERS) == build(ORDER, ANSWERS)


def test_the_guide_comes_first_the_map_is_very_hidden_and_the_form_opens() -> None:
    book = opened()
    assert book.sheetnames == [GUIDE, "KTXH-09", "_meta"]
    assert [sheet.sheet_state for sheet in book] == ["visible", "visible", "veryHidden"]
    assert book.active.title == "KTXH-09"


def test_the_identity_stands_in_four_carriers() -> None:
    book, grid = opened(), place(ORDER.context.view)
    sheet = book[grid.sheet]
    assert sheet[grid.identity].value == f"Mã biểu: {ORDER.token}"
    assert sheet[grid.identity].protection.locked
    assert json.loads(book["_meta"]["A1"].value)["token"] == ORDER.token
    assert {prop.name: prop.value for prop in book.custom_doc_props.props}[token.PROPERTY] == ORDER.token
    name = book.defined_names[token.defined_name(ORDER.token)]
    assert list(name.destinations) == [(grid.sheet, re.sub(r"([A-Z]+)(\d+)", r"$\1$\2", grid.origin))]


def test_the_token_names_form_unit_period_and_grid() -> None:
    found = token.verify(ORDER.token, {1: small.SECRET})
    assert (found.form, found.unit, found.born, found.period) == ("KTXH-09", "24211", 2025, "202610")
    assert found.grid_hash == place(ORDER.context.view).hash


def test_the_map_gives_the_address_of_every_cell() -> None:
    lines = [json.loads(row[0].value) for row in opened()["_meta"].iter_rows(min_row=2)]
    mapped = {CellKey(line["row"], column): at for line in lines for column, at in line["cells"].items()}
    assert mapped == place(ORDER.context.view).cells


def test_hidden_codes_stand_beside_rows_and_above_columns() -> None:
    sheet, grid = form_sheet(), place(ORDER.context.view)
    assert sheet.column_dimensions[grid.code_column].hidden
    assert sheet.row_dimensions[grid.code_row].hidden
    assert {sheet[f"{grid.code_column}{row}"].value: row for row in grid.rows.values()} == grid.rows
    assert {sheet.cell(grid.code_row, column).value: column for column in grid.columns.values()} == grid.columns


def test_only_inputs_and_notes_may_be_typed_into() -> None:
    grid, sheet = place(ORDER.context.view), form_sheet()
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    open_cells = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    typed = {CellKind.INPUT, CellKind.NOTE}
    assert open_cells == {grid.cells[key] for key, spec in grid.view.cells.items() if spec.kind in typed}


def test_people_may_filter_sort_and_widen() -> None:
    protection = form_sheet().protection
    forbidden = {
        name: getattr(protection, name)
        for name in ("formatColumns", "formatRows", "sort", "autoFilter", "insertRows", "deleteColumns", "formatCells")
    }
    assert [name for name, no in forbidden.items() if not no] == ["formatColumns", "formatRows", "sort", "autoFilter"]
    assert not protection.selectLockedCells
    assert form_sheet().auto_filter.ref


def test_figures_signs_and_notes_are_written_as_officials_write_them() -> None:
    sheet = form_sheet()
    assert sheet[address("NN12", "c06")].value == pytest.approx(12.345)
    assert sheet[address("TC12", "c05")].value == "-"
    assert sheet[address("TC12", "c06")].value == "…"
    assert sheet[address("TC13", "c06")].value == 0
    assert sheet[address("NN07", "c07")].value == "x"
    note = sheet[address("NN12", "c13")]
    assert (note.data_type, note.value) == ("s", "=mưa lớn, thu hoạch chậm")


def test_a_prefilled_input_carries_last_months_estimate_in_the_shown_measure() -> None:
    sheet = form_sheet()
    assert sheet[address("NN12", "c05")].value == 5
    assert sheet[address("NN07", "c05")].value == pytest.approx(72.3)  # 72,25 ha rounded half away from zero
    assert sheet[address("NN16", "c05")].value is None


def test_an_answer_replaces_what_was_prefilled() -> None:
    key = CellKey("NN12", "c05")
    assert reopened(ORDER, {key: CellValue(State.BLANK)})["KTXH-09"][address(*key[:2])].value is None


def test_computed_cells_are_live_and_hold_what_they_come_to() -> None:
    order = small.order(background=small.known(**{f"NN12_2026{m:02d}": 1000 for m in range(1, 10)}))
    answers = {CellKey("NN12", "c06"): CellValue(State.VALUE, Decimal(3))}
    at = address("NN12", "c07")
    assert reopened(order, answers)["KTXH-09"][at].value.startswith("=")
    eight_months, last_month, this_month = 8, 1, 3
    assert reopened(order, answers, values=True)["KTXH-09"][at].value == eight_months + last_month + this_month


def test_totals_of_the_matrix_are_live() -> None:
    order = small.order(form=small.MATRIX, period="20263")
    answers = {
        CellKey(f"L{i}", f"c{n:02d}"): CellValue(State.VALUE, Decimal(i * n)) for i in range(1, 6) for n in (4, 5, 6)
    }
    at = address("TONG", "c03", order)
    assert reopened(order, answers)["II.09a"][at].value.startswith("=")
    assert reopened(order, answers, values=True)["II.09a"][at].value == 15 * 15


def test_every_input_has_a_validation_with_a_vietnamese_prompt_and_refusal() -> None:
    grid, sheet = place(ORDER.context.view), form_sheet()
    covered = {}
    for validation in sheet.data_validations.dataValidation:
        for part in str(validation.sqref).split():
            covered[part] = validation
    assert {grid.cells[key] for key in grid.view.inputs} <= covered.keys()
    durian = covered[address("NN12", "c06")]
    assert durian.type == "custom"
    assert durian.errorStyle in (None, "stop")
    assert "Đơn vị tính: tấn" in durian.prompt
    assert "Sản lượng quả tươi" in durian.prompt
    assert all(len(one.prompt) <= 255 and len(one.formula1 or "") < 255 for one in covered.values())
    assert "1.234,5" in durian.error
    assert "số nguyên" in covered[address("TC12", "c06")].error
    assert ">=0" not in covered[address("TX01", "c07")].formula1  # corrections of what was cumulated may be negative


def test_number_formats_follow_the_decimals_of_the_cell() -> None:
    sheet = form_sheet()
    assert sheet[address("NN07", "c06")].number_format == "[$-42A]#,##0.0"
    assert sheet[address("TC12", "c06")].number_format == "[$-42A]#,##0"
    assert sheet[address("TC12", "c08")].number_format == "[$-42A]#,##0.00"


def test_the_head_says_what_for_whom_and_until_when() -> None:
    sheet, places = form_sheet(), place(ORDER.context.view).places
    assert {name: sheet[at].value for name, at in places.items() if name != "identity"} == {
        "number": "Biểu số: 09/KTXH",
        "basis": "Ban hành kèm theo\nQuyết định số …/QĐ-UBND ngày …/…/… của Ủy ban nhân dân tỉnh",
        "title": "CÁC CHỈ TIÊU KINH TẾ - XÃ HỘI CHỦ YẾU",
        "period": "Tháng 10 và 10 tháng năm 2026",
        "window": "(Số liệu chốt đến ngày 14/10/2026; tháng 10 năm 2026 là ước)",
        "unit": "Đơn vị báo cáo: UBND xã Ea Súp",
        "receivers": "Đơn vị nhận: Sở Tài chính, Văn phòng UBND tỉnh",
        "due": "Ngày nhận: trước 17 giờ 00 ngày 16/10/2026",
        "place": "Ea Súp, ngày        tháng        năm 2026",
        "issue": "Mã phiên bản: KTXH-09/202610/24211/v1",
    }


def test_a_deadline_at_midnight_prints_as_24_hours_of_the_day_before() -> None:
    due = ORDER.due.replace(day=17, hour=0)
    found = form_sheet(replace(ORDER, due=due))[place(ORDER.context.view).places["due"]].value
    assert found == "Ngày nhận: trước 24 giờ 00 ngày 16/10/2026"


def test_headings_are_merged_and_numbered() -> None:
    sheet, grid = form_sheet(), place(ORDER.context.view)
    merged = {str(one) for one in sheet.merged_cells.ranges}
    left, top = grid.columns["c05"], grid.heading_row
    assert f"{a1(top, left)}:{a1(top, left + 2)}" in merged
    assert sheet.cell(top, left).value == "Năm báo cáo"
    numbers = [sheet.cell(grid.number_row, column).value for column in range(2, grid.check_column)]
    assert numbers == ["A", "B", "C", "2", "3", "4", "5", "6", "7", "8", "10", "11", "D", "13"]
    assert sheet.cell(grid.rows["S1"], 3).font.b
    assert sheet.cell(grid.rows["NN02"], 3).alignment.indent == 1
    assert sheet.freeze_panes == a1(grid.first_row, grid.first_figure_column)


def test_a_form_with_one_measure_says_it_once_above_the_table() -> None:
    order = small.order(form=small.MATRIX, period="20263")
    sheet, grid = form_sheet(order), place(order.context.view)
    assert sheet[a1(HEAD_ROWS, grid.last_column)].value == "Đơn vị tính: Số hồ sơ TTHC"
    assert grid.label_columns == 2


def test_it_prints_on_landscape_paper_one_page_wide_with_repeated_headings() -> None:
    sheet, grid = form_sheet(), place(ORDER.context.view)
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth or 1, sheet.sheet_properties.pageSetUpPr.fitToPage) == (1, True)
    assert sheet.print_title_rows == f"${grid.heading_row}:${grid.number_row}"
    assert "&P" in sheet.oddFooter.right.text
    assert sheet.print_area == f"'KTXH-09'!$B${STATUS_ROW + 1}:${a1(1, grid.last_column)[:-1]}${grid.end_row}"


def test_wide_forms_go_to_a3() -> None:
    more = tuple(replace(small.MONTHLY.columns[-1], code=f"c{n}", number=str(n)) for n in range(15, 21))
    order = small.order(form=replace(small.MONTHLY, columns=small.MONTHLY.columns + more))
    assert form_sheet(order).page_setup.paperSize == 8


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_form_of_few_columns_can_be_built(count: int) -> None:
    order = small.order(form=replace(small.MONTHLY, columns=small.MONTHLY.columns[4 : 4 + count], cell_rules=()))
    assert form_sheet(order)[place(order.context.view).places["title"]].value == small.MONTHLY.title


def test_rows_keep_growing_with_their_notes_but_the_head_does_not() -> None:
    part = ZipFile(BytesIO(build(ORDER))).read("xl/worksheets/sheet2.xml").decode()
    grid = place(ORDER.context.view)
    rows = {int(number): rest for number, rest in re.findall(r'<row r="(\d+)"([^>]*)>', part)}
    assert "customHeight" in rows[1]
    assert all("ht=" in rows[row] and "customHeight" not in rows[row] for row in grid.rows.values())


def test_units_with_equal_row_sets_differ_only_in_the_slots() -> None:
    one = small.order(background=small.known(NN12_202609=5000))
    other = small.order(unit=small.EA_ROK, background=small.known(NN12_202609=7000, NN07_202609=100))
    other = replace(other, receivers=("Sở Y tế",), due=other.due.replace(day=18), contact="")
    grid = place(one.context.view)
    first, second = (reopened(order, {}) for order in (one, other))
    different = {
        Slot(sheet.title, cell.coordinate)
        for sheet in first
        for row in sheet.iter_rows()
        for cell in row
        if (cell.value, cell.style_id) != (second[sheet.title][cell.coordinate].value, cell.style_id)
    }
    assert Slot(grid.sheet, grid.cells[CellKey("NN12", "c05")]) in different
    assert Slot("_meta", "A1") in different
    assert different <= set(slots(grid))


def test_the_guide_says_when_to_whom_and_what_is_open() -> None:
    text = "\n".join(str(cell.value) for row in opened()[GUIDE].iter_rows() for cell in row if cell.value)
    assert "trước 17 giờ 00 ngày 16/10/2026" in text
    assert "0262 3 000 000" in text
    assert "7 chỉ tiêu đơn vị nhập, 1 chỉ tiêu hiện sẵn để đối chiếu, 1 chỉ tiêu không mở kỳ này" in text
    assert "Lúa Đông Xuân" in text
    assert opened()[GUIDE].protection.sheet


@pytest.mark.parametrize(
    ("form", "unit", "expected"),
    [
        ("KTXH-01", small.EA_SUP, "KTXH-01_202610_24211_ea-sup_v1.xlsx"),
        ("II.06a", small.FINANCE, "II.06a_202610_STC_so-tai-chinh_v1.xlsx"),
        ("ĐX", replace(small.EA_SUP, short_name="M'Drắk"), "DX_202610_24211_mdrak_v1.xlsx"),
    ],
)
def test_file_names_are_ascii_and_start_with_the_code(form: str, unit: small.Unit, expected: str) -> None:
    assert file_name(form, "202610", unit, 1) == expected


def test_calamine_reads_it_too() -> None:
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_filelike(BytesIO(build(ORDER, ANSWERS))).get_sheet_by_name("KTXH-09").to_python()
    assert any("Sầu riêng" in str(value) for row in rows for value in row)


def prompt_of(row: str, column: str, order: Order) -> str:
    sheet = reopened(order, {})[place(order.context.view).sheet]
    at = address(row, column, order)
    return next(str(one.prompt) for one in sheet.data_validations.dataValidation if at in str(one.sqref).split())


def explained(method: str, hint: str, note: str) -> Order:
    """NN12 with a method, c06 with a hint, and what the row says of itself."""
    indicator = replace(small.INDICATORS["NN12"], concept="Quả tươi đã cắt bán.", method=method)
    form = replace(
        small.MONTHLY,
        columns=tuple(replace(one, hint=hint if one.code == "c06" else "") for one in small.MONTHLY.columns),
        rows=tuple(replace(one, note=note) if one.code == "NN12" else one for one in small.MONTHLY.rows),
    )
    order = small.order(form=form)
    definitions = replace(order.context.view.definitions, indicators={**small.INDICATORS, "NN12": indicator})
    return replace(order, context=replace(order.context, view=replace(order.context.view, definitions=definitions)))


def test_an_inputs_hint_gives_definition_and_method_of_the_indicator_and_what_the_column_asks() -> None:
    order = explained("Cộng sản lượng các vườn.", "Ước cả tháng, kể cả ngày chưa qua.", "")
    prompt = prompt_of("NN12", "c06", order)
    assert prompt.splitlines()[2:5] == [
        "Ước cả tháng, kể cả ngày chưa qua.",
        "Quả tươi đã cắt bán.",
        "Cách tính: Cộng sản lượng các vườn.",
    ]
    assert "Ước cả tháng" not in prompt_of("NN12", "c05", order)
    assert "Chỉ quả loại một." in prompt_of("NN12", "c06", explained("Cộng.", "", "Chỉ quả loại một."))


def test_a_long_hint_is_cut_at_a_word_within_what_excel_shows() -> None:
    prompt = prompt_of("NN12", "c06", explained("đo từng thửa " * 40, "", ""))
    first, signs = prompt.rsplit("\n", 1)
    assert len(prompt) <= 255
    assert first.endswith(("đo…", "từng…", "thửa…"))
    assert signs.startswith("Không phát sinh")
