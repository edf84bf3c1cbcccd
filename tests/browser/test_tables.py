"""What a script adds to every table, at a desk and on a phone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.steps import no_sideways_scrolling

pytestmark = pytest.mark.browser
BOARD = "/ky-bao-cao/KTXH/202610"


def test_a_table_is_sorted_narrowed_filtered_copied_and_stays_as_it_was_left(visit: Visit) -> None:
    office: Page = visit("vpub")
    office.goto(BOARD)
    units = office.locator("#b-bang-theo-doi tbody tr:visible th")
    first = units.first.inner_text()
    heading = office.locator("#b-bang-theo-doi thead th").first
    heading.get_by_role("button").click()
    expect(heading).to_have_attribute("aria-sort", "ascending")
    heading.get_by_role("button").click()
    expect(heading).to_have_attribute("aria-sort", "descending")
    names = [text.split("\n")[0] for text in units.all_inner_texts()]
    assert names[0] != first.split("\n")[0]
    assert names[0].startswith("Xã")
    columns = office.locator("#b-bang-theo-doi .table-tools details")
    columns.locator("summary").click()
    columns.get_by_label("Báo cáo", exact=True).uncheck()
    office.keyboard.press("Escape")
    office.fill("#q", "ea sup")
    expect(units).to_have_count(sum("Ea Súp" in name for name in names))
    office.reload()
    expect(heading).to_have_attribute("aria-sort", "descending")
    expect(office.locator("#b-bang-theo-doi thead th:visible", has_text="Báo cáo")).to_have_count(0)
    office.fill("#q", "")
    office.get_by_role("button", name="Chép bảng").click()
    office.focus("#q")
    office.keyboard.press("Control+V")
    pasted = office.input_value("#q")
    assert pasted.startswith("Đơn vị")
    assert names[0] in pasted
    assert "Báo cáo" not in pasted


def test_on_a_phone_a_cell_that_is_touched_tells_its_whole_heading(visit: Visit) -> None:
    office: Page = visit("vpub", width=360)
    office.goto("/danh-muc/bieu/KTXH-01")
    no_sideways_scrolling(office)
    box = office.locator("#b-so-lieu")
    cell = box.locator("tbody tr:not(.section) td:visible").nth(3)
    cell.scroll_into_view_if_needed()
    cell.click()
    row = box.locator("tbody tr:not(.section) th").first.inner_text()
    told = box.locator("output").inner_text()
    assert told.startswith(f"{row}: ")
    assert len(told) > len(row) + 2
    edge = box.locator("tbody tr:not(.section) th").first.bounding_box()
    assert edge is not None
    assert edge["x"] < 40
    assert edge["width"] < 180
