"""A leader's day: what waits, the greatest changes, one form returned, the next approved, by phone and at a desk."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from actions import openings, submit
from registry.catalogue.values import CellValue
from registry.catalogue.values import State as CellState
from registry.store import openings as stored
from registry.store import submissions
from registry.workflow.policy import Action
from registry.workflow.submission import State
from tests.browser.conftest import NOVEMBER, Served, Visit
from tests.browser.steps import no_sideways_scrolling
from tests.webui.small_province import sit, submitted, work_of

pytestmark = pytest.mark.browser


@pytest.fixture
def waiting(served: Served) -> tuple[int, int]:
    """November and the third quarter, handed in by Ea Súp; their assignments."""
    office, clerk = sit(served.instance, "vpub", NOVEMBER), sit(served.instance, "easup", NOVEMBER)
    openings.open_period(office, "KTXH", "202611")
    openings.open_period(office, "KSTT", "20263")
    official = CellValue(CellState.VALUE, Decimal(150))  # of October, far from what was estimated
    submitted(clerk, "131", "202611", NN14_c05=official)
    with clerk.read() as connection:
        quarter = stored.work(connection, clerk.scope(Action.SEE_WORK), regime="KSTT", period_code="20263")[0]
    submit.nil(clerk, quarter.assignment_id)
    return work_of(clerk, "202611").assignment_id, quarter.assignment_id


def at(page: Page, assignment_id: int) -> None:
    expect(page).to_have_url(re.compile(rf"/viec/{assignment_id}$"))
    assert no_sideways_scrolling(page)
    expect(page.locator(".decision")).to_be_in_viewport()  # wherever on the page one reads


@pytest.mark.parametrize(("width", "javascript"), [(360, True), (1366, False)])
def test_a_leader_returns_one_form_approves_the_next_and_lends_his_approval(
    served: Served, visit: Visit, waiting: tuple[int, int], width: int, javascript: bool
) -> None:
    month, quarter = waiting
    leader = visit("ld.easup", width=width, javascript=javascript)
    assert no_sideways_scrolling(leader)
    leader.goto("/cho-duyet")
    assert no_sideways_scrolling(leader)
    leader.click(f"a.btn[href='/viec/{month}']")
    at(leader, month)
    expect(leader.locator("#thay-doi .count")).to_have_text(re.compile("[1-9]"))
    expect(leader.locator(".compared tbody tr").first).to_contain_text("%)")
    expect(leader.locator("blockquote").first).to_contain_text("đã đối chiếu")

    leader.check("input[name=o][value^='NN14'] >> nth=-1")
    leader.click("#chon-o button")
    expect(leader.locator("#o-chon .count")).to_have_text("1")
    leader.fill("article >> nth=0 >> input.form-control", "Đối chiếu lại với trạm thú y")
    leader.fill("#ly-do", "Đàn bò tăng quá nhanh")
    leader.click("button[value=return]")
    expect(leader.locator(".told-success")).to_be_visible()
    leader.click(f"main a[href='/viec/{quarter}']")

    at(leader, quarter)
    leader.click(".decision summary:has-text('Duyệt số liệu')")
    expect(leader.locator(".decision .ask[open]")).to_contain_text("lần trình thứ 1")
    expect(leader.locator(".decision form[action$='/duyet'] button")).to_be_in_viewport()
    leader.check("#gui-luon")
    leader.click(".decision form[action$='/duyet'] button")
    expect(leader.locator(".told-success").first).to_contain_text("Đã duyệt số liệu.")
    expect(leader.locator(".told-success").last).to_contain_text("gửi đến cơ quan nhận")
    leader.go_back()
    leader.reload()
    expect(leader.locator(".decision")).to_have_count(0)  # nothing is decided twice
    with served.instance.store.read() as connection:
        seen = sit(served.instance, "ld.easup", NOVEMBER).scope(Action.SEE_WORK)
        states = {one.assignment_id: one for one in stored.work(connection, seen) if one.assignment_id in waiting}
        told = submissions.events(connection, states[quarter].submission_id)
    assert [states[one].state for one in waiting] == [State.RETURNED, State.APPROVED]
    assert [one.action for one in told].count(Action.APPROVE) == 1

    leader.goto("/uy-quyen")
    leader.fill("#den-ngay", "2026-11-20")
    leader.click("button:has-text('Ủy quyền duyệt')")
    expect(leader.locator(".told-success")).to_have_text("Đã ủy quyền duyệt.")
    expect(leader.locator("article.split")).to_contain_text("10/11/2026 – 20/11/2026")
    assert no_sideways_scrolling(leader)
    leader.locator("article.split summary").click()
    leader.click("button:has-text('Thu hồi ủy quyền')")
    expect(leader.locator(".told-success")).to_contain_text("Đã thu hồi ủy quyền")
