"""Nhập thay: units that answer by a document, entered for them, approved by who leads the regime (F23)."""

import io
import re
from datetime import date
from decimal import Decimal

import pytest
from docx import Document
from flask.testing import FlaskClient
from sqlalchemy import event, select

from actions import behalf, decide, distribute, people, submit
from actions.cases import situation
from actions.desk import Desk, NotEntitled
from actions.instance import Instance
from actions.submit import nil_values
from actions.work import run_one
from registry.catalogue.model import Role, RoleHolder
from registry.catalogue.values import CellValue, State
from registry.store import behalf as stored
from registry.store import instants, notices, openings, submissions, uploads
from registry.store import people as accounts
from registry.store.openings import Work
from registry.store.tables import audit, audit_detail, figure, grant
from registry.workflow import submission
from registry.workflow.policy import EVERYWHERE, Action
from tests.webui import rights
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, SignIn
from tests.webui.small_province import EASUP, sit

NUMBER, DAY = "125/HQ-NV", "2026-10-14"
PRINTED = "Số liệu nhập thay theo văn bản số 125/HQ-NV ngày 14/10/2026; không phải phê duyệt của đơn vị"
BADGE = "Nhập thay theo văn bản số 125/HQ-NV ngày 14/10/2026"


def work_of(instance: Instance, code: str = "HQ") -> Work:
    unit_id = rights.unit_key(instance, code)
    with instance.store.read() as connection:
        return openings.work(connection, EVERYWHERE, regime="KTXH", period_code="202610", unit_id=unit_id)[0]


@pytest.fixture
def customs(instance: Instance) -> Work:
    """What October asks of the customs office, where nobody has an account."""
    return work_of(instance)


def staff(instance: Instance) -> None:
    """The customs office gets a clerk and a leader."""
    holders = (
        RoleHolder("nl.hq", "Hoàng Ngọc An", "Chuyên viên", Role.CLERK, "HQ", province.BORN),
        RoleHolder("ld.hq", "Đỗ Thu Nhung", "Chi cục trưởng", Role.LEADER, "HQ", province.BORN),
    )
    with instance.store.write() as connection:
        accounts.put_holders(connection, holders, "test")
    with instance.store.read() as connection:
        known = [one for one in accounts.all_people(connection) if one.login in ("nl.hq", "ld.hq")]
    people.give_password(instance, known, province.WORD, province.NOW)


def letter(**changed: object) -> dict[str, object]:
    told = {"number": NUMBER, "dated": DAY, "summary": "Số thu xuất nhập khẩu", "file": None} | changed
    if told["file"] is None:
        told["file"] = (province.narrative(), "CV 125.docx")
    return {name: value for name, value in told.items() if value != ""}


def lay_down(browser: FlaskClient, work: Work, **changed: object) -> None:
    answer = browser.post(f"/nhap-thay/{work.assignment_id}", data=letter(**changed))
    assert answer.status_code == 302, answer.text


def laid(instance: Instance, work: Work, login: str = "nl.stc", reason: str = "") -> Desk:
    """That person's desk, standing in for the unit by the document."""
    desk = sit(instance, login)
    kept = behalf.Enclosed(instance.files.put(province.narrative()).sha, "CV 125.docx")
    told = behalf.Document(NUMBER, date.fromisoformat(DAY), "", reason)
    with instance.store.write() as connection:
        uploads.put_file(connection, instance.files.find(kept.sha), province.NOW)
    behalf.lay_down(desk, work.assignment_id, told, kept)
    return behalf.at_assignment(desk, work.assignment_id)


def nil(desk: Desk, work: Work) -> None:
    submit.nil(desk, work.assignment_id)


def workbook(instance: Instance, work: Work, number: int = 120) -> tuple[str, bytes]:
    """What somebody filled in for the unit."""
    desk = behalf.at_assignment(sit(instance, "nl.stc"), work.assignment_id)
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        one = situation(connection, snapshot, work)
    known = nil_values(one)
    answers = {
        key: known[key] if spec.shift and known[key].number is not None else CellValue(State.VALUE, Decimal(number))
        for key, spec in one.view.inputs.items()
    }
    made = distribute.make(desk, snapshot, one, answers)
    return made.name, made.data


