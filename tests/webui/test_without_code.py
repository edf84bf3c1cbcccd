"""A file without any code over HTTP: recognised, confirmed by the clerk, flagged to the leader; links to the blank."""

from __future__ import annotations

import html
import io

import openpyxl
from flask.testing import FlaskClient

from actions.cases import situation
from actions.instance import Instance
from actions.work import run_one
from registry.store import audit, uploads
from tests.webui.conftest import ON_SQLITE, SignIn
from tests.webui.small_province import filled, sit, work_of
from tests.webui.test_walk import upload
from workbook_templates.token import CELL_PREFIX

SEND_AS = "Gửi như biểu KTXH-01"


def retyped(data: bytes, before: str = "", after: str = "") -> bytes:
    """The form's sheet alone as a program without our carriers saves it; one text may be changed."""
    book, made = openpyxl.load_workbook(io.BytesIO(data)), openpyxl.Workbook()
    other = made.active
    assert other is not None
    for row in book["KTXH-01"].iter_rows(min_col=2):
        for cell in row:
            value = after if before and cell.value == before else cell.value
            if value is not None and not str(value).startswith(CELL_PREFIX.strip()):
                other.cell(cell.row, cell.column, value)
    saved = io.BytesIO()
    made.save(saved)
    return saved.getvalue()


def sent(browser: FlaskClient, instance: Instance, data: bytes) -> str:
    page = str(upload(browser, instance, data).location)
    while run_one(instance):
        pass
    return page


def entries(instance: Instance) -> list[str]:
    with sit(instance, "easup").read() as connection:
        return [entry.action for entry in audit.latest(connection)]


def test_a_retyped_form_is_confirmed_judged_and_flagged_to_the_leader(instance: Instance, signed_in: SignIn) -> None:
    clerk = signed_in("easup")
    _, data = filled(sit(instance, "easup"))
    page = sent(clerk, instance, retyped(data))
    work = work_of(sit(instance, "easup"))
    shown = clerk.get(page).text
    assert SEND_AS in shown
    assert f"/bieu-mau/{work.assignment_id}.xlsx" in shown

    answer = clerk.post(f"{page}/gui-nhu", data={"viec": str(work.assignment_id)}, follow_redirects=True)

    assert answer.status_code == 200
    assert SEND_AS not in answer.text
    assert "identity-without-token" in _codes(instance, page)
    assert "confirm-form" in entries(instance)
    words = {f"giai-trinh-{at}": "nhập lại từ bản in" for at in range(len(_codes(instance, page)))}
    assert clerk.post(f"{page}/trinh-duyet", data=words).status_code == 302
    leader = signed_in("ld.easup").get(f"/viec/{work.assignment_id}").text
    assert "không có mã biểu" in leader
    assert "nhập lại từ bản in" in leader
    again = clerk.post(f"{page}/kiem-tra-lai", follow_redirects=True)
    assert SEND_AS not in again.text


def _codes(instance: Instance, page: str) -> list[str]:
    with sit(instance, "easup").read() as connection:
        verdict = uploads.newest_verdict(connection, int(page.rsplit("/", 1)[-1]))
    assert verdict is not None
    return [one.code for one in verdict.findings]


@ON_SQLITE
def test_one_that_differs_is_told_where_and_cannot_be_confirmed(instance: Instance, signed_in: SignIn) -> None:
    clerk = signed_in("easup")
    desk = sit(instance, "easup")
    _, data = filled(desk)
    work = work_of(desk)
    with desk.read() as connection:
        view = situation(connection, desk.snapshot(connection), work).view
    label = view.rows[2][0].label
    page = sent(clerk, instance, retyped(data, label, "Chỉ tiêu khác"))

    shown = clerk.get(page).text

    assert "identity-other-layout" in _codes(instance, page)
    assert "+ Chỉ tiêu khác" in html.unescape(shown)
    assert SEND_AS not in shown
    assert f"/bieu-mau/{work.assignment_id}.xlsx" in shown
    assert clerk.post(f"{page}/gui-nhu", data={"viec": str(work.assignment_id)}).status_code == 409
    assert "identity-without-token" not in _codes(instance, page)


@ON_SQLITE
def test_tampering_is_logged_as_such(instance: Instance, signed_in: SignIn) -> None:
    clerk = signed_in("easup")
    _, data = filled(sit(instance, "easup"))
    book = openpyxl.load_workbook(io.BytesIO(data))
    for row in book["KTXH-01"].iter_rows(max_row=8):
        for cell in row:
            if str(cell.value).startswith(CELL_PREFIX.strip()):
                text = str(cell.value)
                cell.value = text[:-5] + ("A" if text[-5] != "A" else "B") + text[-4:]
    saved = io.BytesIO()
    book.save(saved)

    page = sent(clerk, instance, saved.getvalue())

    assert _codes(instance, page)[-1] == "identity-tampered"
    assert "tampered-code" in entries(instance)
    assert SEND_AS not in clerk.get(page).text
