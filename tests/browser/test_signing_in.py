"""Signing in with a second factor, and a page left open too long, in a browser."""

from datetime import timedelta

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NOVEMBER, Served, Visit
from tests.webui.small_province import WORD
from webui import visitor

pytestmark = pytest.mark.browser
NEW = "gió-mùa-Đông-bắc-7!"


def sign_in(page: Page, login: str) -> None:
    page.fill("#login", login)
    page.fill("#password", WORD)
    page.click(".door-form button")


@pytest.mark.parametrize(("width", "javascript"), [(1280, True), (360, False)])
def test_an_admin_sets_up_the_second_factor_and_signs_in_with_it(
    served: Served, visit: Visit, monkeypatch: pytest.MonkeyPatch, width: int, javascript: bool
) -> None:
    object.__setattr__(served.instance.settings, "second_factor", True)
    page = visit("vpub", width=width, javascript=javascript)
    expect(page).to_have_url(f"{served.address}/tai-khoan/xac-thuc-hai-buoc")
    expect(page.locator("img.qr")).to_be_visible()
    app = pyotp.TOTP(page.locator("[data-secret]").inner_text().replace(" ", ""))
    page.fill("#code", app.at(NOVEMBER))
    page.fill("#password-on", WORD)
    page.click("text=Bật xác thực hai bước >> nth=-1")
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10
    page.click("text=Tôi đã cất các mã")
    expect(page.locator("h1")).to_contain_text("Việc")
    page.click("button[title='Đăng xuất']")
    later = NOVEMBER + timedelta(minutes=1)
    monkeypatch.setattr(visitor, "now", lambda: later)
    sign_in(page, "vpub")
    page.fill("#code", app.at(later))
    page.click(".door-form button")
    expect(page.locator("[role=status]").first).to_contain_text("Lần đăng nhập trước")
    page.click("button[title='Đăng xuất']")
    sign_in(page, "vpub")
    page.fill("#code", codes[0])
    page.click(".door-form button")
    page.goto("/tai-khoan")
    expect(page.get_by_text("Còn 9 mã khôi phục")).to_be_visible()
    page.goto("/quy-tac-tai-khoan")


def test_a_page_left_open_warns_and_keeps_what_was_typed(
    served: Served, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = visit("easup")
    page.clock.install(time=NOVEMBER)
    page.goto("/tai-khoan")
    box = page.locator("[data-idle-dialog]")
    page.clock.run_for(12 * 60_000)
    expect(box).to_be_hidden()
    page.clock.run_for(70_000)
    expect(box).to_contain_text("sẽ tự đăng xuất sau")
    page.click("text=Tiếp tục làm việc")
    expect(box).to_be_hidden()

    page.fill("#new", NEW)
    later = NOVEMBER + timedelta(minutes=40)
    monkeypatch.setattr(visitor, "now", lambda: later)
    page.clock.run_for(16 * 60_000)
    expect(box).to_contain_text("Nội dung đang nhập vẫn còn")
    with page.context.expect_page() as opened:
        page.click("text=Đăng nhập ở thẻ mới")
    other = opened.value
    sign_in(other, "easup")
    other.wait_for_url(f"{served.address}/")
    other.close()
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(box).to_be_hidden()
    page.fill("#old", WORD)
    page.fill("#again", NEW)
    page.click("text=Đổi mật khẩu >> nth=-1")
    expect(page.locator(".toasts")).to_contain_text("Đã đổi mật khẩu")
