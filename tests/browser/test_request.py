"""A request from the five-minute form to the table that fills, in a browser and on a phone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Served, Visit
from tests.browser.steps import no_sideways_scrolling
from tests.webui import asking

pytestmark = pytest.mark.browser


def test_a_request_is_asked_answered_on_a_phone_approved_and_seen_by_the_asker(served: Served, visit: Visit) -> None:
    asking.put_admins(served.instance)
    asker: Page = visit("qt.snnmt")
    asker.click("nav.menu >> text=Báo cáo")
    asker.click("nav >> text=Yêu cầu đột xuất")
    asker.click("text=Lập yêu cầu >> nth=0")
    asker.fill("#f-name", "Rà soát nhà văn hóa thôn, buôn")
    asker.fill("#f-due", "2026-11-14T16:00")
    asker.fill("[name=row] >> nth=0", "Nhà văn hóa thôn")
    asker.fill("[name=measure] >> nth=0", "nhà")
    asker.fill("[name=column] >> nth=0", "Hiện có")
    asker.check("text=Xã (1)")
    asker.click("button[value=preview]")
    expect(asker.locator(".tiles")).to_contain_text("16:00 ngày 14/11/2026")
    with asker.expect_download() as trial:
        asker.click("button[value=trial]")
    assert trial.value.suggested_filename.startswith("BAN-THU_")
    asker.click("button[value=ask]")
    expect(asker.locator(".coverage")).to_contain_text("Đã có 0/1 đơn vị trả lời")

    clerk = visit("easup", width=360)
    clerk.click("text=Nhập trên trang >> nth=0")
    assert no_sideways_scrolling(clerk)
    clerk.fill("#o-D01-c01", "khoảng mười")
    clerk.press("#o-D01-c01", "Enter")
    expect(clerk.locator("#o-D01-c01")).to_have_value("khoảng mười")
    expect(clerk.locator("#o-D01-c01")).to_have_attribute("aria-invalid", "true")
    clerk.fill("#o-D01-c01", "1.012")
    clerk.click("button[value=submit]")
    expect(clerk.locator(".told-success")).to_contain_text("Đã trình lãnh đạo duyệt.")

    leader = visit("ld.easup", width=360, javascript=False)
    leader.click("text=Xem và duyệt")
    leader.click("summary:has-text('Duyệt số liệu')")
    leader.check("#gui-luon")
    leader.click(".decision .btn-success:has-text('Duyệt') >> nth=1")
    expect(leader.locator(".told-success").last).to_contain_text("Đã duyệt báo cáo")
    asker.reload()
    expect(asker.locator(".answers tbody")).to_contain_text("1.012")
    expect(asker.locator(".answers tfoot")).to_contain_text("1.012")
