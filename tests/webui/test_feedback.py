"""Trouble and feedback: from any page, the unit's administrator first, the office behind him (PRACTICE F25)."""

import io
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from docx import Document
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from actions import feedback as acting
from actions.desk import Refusal
from actions.instance import Instance
from compile.sheet import LINE
from registry.catalogue.model import Role
from registry.findings import codes
from registry.store import audit, feedback, uploads
from registry.store.tables import audit_detail
from registry.store.tables import feedback as table
from registry.workflow.feedback import About, FeedbackKind, FeedbackState, FeedbackStep
from tests.ingest.test_letter import pdf
from tests.ingest.test_narrative import document
from tests.webui import rights
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, AtOnce, Clock, SignIn
from tests.webui.small_province import BMT, NOW, sit
from webui.site import PAGES
from webui.wording import say

TEXT = "Không tải được biểu mẫu tháng 10, máy báo lỗi mạng."
UPLOAD_NUMBER = re.compile(r'name="tep" value="(\d+)"')


def write(browser: FlaskClient, text: str = TEXT, **more: object) -> TestResponse:
    data = {"loai": "trouble", "noi_dung": text, "do": "send", "da_xem": "1"} | more
    return browser.post("/phan-anh/moi", data=data, content_type="multipart/form-data")


def a_number(answer: TestResponse) -> int:
    assert answer.status_code == 302, answer.text
    return int(answer.location.rsplit("/", 1)[1])


def act(browser: FlaskClient, number: int, do: str, text: str = "", *, as_sender: bool = False) -> TestResponse:
    """Take a step from the page as it stands."""
    address = f"/phan-anh/{number}" if as_sender else f"/phan-anh/xu-ly/{number}"
    version = re.search(r'name="version" value="(\d+)"', browser.get(address).text)
    sent = {"do": do, "noi_dung": text, "version": version[1] if version else "0"}
    return browser.post(address, data=sent, content_type="multipart/form-data")


def state_of(instance: Instance, number: int) -> FeedbackState:
    with instance.store.read() as connection:
        found = feedback.get(connection, number)
    assert found is not None
    return found.state


# --- the whole way ---------------------------------------------------------------------------------------------------


def test_it_goes_to_the_administrator_then_to_the_office_and_back_and_is_reopened_once(
    instance: Instance, signed_in: SignIn, clock: Clock
) -> None:
    clerk, admin, office = signed_in("easup"), signed_in("qt.easup"), signed_in("vpub")
    number = a_number(write(clerk))
    assert f"/phan-anh/xu-ly/{number}" in admin.get("/").text
    assert f"/phan-anh/xu-ly/{number}" not in office.get("/").text
    assert act(admin, number, "ask", "Dùng trình duyệt nào?").status_code == 302
    assert f'href="/phan-anh/{number}"' in clerk.get("/").text
    assert act(clerk, number, "reply", "Firefox", as_sender=True).status_code == 302
    assert act(admin, number, "hand-on", "").status_code == 400  # a line why
    assert act(admin, number, "hand-on", "Vượt thẩm quyền").status_code == 302
    assert f"/phan-anh/xu-ly/{number}" in office.get("/").text
    assert act(admin, number, "answer", "Tự trả lời").status_code in (404, 409)  # no longer the unit's
    assert act(office, number, "answer", "Đã khắc phục.").status_code == 302
    page = clerk.get(f"/phan-anh/{number}").text
    assert all(words in page for words in ("Đã khắc phục.", "Vượt thẩm quyền", "Firefox", say("feedback.is.answered")))
    clock.now += timedelta(days=9)
    clerk = signed_in("easup")
    assert act(clerk, number, "reopen", "Vẫn chưa được", as_sender=True).status_code == 302
    office = signed_in("vpub")
    assert act(office, number, "answer", "Xong.").status_code == 302
    assert act(clerk, number, "reopen", "Lần nữa", as_sender=True).status_code == 409
    assert act(office, number, "close").status_code == 302
    assert state_of(instance, number) is FeedbackState.CLOSED
    with instance.store.read() as connection:
        entries = [one for one in audit.latest(connection, 200) if one.object == f"feedback {number}"]
        bodies = connection.execute(select(audit_detail.c.body)).scalars().all()
        assert audit.verify(connection)[1] is None
    assert {one.unit_id for one in entries} == {sit(instance, "easup").actor.home}
    done = {"give-feedback", "handle-feedback", "settle-feedback"}
    assert done <= {one.action for one in entries}
    assert not [body for body in bodies if "Firefox" in body or "thẩm quyền" in body or "mạng" in body]


