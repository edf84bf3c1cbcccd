"""The office's day: open and hand out, what needs a decision, take, chase, give time, compile, trace and sign; with the
counts that stay true while the board is open, and at 360 pixels without scripts.
"""

import zipfile
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from playwright.sync_api import Page, expect

from tests.browser.conftest import NOVEMBER, Served, Visit
from tests.browser.steps import downloaded, no_sideways_scrolling
from tests.webui.small_province import sit, submitted

pytestmark = pytest.mark.browser
OCTOBER, BOARD = "/ky-bao-cao/KTXH/202610", "/ky-bao-cao/KTXH/202611"


def go(page: Page, address: str) -> None:
    page.goto(address)
    assert no_sideways_scrolling(page), address


@pytest.mark.parametrize(("width", "javascript"), [(1366, True), (360, False)])
def test_an_office_opens_hands_out_takes_chases_compiles_and_traces(
    served: Served, visit: Visit, tmp_path: Path, width: int, javascript: bool
) -> None:
    office = visit("vpub", width=width, javascript=javascript)
    if javascript:
        office.clock.install()
    go(office, "/ky-bao-cao")
    office.select_option("#ky", "KTXH 202611")
    office.click(".open-period button.btn-primary >> nth=0")
    office.click("text=Mở kỳ, giữ ngày theo quy định")
    expect(office.locator(".told-success")).to_contain_text("Đã mở kỳ báo cáo")
    assert no_sideways_scrolling(office)

    office.click("a[href$='/bieu-mau']")
    assert no_sideways_scrolling(office)
    expect(office.locator("#qua-thu + p")).to_contain_text("chưa khai báo thư điện tử")
    office.click("button[data-busy]")
    expect(office.locator("button[value=stop], a[href$='/bieu-mau.zip']").first).to_be_visible()
    if javascript:
        office.clock.resume()
    expect(office.locator("a[href$='/bieu-mau.zip']")).to_be_visible()  # the page asks by itself
    bundle = downloaded(office, "a[href$='/bieu-mau.zip']", tmp_path)
    assert "24211/KTXH-01_202611_24211_ea-sup_v1.xlsx" in zipfile.ZipFile(bundle).namelist()

    go(office, BOARD)
    expect(office.locator("#dem-empty")).to_be_visible()
    waiting = int(office.inner_text("#dem-empty"))
    submitted(sit(served.instance, "easup", NOVEMBER), "120", "202611")
    if javascript:
        office.clock.install()
        office.clock.run_for(21_000)
        expect(office.locator("#dem-empty")).to_have_text(str(waiting - 1))
        office.click("text=Xem danh sách mới nhất")
        office.clock.resume()
    else:
        go(office, BOARD)
    expect(office.locator("#dem-pending")).to_have_text("1")
    office.fill("#q", "ea sup")
    if not javascript:
        office.click("form.filter button")
    expect(office.locator("tbody th:visible")).to_have_count(1)
    expect(office.locator("tbody th:visible")).to_contain_text("Xã Ea Súp")

    go(office, f"{BOARD}/thoi-han")
    office.click("summary:has-text('Gia hạn')")
    office.fill("#han-moi", "2026-11-20T17:00")
    office.fill("#ly-do-gia-han", "Mưa lũ kéo dài")
    office.click("form[action$='/gia-han'] button")
    expect(office.locator(".told-success").last).to_be_visible()

    go(office, OCTOBER)
    office.click("#cho-take")  # what needs a decision stands first
    expect(office.locator("tbody th:visible")).to_have_count(1)
    assert no_sideways_scrolling(office)
    office.click("tbody button:has-text('Tiếp nhận')")
    expect(office.locator(".told-success").last).to_contain_text("Đã tiếp nhận báo cáo.")
    office.click("#cho-late")
    assert "Phường Tuy Hòa" in office.locator("textarea[readonly]").input_value()
    assert no_sideways_scrolling(office)

    go(office, OCTOBER)
    office.click("#tong-hop button.btn-primary")
    expect(office.locator("#tong-hop")).to_contain_text("Đã tổng hợp lần 1.")
    go(office, OCTOBER)
    expect(office.locator("#tong-hop")).to_contain_text("Đã tổng hợp lần 1.")  # still there
    assert openpyxl.load_workbook(downloaded(office, "#tong-hop a[href$='/xlsx']", tmp_path)).sheetnames
    document = Document(str(downloaded(office, "#tong-hop a[href$='/docx']", tmp_path)))
    assert "tháng 10" in "\n".join(paragraph.text for paragraph in document.paragraphs).lower()
    office.click("#tong-hop a[href^='/ban-tong-hop/'] >> nth=0")
    assert no_sideways_scrolling(office)
    office.click("td a >> nth=0")
    assert no_sideways_scrolling(office)
    expect(office.locator("main")).to_contain_text("Ea Súp")  # whose figure it is

    go(office, OCTOBER)
    office.click("#tong-hop a[href$='/kiem-tra'] >> nth=0")
    assert no_sideways_scrolling(office)
    office.click("form[action$='/kiem-tra'] button")
    expect(office.locator(".told-success").last).to_be_visible()