def now(instance: Instance, work: Work) -> Work:
    with instance.store.read() as connection:
        return openings.work(connection, EVERYWHERE, assignment_id=work.assignment_id)[0]


def test_a_clerk_of_the_leading_agency_enters_its_leader_approves_and_every_page_says_so(
    instance: Instance, signed_in: SignIn, customs: Work
) -> None:
    clerk, leader, office = signed_in("nl.stc"), signed_in("ld.stc"), signed_in("vpub")
    address, form = f"/nhap-thay/{customs.assignment_id}", f"/viec/{customs.assignment_id}"
    assert "cần nhập thay: 1" in clerk.get("/").text
    assert address in clerk.get("/nhap-thay").text
    for path in (form, f"{form}/nhap"):  # until the document is there
        assert clerk.get(path).status_code == 404
    early = clerk.post(f"{address}/tep", data={"tep": (io.BytesIO(b"x"), "x.xlsx")})
    assert early.status_code == 404

    lay_down(clerk, customs)
    assert clerk.get(f"/bieu-mau/{customs.assignment_id}.xlsx").status_code == 200
    name, data = workbook(instance, customs)
    sent = clerk.post(f"{address}/tep", data={"tep": (io.BytesIO(data), name)})
    number = int(sent.location.rpartition("/")[2])
    while run_one(instance, ("judge",)):
        pass
    assert BADGE in clerk.get(f"/tep/{number}").text
    with instance.store.read() as connection:
        verdict = uploads.newest_verdict(connection, number)
    assert verdict is not None
    assert verdict.can_be_submitted, verdict.findings
    told = {f"giai-trinh-{at}": "theo văn bản" for at, one in enumerate(verdict.findings) if one.severity == "warning"}
    assert clerk.post(f"/tep/{number}/trinh-duyet", data=told).status_code == 302
    assert "chờ lãnh đạo cơ quan chủ trì duyệt" in clerk.get(form).text

    assert "chờ anh/chị duyệt: 1" in leader.get("/").text
    assert form in leader.get("/nhap-thay/cho-duyet").text
    seen = leader.get(form).text
    assert PRINTED in seen
    assert "quyet-dinh" in seen
    (document,) = set(re.findall(rf"{address}/van-ban/\d+", seen))
    for browser in (leader, clerk, office):
        assert browser.get(document, buffered=True).status_code == 200
    assert signed_in("easup").get(document).status_code == 404
    assert leader.post(f"{form}/duyet", data={"version": "1", "send": "1", "lock": "0"}).status_code == 302

    work = now(instance, customs)
    assert work.state is submission.State.APPROVED
    with instance.store.read() as connection:
        events = submissions.events(connection, work.submission_id)
        version = submissions.newest(connection, work.submission_id)
        assert version is not None
        came = submissions.provenance(connection, [version.id])[version.id]
        written = connection.execute(select(figure.c.reporting_id).where(figure.c.version_id == version.id)).scalars()
        assert set(written) == {work.unit_id}
        said = " ".join(connection.execute(select(audit_detail.c.body)).scalars())
        logged = select(audit.c.action).where(audit.c.unit_id == work.unit_id, audit.c.action != "read")
        acts = set(connection.execute(logged).scalars())
    assert [one.action for one in events] == ["submit", "approve"]
    assert came.by_document == (NUMBER, date.fromisoformat(DAY))
    assert {"enter-on-behalf", "upload", "judge", "submit", "approve", "send-report"} <= acts
    assert f'"behalf":"{NUMBER}, 14/10/2026"' in said
    board = office.get("/ky-bao-cao/KTXH/202610").text
    assert BADGE in board
    assert "có 1 biểu nhập thay" in board
    for browser in (clerk, leader, office):
        receipt = browser.get(f"/phieu/{events[0].id}").text
        assert PRINTED in receipt
        assert "Sở Tài chính" in receipt
    assert "Không có biểu nào phải nhập thay" in clerk.get("/nhap-thay").text


