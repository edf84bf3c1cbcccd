"""A clerk's day: what is due, a workbook filled in LibreOffice, sending, verdicts, explaining, submitting, mending."""

import json
import subprocess
from base64 import b64encode
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from actions import decide, openings
from actions.cases import situation
from registry.catalogue.values import CellKey, CellValue, State
from registry.store.tables import session
from tests.browser.conftest import NOVEMBER, Served, Visit, picture
from tests.browser.steps import downloaded, explain_everything, no_sideways_scrolling
from tests.webui.small_province import WORD, filled, sit, work_of
from workbook_templates.filling import prefilled
from workbook_templates.grid import place

pytestmark = pytest.mark.browser
LIBREOFFICE = Path(__file__).parents[1] / "tools" / "lo_client.py"
EACH_WAY = pytest.mark.parametrize(("width", "javascript"), [(360, True), (1366, False)])


@pytest.fixture(autouse=True)
def november(served: Served) -> None:
    openings.open_period(sit(served.instance, "vpub", NOVEMBER), "KTXH", "202611")


def workbook(served: Served, folder: Path, **changed: CellValue) -> Path:
    name, data = filled(sit(served.instance, "easup", NOVEMBER), "120", "202611", **changed)
    path = folder / (f"sai_{name}" if changed else name)
    path.write_bytes(data)
    return path


def fill_in_libreoffice(served: Served, book: Path) -> Path:
    """Type 130 into every empty yellow cell, and 150 over one official figure of October, as a clerk would."""
    desk = sit(served.instance, "easup")
    with desk.read() as connection:
        one = situation(connection, desk.snapshot(connection), work_of(desk, "202611"))
    grid, known = place(one.view), prefilled(one.context)
    blank = [key for key in one.view.inputs if key not in known or known[key].state is State.BLANK]
    types = [f"--type={grid.sheet}!{grid.cells[key]}=130" for key in blank]
    changed = next(key for key in one.view.inputs if key.row == "NN14" and key.column == "c05")
    types.append(f"--type={grid.sheet}!{grid.cells[changed]}=150")
    saved = book.with_stem(book.stem + "_filled")
    command = ["/usr/bin/python3", str(LIBREOFFICE), str(book), "--timeout", "150", *types, "--save", str(saved)]
    answer = json.loads(subprocess.run(command, capture_output=True, text=True, timeout=200, check=False).stdout)
    assert answer["ok"], answer
    assert [typed for typed in answer["type"] if not typed["accepted"]] == []
    return saved


def send(clerk: Page, files: list[Path], *, javascript: bool) -> int:
    """Choose files at home and send them; the clicks it takes: choosing, and without a script the button."""
    clerk.set_input_files("#tep", files)
    if not javascript:
        clerk.click("#tai-len form button")
    return 1 if javascript else 2


def drop(clerk: Page, files: list[Path]) -> None:
    """Drag files over the foot of the page and let go."""
    given = [[one.name, b64encode(one.read_bytes()).decode()] for one in files]
    moved = clerk.evaluate_handle(
        """files => files.reduce((moved, [name, text]) => {
            moved.items.add(new File([Uint8Array.from(atob(text), (one) => one.charCodeAt(0))], name));
            return moved;
        }, new DataTransfer())""",
        given,
    )
    clerk.dispatch_event("footer", "dragover", {"dataTransfer": moved})
    expect(clerk.locator("[data-drop-cover]")).to_be_visible()
    clerk.dispatch_event("footer", "drop", {"dataTransfer": moved})


@EACH_WAY
def test_from_sign_in_to_submitted_in_three_clicks(
    served: Served, visit: Visit, tmp_path: Path, width: int, javascript: bool
) -> None:
    clerk = visit("easup", width=width, javascript=javascript)
    clicks = send(clerk, [workbook(served, tmp_path)], javascript=javascript)
    expect(clerk.locator(".outcome h2")).to_have_text("Đạt, không có lỗi")
    clerk.click("#trinh-duyet button")
    assert clicks + 1 <= 3
    expect(clerk.locator(".told-success")).to_contain_text("Đã trình lãnh đạo duyệt.")
    clerk.go_back()  # the page before asks for nothing that was done
    expect(clerk.locator(".outcome")).to_contain_text("Chờ duyệt số liệu")
    expect(clerk.locator("#trinh-duyet")).to_have_count(0)
    assert work_of(sit(served.instance, "easup"), "202611").version == 1


@pytest.mark.office
def test_more_time_is_asked_and_a_workbook_filled_in_libreoffice_explained_and_submitted(
    served: Served, visit: Visit, tmp_path: Path
) -> None:
    clerk = visit("easup")
    first = clerk.locator(".errand").first
    expect(first).to_contain_text("Tháng 11 năm 2026")
    expect(first).to_contain_text("còn 6 ngày")
    box = first.bounding_box()
    assert box is not None
    assert box["y"] < 700  # above the fold, even under the card of the demo
    first.locator("text=Thời hạn").click()
    clerk.click("summary:has-text('Đề nghị gia hạn')")
    clerk.fill("#moc-de-nghi", "2026-11-17T11:00")
    clerk.fill("#ly-do", "Mất điện cả buổi chiều tại xã")
    clerk.click("button[value=time]")
    expect(clerk.locator("article[id^=de-nghi-]")).to_contain_text("Mất điện cả buổi chiều")
    clerk.goto("/")
    book = downloaded(clerk, ".errand >> nth=0 >> text=Tải biểu mẫu", tmp_path)
    assert book.name == "KTXH-01_202611_24211_ea-sup_v1.xlsx"
    send(clerk, [fill_in_libreoffice(served, book)], javascript=True)
    expect(clerk.locator(".outcome h2")).to_have_text("Đạt, có cảnh báo cần giải trình")
    expect(clerk.locator("td.marked-wait").first).to_contain_text("Cảnh báo")
    explain_everything(clerk)
    clerk.click("#trinh-duyet button")
    expect(clerk.locator(".told-success")).to_contain_text("Đã trình lãnh đạo duyệt.")


