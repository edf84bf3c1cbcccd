"""Renaming and merging units in a browser, on a screen and on a phone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, picture
from tests.browser.steps import no_sideways_scrolling

pytestmark = pytest.mark.browser
LAW = "Nghị quyết 12/NQ-UBTVQH15 ngày 01/11/2026"


def test_a_commune_is_renamed_and_another_merged_into_it(visit: Visit) -> None:
    office: Page = visit("vpub", width=1280)
    office.click("nav.menu >> text=Danh mục, đơn vị")
    office.click('nav.menu >> text="Đơn vị"')
    picture(office, "tree")
    office.fill("#tim", "huyen ea sup")
    office.click("button:has-text('Xem')")
    expect(office.locator("tbody >> nth=0")).to_contain_text("Huyện Ea Súp")
    picture(office, "found")
    office.goto("/don-vi?tim=xa ea sup")
    office.click("tbody >> text=Xã Ea Súp")
    picture(office, "unit")

    office.click("text=Đổi tên")
    office.fill("#ten", "Xã Ea Súp Mới")
    office.fill("#tu_ngay", "2027-01-01")
    office.fill("#van_ban", LAW)
    office.click("button[value=preview]")
    expect(office.locator("main")).to_contain_text("Xã Ea Súp đổi tên thành Xã Ea Súp Mới.")
    picture(office, "rename")
    office.click("button[value=apply]")
    expect(office.locator(".told-success")).to_contain_text("sẽ có hiệu lực")
    expect(office.locator("main")).to_contain_text("Thay đổi dự kiến")
    office.goto("/don-vi?ngay=2027-01-01")
    expect(office.locator(".tree")).to_contain_text("Xã Ea Súp Mới")

    office.click("text=Sáp nhập")
    office.fill("#don-vi-0", "22015")
    office.fill("#nhap_vao", "24133")
    office.fill("#tu_ngay", "2026-11-10")
    office.fill("#van_ban", LAW)
    office.click("button[value=preview]")
    expect(office.locator("main")).to_contain_text("Toàn bộ Phường Tuy Hòa (mã 22015) nhập vào Phường Buôn Ma Thuột")
    picture(office, "merge")
    office.click("button[value=apply]")
    expect(office.locator(".told-success")).to_contain_text("Đã thực hiện.")
    office.goto("/don-vi?tim=phuong tuy hoa")
    office.click("tbody >> text=Phường Tuy Hòa")
    expect(office.locator("main")).to_contain_text("Kết thúc ngày 09/11/2026")
    expect(office.locator("main")).to_contain_text("Phường Buôn Ma Thuột")
    office.goto("/don-vi/sap-xep")
    picture(office, "waiting")
    office.goto("/don-vi/nhom?bo=phia")
    picture(office, "groups")
    office.goto("/don-vi/so-lieu?nam=2026&nhom=")
    picture(office, "totals")
    office.goto("/ky-bao-cao/KTXH/202610")
    picture(office, "board")

    phone = visit("easup", width=360, javascript=False)
    for name, address in (
        ("tree", "/don-vi?tim=ea sup"),
        ("groups", "/don-vi/nhom"),
    ):
        phone.goto(address)
        assert no_sideways_scrolling(phone), address
        picture(phone, f"{name}-360")
    small = visit("vpub", width=360)
    for name in ("doi-ten", "sap-nhap", "tach"):
        small.goto(f"/don-vi/viec/{name}")
        assert no_sideways_scrolling(small), name
        picture(small, f"{name}-360")