@ON_SQLITE
def test_what_is_missing_of_the_document_is_said_all_at_once_and_nothing_typed_is_lost(
    instance: Instance, signed_in: SignIn, customs: Work
) -> None:
    browser, address = signed_in("nl.stc"), f"/nhap-thay/{customs.assignment_id}"
    answer = browser.post(address, data={"summary": "Số thu tháng 10", "dated": "2026-10-16"})
    assert answer.status_code == 400
    for why in ("Ghi số, ký hiệu", "không sau hôm nay", "Chọn tệp văn bản"):
        assert why in answer.text
    assert 'value="Số thu tháng 10"' in answer.text
    assert 'value="2026-10-16"' in answer.text
    answer = browser.post(address, data=letter(number="không số"))
    assert answer.status_code == 400
    assert "CV 125.docx" in answer.text
    ticket = re.search(r'name="letter" value="([^"]+)"', answer.text)
    assert ticket is not None
    told = {"number": NUMBER, "dated": DAY, "letter": ticket[1]}
    assert browser.post(address, data=told).status_code == 302
    for path in ("tep", ""):  # without a document, no figures: of another unit of the same regime
        other = work_of(instance, "KBNN")
        data = {"tep": (io.BytesIO(b"x"), "x.xlsx")}
        assert browser.post(f"/nhap-thay/{other.assignment_id}/{path}".rstrip("/"), data=data).status_code in (
            400,
            404,
            409,
        )
    assert browser.get(f"/viec/{other.assignment_id}/nhap").status_code == 404


@ON_SQLITE
def test_who_does_not_lead_the_regime_finds_nothing(instance: Instance, signed_in: SignIn, customs: Work) -> None:
    address = f"/nhap-thay/{customs.assignment_id}"
    stood_in = laid(instance, customs)
    nil(stood_in, customs)
    for login in ("easup", "ld.easup", "qt.easup", "nl.snnmt", "ld.snnmt", "ioc", "bmnn"):
        browser = signed_in(login)
        assert browser.get(address).status_code == 404, login
        assert browser.post(address, data=letter()).status_code == 404, login
        assert browser.post(f"/viec/{customs.assignment_id}/duyet", data={"version": "1"}).status_code == 404, login
        assert browser.post(f"/viec/{customs.assignment_id}/thu-hoi").status_code == 404, login
    assert signed_in("easup").get("/nhap-thay").status_code == 404
    assert customs.unit_id not in (sit(instance, "nl.snnmt").scope(Action.UPLOAD).units or ())
    listed = signed_in("ld.snnmt").get("/nhap-thay/cho-duyet").text
    assert "Hải quan" not in listed
    for login in ("nl.stc", "vpub", "ld.vpub"):  # who enters, or leads another regime, approves nothing
        answer = signed_in(login).post(f"/viec/{customs.assignment_id}/duyet", data={"version": "1"})
        assert answer.status_code == 404, login
    commune = work_of(instance, EASUP)
    assert signed_in("nl.stc").get(f"/nhap-thay/{commune.assignment_id}").status_code == 409


@ON_SQLITE
def test_nobody_of_the_unit_and_nobody_who_entered_approves(
    instance: Instance, signed_in: SignIn, customs: Work
) -> None:
    nil(laid(instance, customs), customs)
    staff(instance)
    address = f"/viec/{customs.assignment_id}"
    own = signed_in("ld.hq")
    assert "quyet-dinh" not in own.get(address).text
    for step, data in (("duyet", {"version": "1"}), ("tra-lai", {"version": "1", "reason": "sai"})):
        assert own.post(f"{address}/{step}", data=data).status_code == 403, step
    rights.give(instance, "nl.stc", Role.LEADER, "STC")
    with pytest.raises(NotEntitled, match="đã tham gia nhập thay"):
        decide.approve(behalf.at_assignment(sit(instance, "nl.stc"), customs.assignment_id), customs.assignment_id, 1)
    sent_back = signed_in("ld.stc").post(f"{address}/tra-lai", data={"version": "1", "reason": "khác văn bản"})
    assert sent_back.status_code == 302
    assert now(instance, customs).state is submission.State.RETURNED


