"""A clerk asks about a finding, the administrator hands it on, the office answers and shares; screen and phone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NOVEMBER, Served, Visit, picture
from tests.browser.steps import no_sideways_scrolling
from tests.webui import small_province as province
from tests.webui.small_province import sit

pytestmark = pytest.mark.browser


def test_from_a_finding_to_the_administrator_to_the_office_and_back(visit: Visit, served: Served) -> None:
    desk = sit(served.instance, "bmt", NOVEMBER)
    number = province.sent(desk, "-5")
    clerk: Page = visit("bmt", width=360, javascript=False)
    clerk.goto(f"/tep/{number}")
    picture(clerk, "finding-360")
    clerk.click("a.finding-ask >> nth=0")
    expect(clerk.locator(".about-box")).to_contain_text(f"{number}")
    clerk.fill("textarea[name=noi_dung]", "Số âm này có thật vì điều chỉnh tháng trước. Ghi thế nào cho đúng?")
    clerk.check("#loai-question")
    picture(clerk, "write-360")
    assert no_sideways_scrolling(clerk)
    clerk.click("button[value=find]")
    expect(clerk.locator("#da-co")).to_contain_text("Chưa có câu trả lời")
    clerk.click("button[value=send]")
    expect(clerk.locator("main")).to_contain_text("Mới gửi quản trị đơn vị")
    address = clerk.url

    admin = visit("qt.bmt", width=1280)
    admin.click(".notices a >> nth=0")
    picture(admin, "admin")
    admin.click("summary:has-text('Chuyển Văn phòng UBND')")
    admin.fill("#loi-hand-on", "Vướng quy tắc kiểm tra, đơn vị không sửa được")
    admin.click("button[value=hand-on]")
    expect(admin.locator("main")).to_contain_text("Đã chuyển Văn phòng UBND")

    office = visit("vpub", width=1280)
    office.goto("/phan-anh/xu-ly")
    picture(office, "list")
    office.click("ul.card-plain a >> nth=0")
    office.fill("#loi-answer", "Ghi số âm và giải trình; quy tắc đã được nới.")
    office.click("button[value=answer]")
    expect(office.locator("main")).to_contain_text("Văn phòng UBND đã trả lời")
    office.fill("#cau-hoi", "Số liệu âm do điều chỉnh thì ghi thế nào?")
    office.check("#da-doc")
    office.click("button[value=share]")
    expect(office.locator("main")).to_contain_text("Đang dùng chung")
    picture(office, "answered")
    office.goto("/phan-anh/tong-hop")
    picture(office, "difficulties")
    office.set_viewport_size({"width": 360, "height": 800})
    for name, page in (
        ("difficulties", office.url),
        ("list", "/phan-anh/xu-ly?muc=tat-ca"),
        ("shared", "/phan-anh/dung-chung"),
    ):
        office.goto(page)
        assert no_sideways_scrolling(office), page
        picture(office, f"{name}-360")

    clerk.goto(address)
    expect(clerk.locator("main")).to_contain_text("quy tắc đã được nới")
    picture(clerk, "mine-360")
    assert no_sideways_scrolling(clerk)
