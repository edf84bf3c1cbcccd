"""One form by several hands: shared out, filled in LibreOffice and on the page, put together, submitted."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from actions import openings, parts
from registry.catalogue.values import State
from registry.workflow.policy import Action
from tests.browser.conftest import NOVEMBER, Served, Visit, picture
from tests.browser.steps import downloaded, explain_everything, no_sideways_scrolling
from tests.tools.office import office
from tests.webui import rights
from tests.webui import small_province as province
from tests.webui.small_province import FARM, SOCIETY, sit, work_of
from workbook_templates.filling import prefilled
from workbook_templates.grid import place

pytestmark = [pytest.mark.browser, pytest.mark.office]


def filled_in_libreoffice(served: Served, workbook: Path) -> Path:
    """The division's own cells typed as its clerk would; everybody else's refuse."""
    clerk, work = sit(served.instance, "kt.easup", NOVEMBER), work_of(sit(served.instance, "easup"), "202611")
    with clerk.read() as connection:
        one = parts.answering(clerk, connection, Action.DOWNLOAD_TEMPLATE, work.assignment_id)
    grid, saved = place(one.view), workbook.with_stem(workbook.stem + "-da-nhap")
    assert one.part is not None
    others = [grid.cells[key] for key in sorted(one.waiting)]
    locked = [f"--expect-locked={grid.sheet}!{address}" for address in others[:: len(others) // 6]]
    known = prefilled(one.context)
    blank = [key for key in one.view.inputs if key not in known or known[key].state is State.BLANK]
    assert {key.row for key in blank} <= one.part.rows
    types = [f"--type={grid.sheet}!{grid.cells[key]}=120" for key in blank]
    answer = office(workbook, *types, *locked, "--save", str(saved))
    assert types
    assert [cell for cell in answer["type"] if not cell["accepted"]] == []
    assert len(answer["locked"]) >= 6
    assert all(cell["refused"] for cell in answer["locked"])
    return saved


def test_two_divisions_and_the_hub_fill_one_form(served: Served, visit: Visit, tmp_path: Path) -> None:
    province.add_divisions(served.instance)
    openings.open_period(sit(served.instance, "vpub", NOVEMBER), "KTXH", "202611")
    assignment = work_of(sit(served.instance, "easup"), "202611").assignment_id
    unit, farm, society = (rights.unit_key(served.instance, one) for one in (province.EASUP, FARM, SOCIETY))

    admin = visit("qt.easup")
    admin.goto(f"/phan-cong/{unit}/KTXH-01")
    for field in admin.locator("select[name^='d:NN']").all():
        field.select_option(str(farm))
    for field in admin.locator("select[name^='d:XH']").all():
        field.select_option(str(society))
    admin.click("text=Lưu phân công")
    expect(admin.locator(".told-success")).to_contain_text("Đã lưu")
    picture(admin, "phan-cong")

    farmer = visit("kt.easup")
    workbook = downloaded(farmer, "text=Tải phần việc của tôi", tmp_path)
    farmer.set_input_files("#tep", filled_in_libreoffice(served, workbook))
    expect(farmer.locator(".outcome")).to_contain_text("Phần việc này đã sẵn sàng")

    clerk = visit("vhxh.easup", width=360)
    clerk.goto(f"/viec/{assignment}/nhap")
    for field in clerk.locator("input[name^='o:']").all():
        field.fill("120")
    clerk.click("button[value=save]")
    expect(clerk.locator(".told-success").first).to_contain_text("Đã lưu")
    assert no_sideways_scrolling(clerk)

    hub = visit("easup")
    hub.goto(f"/viec/{assignment}/nhap")
    for field in hub.locator("input[name^='o:']:not([name^='o:NN']):not([name^='o:XH'])").all():
        field.fill("120")
    hub.fill("[name='o:NN14:c06']", "130")  # which the division knows better
    hub.click("button[value=save]")
    expect(hub.locator(".told-success").first).to_contain_text("Đã lưu")
    hub.goto(f"/viec/{assignment}/phan-viec")
    expect(hub.locator(".told-success").first).to_contain_text("Cả 2 phòng đã gửi")
    hub.click("text=Ghép phần việc >> nth=-1")
    expect(hub.locator(".outcome h2")).to_have_text("Có lỗi phải sửa")
    expect(hub.locator("body")).to_contain_text("Phòng Kinh tế xã Ea Súp: 120; Xã Ea Súp: 130")
    picture(hub, "ghep-lech")
    hub.fill("#sua-NN14-c06", "120")
    hub.press("#sua-NN14-c06", "Enter")
    expect(hub.locator(".outcome h2")).to_contain_text("Đạt")
    hub.goto(f"/viec/{assignment}/phan-viec")
    picture(hub, "phan-viec")
    hub.click("text=Xem và trình duyệt bản ghép")
    expect(hub).to_have_url(re.compile("/tep/"))
    explain_everything(hub)
    hub.click("#trinh-duyet button")
    expect(hub.locator(".told-success").first).to_contain_text("Đã trình lãnh đạo duyệt.")