@ON_SQLITE
def test_a_delegate_of_the_leading_agencys_leader_approves_in_his_name(instance: Instance, customs: Work) -> None:
    nil(laid(instance, customs, "vpub"), customs)
    rights.lend(instance, "ld.stc", "nl.stc", "STC")
    desk = behalf.at_assignment(sit(instance, "nl.stc"), customs.assignment_id)
    decide.approve(desk, customs.assignment_id, 1)
    with instance.store.read() as connection:
        told = submissions.approvals(connection, customs.opening_id)[customs.assignment_id]
    assert told.lender is not None


@ON_SQLITE
def test_for_a_unit_whose_people_are_away_only_the_office_enters_and_they_are_told(
    instance: Instance, signed_in: SignIn
) -> None:
    work, office = work_of(instance, EASUP), signed_in("vpub")
    address = f"/nhap-thay/{work.assignment_id}"
    assert address not in office.get("/nhap-thay").text
    assert address in office.get(f"/nhap-thay?don-vi={EASUP}").text
    refused = office.post(address, data=letter())
    assert refused.status_code == 400
    assert "Ghi lý do nhập thay" in refused.text
    lay_down(office, work, reason="Công chức nhập liệu nghỉ ốm")
    desk = behalf.at_assignment(sit(instance, "vpub"), work.assignment_id)
    nil(desk, work)
    clerk = signed_in("easup")
    home = clerk.get("/").text
    assert "Biểu KTXH-01, tháng 10 năm 2026 của đơn vị được nhập thay" in home
    assert "Công chức nhập liệu nghỉ ốm" in home
    assert BADGE in home
    with instance.store.read() as connection:
        told = notices.unread(connection, rights.key_of(instance, "ld.easup"))
    assert told[0].kind == behalf.ENTERED
    # its people correct it the ordinary way: then it is their own, and their leader's to approve
    assert clerk.post(f"/viec/{work.assignment_id}/thu-hoi").status_code == 302
    province.submitted(sit(instance, "easup"))
    assert office.post(f"/viec/{work.assignment_id}/thu-hoi").status_code == 404  # not the office's any more
    assert signed_in("ld.stc").post(f"/viec/{work.assignment_id}/duyet", data={"version": "2"}).status_code == 404
    decide.approve(sit(instance, "ld.easup"), work.assignment_id, 2)
    with instance.store.read() as connection:
        assert stored.of_newest(connection, EVERYWHERE, assignment_ids=[work.assignment_id]) == {}


@ON_SQLITE
def test_a_unit_that_gets_people_sees_what_was_entered_and_corrects_it(
    instance: Instance, signed_in: SignIn, customs: Work
) -> None:
    desk = laid(instance, customs)
    nil(desk, customs)
    decide.approve(behalf.at_assignment(sit(instance, "ld.stc"), customs.assignment_id), customs.assignment_id, 1)
    staff(instance)
    decide.reopen(sit(instance, "vpub"), customs.assignment_id, "đơn vị có tài khoản")
    assert PRINTED in signed_in("nl.hq").get(f"/viec/{customs.assignment_id}").text
    assert signed_in("nl.stc").get(f"/nhap-thay/{customs.assignment_id}").status_code == 409
    assert signed_in("nl.stc").get(f"/viec/{customs.assignment_id}/nhap").status_code == 404
    assert signed_in("nl.stc").get(f"/viec/{customs.assignment_id}").status_code == 200  # what it entered it sees
    clerk = sit(instance, "nl.hq")
    submit.nil(clerk, customs.assignment_id)  # the same figures, but their own
    decide.approve(sit(instance, "ld.hq"), customs.assignment_id, 2)
    with instance.store.read() as connection:
        assert stored.of_newest(connection, EVERYWHERE, assignment_ids=[customs.assignment_id]) == {}


