"""The three days without a pointer: signing in to what is done in the end, and every stop of the Tab key is seen."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from actions import openings
from tests.browser.conftest import NOVEMBER, PATIENCE, Served
from tests.webui.small_province import WORD, filled, sit, submitted, work_of

pytestmark = pytest.mark.browser

STOPS = 130
"""More than the way has on any page."""
_STOP = """() => {
    const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
    const inside = (place, most) => Math.min(Math.max(place, 1), most - 1);
    const isOver = (across, down) => {
        const over = document.elementFromPoint(
            inside(box.x + box.width * across, innerWidth), inside(box.y + box.height * down, innerHeight));
        return over && !one.contains(over) && !over.contains(one) && over.tagName !== "LABEL";
    };
    return {
        words: (one.ariaLabel || one.labels?.[0]?.innerText || one.innerText || one.value || "").trim(),
        drawn: style.outlineStyle !== "none" || style.boxShadow !== "none",
        inWindow: box.bottom > 0 && box.top < innerHeight && box.width > 0 && box.height > 0,
        covered: box.height > innerHeight / 2
            ? [0.05, 0.5, 0.95].every((down) => isOver(0.5, down)) : isOver(0.5, 0.5),
        html: one.outerHTML.slice(0, 160),
    };
}"""
Enter = Callable[..., Page]


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


@pytest.fixture
def enter(served: Served, browser: Browser) -> Iterator[Enter]:
    """``enter("easup")``: that person's page, signed in to by keys."""
    contexts: list[BrowserContext] = []

    def sign_in(login: str, width: int = 1366) -> Page:
        context = browser.new_context(base_url=served.address, viewport={"width": width, "height": 640}, locale="vi-VN")
        contexts.append(context)
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

    yield sign_in
    for context in contexts:
        context.close()


def test_a_clerk_signs_in_sends_and_submits(served: Served, enter: Enter, tmp_path: Path) -> None:
    openings.open_period(sit(served.instance, "vpub", NOVEMBER), "KTXH", "202611")
    name, data = filled(sit(served.instance, "easup", NOVEMBER), "120", "202611")
    book = tmp_path / name
    book.write_bytes(data)

    clerk = enter("easup")
    clerk.on("filechooser", lambda _: None)  # the browser hears of it before the key is pressed
    go_to(clerk, "[Cc]họn tệp|Tệp")
    with clerk.expect_file_chooser() as chosen:
        clerk.keyboard.press("Enter")
    chosen.value.set_files(book)
    expect(clerk.locator(".outcome h2")).to_have_text("Đạt, không có lỗi")
    press(clerk, "^Trình duyệt")
    expect(clerk.locator(".told-success").last).to_contain_text("Đã trình")


def test_a_leader_reads_what_changed_and_approves_on_a_phone(served: Served, enter: Enter) -> None:
    openings.open_period(sit(served.instance, "vpub", NOVEMBER), "KTXH", "202611")
    clerk = sit(served.instance, "easup", NOVEMBER)
    submitted(clerk, "131", "202611")
    waiting = work_of(clerk, "202611").assignment_id

    leader = enter("ld.easup", width=360)
    press(leader, "^Xem và duyệt")
    leader.wait_for_url(f"**/viec/{waiting}")
    go_to(leader, "^Nhận xét, trả lại ô đã chọn")  # what changed is above it
    go_to(leader, "Mía: diện tích hiện có.*Ước cả năm")  # never below the bar of the decision
    leader.reload()
    press(leader, "^Đến phần quyết định")
    press(leader, "^Duyệt số liệu")
    press(leader, "^Duyệt$")
    expect(leader.locator(".told-success").first).to_contain_text("Đã duyệt số liệu.")


def test_an_office_compiles_and_looks_at_the_report(enter: Enter) -> None:
    office = enter("vpub")
    press(office, "^Tháng 10 năm 2026")
    office.wait_for_url("**/KTXH/202610")
    press(office, "^Tổng hợp ngay")
    expect(office.locator("#tong-hop")).to_contain_text("Đã tổng hợp lần 1.")
    press(office, "^Xem từng con số")
    office.wait_for_url("**/ban-tong-hop/*")
    go_to(office, "KTXH-01")  # its table, wider than the window
    go_to(office, "^Hướng dẫn")  # and on, out of it
