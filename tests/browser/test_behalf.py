"""A clerk of the leading agency enters for the customs office by its document, its leader approves (F23)."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import no_sideways_scrolling
from tests.webui.small_province import narrative

pytestmark = pytest.mark.browser
PRINTED = "Số liệu nhập thay theo văn bản số 131/HQKV-NV ngày 09/11/2026; không phải phê duyệt của đơn vị"


def test_a_unit_without_people_is_entered_for_by_its_document(visit: Callable[[str], Page], tmp_path: Path) -> None:
    letter = tmp_path / "cv-131.docx"
    letter.write_bytes(narrative().getvalue())
    clerk = visit("nl.stc")
    clerk.set_viewport_size({"width": 360, "height": 740})
    clerk.click("text=cần nhập thay: 1")
    clerk.click("text=Nhập thay >> nth=-1")
    clerk.fill("#f-number", "131/HQKV-NV")
    clerk.fill("#f-dated", "2026-11-09")
    clerk.set_input_files("#f-file", letter)
    clerk.check("#f-khong-mat")
    assert no_sideways_scrolling(clerk)
    clerk.click("text=Ghi nhận văn bản")
    clerk.click("text=Nhập trên trang")
    for box in clerk.locator("input.figure").all():
        box.fill(box.input_value() or "120")
    clerk.click("button[value=submit]")
    expect(clerk.locator("body")).to_contain_text("đang chờ lãnh đạo cơ quan chủ trì duyệt")
    assert no_sideways_scrolling(clerk)

    leader = visit("ld.stc")
    leader.click("text=chờ anh/chị duyệt: 1")
    leader.click("text=Xem và duyệt")
    expect(leader.locator("body")).to_contain_text(PRINTED)
    leader.click("summary:has-text('Duyệt số liệu')")
    leader.click("form[action$='/duyet'] button")
    leader.click("text=Phiếu xác nhận >> nth=0")
    expect(leader.locator("article.receipt")).to_contain_text(PRINTED)