@ON_SQLITE
def test_without_another_administrator_it_goes_to_the_office_at_once(instance: Instance, signed_in: SignIn) -> None:
    assert state_of(instance, a_number(write(signed_in("qt.easup")))) is FeedbackState.PASSED
    rights.disable(instance, "qt.easup")
    assert state_of(instance, a_number(write(signed_in("easup")))) is FeedbackState.PASSED


@ON_SQLITE
def test_the_office_takes_over_what_a_unit_leaves_lying_and_overdue_says_so(
    instance: Instance, signed_in: SignIn, clock: Clock
) -> None:
    number = a_number(write(signed_in("easup")))
    clock.now = NOW + timedelta(days=7)
    office = signed_in("vpub")
    listed = office.get("/phan-anh/xu-ly").text
    assert say("feedback.overdue", standing=say("feedback.is.new")) in listed
    assert act(office, number, "take").status_code == 409
    assert act(office, number, "fetch").status_code == 302
    assert "quá hạn trả lời" not in office.get("/phan-anh/xu-ly").text


@ON_SQLITE
def test_who_was_quicker_counts_and_a_double_click_is_one(instance: Instance, signed_in: SignIn) -> None:
    clerk, admin = signed_in("easup"), signed_in("qt.easup")
    number = a_number(write(clerk))
    assert a_number(write(clerk)) == number
    stale = {"do": "take", "version": "0"}
    assert admin.post(f"/phan-anh/xu-ly/{number}", data=stale).status_code == 302
    refused = admin.post(f"/phan-anh/xu-ly/{number}", data={"do": "answer", "version": "0", "noi_dung": "Đã xong nhé"})
    assert refused.status_code == 409
    assert "Đã xong nhé" in refused.text  # nothing typed is lost


@ON_SQLITE
def test_nobody_floods_the_office(instance: Instance) -> None:
    desk = sit(instance, "easup")
    for n in range(acting.MOST_AN_HOUR):
        acting.send(desk, FeedbackKind.QUESTION, f"Câu hỏi {n}", About())
    with pytest.raises(Refusal, match="nhiều phản ánh"):
        acting.send(desk, FeedbackKind.QUESTION, "Một câu nữa", About())
    with pytest.raises(Refusal, match="4000"):
        acting.send(sit(instance, "bmt"), FeedbackKind.QUESTION, "x" * 4001, About())


# --- who sees what ---------------------------------------------------------------------------------------------------


@ON_SQLITE
def test_no_row_count_or_search_result_of_another_reaches_anybody(instance: Instance, signed_in: SignIn) -> None:
    number = a_number(write(signed_in("bmt"), "Chuyện riêng của phường"))
    assert state_of(instance, number) is FeedbackState.NEW  # Buôn Ma Thuột has an administrator
    for login in ("easup", "ld.easup", "ld.bmt", "ioc", "bmnn", "khcn", "nhan.stc", "qt.easup"):
        browser = signed_in(login)
        assert browser.get(f"/phan-anh/{number}").status_code == 404, login
        assert browser.get(f"/phan-anh/xu-ly/{number}").status_code == 404, login
        assert "Chuyện riêng" not in browser.get("/phan-anh").text
        assert "Chuyện riêng" not in browser.post("/phan-anh/moi", data={"do": "find", "noi_dung": "x"}).text
    admin = signed_in("qt.easup")
    for query in ("", "?muc=tat-ca", "?muc=tat-ca&tim=chuyen+rieng"):
        page = admin.get(f"/phan-anh/xu-ly{query}").text
        assert "Chuyện riêng" not in page
        page = page.partition('<main id="noi-dung"')[2]  # below the count of the reader's own notices
        assert set(re.findall(r"<b>(\d+)</b>", page)) == {"0"}, query
    assert signed_in("khcn").get("/phan-anh/xu-ly").status_code == 404
    office = signed_in("vpub")
    assert "Chuyện riêng" in office.get("/phan-anh/xu-ly?muc=tat-ca&tim=CHUYEN+rieng").text
    assert "Chuyện riêng" not in office.get("/phan-anh/xu-ly?tim=100%25").text


# --- what it is about ------------------------------------------------------------------------------------------------


@pytest.fixture
def faulty(instance: Instance) -> int:
    """A file of Ea Súp with findings."""
    return province.sent(sit(instance, "easup"), "-5")


