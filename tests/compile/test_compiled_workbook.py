"""The compiled workbook, reopened: what a reader finds, can follow and cannot be harmed by."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from actions.compiling import explained
from compile import workbook
from compile.coverage import copy
from compile.model import Explanation
from compile.sheet import number_format
from compile.tables import headings
from registry.catalogue.values import CellKey
from registry.findings import Severity, codes, finding
from registry.store import submissions
from registry.workflow.personal import Sight
from tests.compile.office import convert
from tests.compile.small_report import BUON_DON, EA_SUP, SNNMT, TUY_HOA, ReportBuilder, a_full_report, a_report


def opened(report: ReportBuilder, values: bool = False) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(workbook.build(report.compiled)), data_only=values)


def texts(sheet: Worksheet) -> list[str]:
    return [str(cell.value) for line in sheet.iter_rows() for cell in line if cell.value is not None]


def line_of(sheet: Worksheet, text: str, column: int = 2) -> int:
    return next(line for line in range(1, sheet.max_row + 1) if sheet.cell(line, column).value == text)


def test_the_sheets_stand_in_order_of_reading() -> None:
    assert opened(a_full_report()).sheetnames == [
        "Thông tin chung",
        "Tổng hợp NHO-01",
        "Theo đơn vị NHO-01",
        "Đối chiếu",
        "Biểu đồ",
        "Nguồn số liệu",
        "Nguồn NHO-01",
        "Đơn vị chưa gửi",
    ]


def test_a_sum_is_a_live_formula_over_every_commune_and_holds_the_exact_total() -> None:
    live, cached = opened(a_full_report()), opened(a_full_report(), values=True)
    line = line_of(live["Tổng hợp NHO-01"], "Diện tích tái canh")
    cell = live["Tổng hợp NHO-01"].cell(line, 7)
    found = re.fullmatch(r"=SUM\('Theo đơn vị NHO-01'!\$(\w+)\$(\d+):\$\1\$(\d+)\)", str(cell.value))
    assert found
    units = live["Theo đơn vị NHO-01"]
    first, last = int(found[2]), int(found[3])
    assert [units.cell(one, 2).value for one in range(first, last + 1)] == [
        "Xã Ea Súp",
        "Phường Tuy Hòa",
        "Xã Buôn Đôn",
    ]
    assert cached["Tổng hợp NHO-01"].cell(line, 7).value == 10.5


def test_an_agency_figure_points_to_the_agencys_own_line() -> None:
    live = opened(a_full_report())
    line = line_of(live["Tổng hợp NHO-01"], "Bán lẻ")
    reference = re.fullmatch(r"='Theo đơn vị NHO-01'!(\w+?)(\d+)", str(live["Tổng hợp NHO-01"].cell(line, 7).value))
    assert reference
    units = live["Theo đơn vị NHO-01"]
    assert units.cell(int(reference[2]), 2).value == "Thống kê tỉnh"
    assert units[f"{reference[1]}{reference[2]}"].value == 1260.5


def test_every_row_says_who_stands_behind_it_and_who_is_missing_is_named() -> None:
    sheet = opened(a_full_report())["Tổng hợp NHO-01"]
    held = texts(sheet)
    assert "Σ 2/3 xã, phường" in held
    assert "Thống kê tỉnh" in held
    assert "Đã có số liệu 2/3 xã, phường; còn thiếu: Phường Tuy Hòa." in held
    assert "Đã có số liệu 2/2 sở, ban, ngành." in held
    missing = texts(opened(a_full_report())["Đơn vị chưa gửi"])
    assert "Phường Tuy Hòa" in missing
    assert "Xã Ea Súp" not in missing


def test_units_stand_in_groups_in_the_official_order() -> None:
    sheet = opened(a_full_report())["Theo đơn vị NHO-01"]
    names = [sheet.cell(line, 2).value for line in range(1, sheet.max_row + 1)]
    held = [name for name in names if name and name != "Đơn vị báo cáo"]
    assert held[:7] == [
        "Sở, ban, ngành",
        "Sở Nông nghiệp và Môi trường",
        "Thống kê tỉnh",
        "Xã, phường",
        "Xã Ea Súp",
        "Phường Tuy Hòa",
        "Xã Buôn Đôn",
    ]


def test_a_figure_that_is_owed_and_one_that_is_not_look_different() -> None:
    sheet = opened(a_full_report())["Theo đơn vị NHO-01"]
    column = next(cell.column for line in sheet.iter_rows() for cell in line if cell.value == "SAID.(4)")
    sums = next(cell.column for line in sheet.iter_rows() for cell in line if cell.value == "SUM.(4)")
    tuy_hoa = line_of(sheet, "Phường Tuy Hòa")
    assert sheet.cell(tuy_hoa, sums).fill.fgColor.rgb == "FFFFF4CC"
    assert sheet.cell(tuy_hoa, column).fill.fgColor.rgb == "FFE3E3E3"
    assert sheet.cell(tuy_hoa, sums).value is None


def test_signs_are_printed_as_signs() -> None:
    sheet = opened(a_full_report())["Theo đơn vị NHO-01"]
    column = next(cell.column for line in sheet.iter_rows() for cell in line if cell.value == "SUM.(4)")
    assert sheet.cell(line_of(sheet, "Xã Buôn Đôn"), column).value == "-"


def test_the_reconciliation_computes_what_lies_between() -> None:
    sheet = opened(a_full_report(), values=True)["Đối chiếu"]
    line = line_of(sheet, "Đàn bò")
    assert [sheet.cell(line, column).value for column in (5, 6, 7, 8, 9, 10, 11)] == [
        "Sở Nông nghiệp và Môi trường",
        1000,
        "Tổng hợp 2/3 xã, phường",
        900,
        100,
        10,
        "Chưa đủ số liệu xã, phường",
    ]


def test_figures_entered_by_a_document_are_said_to_be_no_approval_of_the_unit() -> None:
    report = a_report().gives(EA_SUP, {"SUM.c06": 1}, by_document=("125/HQ-NV", date(2026, 10, 14)))
    said = "Số liệu nhập thay theo văn bản số 125/HQ-NV ngày 14/10/2026; không phải phê duyệt của đơn vị"
    assert said in texts(opened(report)["Nguồn số liệu"])


def test_the_sources_name_upload_hash_people_and_moments() -> None:
    report = a_report().gives(EA_SUP, {"SUM.c06": 1}, provisional=True).nil(BUON_DON)
    held = texts(opened(report)["Nguồn số liệu"])
    for text in ("101", f"{1:064x}", "Nguyễn Thị Hoa", "Trần Văn Nam", "09:00 16/10/2026", "Báo cáo không phát sinh"):
        assert text in held
    assert "Số liệu tạm: đã mở lại, chờ bản thay thế" in held


def test_explanations_have_their_sheet() -> None:
    said = Explanation("K11a", CellKey("SUM", "c05"), "Đính chính do kiểm kê lại")
    report = a_report().gives(EA_SUP, {"SUM.c05": 1}, explanations=(said,))
    assert "Đính chính do kiểm kê lại" in texts(opened(report)["Giải trình"])


def test_an_explanation_of_a_whole_row_names_the_row() -> None:
    said = Explanation("measure-row-converted", CellKey("SUM", ""), "Báo cáo theo tỷ đồng")
    report = a_report().gives(EA_SUP, {"SUM.c05": 1}, explanations=(said,))
    (label,) = {row.row.label for one in report.compiled.totals for row in one.rows if row.row.code == "SUM"}
    sheet = opened(report)["Giải trình"]

    told = next(row for row in sheet.iter_rows(values_only=True) if "Báo cáo theo tỷ đồng" in row)
    assert label in told


def test_an_explanation_of_a_list_names_its_line() -> None:
    said = Explanation("K11a", CellKey("THON", "c1", 7), "Tách hộ")
    held = texts(opened(a_report().gives(EA_SUP, {"SUM.c05": 1}, explanations=(said,)))["Giải trình"])
    assert "THON, dòng 7" in held


def test_what_is_said_of_lines_of_personal_data_is_not_printed_for_all() -> None:
    told = [
        submissions.Explanation("rule-K1", "HO", "c2", "Ông A mới chuyển đến", 3),
        submissions.Explanation("rule-K2", "SUM", "c05", "Kiểm kê lại"),
        submissions.Explanation("identity-copied-sheet", None, None, "Sao từ tệp cũ"),
    ]
    assert [one.text for one in explained(told, Sight(frozenset({("HO", "c1")})))] == ["Kiểm kê lại", "Sao từ tệp cũ"]
    assert next(one.cell for one in explained(told, Sight())) == CellKey("HO", "c2", 3)


def test_explained_warnings_are_named_in_words() -> None:
    rooms = ("anchor", "identity", "measure", "plausible", "text")
    warnings = [one for one in codes() if one.split("-")[0] in rooms and finding(one).severity is Severity.WARNING]
    assert [one for one in warnings if f"explanations.of.{one}" not in copy] == []
    said = tuple(Explanation(one, None, "đã xem") for one in ("plausible-unusual", "K11a"))
    held = texts(opened(a_report().gives(EA_SUP, {"SUM.c05": 1}, explanations=said))["Giải trình"])
    assert "Khác hẳn các kỳ trước" in held
    assert "K11a" in held


def test_words_that_look_like_formulas_stay_words() -> None:
    report = a_report().gives(EA_SUP, {"SUM.c06": 1}, file_name='=HYPERLINK("http://x","y")', submitted_by="@SUM(1)")
    package = zipfile.ZipFile(BytesIO(workbook.build(report.compiled)))
    formulas = {
        formula
        for name in package.namelist()
        if name.startswith("xl/worksheets/")
        for formula in re.findall(r"<f>(.*?)</f>", package.read(name).decode())
    }
    assert formulas
    assert not any("HYPERLINK" in formula or "@" in formula for formula in formulas)
    assert '=HYPERLINK("http://x","y")' in texts(opened(report, values=True)["Nguồn số liệu"])


def test_the_same_report_gives_the_same_bytes() -> None:
    assert workbook.build(a_full_report().compiled) == workbook.build(a_full_report().compiled)


def test_an_empty_report_still_makes_a_workbook_that_names_everybody() -> None:
    held = texts(opened(a_report())["Đơn vị chưa gửi"])
    assert {"Xã Ea Súp", "Phường Tuy Hòa", "Xã Buôn Đôn", "Thống kê tỉnh"} <= set(held)
    totals = texts(opened(a_report())["Tổng hợp NHO-01"])
    assert "Σ 0/3 xã, phường" in totals
    assert "0" not in totals


def test_a_nature_stands_beside_its_number_without_becoming_text() -> None:
    report = a_full_report()
    sheet = opened(report, values=True)["Tổng hợp NHO-01"]
    cell = sheet.cell(line_of(sheet, "Diện tích tái canh"), 5)
    assert (cell.value, cell.number_format) == (10, '[$-42A]#,##0.0" CT"')


@pytest.mark.parametrize(
    ("decimals", "mark", "expected"), [(0, "", "[$-42A]#,##0"), (2, "ước", '[$-42A]#,##0.00" ước"')]
)
def test_figures_carry_vietnamese_separators(decimals: int, mark: str, expected: str) -> None:
    assert number_format(decimals, mark) == expected


def test_headings_merge_across_and_down() -> None:
    cells = headings((("TT",), ("A", "x"), ("A", "y", "1"), ("A", "y", "2"), ("B",)))
    assert [(one.text, one.row, one.column, one.rows, one.columns) for one in cells] == [
        ("TT", 0, 0, 3, 1),
        ("A", 0, 1, 1, 3),
        ("B", 0, 4, 3, 1),
        ("x", 1, 1, 2, 1),
        ("y", 1, 2, 1, 2),
        ("1", 2, 2, 1, 1),
        ("2", 2, 3, 1, 1),
    ]


@pytest.mark.office
def test_libreoffice_recalculates_every_formula_to_the_cached_total(tmp_path: Path) -> None:
    report = a_full_report().gives(TUY_HOA, {"SUM.c06": Decimal("0.1"), "MONEY.c07": Decimal("0.7"), "BOTH.c06": 3})
    data = workbook.build(report.compiled)
    stripped = _without_cached_results(data)
    recalculated = convert(stripped, "book.xlsx", "xlsx:Calc MS Excel 2007 XML", tmp_path)
    live = openpyxl.load_workbook(BytesIO(data))
    ours = openpyxl.load_workbook(BytesIO(data), data_only=True)
    theirs = openpyxl.load_workbook(BytesIO(recalculated), data_only=True)
    compared = 0
    for sheet in live:
        for line in sheet.iter_rows():
            for cell in line:
                if isinstance(cell.value, str) and cell.value.startswith("=") and cell.data_type == "f":
                    expected = ours[sheet.title][cell.coordinate].value
                    assert theirs[sheet.title][cell.coordinate].value == pytest.approx(expected, rel=1e-12)
                    compared += 1
    assert compared >= 12
    assert SNNMT.name in texts(theirs["Đối chiếu"])


def _without_cached_results(data: bytes) -> bytes:
    """The workbook with every formula's result taken out, so that a reader must compute it."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name.startswith("xl/worksheets/"):
                part = re.sub(rb"(<f>[^<]*</f>)<v>[^<]*</v>", rb"\1", part)
            new.writestr(name, part)
    return buffer.getvalue()
