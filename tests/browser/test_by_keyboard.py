"""A clerk's way from signing in to submitting without a pointer: every stop of the Tab key is seen on it."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from actions import openings
from tests.browser.conftest import NOVEMBER, PATIENCE, Served
from tests.webui.small_province import WORD, filled, sit

pytestmark = pytest.mark.browser

STOPS = 60
"""More than the way has on any page."""
_STOP = """() => {
    const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
    const over = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return {
        words: (one.ariaLabel || one.labels?.[0]?.innerText || one.innerText || one.value || "").trim(),
        drawn: style.outlineStyle !== "none" || style.boxShadow !== "none",
        inWindow: box.bottom > 0 && box.top < innerHeight && box.width > 0 && box.height > 0,
        covered: Boolean(over) && !one.contains(over) && !over.contains(one) && over.tagName !== "LABEL",
        html: one.outerHTML.slice(0, 160),
    };
}"""


def go_to(page: Page, words: str) -> None:
    """Press Tab until what these words name has the focus, which shows at every stop."""
    page.wait_for_load_state()
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(_STOP)
        if "visually-hidden" not in stop["html"]:
            assert (stop["drawn"], stop["inWindow"], stop["covered"]) == (True, True, False), stop
        if re.search(words, stop["words"]):
            return
    raise AssertionError(f"the Tab key never comes to {words}")


def press(page: Page, words: str) -> None:
    go_to(page, words)
    page.keyboard.press("Enter")


def enter(browser: Browser, served: Served, login: str) -> Page:
    context = browser.new_context(base_url=served.address, viewport={"width": 1366, "height": 900}, locale="vi-VN")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto("/dang-nhap")
    expect(page.locator("#login")).to_be_focused()
    page.keyboard.type(login)
    go_to(page, "^Mật khẩu")
    page.keyboard.type(WORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: not address.endswith("/dang-nhap"))
    return page


def test_a_clerk_signs_in_sends_and_submits(served: Served, browser: Browser, tmp_path: Path) -> None:
    openings.open_period(sit(served.instance, "vpub", NOVEMBER), "KTXH", "202611")
    name, data = filled(sit(served.instance, "easup", NOVEMBER), "120", "202611")
    book = tmp_path / name
    book.write_bytes(data)

    clerk = enter(browser, served, "easup")
    go_to(clerk, "[Cc]họn tệp|Tệp")
    with clerk.expect_file_chooser() as chosen:
        clerk.keyboard.press("Enter")
    chosen.value.set_files(book)
    expect(clerk.locator(".outcome h2")).to_have_text("Đạt, không có lỗi")
    press(clerk, "^Trình duyệt")
    expect(clerk.locator(".told-success").last).to_contain_text("Đã trình")
    clerk.context.close()
