"""The compiled workbook, reopened: what a reader finds, can follow and cannot be harmed by."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from actions.compiling import explained
from compile import document, workbook
from compile.compiled import compiled
from compile.coverage import copy
from compile.model import Before, Explanation, Heirs, Occasion
from compile.sheet import number_format
from compile.tables import headings
from registry.catalogue.values import CellKey
from registry.findings import Severity, codes, finding
from registry.store import submissions
from registry.workflow.personal import Sight
from tests.compile import dumped
from tests.compile.small_report import BUON_DON, EA_SUP, SENT, TUY_HOA, ReportBuilder, a_full_report, a_report


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
    def printed(report: ReportBuilder) -> list[object]:
        sheet = opened(report, values=True)["Đối chiếu"]
        return [sheet.cell(line_of(sheet, "Đàn bò"), column).value for column in (6, 7, 8, 9, 10, 11)]

    partial = a_full_report()
    assert printed(partial) == [1000, "Tổng hợp 2/3 xã, phường", 900, None, None, "Chưa đủ số liệu xã, phường"]
    whole = partial.gives(TUY_HOA, {"BOTH.c06": 0})
    assert printed(whole)[:5] == [1000, "Tổng hợp 3/3 xã, phường", 900, 100, 10]


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


def test_ratios_are_the_forms_own_formulas_over_the_cells_beside_them() -> None:
    live, cached = opened(a_full_report()), opened(a_full_report(), values=True)
    line = line_of(live["Tổng hợp NHO-01"], "Đàn bò")
    formula = str(live["Tổng hợp NHO-01"].cell(line, 9).value)
    assert formula.startswith("=IF(AND(")
    assert f"ROUND(N(G{line})/N(F{line})*100,1)" in formula
    assert cached["Tổng hợp NHO-01"].cell(line, 9).value == 101


def test_every_figure_has_a_line_with_the_cell_it_was_sent_in() -> None:
    where = {CellKey("SUM", "c06"): ("NHO-01", "G12")}
    report = a_report().gives(EA_SUP, {"SUM.c06": Decimal("10.5"), "ALL.c06": "-"}, addresses=where)
    lines = [row for row in opened(report)["Nguồn NHO-01"].iter_rows(values_only=True) if row[0] == EA_SUP.name]
    assert lines[0][:7] == (
        EA_SUP.name,
        "1 Diện tích tái canh",
        "Ước tháng báo cáo",
        10.5,
        "101",
        "NHO-01!G12",
        f"{1:064x}",
    )
    assert lines[1][3] == "-"


def test_each_version_leads_to_its_page_where_people_have_an_address_for_it() -> None:
    report = a_full_report()
    assert links_of(report) == []
    addressed = report.having(public_url="https://bao-cao.example")
    assert links_of(addressed) == [f"https://bao-cao.example/nguon/{n}" for n in (3, 4, 1, 2)]


def links_of(report: ReportBuilder) -> list[str]:
    sheet = opened(report)["Nguồn số liệu"]
    return [str(cell.hyperlink.target) for line in sheet.iter_rows() for cell in line if cell.hyperlink]


def test_a_reopened_units_figures_are_marked_for_the_time_being() -> None:
    report = a_report().gives(EA_SUP, {"SUM.c06": 1}, provisional=True).gives(BUON_DON, {"SUM.c06": 2})
    book = opened(report)
    assert "Xã Ea Súp (tạm)" in texts(book["Theo đơn vị NHO-01"])
    assert "Σ 2/3 xã, phường; tạm: 1 đơn vị" in texts(book["Tổng hợp NHO-01"])


def test_the_cover_says_what_counted_and_who_is_missing() -> None:
    held = texts(opened(a_full_report().having(freeze="Họp UBND tỉnh"))["Thông tin chung"])
    assert "Họp UBND tỉnh" in held
    assert "Đã có số liệu 2/3 xã, phường; còn thiếu: Phường Tuy Hòa." in held
    assert "Tạm tính: còn đơn vị chưa có số liệu được duyệt" in held


def test_the_charts_draw_the_percentages_and_what_communes_gave() -> None:
    package = zipfile.ZipFile(BytesIO(workbook.build(a_full_report().compiled)))
    charts = [package.read(name).decode() for name in package.namelist() if name.startswith("xl/charts/chart")]
    assert [('barDir val="bar"' in one, "Theo đơn vị NHO-01" in one) for one in charts] == [
        (True, False),
        (False, True),
        (False, True),
        (False, True),
    ]


def test_what_changed_since_the_version_before_stands_with_why() -> None:
    before = a_report().gives(EA_SUP, {"SUM.c06": 1}).gives(BUON_DON, {"SUM.c06": 2})
    later = {"approved_at": SENT + timedelta(days=3)}
    report = (
        a_report()
        .gives(TUY_HOA, {"SUM.c06": 4}, **later)
        .gives(EA_SUP, {"SUM.c06": 5}, version_no=2, **later)
        .having(
            before=Before("lần 1", before.order),
            closed_at=SENT + timedelta(days=1),
            occasions={2: Occasion("kiểm kê lại", "Công văn 12/CV", 1)},
        )
    )
    lines = [row[2:8] for row in opened(report)["So với bản trước"].iter_rows(values_only=True) if row[1] == "NHO-01"]
    column = "Năm báo cáo – Ước tháng báo cáo"
    reason = "Phiên bản 1 thay bằng phiên bản 2; đính chính số 1 theo Công văn 12/CV: kiểm kê lại; sau khi chốt số liệu"
    label = "1 Diện tích tái canh"
    assert [line for line in lines if line[2] == column] == [
        ("Tỉnh Đắk Lắk", label, column, "3,0", "9,0", "Số liệu của: Xã Ea Súp; Phường Tuy Hòa; Xã Buôn Đôn"),
        ("Xã Ea Súp", label, column, "1,0", "5,0", reason),
        ("Phường Tuy Hòa", label, column, None, "4,0", "Gửi sau khi chốt số liệu"),
        ("Xã Buôn Đôn", label, column, "2,0", None, "Không còn được tính: bị trả lại, hoặc đã thu hồi duyệt"),
    ]


def test_units_that_are_no_more_are_added_up_for_those_they_went_into() -> None:
    heirs = (
        Heirs(replace(EA_SUP, name="Xã Ea Súp mới"), (EA_SUP, BUON_DON)),
        Heirs(replace(TUY_HOA, name="Phường Tuy Hòa mới"), (), broken=True),
    )
    report = a_full_report().having(heirs=heirs)
    live = opened(report)["Địa giới nay NHO-01"]
    line = line_of(live, "Xã Ea Súp mới")
    assert opened(report, values=True)["Địa giới nay NHO-01"].cell(line, 4).value == 20
    assert "SUM(" in str(live.cell(line, 4).value)
    assert line_of(live, "Phường Tuy Hòa mới (nhận một phần đơn vị khác)") == line + 1


def test_a_sheet_of_many_lines_is_split_where_excel_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("compile.annex.MOST_LINES", 5)
    book = opened(a_full_report())
    parts = [name for name in book.sheetnames if name.startswith("Nguồn NHO-01")]
    whole = sum(len(one.values) for one in a_full_report().order.forms[0].sources)
    assert len(parts) == -(-whole // 5)
    assert parts[1] == "Nguồn NHO-01 (2)"


def test_the_workbook_is_the_golden_one_cell_by_cell() -> None:
    assert dumped.dump() == dumped.GOLDEN.read_text(encoding="utf-8")


def test_another_process_hashing_otherwise_gives_the_same_bytes() -> None:
    lines = (
        "import hashlib",
        "from compile import document, workbook",
        "from tests.compile.small_report import a_full_report",
        "made = a_full_report().compiled",
        "print(*(hashlib.sha256(one.build(made)).hexdigest() for one in (workbook, document)))",
    )
    run = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)],
        env=os.environ | {"PYTHONHASHSEED": "7", "PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=True,
    )
    made = a_full_report().compiled
    assert run.stdout.split() == [hashlib.sha256(one.build(made)).hexdigest() for one in (workbook, document)]


def test_what_was_reviewed_since_is_a_change_of_its_unit_though_no_new_version_came() -> None:
    now = a_report().gives(EA_SUP, {"SUM.c06": 10, "ALL.c06": 7}).order
    (form,) = now.forms
    (source,) = form.sources
    less = replace(source, values={key: value for key, value in source.values.items() if key.row != "ALL"})
    figures = tuple(one for one in form.figures if one.series.indicator != "ALL")
    then = replace(now, forms=(replace(form, sources=(less,), figures=figures),))
    changed = compiled(replace(now, before=Before("bản 1", then))).changes
    (mine,) = [one for one in changed if one.unit == EA_SUP.name]
    assert (mine.old, mine.new, mine.why) == ("", "7", copy("changes.reviewed"))
