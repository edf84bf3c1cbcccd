"""What a script adds to every table, at a desk and on a phone."""

import re
from collections.abc import Sequence
from html import escape

import pytest
from playwright.sync_api import Page, Route, expect

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


def shown(page: Page, *boxes: str) -> None:
    """Periods are listed as these, whatever is asked for."""

    def answer(route: Route) -> None:
        response = route.fetch()
        main = f'<main id="noi-dung" tabindex="-1"><div class="toasts"></div>{"".join(boxes)}</main>'
        text = re.sub(r"<main.*</main>", lambda _: main, response.text(), flags=re.DOTALL)
        route.fulfill(response=response, body=text)

    page.route(re.compile(r"/ky-bao-cao(\?.*)?$"), answer)
    page.goto("/ky-bao-cao")


def table(name: str, cells: Sequence[str]) -> str:
    """A table of one column."""
    rows = "".join(f"<tr><td>{escape(one)}</td></tr>" for one in cells)
    head = '<thead><tr><th scope="col">Cột</th></tr></thead>'
    return f'<div id="{name}" data-table><div></div><table>{head}<tbody>{rows}</tbody></table></div>'


ORDERED = {
    "phan-tram": ["9,5%", "100%", ""],
    "danh-dau": ["-3", "12,5*", "1.234 ước", "…"],
    "ma": ["1", "1.9", "1.10", "2"],
    "ten": ["Xã 9", "Xã 10", "xã a", "Xã B", "-"],
    "ngay": ["10/10/2026", "02/11/2026", "01/12/2026"],
}


def test_cells_are_ordered_by_what_they_say_and_the_empty_are_last(visit: Visit) -> None:
    office: Page = visit("vpub")
    shown(office, *(table(name, cells[::-1]) for name, cells in ORDERED.items()))
    for name, cells in ORDERED.items():
        heading = office.locator(f"#{name} th button")
        heading.click()
        assert office.locator(f"#{name} td").all_text_contents() == cells
        heading.click()
        empty = [one for one in cells if one in ("", "-", "…")]
        assert office.locator(f"#{name} td").all_text_contents() == [*cells[: len(cells) - len(empty)][::-1], *empty]


def test_each_table_is_filtered_by_its_own_box_for_one_question_to_the_server(visit: Visit) -> None:
    office: Page = visit("vpub")
    many, few = [f"Xã {n}" for n in range(9)], ["Xã 1", "Xã 2"]
    shown(office, table("mot", many), table("hai", many), table("ba", few))
    for name in ("mot", "hai"):
        office.fill(f"#{name} input[type=search]", "xa 3")
    for name, count in {"mot": 1, "hai": 1, "ba": 2}.items():
        expect(office.locator(f"#{name} tbody tr:visible")).to_have_count(count)
    expect(office.locator("#ba input[type=search]")).to_be_hidden()
    office.goto("/ky-bao-cao?nam=2026")
    expect(office.locator("#mot tbody tr:visible")).to_have_count(9)
    office.unroute_all()
    shown(office, table("mot", few))
    expect(office.locator("#mot tbody tr:visible")).to_have_count(0)
    expect(office.locator("#mot input[type=search]")).to_have_value("xa 3")
    expect(office.locator("#mot input[type=search]")).to_be_visible()
    for n in range(45):
        office.evaluate(f"sessionStorage.tables = JSON.stringify([...kept(), {{ name: {n} }}])")
    office.fill("#mot input[type=search]", "")
    assert office.evaluate("kept().length") == 40
    assert office.evaluate("Object.keys(sessionStorage)") == ["tables"]


def test_no_cell_copied_is_a_formula_and_no_figure_is_spoilt(visit: Visit) -> None:
    office: Page = visit("vpub")
    cells = ["=1+1", "+A1", "@SUM(1)", "-2+3+cmd|' /C calc'!A0", "-1.234,5", "+9,5%", "-", "Xã"]
    shown(office, table("mot", cells))
    office.locator("#mot button[data-tool]").click()
    expect(office.locator("#mot button[data-tool]")).to_contain_text("Đã chép")
    office.evaluate("document.querySelector('main').append(document.createElement('textarea'))")
    office.focus("main textarea")
    office.keyboard.press("Control+V")
    pasted = office.input_value("main textarea").split("\n")
    assert pasted == ["Cột", *(f"'{one}" for one in cells[:4]), *cells[4:]]


def test_what_is_asked_again_and_again_is_given_up_when_it_fails_and_that_is_told(visit: Visit) -> None:
    office: Page = visit("vpub", is_shut_out=True)
    asked, loaded = list[str](), list[str]()
    office.route("**/khong-co", lambda route: (asked.append(route.request.url), route.fulfill(status=401)))
    office.on("load", lambda page: loaded.append(page.url))
    office.clock.install()
    shown(office, '<p data-poll="/khong-co"></p>')
    for wait in range(7):
        with office.expect_response("**/khong-co"):
            office.clock.run_for(1000 * 2**wait)
    expect(office.locator(".toasts")).to_contain_text("Máy chủ không trả lời")
    office.clock.run_for(60_000)
    assert (len(asked), len(loaded)) == (7, 1)