@ON_SQLITE
def test_a_unit_whose_people_sit_in_its_divisions_has_people(instance: Instance, signed_in: SignIn) -> None:
    work = work_of(instance, EASUP)
    address = f"/nhap-thay/{work.assignment_id}"
    with instance.store.write() as connection:
        connection.execute(grant.update().where(grant.c.unit_id == work.unit_id).values(revoked_at=province.NOW))
    assert signed_in("nl.stc").get(address).status_code == 409
    for login in ("nl.vp", "ld.vp"):
        rights.disable(instance, login)
    assert signed_in("nl.stc").get(address).status_code == 200


@ON_SQLITE
def test_a_unit_that_got_people_sends_its_report_itself(instance: Instance, signed_in: SignIn, customs: Work) -> None:
    nil(laid(instance, customs), customs)
    decide.approve(behalf.at_assignment(sit(instance, "ld.stc"), customs.assignment_id), customs.assignment_id, 1)
    leader, report = signed_in("ld.stc"), f"/bao-cao-don-vi/{customs.opening_id}/{customs.unit_id}/gui"
    assert report in leader.get(f"/viec/{customs.assignment_id}").text
    staff(instance)
    assert report not in leader.get(f"/viec/{customs.assignment_id}").text
    assert leader.post(report).status_code == 404
    assert signed_in("ld.hq").post(report, data={"lock": "0"}).status_code == 302


@ON_SQLITE
def test_the_report_of_a_unit_whose_people_are_away_is_sent_by_who_approved(
    instance: Instance, signed_in: SignIn
) -> None:
    work = work_of(instance, EASUP)
    nil(laid(instance, work, "vpub", "Công chức nhập liệu nghỉ ốm"), work)
    decide.approve(behalf.at_assignment(sit(instance, "ld.stc"), work.assignment_id), work.assignment_id, 1)
    address = f"/bao-cao-don-vi/{work.opening_id}/{work.unit_id}/gui"
    assert signed_in("ld.stc").post(address, data={"lock": "0"}).status_code == 302


@ON_SQLITE
def test_a_document_opens_only_what_rests_on_it(instance: Instance, signed_in: SignIn, customs: Work) -> None:
    laid(instance, customs)
    name, data = workbook(instance, customs)
    lead, leader, form = signed_in("nl.stc"), signed_in("ld.stc"), f"/viec/{customs.assignment_id}"
    sent = lead.post(f"/nhap-thay/{customs.assignment_id}/tep", data={"tep": (io.BytesIO(data), name)})
    staff(instance)
    own = sit(instance, "nl.hq")
    nil(own, customs)
    while run_one(instance, ("judge",)):  # what was sent before the unit had people is checked all the same
        pass
    for browser in (lead, leader):  # before its leader, taken back, approved: the unit's own
        assert browser.get(form).status_code == 404
    seen = lead.get(sent.location)  # what it sent itself it sees
    assert seen.status_code == 200
    assert f'href="{form}"' not in seen.text
    submit.withdraw(own, customs.assignment_id)
    assert lead.get(form).status_code == 404
    nil(own, customs)
    decide.approve(sit(instance, "ld.hq"), customs.assignment_id, now(instance, customs).version)
    for login in ("nl.hq", "ld.hq"):
        rights.disable(instance, login)
    for browser in (lead, leader):
        assert browser.get(form).status_code == 404
    for page in (f"/nhap-thay/{customs.assignment_id}", "/nhap-thay"):
        assert f'href="{form}"' not in lead.get(page).text