@ON_SQLITE
def test_every_page_and_every_finding_leads_to_the_form_with_what_it_is_about(
    instance: Instance, signed_in: SignIn, faulty: int
) -> None:
    clerk = signed_in("easup")
    verdict = clerk.get(f"/tep/{faulty}").text
    links = re.findall(r'href="(/phan-anh/moi\?[^"]+)"', verdict)
    with instance.store.read() as connection:
        stored = uploads.newest_verdict(connection, faulty)
    assert stored is not None
    assert stored.findings
    assert len(links) == 1 + len(stored.findings)  # the page's own, then one a finding
    form = clerk.get(links[1].replace("&amp;", "&")).text
    assert UPLOAD_NUMBER.findall(form) == [str(faulty)]
    assert all(words in form for words in ("Xã Ea Súp", "KTXH-01", "Tháng 10 năm 2026", say("feedback.room.uploads")))
    assert any(one.code in form for one in stored.findings)
    number = a_number(write(clerk, trang="uploads.verdict", tep=str(faulty), ma=stored.findings[0].code, vi_tri="1"))
    seen = signed_in("qt.easup").get(f"/phan-anh/xu-ly/{number}").text
    assert f'href="/tep/{faulty}"' in seen
    assert stored.findings[0].code in seen


@ON_SQLITE
def test_nothing_is_believed_of_an_address(instance: Instance, signed_in: SignIn, faulty: int) -> None:
    other = signed_in("bmt")
    for query in (
        f"tep={faulty}&ma={codes()[0]}&trang=uploads.verdict",
        f"viec={province.work_of(sit(instance, 'easup')).assignment_id}",
        "tep=999999&viec=999999&ky=202612&che_do=KTXH&bieu=KTXH-01",
        "trang=https://xau.example/&ma=%3Cscript%3E",
        "trang=log.latest",  # not a page of his
        "ma=khong-co-ma-nay&don_vi=-1&vi_tri=99999999999",
    ):
        form = other.get(f"/phan-anh/moi?{query}").text
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form.partition("<main")[2]))
        assert hidden.keys() <= {"trang", "csrf_token"}, query
        assert hidden.get("trang", "uploads.verdict") == "uploads.verdict"
    number = a_number(write(other, tep=str(faulty), don_vi="x", trang="khong.co"))
    with instance.store.read() as connection:
        found = feedback.get(connection, number)
    assert found is not None
    assert found.about == About()


@ON_SQLITE
def test_what_is_about_a_unit_goes_to_its_people_and_nobody_else_reads_of_it(
    instance: Instance, signed_in: SignIn, faulty: int
) -> None:
    work, other = province.work_of(sit(instance, "easup")), rights.unit_key(instance, BMT)
    rights.give(instance, "easup", Role.CLERK, BMT)
    desk = sit(instance, "easup")
    desk = replace(desk, actor=replace(desk.actor, acting_unit=other))
    asked = About(page="submissions.one", assignment=work.assignment_id, finding=codes()[0])
    of_form = acting.send(desk, FeedbackKind.QUESTION, "Hỏi về biểu", asked)
    of_file = acting.send(desk, FeedbackKind.QUESTION, "Hỏi về tệp", About(page="uploads.verdict", upload=faulty))
    assert signed_in("qt.bmt").get(f"/phan-anh/xu-ly/{of_form}").status_code == 404
    assert f'href="/viec/{work.assignment_id}"' in signed_in("qt.easup").get(f"/phan-anh/xu-ly/{of_form}").text
    with instance.store.write() as connection:  # as it was sent before
        connection.execute(update(table).where(table.c.id.in_((of_form, of_file))).values(unit_id=other))
    for one in (of_form, of_file):
        page = signed_in("qt.bmt").get(f"/phan-anh/xu-ly/{one}").text
        told = page.partition('id="gui-kem"')[2].partition("</section>")[0]
        assert "<dd>" in told
        assert [words for words in ("Ea Súp", "KTXH-01", "Tháng 10", codes()[0], "href") if words in told] == []


def test_every_room_has_its_name() -> None:
    silent = {"feedback", "feedback_desk", "letters", "links", "health", "icons", "guides", "languages", "demo"}
    rooms = {one.blueprint.name for one in PAGES}
    assert {room for room in rooms if f"feedback.room.{room}" not in say} == silent
    assert [one for one in FeedbackStep if f"feedback.steps.{one}" not in say] == []
    assert [one for one in FeedbackState if f"feedback.is.{one}" not in say] == []


# --- files -----------------------------------------------------------------------------------------------------------


