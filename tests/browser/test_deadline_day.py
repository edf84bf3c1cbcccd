"""A deadline day: more time asked and given, three cells returned, sent again by a delegate, the late ones chased."""

import io
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect

import actions.work
from actions import openings
from tests.browser.conftest import NOVEMBER, Served, Visit
from tests.browser.steps import BOARD, downloaded, explain_everything, no_sideways_scrolling
from tests.webui import rights
from tests.webui.small_province import filled, sit, work_of
from vietnamese.dates import HO_CHI_MINH
from webui import visitor

pytestmark = pytest.mark.browser
DAY, NEXT = date(2026, 11, 16), date(2026, 11, 17)  # the communes' deadline is 17:00 on the first
RETURNED = ("NN13", "NN14", "NN15")


class Clock:
    """What the server takes for now."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._now = NOVEMBER
        for module in (visitor, actions.work):
            monkeypatch.setattr(module, "now", lambda: self._now)

    def strike(self, day: date, hour: int, minute: int) -> None:
        self._now = datetime(day.year, day.month, day.day, hour, minute, tzinfo=HO_CHI_MINH)


def test_a_deadline_day(served: Served, visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    openings.open_period(sit(served.instance, "vpub", NOVEMBER), "KTXH", "202611")
    name, data = filled(sit(served.instance, "easup", NOVEMBER), "120", "202611")
    (workbook := tmp_path / name).write_bytes(data)
    form = f"/viec/{work_of(sit(served.instance, 'easup', NOVEMBER), '202611').assignment_id}"

    clock.strike(DAY, 16, 40)
    clerk = visit("easup", width=360)
    clerk.click(".errand >> nth=0 >> text=Thời hạn")
    clerk.click("summary:has-text('Đề nghị gia hạn')")
    clerk.fill("#moc-de-nghi", "2026-11-17T11:00")
    clerk.fill("#ly-do", "Mất điện cả buổi chiều tại xã")
    clerk.click("button[value=time]")
    expect(clerk.locator("article[id^=de-nghi-]")).to_contain_text("Mất điện cả buổi chiều")
    assert no_sideways_scrolling(clerk)

    office = visit("vpub")
    office.goto("/de-nghi")
    office.click("summary:has-text('Đồng ý')")
    office.click("button[value=agree]")
    expect(office.locator(".told-success")).to_be_visible()

    clock.strike(DAY, 17, 10)
    clerk = visit("easup")
    expect(clerk.locator(".errand").first).to_contain_text("Được gia hạn")
    clerk.set_input_files("#tep", workbook)
    expect(clerk.locator(".outcome h2")).to_contain_text("Đạt")
    explain_everything(clerk)
    clerk.click("#trinh-duyet button")
    expect(clerk.locator(".told-success")).to_contain_text("Đã trình lãnh đạo duyệt.")

    clock.strike(DAY, 17, 20)
    leader = visit("ld.easup", width=360)
    leader.goto(form)
    for row in RETURNED:
        leader.check(f"input[name=o][value^='{row}']:not([disabled]) >> nth=-1")
    leader.click("#chon-o button")
    expect(leader.locator("#o-chon .count")).to_have_text("3")
    assert no_sideways_scrolling(leader)
    leader.fill("article >> nth=0 >> input.form-control", "Đối chiếu lại với trạm thú y")
    leader.fill("#ly-do", "Ba chỉ tiêu chăn nuôi tăng quá nhanh")
    leader.click("button[value=return]")
    expect(leader.locator(".told-success")).to_be_visible()
    rights.lend(served.instance, "ld.easup", "nl.vp", valid_from=DAY, valid_to=NEXT)

    clock.strike(NEXT, 8, 30)
    clerk = visit("easup")
    expect(clerk.locator(".errand").first).to_contain_text("Đối chiếu lại với trạm thú y")
    clerk.goto(form)
    clerk.click("a[href$='/sua'] >> nth=0")
    boxes = clerk.locator("form.correct input.form-control:visible")
    expect(boxes).to_have_count(3)
    for at in range(3):
        boxes.nth(at).fill("118")
    boxes.nth(2).press("Enter")
    expect(clerk.locator(".outcome h2")).to_contain_text("Đạt")
    explain_everything(clerk)
    clerk.click("#trinh-duyet button")
    expect(clerk.locator(".told-success")).to_contain_text("Đã trình lãnh đạo duyệt.")

    clock.strike(NEXT, 10, 15)
    delegate = visit("nl.vp", width=360)
    delegate.goto(form)
    delegate.click("summary:has-text('Duyệt số liệu')")
    delegate.click("form[action$='/duyet'] .btn-success >> nth=-1")
    expect(delegate.locator(".told-success").last).to_contain_text("gửi đến cơ quan nhận")

    office = visit("vpub")
    office.goto(f"{BOARD}?q=ea+sup")
    expect(office.locator("tbody")).to_contain_text("Trong thời gian gia hạn")
    office.goto(f"{BOARD}/don-doc?state=late")
    assert "Phường Tuy Hòa" in office.locator("textarea[readonly]").input_value()
    chased = downloaded(office, "a[href*='don-doc.xlsx']", tmp_path)
    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(chased.read_bytes())).active.values for cell in row]
    assert any("Phường Tuy Hòa" in str(cell) for cell in cells)
    assert not any("Ea Súp" in str(cell) for cell in cells)
