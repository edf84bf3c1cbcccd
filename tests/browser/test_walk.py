"""The whole month-end in a browser: distribute, fill in LibreOffice, upload, explain, approve, compile."""

import json
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from playwright.sync_api import expect

from actions.cases import situation
from registry.catalogue.values import State
from tests.browser.conftest import Served, Visit
from tests.browser.steps import BOARD, downloaded, explain_everything, no_sideways_scrolling
from tests.webui.small_province import sit, work_of
from workbook_templates.filling import prefilled
from workbook_templates.grid import place

pytestmark = [pytest.mark.browser, pytest.mark.office]
LIBREOFFICE = Path(__file__).parents[1] / "tools" / "lo_client.py"


def fill_in_libreoffice(served: Served, workbook: Path) -> Path:
    """Type 130 into every empty yellow cell, and 150 over one official figure of October, as a clerk would."""
    desk = sit(served.instance, "easup")
    with desk.read() as connection:
        one = situation(connection, desk.snapshot(connection), work_of(desk, "202611"))
    grid, known = place(one.view), prefilled(one.context)
    blank = [key for key in one.view.inputs if key not in known or known[key].state is State.BLANK]
    types = [f"--type={grid.sheet}!{grid.cells[key]}=130" for key in blank]
    changed = next(key for key in one.view.inputs if key.row == "NN14" and key.column == "c05")
    types.append(f"--type={grid.sheet}!{grid.cells[changed]}=150")
    filled = workbook.with_stem(workbook.stem + "_filled")
    command = ["/usr/bin/python3", str(LIBREOFFICE), str(workbook), "--timeout", "150", *types, "--save", str(filled)]
    answer = json.loads(subprocess.run(command, capture_output=True, text=True, timeout=200, check=False).stdout)
    assert answer["ok"], answer
    assert [typed for typed in answer["type"] if not typed["accepted"]] == []
    return filled


def test_the_month_end_from_opening_to_the_compiled_report(served: Served, visit: Visit, tmp_path: Path) -> None:
    office = visit("vpub")
    office.goto("/ky-bao-cao")
    office.select_option("#ky", "KTXH 202611")
    office.click(".open-period button.btn-primary >> nth=0")
    office.click("text=Mở kỳ, giữ ngày theo quy định")
    expect(office.locator(".told-success")).to_contain_text("Đã mở kỳ báo cáo")
    office.click("a[href$='/bieu-mau']")
    office.click("button[data-busy]")
    expect(office.locator("a[href$='/bieu-mau.zip']")).to_be_visible()  # the page waits by itself
    bundle = downloaded(office, "a[href$='/bieu-mau.zip']", tmp_path)
    assert "24211/KTXH-01_202611_24211_ea-sup_v1.xlsx" in zipfile.ZipFile(bundle).namelist()

    clerk = visit("easup")
    expect(clerk.locator(".errand").first).to_contain_text("Tháng 11 năm 2026")
    expect(clerk.locator(".errand").first).to_contain_text("còn 6 ngày")
    workbook = downloaded(clerk, ".errand >> nth=0 >> text=Tải biểu mẫu", tmp_path)
    assert workbook.name == "KTXH-01_202611_24211_ea-sup_v1.xlsx"
    clerk.set_input_files("#tep", fill_in_libreoffice(served, workbook))
    expect(clerk.locator(".outcome h2")).to_have_text("Đạt, có cảnh báo cần giải trình")
    expect(clerk.locator("td.marked-wait").first).to_contain_text("Cảnh báo")
    explain_everything(clerk)
    clerk.click("#trinh-duyet button")
    expect(clerk.locator(".told-success")).to_contain_text("Đã trình lãnh đạo duyệt.")

    leader = visit("ld.easup", width=360)
    assert no_sideways_scrolling(leader)
    leader.click("text=Xem và duyệt")
    assert no_sideways_scrolling(leader)
    expect(leader.locator("blockquote").first).to_contain_text("dự án chăn nuôi")
    leader.click("summary:has-text('Duyệt số liệu')")
    leader.click(".decision .btn-success:has-text('Duyệt') >> nth=1")
    expect(leader.locator(".told-success").last).to_contain_text("gửi đến cơ quan nhận")

    office.goto(BOARD)
    expect(office.locator(".coverage")).to_contain_text("Đã có số liệu 1/3 xã, phường")
    expect(office.locator(".coverage")).to_contain_text("còn thiếu: Phường Tuy Hòa, Phường Buôn Ma Thuột.")
    office.fill("#q", "ea sup")
    expect(office.locator("tbody th:visible")).to_have_count(1)
    expect(office.locator("tbody th:visible")).to_contain_text("Xã Ea Súp24211")
    office.click("text=Tiếp nhận >> visible=true >> nth=-1")
    expect(office.locator(".told-success")).to_contain_text("Đã tiếp nhận báo cáo.")
    office.click("#tong-hop button.btn-primary")
    expect(office.locator("#tong-hop")).to_contain_text("Đã tổng hợp lần 1.")
    xlsx = downloaded(office, "#tong-hop a[href$='/xlsx']", tmp_path)
    docx = downloaded(office, "#tong-hop a[href$='/docx']", tmp_path)
    assert openpyxl.load_workbook(xlsx).sheetnames
    assert "tháng 11" in "\n".join(paragraph.text for paragraph in Document(str(docx)).paragraphs).lower()


def test_every_step_of_the_clerk_and_the_leader_works_without_javascript(
    served: Served, visit: Visit, tmp_path: Path
) -> None:
    office = visit("vpub", javascript=False)
    office.goto("/ky-bao-cao")
    office.select_option("#ky", "KTXH 202611")
    office.click(".open-period button.btn-primary >> nth=0")
    office.click("text=Mở kỳ, giữ ngày theo quy định")
    clerk = visit("easup", javascript=False)
    clerk.click(".errand >> nth=0 >> text=Không phát sinh")
    expect(clerk.locator(".badges")).to_contain_text("Chờ duyệt số liệu")
    leader = visit("ld.easup", javascript=False)
    leader.click("text=Xem và duyệt")
    leader.click("summary:has-text('Không duyệt, trả lại')")
    leader.fill("#ly-do", "Xã có số liệu, đề nghị nhập biểu")
    leader.click(".decision .btn-danger")
    clerk.goto("/")
    clerk.click("text=Xem lý do, sửa lại")
    expect(clerk.locator(".told-danger")).to_contain_text("đề nghị nhập biểu")
    wrong = tmp_path / "tệp lạ.xlsx"
    wrong.write_bytes(b"not a workbook")
    clerk.goto("/")
    clerk.set_input_files("#tep", wrong)
    clerk.click(".drop button")
    expect(clerk.locator(".outcome h2")).to_have_text("Không nhận được tệp này")


@pytest.mark.parametrize("width", [360, 768, 1366, 1920])
def test_no_page_scrolls_sideways(width: int, visit: Visit) -> None:
    for login, paths in {"easup": ["/", "/tai-khoan"], "vpub": ["/", "/ky-bao-cao", "/danh-muc", "/nhat-ky"]}.items():
        page = visit(login, width=width)
        for path in paths:
            page.goto(path)
            assert no_sideways_scrolling(page), (width, path)
        for link in [
            one.get_attribute("href")
            for one in page.locator("main a[href^='/viec/'], main a[href^='/tep/'], main a[href^='/ky-bao-cao/']").all()
        ][:3]:
            if link and not link.endswith((".zip", ".xlsx")):
                page.goto(link)
                assert no_sideways_scrolling(page), (width, link)