@ON_SQLITE
def test_who_approved_on_behalf_sees_the_receipt_when_the_unit_has_sent_its_own(
    instance: Instance, signed_in: SignIn, customs: Work
) -> None:
    nil(laid(instance, customs), customs)
    staff(instance)
    submit.withdraw(sit(instance, "nl.hq"), customs.assignment_id)
    nil(sit(instance, "nl.hq"), customs)
    with instance.store.read() as connection:
        events = submissions.events(connection, customs.submission_id)
    first, last = (one.id for one in events if one.action == "submit")
    leader, form = signed_in("ld.stc"), f"/viec/{customs.assignment_id}"
    seen = leader.get(f"/phieu/{first}")
    assert seen.status_code == 200
    assert f'href="{form}"' not in seen.text
    assert leader.get(f"/phieu/{last}").status_code == 404
    assert leader.get(form).status_code == 404


def test_what_takes_nothing_any_more_is_led_only_where_a_unit_was_entered_for(instance: Instance) -> None:
    def led() -> frozenset[str]:
        return sit(instance, "nl.stc").actor.grants[0].leads

    work, closed = work_of(instance), province.NOW
    assert led() == {"KTXH"}
    with instance.store.write() as connection:
        instants.close_reception(connection, work.opening_id, closed)
    assert not led()
    with instance.store.write() as connection:
        instants.close_reception(connection, work.opening_id, None)
    laid(instance, work)
    with instance.store.write() as connection:
        instants.close_reception(connection, work.opening_id, closed)
    assert led() == {"KTXH"}


@ON_SQLITE
def test_who_has_people_is_asked_once_however_many_reach_below(instance: Instance) -> None:
    desk, asked = sit(instance, "vpub"), list[str]()
    with instance.store.write() as connection:
        connection.execute(grant.update().values(below=True))
    with desk.read() as connection:
        desk.snapshot(connection)
        event.listen(connection, "before_cursor_execute", lambda *given: asked.append(given[2]))
        before = behalf.manned(desk, connection)
    assert len(before) > 3
    assert len([one for one in asked if "unit_closure" in one]) == 1


@ON_SQLITE
def test_what_is_typed_and_corrected_on_the_page_is_on_the_units_behalf_too(
    instance: Instance, signed_in: SignIn, customs: Work
) -> None:
    laid(instance, customs)
    browser = signed_in("nl.stc")
    page = browser.get(f"/viec/{customs.assignment_id}/nhap")
    assert page.status_code == 200
    names = re.findall(r'name="(o:[^"]+)"', page.text)
    typed = dict.fromkeys(names, "7") | {"do": "save"}
    assert browser.post(f"/viec/{customs.assignment_id}/nhap", data=typed).status_code == 302
    with instance.store.read() as connection:
        (sent,) = uploads.recent(connection, EVERYWHERE, assignment_id=customs.assignment_id)
    assert sent.upload.behalf_id is not None
    assert sent.upload.unit_id == customs.unit_id
    assert sit(instance, "nl.stc").scope(Action.UPLOAD).allows(customs.unit_id) is False


@ON_SQLITE
def test_a_document_with_a_mark_of_secrecy_is_refused(instance: Instance, signed_in: SignIn, customs: Work) -> None:
    marked, out = Document(), io.BytesIO()
    marked.sections[0].header.paragraphs[0].text = "MẬT"
    marked.add_paragraph("MẬT")
    marked.save(out)
    out.seek(0)
    answer = signed_in("nl.stc").post(f"/nhap-thay/{customs.assignment_id}", data=letter(file=(out, "cv.docx")))
    assert answer.status_code == 400
    assert "Chưa nhận được văn bản đơn vị gửi" in answer.text
    assert 'name="khong-mat" value="1" required' in answer.text
    with instance.store.read() as connection:
        assert stored.newest(connection, customs.assignment_id) is None


@ON_SQLITE
def test_the_page_of_units_short_of_people_leads_there(signed_in: SignIn, customs: Work) -> None:
    assert "/nhap-thay?don-vi=HQ" in signed_in("vpub").get("/don-vi-chua-du-nguoi").text
    assert "/nhap-thay?don-vi=HQ" not in signed_in("qt.easup").get("/don-vi-chua-du-nguoi").text
