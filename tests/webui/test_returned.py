"""The workbook of an upload handed back: what the page offers, who gets it, and sending it again."""

import io

import openpyxl
import pytest

from actions import receive
from actions.instance import Instance
from actions.returned import can_be_marked
from registry.catalogue.values import CellValue, State
from registry.store import audit, uploads
from tests.webui import small_province as province
from tests.webui.conftest import SignIn
from tests.webui.small_province import sit, work_of

MARKED, TIDIED = "Tải tệp đã đánh dấu lỗi", "Tải tệp đã chuẩn hóa"
WORDS = CellValue(State.BLANK, None, "một trăm")
TYPED = CellValue(State.BLANK, None, "125")


pytestmark = pytest.mark.parametrize("instance", ["sqlite"], indirect=True)


def sent_again(instance: Instance, data: bytes) -> uploads.StoredVerdict:
    clerk = sit(instance, "easup")
    number = receive.receive(clerk, io.BytesIO(data), "tệp sửa.xlsx", work_of(clerk).unit_id)
    return receive.judge_upload(clerk, number)


def test_a_wrong_file_comes_back_marked_and_corrected_is_accepted(instance: Instance, signed_in: SignIn) -> None:
    number = province.sent(sit(instance, "easup"), NN14_c06=WORDS)
    browser = signed_in("easup")
    assert MARKED in browser.get(f"/tep/{number}").text
    answer = browser.get(f"/tep/{number}/danh-dau.xlsx", buffered=True)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == (
        f"attachment; filename=KTXH-01_202610_24211_ea-sup_tep-{number}_da-danh-dau.xlsx"
    )
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    listed = book["Kết quả kiểm tra"]
    assert "một trăm" in [one.value for one in listed["H"]]
    assert f"Tệp số {number} (" in listed["B3"].value
    marked = [one for row in book["KTXH-01"].iter_rows() for one in row if one.value == "một trăm"]
    assert ["một trăm" in one.comment.text for one in marked] == [True]

    marked[0].value = 100
    saved = io.BytesIO()
    book.save(saved)
    assert sent_again(instance, saved.getvalue()).can_be_submitted


def test_what_was_understood_comes_back_written_so(instance: Instance, signed_in: SignIn) -> None:
    number = province.sent(sit(instance, "easup"), NN14_c06=TYPED)
    browser = signed_in("easup")
    assert f"{TIDIED} (1 ô)" in browser.get(f"/tep/{number}").text
    answer = browser.get(f"/tep/{number}/chuan-hoa.xlsx", buffered=True)
    again = sent_again(instance, answer.data)
    with instance.store.read() as connection:
        first = uploads.newest_verdict(connection, number)
    assert first is not None
    assert again.values == first.values
    assert "number-converted" in {one.code for one in first.findings}
    assert "number-converted" not in {one.code for one in again.findings}


def test_a_file_without_findings_or_conversions_offers_neither(instance: Instance, signed_in: SignIn) -> None:
    number = province.sent(sit(instance, "easup"))
    page = signed_in("easup").get(f"/tep/{number}").text
    assert TIDIED not in page
    answer = signed_in("easup").get(f"/tep/{number}/chuan-hoa.xlsx")
    assert answer.status_code == 400
    assert "không có ô nào cần chuẩn hóa" in answer.text


def test_a_refused_file_is_not_marked(instance: Instance, signed_in: SignIn) -> None:
    clerk = sit(instance, "easup")
    number = receive.receive(clerk, io.BytesIO(b"PK nothing"), "x.xlsx", work_of(clerk).unit_id)
    receive.judge_upload(clerk, number)
    browser = signed_in("easup")
    assert MARKED not in browser.get(f"/tep/{number}").text
    assert browser.get(f"/tep/{number}/danh-dau.xlsx").status_code == 400


def test_a_file_not_judged_yet_is_not_marked(instance: Instance) -> None:
    clerk = sit(instance, "easup")
    number = receive.receive(clerk, io.BytesIO(province.filled(clerk)[1]), "x.xlsx", work_of(clerk).unit_id)
    with instance.store.read() as connection:
        upload = uploads.get(connection, number)
    assert upload is not None
    assert not can_be_marked(upload, None)


def test_another_units_file_does_not_exist(instance: Instance, signed_in: SignIn) -> None:
    number = province.sent(sit(instance, "easup"), NN14_c06=WORDS)
    browser = signed_in("bmt")
    assert browser.get(f"/tep/{number}/danh-dau.xlsx").status_code == 404
    assert browser.get(f"/tep/{number}/chuan-hoa.xlsx").status_code == 404


def test_each_copy_handed_out_is_in_the_log(instance: Instance, signed_in: SignIn) -> None:
    number = province.sent(sit(instance, "easup"), NN14_c06=WORDS)
    signed_in("easup").get(f"/tep/{number}/danh-dau.xlsx", buffered=True)
    with instance.store.read() as connection:
        entries = audit.latest(connection, 5)
    assert [one.object for one in entries if one.action == "download"] == [f"upload {number} da-danh-dau"]
