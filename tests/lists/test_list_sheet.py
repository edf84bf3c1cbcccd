"""The sheet of a list table: what is unlocked, what may be done, what differs from unit to unit."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import openpyxl
import pytest

from registry.catalogue.values import CellKey
from registry.rules.background import KnownLines
from tests.lists.orders import HAMLETS, PROJECTS, answers, grid, hamlet, number, opened, order, project, text, view
from workbook_templates import guide, template
from workbook_templates.foundry import Foundry, Pattern
from workbook_templates.grid import a1, place
from workbook_templates.list_grid import END, TOTALS, in_row, mark, place_lists
from workbook_templates.stamps import Stamp
from workbook_templates.token import META_SHEET


class Drawer(dict[str, bytes]):
    """A shelf for one test."""

    def put(self, key: str, data: bytes) -> None:
        self[key] = data


def built(form: str = PROJECTS, lines: list[dict[str, Any]] | None = None, **how: Any) -> Any:
    return opened(template.build(order(form, **how), answers(form, lines or [])))


def test_a_form_of_lists_only_has_no_sheet_of_rows() -> None:
    assert built().sheetnames == ["Hướng dẫn", "DTC-01", "_danh_muc", META_SHEET]


def test_the_sheet_carries_its_marks_codes_headings_and_numbers() -> None:
    at, sheet = grid(), built()["DTC-01"]
    assert sheet.cell(at.code_row, 1).value == mark("DA")
    assert sheet.row_dimensions[at.code_row].hidden
    assert sheet.cell(at.total_row, 1).value == TOTALS
    assert sheet.cell(at.last_row, 1).value == END
    for column in view(PROJECTS).form.lists[0].columns:
        assert sheet.cell(at.code_row, at.columns[column.code]).value == column.code
        assert sheet.cell(at.number_row, at.columns[column.code]).value == column.number
    merged = {str(one) for one in sheet.merged_cells.ranges}
    plan = (a1(at.heading_row, at.columns[code]) for code in ("c11", "c13"))
    assert ":".join(plan) in merged  # Kế hoạch vốn năm over its three columns
    assert sheet.print_title_rows == f"${at.heading_row}:${at.number_row}"
    assert sheet.page_setup.orientation == "landscape"


def test_lines_may_be_inserted_deleted_and_sorted() -> None:
    """Excel deletes and sorts only unlocked rows of a protected sheet: nothing on a line is locked."""
    at, sheet = grid(HAMLETS), built(HAMLETS, [hamlet()])["HN-01"]
    protection = sheet.protection
    assert protection.sheet
    assert (protection.insertRows, protection.deleteRows, protection.sort, protection.autoFilter) == (False,) * 4
    for row in (at.first_row, at.first_row + 1, at.last_row - 1):
        assert all(not cell.protection.locked for cell in sheet[row][1 : at.check_column])
    for row in (at.number_row, at.total_row, at.last_row):
        assert sheet.cell(row, 3).protection.locked


def test_what_is_reckoned_refuses_to_be_typed_over() -> None:
    at, sheet = grid(), built()["DTC-01"]
    refusing = [one for one in sheet.data_validations.dataValidation if one.formula1 == "FALSE"]
    refused = {str(area) for one in refusing for area in one.sqref.ranges}
    assert {at.column_range(at.columns[code]) for code in ("c13", "c15", "c16")} <= refused


def test_choices_and_units_come_from_a_hidden_sheet() -> None:
    at, book = grid(), built()
    sheet = book["DTC-01"]
    assert book["_danh_muc"].sheet_state == "veryHidden"
    found = {str(one.sqref): one for one in sheet.data_validations.dataValidation}
    source = found[at.column_range(at.columns["c09"])]
    assert source.type == "list"
    assert source.showErrorMessage
    assert not found[at.column_range(at.columns["c19"])].showErrorMessage  # several, typed with ";"
    column = source.formula1.split("!")[1].split(":")[0].strip("$").split("$")[0]
    words = [cell.value for cell in book["_danh_muc"][column] if cell.value]
    assert words == [one.label for one in view(PROJECTS).members("nguonvon")]
    communes = found[at.column_range(at.columns["c05"])].formula1
    assert communes.endswith("$102")


def test_a_line_computes_itself_and_the_totals_are_live() -> None:
    at, sheet = grid(), built(lines=[project(), project("7654321")])["DTC-01"]
    total = at.columns["c13"]
    area = f"{a1(at.first_row, total)}:{a1(at.last_row, total)}"
    assert sheet.cell(at.total_row, total).value == f'=IF(COUNT({area})=0,"",SUM({area}))'
    second = sheet.cell(at.first_row + 1, total).value
    assert second == in_row(sheet.cell(at.first_row, total).value, at.first_row, at.first_row + 1)
    ratio = sheet.cell(at.total_row, at.columns["c16"]).value
    assert str(at.total_row) in ratio
    assert "SUM" not in ratio


def test_codes_keep_their_leading_zeros_as_text() -> None:
    at, sheet = grid(), built(lines=[project("0012345")])["DTC-01"]
    cell = sheet.cell(at.first_row, at.columns["c01"])
    assert (cell.value, cell.data_type, cell.number_format) == ("0012345", "s", "@")


def test_last_periods_lines_stand_in_the_new_workbook() -> None:
    start = answers(PROJECTS, [{"c01": text("0012345"), "c02": text("Đường")}])
    book = opened(template.build(order(lines=KnownLines(start=start))))
    at, sheet = grid(), book["DTC-01"]
    assert sheet.cell(at.first_row, at.columns["c01"]).value == "0012345"
    assert sheet.cell(at.first_row, at.columns["c14"]).value is None


def test_a_unit_with_more_lines_than_prepared_gets_more_rows() -> None:
    many = answers(HAMLETS, [hamlet(f"Thôn {n}") for n in range(1, 71)])
    at = place_lists(view(HAMLETS), {"THON": 70})[0]
    assert at.lines == 120
    sheet = opened(template.build(order(HAMLETS), many))["HN-01"]
    assert sheet.cell(at.last_row, 1).value == END
    assert sheet.cell(at.number_row + 70, at.columns["c00"]).value == "Thôn 70"


@pytest.mark.parametrize(("form", "lines"), [(PROJECTS, [project(), project("7654321")]), (HAMLETS, [hamlet()])])
def test_two_units_workbooks_differ_only_in_the_slots(form: str, lines: list[dict[str, Any]]) -> None:
    slots = {(one.sheet, one.a1) for one in template.slots(place(view(form)))}
    start = answers(form, lines)
    one = opened(template.build(order(form)))
    other = opened(template.build(order(form, "24133" if form == HAMLETS else "24211", KnownLines(start=start))))
    differing = {
        (sheet.title, cell.coordinate)
        for sheet in one
        for row in sheet.iter_rows()
        for cell in row
        if cell.value != other[sheet.title][cell.coordinate].value
        or cell.number_format != other[sheet.title][cell.coordinate].number_format
    }
    assert differing
    assert differing <= slots
    for sheet in one:
        assert sheet.dimensions == other[sheet.title].dimensions
        heights = {row: one_.height for row, one_ in sheet.row_dimensions.items()}
        assert heights == {row: one_.height for row, one_ in other[sheet.title].row_dimensions.items()}


def test_the_guide_explains_lines_and_columns() -> None:
    told = "\n".join(str(cell.value) for row in built()["Hướng dẫn"].iter_rows() for cell in row if cell.value)
    assert "chuẩn bị sẵn 200 dòng" in told
    assert "Mã số dự án; Nguồn vốn; Năm kế hoạch vốn" in told
    assert "(9) Nguồn vốn" in told
    assert "Giải ngân lũy kế của chủ đầu tư lớn hơn kế hoạch vốn năm." in told
    assert "Không thêm, xóa" not in told


def test_no_two_cells_of_a_list_share_an_address() -> None:
    for form in (PROJECTS, HAMLETS):
        at = grid(form)
        addresses = [at.address(CellKey(at.table.code, column), n) for column in at.columns for n in (1, 2, at.lines)]
        assert len(set(addresses)) == len(addresses)


def test_the_status_line_counts_lines_and_mistakes_and_the_guide_follows_it() -> None:
    at, book = grid(HAMLETS), built(HAMLETS, [hamlet(), hamlet("Thôn 2")])
    data = template.build(order(HAMLETS), answers(HAMLETS, [hamlet(), hamlet("Thôn 2")]))
    shown = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    assert shown["HN-01"][at.status].value == "Đã nhập 2 dòng"
    follows = guide.SLOTS[-1].a1
    assert book["Hướng dẫn"][follows].value == f"='HN-01'!{at.status}"
    assert shown["Hướng dẫn"][follows].value == "Đã nhập 2 dòng"


def test_a_line_that_is_wrong_is_counted_in_the_status_line() -> None:
    at = grid()
    data = template.build(order(), answers(PROJECTS, [project(), project("7654321", c14=number(99000))]))
    shown = openpyxl.load_workbook(io.BytesIO(data), data_only=True)["DTC-01"]
    assert shown[at.status].value == "Đã nhập 2 dòng, 1 chỗ lệch"
    assert not shown.cell(at.first_row, at.check_column).value
    assert shown.cell(at.first_row + 1, at.check_column).value
    assert not shown.cell(at.first_row + 2, at.check_column).value  # a blank line is silent


def test_the_guide_counts_the_lines_this_workbook_has() -> None:
    many = answers(HAMLETS, [hamlet(f"Thôn {n}") for n in range(1, 71)])
    sheet = opened(template.build(order(HAMLETS), many))["Hướng dẫn"]
    assert any("chuẩn bị sẵn 120 dòng" in str(cell.value) for row in sheet.iter_rows() for cell in row)


def test_lists_whose_codes_look_alike_have_sheets_of_their_own() -> None:
    met = view(HAMLETS)
    codes = ("THON", "thon", "DANH_SACH_DAI_HON_MUOI_KY_TU_A", "DANH_SACH_DAI_HON_MUOI_KY_TU_B", "A/B")
    lists = tuple(replace(met.form.lists[0], code=code) for code in codes)
    several = replace(met, form=replace(met.form, lists=lists))
    names = [one.sheet for one in place_lists(several)]
    assert names[:2] == ["HN-01 THON", "HN-01 thon (2)"]
    assert len({name.casefold() for name in names}) == len(codes)
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in names)


@pytest.mark.parametrize("how", list(Stamp))
def test_a_list_form_comes_out_of_the_foundry_as_built_in_full(how: Stamp) -> None:
    first, start = order(), KnownLines(start=answers(PROJECTS, [project()]))
    works = Foundry(Pattern("key", first.context, first.rules))
    second = order(unit="24133", lines=start)
    works.make(first, how, Drawer())
    assert works.make(second, how, Drawer()) == template.build(second)