@ON_SQLITE
def test_a_file_is_looked_through_kept_and_read_by_who_sees_the_rest(instance: Instance, signed_in: SignIn) -> None:
    clerk = signed_in("easup")
    secret = write(clerk, tep_kem=(io.BytesIO(document("TỐI MẬT", "ẢNH")), "anh.docx"))
    assert (secret.status_code, "dấu" in secret.text, TEXT in secret.text) == (400, True, True)
    unsaid = write(clerk, tep_kem=(io.BytesIO(pdf(b"<< /Type /Catalog >>")), "anh.pdf"))
    assert unsaid.status_code == 400
    # chosen while looking for answers, it is still there when the words are sent
    picture = document("ẢNH")
    looked = write(clerk, do="find", tep_kem=(io.BytesIO(picture), "anh.docx")).text
    ticket = re.search(r'name="tep_da_giu" value="([^"]+)"', looked)
    assert ticket is not None
    assert write(clerk, tep_da_giu="tu-viet").status_code == 404
    number = a_number(write(clerk, tep_da_giu=ticket[1]))
    found = re.search(rf'href="(/phan-anh/{number}/tep/\d+)"', clerk.get(f"/phan-anh/{number}").text)
    assert found is not None
    assert clerk.get(found[1], buffered=True).data == picture
    handed = found[1].replace("/phan-anh/", "/phan-anh/xu-ly/")
    assert signed_in("qt.easup").get(handed, buffered=True).data == picture
    assert signed_in("bmt").get(found[1]).status_code == 404
    other = a_number(write(signed_in("bmt")))
    stolen = found[1].replace(f"/{number}/", f"/{other}/")
    assert signed_in("bmt").get(stolen).status_code == 404  # a file of another's feedback under one's own number


# --- answers for all -------------------------------------------------------------------------------------------------


@ON_SQLITE
def test_what_the_office_shares_is_found_without_accents_and_shown_before_the_next_is_sent(
    instance: Instance, signed_in: SignIn
) -> None:
    clerk, office = signed_in("easup"), signed_in("vpub")
    number = a_number(write(clerk))
    assert office.post(f"/phan-anh/xu-ly/{number}/dung-chung", data={"cau_hoi": "a", "tra_loi": "b"}).status_code == 409
    act(office, number, "fetch")
    act(office, number, "answer", "Đổi trình duyệt")
    question = "Không tải được biểu mẫu thì làm gì?"
    wording = {"cau_hoi": question, "tra_loi": "Thử lại bằng trình duyệt khác.", "da_doc": "1"}
    assert signed_in("qt.easup").post(f"/phan-anh/xu-ly/{number}/dung-chung", data=wording).status_code == 404
    assert office.post(f"/phan-anh/xu-ly/{number}/dung-chung", data=wording).status_code == 302
    other = signed_in("bmt")
    first = other.post("/phan-anh/moi", data={"loai": "question", "noi_dung": "khong tai duoc bieu", "do": "send"})
    assert (first.status_code, wording["tra_loi"] in first.text) == (200, True)
    assert TEXT not in first.text
    assert a_number(write(other, "khong tai duoc bieu")) > number
    assert wording["cau_hoi"] in other.get("/phan-anh/dung-chung?tim=TRINH+duyet").text
    assert wording["cau_hoi"] not in other.get("/phan-anh/dung-chung?tim=may+in").text
    assert office.post(f"/phan-anh/xu-ly/{number}/dung-chung", data={"do": "withdraw"}).status_code == 302
    assert wording["cau_hoi"] not in other.get("/phan-anh/dung-chung").text


@ON_SQLITE
def test_nobody_is_named_in_an_answer_for_all(instance: Instance, signed_in: SignIn) -> None:
    number = a_number(write(signed_in("easup"), "Tôi ở xã Ea Súp, 0912 345 678"))
    office = signed_in("vpub")
    act(office, number, "fetch")
    act(office, number, "answer", "Đã xem CCCD 066123456789")
    assert 'name="cau_hoi" maxlength="300" value=""' in office.get(f"/phan-anh/xu-ly/{number}").text
    sender = sit(instance, "easup").actor.name
    for said, named in (
        ("Tại XA EA SUP thì sao?", "Xã Ea Súp"),
        ("Ở Ea Súp", "Ea Súp"),
        (f"{sender} hỏi", sender),
        ("Gọi 0912 345 678", "0912 345 678"),
        ("Gọi +84.912.345.678.", "+84.912.345.678"),
        ("Hỏi a.b@daklak.gov.vn", "a.b@daklak.gov.vn"),
        ("CCCD 066123456789", "066123456789"),
        ("CMND 240 123 456", "240 123 456"),
    ):
        typed = {"cau_hoi": "Làm thế nào?", "tra_loi": said, "da_doc": "1"}
        refused = office.post(f"/phan-anh/xu-ly/{number}/dung-chung", data=typed)
        assert (refused.status_code, f"“{named}”" in refused.text, said in refused.text) == (400, True, True), said
    harmless = {"cau_hoi": "Số 1.234.567.890 nhập ra sao?", "tra_loi": "Như 12345678, trước 01/10/2026, theo 123/QĐ."}
    assert office.post(f"/phan-anh/xu-ly/{number}/dung-chung", data=harmless).status_code == 400  # not looked through
    assert harmless["tra_loi"] not in signed_in("bmt").get("/phan-anh/dung-chung").text
    assert office.post(f"/phan-anh/xu-ly/{number}/dung-chung", data=harmless | {"da_doc": "1"}).status_code == 302


