"""A unit's administrator at the telephone: giving a role and taking it back; working in one of two units."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from registry.catalogue.model import Role
from tests.browser.conftest import Served
from tests.browser.steps import no_sideways_scrolling
from tests.webui import rights
from tests.webui.small_province import sit

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}


@pytest.mark.parametrize("width", [1280, 360])
def test_a_units_administrator_gives_a_role_and_takes_it_back(
    served: Served, visit: Callable[[str], Page], width: int
) -> None:
    page = visit("qt.easup")
    page.set_viewport_size({"width": width, "height": 740})
    page.click("nav.menu >> text=Quản trị")
    page.click("nav.menu >> text=Người và quyền")
    expect(page.locator("h1")).to_have_text("Người và quyền")
    assert no_sideways_scrolling(page)
    page.select_option("#nguoi", label="Hà Thị Ghi (nl.vp)")
    page.select_option("#vai-tro", "clerk")
    page.select_option("#che-do", "KTXH")
    page.click("text=Cấp quyền >> nth=-1")
    expect(page.locator(".told-success")).to_contain_text("Đã cấp vai trò Người nhập liệu")
    holder = page.locator("li.split", has_text="Hà Thị Ghi").first
    holder.locator("summary").click()
    holder.locator("input[name=reason]").fill("nhầm người")
    assert no_sideways_scrolling(page)
    holder.locator("button", has_text="Thu hồi quyền").click()
    expect(page.locator(".told-success")).to_contain_text("Đã thu hồi vai trò")
    for link in ("Tư cách ký", "Chỉ tiêu và biểu mẫu của đơn vị", "Ủy quyền duyệt"):
        page.click(f".chips >> text={link}")
        expect(page.locator("h1")).to_have_text(link)
        assert no_sideways_scrolling(page), link


def test_who_works_in_two_units_chooses_one_in_the_header(served: Served, visit: Callable[[str], Page]) -> None:
    rights.give(served.instance, "easup", Role.CLERK, "24133")
    assert len({grant.unit_id for grant in sit(served.instance, "easup").actor.grants}) > 1
    page = visit("easup")
    page.set_viewport_size(PHONE)
    page.reload()
    assert no_sideways_scrolling(page)
    page.select_option("#don-vi-lam-viec", label="Phường Buôn Ma Thuột")
    page.click("button:has-text('Chuyển')")
    expect(page.locator("#don-vi-lam-viec option:checked")).to_have_text("Phường Buôn Ma Thuột")
