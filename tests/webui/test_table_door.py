"""Every table shown is to be had as a workbook at the page's own address."""

import io
import json
from decimal import Decimal

import openpyxl
import pytest
from flask.testing import FlaskClient
from lxml import html

from actions import log
from actions.instance import Instance
from registry.store import audit
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, SignIn
from vietnamese.dates import format_moment
from webui import table_door
from webui.pages import board
from webui.wording import say

BOARD = "/ky-bao-cao/KTXH/202610"
pytestmark = ON_SQLITE


def cells(answer_data: bytes) -> list[tuple[object, ...]]:
    sheet = openpyxl.load_workbook(io.BytesIO(answer_data)).active
    assert sheet is not None
    return list(sheet.iter_rows(values_only=True))


def take(browser: FlaskClient, address: str) -> list[tuple[object, ...]]:
    answer = browser.get(address)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "_cong-vu_" in answer.headers["Content-Disposition"]
    return cells(answer.data)


def test_a_form_taken_away_is_the_form_shown_number_by_number(instance: Instance, signed_in: SignIn) -> None:
    own = province.carry_through(instance, "easup", "ld.easup")
    browser = signed_in("easup")
    box = html.document_fromstring(browser.get(f"/viec/{own.assignment_id}").text).xpath("//*[@id='b-so-lieu']")[0]
    (address,) = box.xpath("./div[contains(@class, 'table-tools')]/a/@href")
    taken = take(browser, address)
    who = province.sit(instance, "easup").actor.name
    assert taken[1][0] == say("table.taken", who=who, at=format_moment(province.NOW))
    shown = box.xpath(".//tbody/tr")
    assert len(shown) > 3
    for line, row in zip(shown, taken[-len(shown) :], strict=True):
        for cell, value in zip(line.xpath("./td|./th"), row, strict=False):
            text = " ".join(cell.text_content().split())
            if isinstance(value, int | float):
                assert Decimal(str(value)) == Decimal(text.replace(".", "").replace(",", "."))
            else:
                assert (value or "") == text
    assert any(isinstance(value, int | float) for row in taken[-len(shown) :] for value in row[2:])


def test_a_listing_gives_all_its_pages_and_leaves_its_note_in_the_log(
    instance: Instance, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = signed_in("vpub")
    whole = take(browser, f"{BOARD}?xuat=bang-theo-doi")
    monkeypatch.setattr(board, "PAGE", 1)
    assert browser.get(BOARD).text.count("<tr data-words") == 1
    assert [row[1:] for row in take(browser, f"{BOARD}?trang=2&xuat=bang-theo-doi")[3:]] == [
        row[1:] for row in whole[3:]
    ]
    assert len(whole) > 5
    with instance.store.read() as connection:
        noted = [one for one in audit.exported(connection, with_details=True) if one["action"] == table_door.TAKEN]
    assert noted[-1]["object"] == f"GET {BOARD}"
    assert json.loads(noted[-1]["detail"])["table"] == whole[0][0]


def test_a_listing_too_long_says_that_it_is_cut(signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_door, "MOST", 2)
    taken = take(signed_in("vpub"), f"{BOARD}?xuat=bang-theo-doi")
    assert taken[-1][0] == say("table.most", most=2)


def test_a_table_that_is_not_there_is_not_there_and_nobody_gets_another_ones(
    client: FlaskClient, signed_in: SignIn, instance: Instance
) -> None:
    assert signed_in("vpub").get(f"{BOARD}?xuat=khac").status_code == 404
    assert signed_in("easup").get(f"{BOARD}?xuat=bang-theo-doi").status_code == 404
    assert client.get(f"{BOARD}?xuat=bang-theo-doi").status_code == 302
    assert client.get("/dang-nhap?xuat=x").mimetype == "text/html"


def test_what_is_asked_of_a_page_is_asked_for_its_table_too_and_names_no_other_place(signed_in: SignIn) -> None:
    page = signed_in("vpub").get(f"{BOARD}?q=ea&endpoint=x&_scheme=javascript&_external=1&trang=2").text
    (address,) = html.document_fromstring(page).xpath("//*[@id='b-bang-theo-doi']/div[1]/a/@href")
    assert address == f"{BOARD}?q=ea&endpoint=x&_scheme=javascript&_external=1&xuat=bang-theo-doi"


def test_the_log_is_given_whole_too(signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "PAGE", 1)
    browser = signed_in("vpub")
    assert len(browser.get("/nhat-ky").text.split('<span class="hint">mục ')) == 2
    assert len(take(browser, "/nhat-ky?xuat=nhat-ky")) > 5
