"""A new colleague gets an account: proposed, agreed, issued, set by a link, signed in with; screen and phone."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from registry.catalogue.model import Role
from registry.catalogue.new_accounts import NewAccount
from tests.browser.conftest import Visit, picture
from tests.browser.steps import no_sideways_scrolling
from tests.webui import small_province as province
from workbook_templates.account_book import account_book

pytestmark = pytest.mark.browser
OWN = "Rừng-Khộp-xanh-2026-tháng-10"


def test_a_new_colleague_is_proposed_agreed_issued_and_signs_in(visit: Visit) -> None:
    admin: Page = visit("qt.easup", width=1280)
    admin.click("nav.menu >> text=Quản trị")
    admin.click("nav >> text=Người và quyền")
    admin.click("text=Tài khoản của đơn vị")
    picture(admin, "unit")
    admin.click("text=Đề xuất cấp tài khoản mới")
    admin.fill("#ho_ten", "H’Hoa Ayun")
    admin.fill("#chuc_vu", "Công chức Văn phòng – Thống kê")
    admin.fill("#dien_thoai", "0905 123 456")
    admin.check("#vai-clerk")
    admin.fill("#ly-do-thay-doi", "Thay người nghỉ hưu")
    picture(admin, "ask")
    admin.click("button:has-text('Trình thủ trưởng')")
    expect(admin.locator("main")).to_contain_text("Chờ thủ trưởng đồng ý")

    head = visit("ld.easup", width=360)
    picture(head, "home-360")
    head.click("text=H’Hoa Ayun")
    picture(head, "agree-360")
    assert no_sideways_scrolling(head)
    head.click("button:has-text('Đồng ý') >> nth=0")
    expect(head.locator("main")).to_contain_text("Chờ Văn phòng thực hiện")

    office = visit("vpub", width=1280)
    office.click("nav.menu >> text=Quản trị")
    office.click("nav >> text=Người và quyền")
    office.click("text=Cấp tài khoản")
    picture(office, "queue")
    office.click("text=Thực hiện các đề xuất đã chọn")
    expect(office.locator("main")).to_contain_text("Đã thực hiện 1 đề xuất")
    office.goto("/tai-khoan-don-vi?don_vi=24211")
    office.click("text=Cấp tài khoản mới: H’Hoa Ayun")
    picture(office, "issued")
    office.click("text=In phiếu")
    expect(office.locator(".slip")).to_contain_text("ayunh.24211")
    picture(office, "slip")
    if folder := os.environ.get("BROWSER_PICTURES"):
        office.pdf(path=str(Path(folder) / "slip.pdf"), prefer_css_page_size=True)
    code = office.locator(".slip-address").nth(1).inner_text()

    new = visit("easup", width=360)  # a phone somebody else was signed in on
    new.click("form[action='/dang-xuat'] button")
    new.goto(f"/dat-mat-khau/{code}")
    new.fill("input[name=new]", OWN)
    new.fill("input[name=again]", OWN)
    new.click("main button")
    new.fill("#login", "ayunh.24211")
    new.fill("#password", OWN)
    new.click(".door-form button")
    expect(new.locator("main")).to_contain_text("H’Hoa Ayun")

    admin.goto("/tai-khoan-don-vi")
    expect(admin.locator("tr", has_text="ayunh.24211")).to_contain_text("Đang sử dụng")
    admin.locator("tr", has_text="ayunh.24211").get_by_text("Đề xuất").click()
    picture(admin, "ask-about")
    admin.set_viewport_size({"width": 360, "height": 800})
    for name, address in (("unit", "/tai-khoan-don-vi"), ("ask", admin.url)):
        admin.goto(address)
        assert no_sideways_scrolling(admin), address
        picture(admin, f"{name}-360")


def test_the_office_makes_many_accounts_from_a_workbook(visit: Visit, tmp_path: Path) -> None:
    units = province.small_catalogue().units
    good = tmp_path / "danh-sach.xlsx"
    people = [NewAccount(f"Người Thứ {n}", province.EASUP, (Role.CLERK,), phone=f"0905 {n:06d}") for n in range(30)]
    good.write_bytes(account_book(units, people))
    office: Page = visit("vpub", width=1280)
    office.goto("/cap-tai-khoan/nhap")
    office.set_input_files("#tep", str(good))
    office.click("button:has-text('Xem trước')")
    picture(office, "import")
    office.fill("#van_ban", "12/VPUB-TH ngày 10/11/2026")
    office.click("button:has-text('Cấp 30 tài khoản')")
    expect(office.locator("main")).to_contain_text("Đã cấp 30 tài khoản")
    picture(office, "imported")
    office.set_viewport_size({"width": 360, "height": 800})
    for name, address in (("imported", office.url), ("queue", "/cap-tai-khoan"), ("import", "/cap-tai-khoan/nhap")):
        office.goto(address)
        assert no_sideways_scrolling(office), address
        picture(office, f"{name}-360")
    office.goto("/cap-tai-khoan/lan-nhap/1")
    office.click("text=In 30 phiếu")
    assert no_sideways_scrolling(office)
    expect(office.locator(".slip")).to_have_count(30)
    picture(office, "slips-360")
