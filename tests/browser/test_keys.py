"""Keys for heavy users, and what was just done staying until it is put away."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import enter_as

pytestmark = pytest.mark.browser


def test_keys_lead_about_and_can_be_switched_off_and_a_message_stays_until_it_is_put_away(
    visit: Callable[[str], Page],
) -> None:
    visit("vpub")
    page = visit("vpub")  # is told of the time before
    message = page.locator(".toasts .told")
    expect(message).to_be_visible()
    page.click(".toasts .btn-close")
    expect(message).to_have_count(0)
    expect(page.locator("main")).to_be_focused()
    page.keyboard.type("gk")
    expect(page.locator("h1")).to_have_text("Kỳ báo cáo")
    page.keyboard.type("gn")
    expect(page.locator("h1")).to_have_text("Nhật ký")
    page.keyboard.type("/gk")
    expect(page.locator("main input:focus")).to_have_value("gk")
    page.locator("h1").click()
    page.keyboard.type("?")
    page.uncheck("#dung-phim-tat")
    page.keyboard.press("Escape")
    page.click("form[action='/dang-xuat'] button")
    page.wait_for_url("**/dang-nhap")
    enter_as(page, "vpub")
    page.goto("/nhat-ky")
    page.keyboard.type("?gk")
    expect(page.locator("[data-keys]")).to_be_hidden()
    expect(page.locator("h1")).to_have_text("Nhật ký")