@ON_SQLITE
def test_the_office_says_how_soon_answers_are_expected(instance: Instance, signed_in: SignIn) -> None:
    office = signed_in("vpub")
    assert office.post("/phan-anh/quy-tac", data={"answer_days": "99"}).status_code == 400
    assert office.post("/phan-anh/quy-tac", data={"answer_days": "1", "reopen_days": "5"}).status_code == 302
    number = a_number(write(signed_in("easup")))  # on a Thursday
    with instance.store.read() as connection:
        found = feedback.get(connection, number)
    assert found is not None
    assert (found.due_at - NOW).days == 1
    assert signed_in("qt.easup").post("/phan-anh/quy-tac", data={"answer_days": "2"}).status_code == 404


# --- the six-monthly list --------------------------------------------------------------------------------------------


@ON_SQLITE
def test_the_office_takes_the_list_of_half_a_year_away_as_document_and_as_workbook(
    instance: Instance, signed_in: SignIn, clock: Clock
) -> None:
    first, late = a_number(write(signed_in("easup"))), a_number(write(signed_in("bmt"), "=Góp ý: thêm nút in"))
    clock.now = NOW + timedelta(days=7)  # five working days
    office = signed_in("vpub")
    act(office, first, "fetch")
    act(office, first, "answer", "Đã khắc phục đường truyền.")
    page = office.get("/phan-anh/tong-hop").text
    assert "6 tháng cuối năm 2026" in page
    taken = office.get("/phan-anh/tong-hop/2026H2.docx", buffered=True)
    words = Document(io.BytesIO(taken.data))
    text = "\n".join(one.text for one in words.paragraphs)
    assert "nhận 2 phản ánh của 2 cơ quan, đơn vị; đã trả lời 1, đang xử lý 1, trong đó quá hạn trả lời 1" in text
    assert "Thời gian trả lời bình quân: 5,0 ngày làm việc" in text
    lines = [[cell.text for cell in row.cells] for row in words.tables[3].rows]
    assert [str(first), "Xã Ea Súp", "15/10/2026", TEXT] in [line[:4] for line in lines]
    mine = next(line for line in lines if line[0] == str(late))
    assert mine[3:] == ["=Góp ý: thêm nút in", f"{say('feedback.is.new')} (quá hạn)", "–"]
    book = load_workbook(io.BytesIO(office.get("/phan-anh/tong-hop/2026H2.xlsx", buffered=True).data))
    sums = [cell.value for cell in next(book.worksheets[0].iter_rows(min_row=5))]
    assert sums[1:] == ["Tổng số", 2, 1, 1, 1, 5]
    assert book.worksheets[0].row_dimensions[4].height > 2 * LINE  # "Số ngày làm việc đến khi trả lời" is read whole
    cell = next(cell for row in book["Danh sách"].iter_rows() for cell in row if cell.value == "=Góp ý: thêm nút in")
    assert cell.data_type == "s"  # nobody's words become a formula
    assert "không nhận phản ánh nào" in "".join(
        one.text
        for one in Document(io.BytesIO(office.get("/phan-anh/tong-hop/2026H1.docx", buffered=True).data)).paragraphs
    )
    for address in ("/phan-anh/tong-hop/202610.docx", "/phan-anh/tong-hop?ky=x", "/phan-anh/tong-hop/2026H2.pdf"):
        assert office.get(address).status_code == 404
    assert signed_in("qt.easup").get("/phan-anh/tong-hop/2026H2.docx").status_code == 404


@pytest.mark.parametrize("instance", ["postgresql"], indirect=True)
def test_the_same_words_sent_twice_at_once_are_one_thing(instance: Instance, at_once: AtOnce) -> None:
    clerk = sit(instance, "easup")
    first, second = at_once(
        feedback, "sent_since", lambda: acting.send(clerk, FeedbackKind.TROUBLE, "Không mở được", About())
    )
    assert first == second
