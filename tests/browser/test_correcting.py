"""Two mistakes in a browser: findings filtered, cells corrected on the page, submitted, the receipt printed."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from actions import openings
from registry.catalogue.values import CellValue, State
from tests.browser.conftest import NOVEMBER, Served, Visit
from tests.browser.steps import no_sideways_scrolling
from tests.webui.small_province import filled, sit

pytestmark = pytest.mark.browser


def wrong(text: str) -> CellValue:
    return CellValue(State.BLANK, None, text)


@pytest.fixture
def workbook(served: Served, tmp_path: Path) -> Path:
    """November's workbook with two wrong cells and a number typed as text."""
    openings.open_period(sit(served.instance, "vpub", NOVEMBER), "KTXH", "202611")
    mistakes = {"NN14_c06": wrong("một trăm"), "NN13_c06": wrong("hai"), "NN15_c06": wrong("1 234")}
    name, data = filled(sit(served.instance, "easup", NOVEMBER), "120", "202611", **mistakes)
    path = tmp_path / name
    path.write_bytes(data)
    return path


def sent(page: Page, workbook: Path) -> None:
    page.set_input_files("#tep", workbook)
    expect(page.locator(".outcome h2")).to_have_text("Có lỗi phải sửa")
    page.wait_for_load_state()  # its scripts listen from then on


@pytest.mark.parametrize("width", [360, 1280])
def test_two_mistakes_are_found_corrected_submitted_and_receipted(visit: Visit, workbook: Path, width: int) -> None:
    clerk = visit("easup", width=width)
    sent(clerk, workbook)
    assert no_sideways_scrolling(clerk)
    items = clerk.locator(".finding-group li[id^=phat-hien]")
    clerk.fill("#tim", "MOT TRAM")
    expect(items.locator("visible=true")).to_have_count(1)
    expect(clerk.locator("[data-filter-count]")).to_contain_text("Đang hiện 1/")
    clerk.select_option("#muc", "note")
    expect(items.locator("visible=true")).to_have_count(0)
    clerk.click("[data-finding-clear]")
    clerk.select_option("#loai", "number")
    expect(items.locator("visible=true").first).to_be_visible()
    clerk.click("[data-finding-clear]")

    clerk.click("td.marked-bad .pointer >> nth=0")
    expect(clerk).to_have_url(re.compile("#phat-hien-"))
    clerk.click("li:target .to-cell")
    expect(clerk.locator("td:target .unread")).to_be_visible()
    expect(clerk.locator("td .before")).to_contain_text(["1 234"])

    clerk.fill("#sua-NN14-c06", "121")
    clerk.fill("#sua-NN13-c06", "130")
    clerk.press("#sua-NN13-c06", "Enter")
    expect(clerk.locator(".outcome h2")).to_contain_text("Đạt")
    expect(clerk.locator(".corrections")).to_contain_text("một trăm")
    assert no_sideways_scrolling(clerk)
    clerk.wait_for_load_state()  # until then the page may lack its end
    for field in clerk.locator("textarea[name^=giai-trinh-]").all():
        field.fill("Đã đối chiếu với thú y")
    clerk.click("#trinh-duyet button")
    expect(clerk.locator(".told-success")).to_contain_text("Đã trình lãnh đạo duyệt.")
    assert no_sideways_scrolling(clerk)
    clerk.click("a[href^='/phieu/'] >> nth=0")
    expect(clerk.locator(".receipt")).to_contain_text("Sửa trên trang 2 ô")
    assert no_sideways_scrolling(clerk)
    clerk.wait_for_load_state()
    drawn = clerk.locator(".receipt figure img").evaluate("one => one.complete && one.naturalWidth")
    assert drawn > 0


def test_it_all_works_without_javascript(visit: Visit, workbook: Path) -> None:
    clerk = visit("easup", javascript=False)
    clerk.set_input_files("#tep", workbook)
    clerk.click(".drop button")
    expect(clerk.locator(".outcome h2")).to_have_text("Có lỗi phải sửa")
    items = clerk.locator(".finding-group li[id^=phat-hien]")
    clerk.fill("#tim", "mot tram")
    clerk.click(".finding-filter button")
    expect(items.locator("visible=true")).to_have_count(1)
    clerk.click("text=Bỏ lọc")
    clerk.click("text=Sửa ô trên trang")
    clerk.fill("#sua-NN14-c06", "121")
    clerk.fill("#tim", "dan lon")
    clerk.click("button:has-text('Tìm ô')")
    expect(clerk.locator("#sua-NN14-c06")).to_have_value("121")
    clerk.fill("#sua-NN13-c06", "130")
    clerk.click(".entry-steps button")
    expect(clerk.locator(".outcome h2")).to_contain_text("Đạt")


def test_when_all_is_well_it_takes_three_clicks_from_the_door(served: Served, visit: Visit, tmp_path: Path) -> None:
    openings.open_period(sit(served.instance, "vpub", NOVEMBER), "KTXH", "202611")
    name, data = filled(sit(served.instance, "easup", NOVEMBER), "120", "202611")
    path = tmp_path / name
    path.write_bytes(data)
    clerk = visit("easup")  # the first click
    with clerk.expect_file_chooser() as choosing:
        clerk.click(".drop label[for=tep]:visible")  # the second
    choosing.value.set_files(path)
    expect(clerk.locator("#trinh-duyet button")).to_be_visible(timeout=60_000)
    clerk.click("#trinh-duyet button")  # the third
    expect(clerk.locator(".told-success")).to_contain_text("Đã trình lãnh đạo duyệt.")