@EACH_WAY
def test_several_files_their_verdicts_what_came_back_and_both_versions(
    served: Served, visit: Visit, tmp_path: Path, width: int, javascript: bool
) -> None:
    wrong = workbook(served, tmp_path, NN14_c06=CellValue(State.BLANK, None, "một trăm"))
    clerk = visit("easup", width=width, javascript=javascript)
    files = [wrong, workbook(served, tmp_path)]
    if javascript:
        drop(clerk, files)
    else:
        send(clerk, files, javascript=False)
    lines = clerk.locator(".tasks li")
    expect(lines.nth(0)).to_contain_text("Có lỗi phải sửa")  # the page waits by itself
    expect(lines.nth(1)).to_contain_text("Sẵn sàng trình duyệt")
    assert no_sideways_scrolling(clerk)
    picture(clerk, f"clerk-several-{width}")
    clerk.reload()  # it is all still there
    clerk.click(f"text={wrong.name}")
    marked = downloaded(clerk, "a[href$='/danh-dau.xlsx']", tmp_path)
    assert marked.stat().st_size > 1000
    clerk.goto("/tai-len/ket-qua")
    clerk.click("text=Trình duyệt tất cả (1)")
    expect(clerk.locator(".told-success")).to_contain_text("Đã trình duyệt 1 biểu.")

    form = work_of(sit(served.instance, "easup"), "202611")
    cells = {CellKey("NN14", "c06"): "Đối chiếu lại với trạm thú y"}
    decide.send_back(sit(served.instance, "ld.easup", NOVEMBER), form.assignment_id, 1, "Xem lại đàn lợn", cells)
    clerk.goto("/")
    expect(clerk.locator(".errand").first).to_contain_text("Đối chiếu lại với trạm thú y")
    assert no_sideways_scrolling(clerk)
    clerk.click("text=Xem lý do, sửa lại")
    clerk.click("a[href$='/sua'] >> nth=0")
    clerk.locator("form.correct input.form-control:visible").first.fill("118")
    clerk.locator("form.correct input.form-control:visible").first.press("Enter")
    expect(clerk.locator(".outcome h2")).to_contain_text("Đạt")
    explain_everything(clerk)
    clerk.click("#trinh-duyet button")
    expect(clerk.locator(".told-success")).to_contain_text("Đã trình lãnh đạo duyệt.")
    assert work_of(sit(served.instance, "easup"), "202611").version == 2
    assert no_sideways_scrolling(clerk)
    picture(clerk, f"clerk-submitted-{width}")


@EACH_WAY
def test_a_session_that_ends_in_the_middle_of_sending_keeps_the_file(
    served: Served, visit: Visit, tmp_path: Path, width: int, javascript: bool
) -> None:
    clerk = visit("easup", width=width, javascript=javascript, is_shut_out=True)
    with served.instance.store.write() as connection:
        connection.execute(session.update().values(seen=NOVEMBER - timedelta(hours=1)))
    send(clerk, [workbook(served, tmp_path)], javascript=javascript)
    door = clerk
    if javascript:
        expect(clerk.locator("[data-idle-dialog]")).to_contain_text("Đã tự đăng xuất")
        with clerk.expect_popup() as opened:
            clerk.click("[data-idle-dialog] a")
        door = opened.value
    picture(clerk, f"clerk-over-{width}")
    door.fill("#login", "easup")
    door.fill("#password", WORD)
    door.click(".door-form button")
    door.wait_for_url(lambda address: not address.endswith("dang-nhap") and "next=" not in address)
    if javascript:
        clerk.evaluate("dispatchEvent(new Event('focus'))")  # the tab is looked at again
    else:
        picture(clerk, f"clerk-held-{width}")
        clerk.click("text=Gửi tiếp 1 tệp")
    expect(clerk.locator(".outcome h2")).to_have_text("Đạt, không có lỗi")


def test_files_let_go_while_others_are_sent_wait_their_turn_and_the_page_stays_for_all(
    visit: Visit, tmp_path: Path
) -> None:
    clerk = visit("easup")
    sent = list[Route]()
    clerk.route("**/tai-len", lambda route: sent.append(route))
    for name in ("mot.xlsx", "hai.xlsx"):
        (tmp_path / name).write_bytes(b"x")
        drop(clerk, [tmp_path / name])
    expect(clerk.locator("[data-drop] li")).to_have_count(2)

    def kept(number: int) -> None:
        told = {"number": number, "url": f"/tep/{number}"}
        sent[number - 1].fulfill(status=201, json=told | {"uploads": [told]})

    with clerk.expect_request("**/tai-len"):
        kept(1)
    clerk.click("h1")
    with clerk.expect_event("dialog") as question:  # nobody leaves what is on its way unasked
        clerk.evaluate("setTimeout(() => location.assign('/tai-khoan'))")
    assert question.value.type == "beforeunload"
    question.value.dismiss()
    with clerk.expect_request("**/tai-len/ket-qua?tep=1&tep=2"):
        kept(2)
