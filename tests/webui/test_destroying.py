"""A secret paper on the system: refused at the door, or destroyed by two people with the rows left whole (F21)."""

import hashlib
import io
from pathlib import Path

import pytest
import xlsxwriter
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from actions import correct, destroy, letters, receive
from actions.desk import NotNow, NotYours, Refusal
from actions.doctor import examine
from actions.instance import Instance
from actions.reading import ReadFile
from actions.submit import submit
from ingest.model import Extraction
from registry.catalogue.values import CellKey, CellValue, State
from registry.findings import finding
from registry.store import audit, destructions, reports, submissions, uploads
from registry.store import letters as stored_letters
from registry.store.destructions import Step
from registry.store.files import Destroyed
from registry.workflow.policy import Action
from tests.ingest.test_narrative import document
from tests.webui import asking
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, SignIn
from tests.webui.small_province import NOW, sit


def marked() -> bytes:
    into = io.BytesIO()
    with xlsxwriter.Workbook(into) as book:
        book.add_worksheet().write("A1", "TỐI MẬT")
    return into.getvalue()


@pytest.fixture
def sent(instance: Instance) -> int:
    """A workbook of Ea Súp, submitted and approved."""
    return province.carry_through(instance, "easup", "ld.easup").upload


def destroyed(instance: Instance, number: int) -> None:
    destroy.propose(sit(instance, "vpub"), number, "12/BB-VP", "mật")
    destroy.confirm(sit(instance, "bmnn"), number)


def test_a_workbook_with_a_mark_is_refused_and_its_bytes_are_gone(instance: Instance) -> None:
    data = marked()
    sha = hashlib.sha256(data).hexdigest()
    desk = sit(instance, "easup")
    number = receive.receive(desk, io.BytesIO(data), "an-ninh.xlsx", desk.actor.home or 0, queue=False)
    found = receive.judge_upload(desk, number)
    assert [one.code for one in found.findings] == ["secrecy-mark"]
    with pytest.raises(Destroyed):
        instance.files.read(sha)
    with pytest.raises(Refusal, match="dấu độ mật"):
        receive.receive(desk, io.BytesIO(data), "an-ninh-2.xlsx", desk.actor.home or 0, queue=False)
    with desk.read() as connection:
        kept = uploads.get(connection, number)
        assert kept is not None
        assert (kept.sha, kept.is_kept) == (sha, False)
        assert audit.latest(connection, 1)[0].action == "discard-secret"


@ON_SQLITE
def test_a_mark_found_later_in_what_was_handed_in_is_for_two_people_to_decide(instance: Instance, sent: int) -> None:
    desk = sit(instance, "easup")
    with desk.read() as connection:
        upload = uploads.get(connection, sent)
    assert upload is not None
    found = Extraction(sheets=(), findings=(finding("secrecy-mark", name=upload.name, found="MẬT"),))
    receive.judge_upload(desk, sent, ReadFile(found))
    assert instance.files.exists(upload.sha)


def test_two_people_destroy_an_upload_and_every_row_stays(instance: Instance, sent: int) -> None:
    office, officer = sit(instance, "vpub"), sit(instance, "bmnn")
    destroy.propose(office, sent, "12/BB-VP", "Ghi chú có nội dung mật")
    with pytest.raises(NotYours):
        destroy.confirm(office, sent)
    destroy.confirm(officer, sent)
    with office.read() as connection:
        upload = uploads.get(connection, sent)
        verdict = uploads.newest_verdict(connection, sent)
        (act,) = destructions.last(connection)
        assert upload is not None
        assert verdict is not None
        assert not upload.is_kept
        assert (verdict.values, verdict.findings) == ({}, ())
        assert (act.step, act.record) == (Step.DESTROYED, "12/BB-VP")
        kept = connection.execute(
            text("SELECT cells, cells_sha FROM submission_version WHERE upload_id = :n"), {"n": sent}
        ).one()
        assert (bytes(kept.cells), len(kept.cells_sha)) == (b"", 64)
        assert audit.verify(connection)[1] is None
    with pytest.raises(Destroyed, match="12/BB-VP"):
        instance.files.read(upload.sha)
    assert all(check.good for check in examine(instance) if check.name == "files")
    with pytest.raises(NotNow):
        destroy.propose(office, sent, "13/BB-VP", "lần nữa")


@ON_SQLITE
def test_an_act_cut_short_is_finished_by_confirming_again(instance: Instance, sent: int) -> None:
    destroy.propose(sit(instance, "vpub"), sent, "12/BB-VP", "mật")
    officer = sit(instance, "bmnn")
    with officer.read() as connection:
        upload = uploads.get(connection, sent)
    assert upload is not None
    data = instance.files.read(upload.sha)
    destroy.confirm(officer, sent)
    place = next(instance.files.root.rglob(f"{upload.sha}.destroyed"))
    place.unlink()
    place.with_suffix("").write_bytes(data)  # as if the server had died before the bytes went
    destroy.confirm(officer, sent)
    assert not instance.files.exists(upload.sha)
    with officer.read() as connection:
        assert len([one for one in destructions.last(connection) if one.step is Step.DESTROYED]) == 1


def test_versions_can_be_emptied_but_never_changed(instance: Instance, sent: int) -> None:
    for change in ("cells = :x", "n = n + 1", "cells = :empty, by_id = by_id + 1"):
        with pytest.raises(DBAPIError), instance.store.write() as connection:
            connection.execute(
                text(f"UPDATE submission_version SET {change} WHERE upload_id = :n"),
                {"x": b"x", "empty": b"", "n": sent},
            )


@ON_SQLITE
def test_the_pages_carry_an_act_from_proposal_to_the_notice(instance: Instance, sent: int, signed_in: SignIn) -> None:
    office = signed_in("vpub")
    answer = office.post(
        "/tieu-huy", data={"number": str(sent), "record": "12/BB-VP", "reason": "mật"}, follow_redirects=True
    )
    assert "Chờ quyết định" in answer.text
    officer = signed_in("bmnn")
    assert "Có 1 đề nghị tiêu hủy" in officer.get("/").text
    assert "đề nghị tiêu hủy" not in office.get("/").text
    assert "Không đồng ý" in officer.get("/tieu-huy").text
    answer = officer.post(f"/tieu-huy/{sent}", data={"do": "destroy"}, follow_redirects=True)
    assert "Đã tiêu hủy" in answer.text
    clerk = signed_in("easup")
    assert "không còn trên hệ thống" in clerk.get(f"/tep/{sent}").text
    gone = clerk.get(f"/tep/{sent}/tai-ve")
    assert (gone.status_code, "12/BB-VP" in gone.text) == (410, True)


@ON_SQLITE
def test_the_security_officer_sees_at_home_how_many_proposals_wait(
    instance: Instance, sent: int, signed_in: SignIn
) -> None:
    def told(login: str) -> bool:
        return "Có 1 đề nghị tiêu hủy nội dung chờ" in signed_in(login).get("/").text

    assert not told("bmnn")
    destroy.propose(sit(instance, "vpub"), sent, "12/BB-VP", "mật")
    assert [login for login in ("bmnn", "vpub", "easup", "ld.easup", "ioc", "nhan.stc") if told(login)] == ["bmnn"]
    destroy.confirm(sit(instance, "bmnn"), sent)
    assert not told("bmnn")


@ON_SQLITE
def test_a_destroyed_file_has_neither_the_badge_nor_the_button_of_its_verdict(
    instance: Instance, signed_in: SignIn
) -> None:
    desk = sit(instance, "easup")
    number = receive.receive(desk, io.BytesIO(marked()), "an-ninh.xlsx", desk.actor.home or 0)
    receive.judge_upload(desk, number)  # refused, and by no act
    refused = signed_in("easup").get(f"/tep/{number}").text
    assert ("Không nhận được tệp này" in refused, "Tải lên tệp đã sửa" in refused) == (True, True)
    number = province.sent(desk, NN14_c06=CellValue(State.BLANK, None, "một trăm"))
    clerk = signed_in("easup")
    for page in (f"/tep/{number}", "/"):
        assert "Có lỗi phải sửa" in clerk.get(page).text
    assert f'href="/tieu-huy?tep={number}"' in signed_in("vpub").get(f"/tep/{number}").text
    destroyed(instance, number)
    clerk = signed_in("easup")
    for page in (f"/tep/{number}", "/", f"/viec/{province.work_of(desk).assignment_id}"):
        text = clerk.get(page).text
        assert ("Có lỗi phải sửa" in text, "Đã tiêu hủy nội dung" in text) == (False, True), page
    assert "Tải lên tệp đã sửa" not in clerk.get(f"/tep/{number}").text
    assert clerk.get(f"/tep/{number}.json").json["words"] == "Đã tiêu hủy nội dung"
    assert f'href="/tieu-huy?tep={number}"' not in signed_in("vpub").get(f"/tep/{number}").text


@ON_SQLITE
def test_a_form_typed_on_the_page_can_be_typed_again_after_it_was_destroyed(
    instance: Instance, signed_in: SignIn
) -> None:
    desk = sit(instance, "easup")
    work = province.work_of(desk)
    clerk = signed_in("easup")
    clerk.post(f"/viec/{work.assignment_id}/nhap", data={"do": "save", "o:NN14:c06": "125"})
    with desk.read() as connection:
        (kept,) = uploads.recent(connection, desk.scope(Action.SEE_UPLOAD), assignment_id=work.assignment_id)
    assert kept.upload.kind == uploads.BROWSER
    judged, address = f"/tep/{kept.upload.id}", f"/viec/{work.assignment_id}/nhap"
    led = [address in signed_in(login).get(judged).text for login in ("easup", "ld.easup")]
    assert led == [True, False]  # who may not fill it in is not led there
    destroyed(instance, kept.upload.id)
    again = clerk.get(f"/viec/{work.assignment_id}/nhap")
    assert (again.status_code, 'value="125"' in again.text) == (200, False)


@ON_SQLITE
def test_a_letter_is_destroyed_as_any_file_is(instance: Instance, signed_in: SignIn) -> None:
    asking.put_admins(instance)
    opening, desk = asking.asked(instance), sit(instance, "qt.snnmt")
    board, address = f"/yeu-cau/{opening.regime}/{opening.period}", f"/yeu-cau/{opening.regime}/van-ban"
    data = document("CÔNG VĂN")
    letters.attach(desk, opening.regime, io.BytesIO(data), "cv.docx", is_open=False)
    with instance.store.read() as connection:
        letter = stored_letters.of(connection, [opening.regime])[opening.regime]
        sender = uploads.get(connection, letter.number or 0)
    assert sender is not None
    assert (sender.kind, sender.by_id, sender.sha) == ("letter", desk.actor.person_id, letter.sha)
    propose = f'href="/tieu-huy?tep={letter.number}"'
    assert [propose in signed_in(login).get(board).text for login in ("vpub", "qt.snnmt")] == [True, False]
    assert signed_in("easup").get(f"/tep/{letter.number}").status_code == 404  # it is no answer

    destroyed(instance, letter.number or 0)
    for login in ("qt.snnmt", "easup", "vpub"):
        gone = signed_in(login).get(address)
        assert (gone.status_code, "12/BB-VP" in gone.text) == (410, True), login
    for login, page in (("qt.snnmt", board), ("easup", "/")):
        text = signed_in(login).get(page).text
        assert ("cv.docx" in text, f'href="{address}"' in text) == (True, False), page
    with pytest.raises(Destroyed):
        letters.attach(desk, opening.regime, io.BytesIO(data), "cv.docx", is_open=False)
    letters.attach(desk, opening.regime, io.BytesIO(document("CÔNG VĂN SỬA")), "cv.docx", is_open=False)
    assert signed_in("easup").get(address, buffered=True).status_code == 200
    with instance.store.read() as connection:
        assert audit.verify(connection)[1] is None


@ON_SQLITE
def test_a_declined_proposal_leaves_everything_and_may_be_made_again(instance: Instance, sent: int) -> None:
    office, officer = sit(instance, "vpub"), sit(instance, "bmnn")
    destroy.propose(office, sent, "12/BB-VP", "mật")
    with pytest.raises(Refusal):
        destroy.decline(officer, sent, " ")
    destroy.decline(officer, sent, "không phải nội dung mật")
    with office.read() as connection:
        upload = uploads.get(connection, sent)
        assert upload is not None
        assert upload.is_kept
    destroy.propose(office, sent, "13/BB-VP", "xem lại")


@ON_SQLITE
def test_corrections_of_a_destroyed_file_go_with_it(instance: Instance, signed_in: SignIn) -> None:
    clerk, office, officer = sit(instance, "easup"), sit(instance, "vpub"), sit(instance, "bmnn")
    number = province.sent(clerk)
    first, _ = correct.correct(clerk, number, {CellKey("NN14", "c06"): "125"})
    second, _ = correct.correct(clerk, first, {CellKey("NN14", "c06"): "126"})
    destroy.propose(office, number, "14/BB-VP", "Ghi chú có nội dung mật")
    destroy.confirm(officer, number)
    with office.read() as connection:
        for one in (number, first, second):
            upload, verdict = uploads.get(connection, one), uploads.newest_verdict(connection, one)
            assert upload is not None
            assert verdict is not None
            assert (upload.is_kept, verdict.values) == (False, {})
            with pytest.raises(Destroyed, match="14/BB-VP"):
                instance.files.read(upload.sha)
    browser = signed_in("easup")
    assert [browser.get(f"/tep/{one}").status_code for one in (number, first, second)] == [200, 200, 200]


@ON_SQLITE
def test_what_is_destroyed_before_it_was_submitted_cannot_be_any_more(instance: Instance, signed_in: SignIn) -> None:
    number = province.sent(sit(instance, "easup"))
    browser = signed_in("easup")
    assert f"/tep/{number}/trinh-duyet" in browser.get(f"/tep/{number}").text
    destroyed(instance, number)
    with pytest.raises(NotNow):
        submit(sit(instance, "easup"), number)
    page = browser.get(f"/tep/{number}").text
    assert f"/tep/{number}/trinh-duyet" not in page
    assert f"/tep/{number}/sua" not in page
    assert browser.post(f"/tep/{number}/kiem-tra-lai").status_code == 410


def test_files_compiled_of_a_destroyed_workbook_and_its_explanations_go_too(
    instance: Instance, sent: int, signed_in: SignIn
) -> None:
    clerk, office = sit(instance, "easup"), sit(instance, "vpub")
    work = province.work_of(clerk)
    with instance.store.write() as connection:
        (version,) = submissions.versions(connection, work.submission_id)
        told = submissions.Explanation("judge-empty-form", None, None, "Vì một việc mật. " * 999)
        submissions.explain(connection, version.id, [told], clerk.actor.person_id)
        receiver = office.actor.home or 0
        report = reports.compiling(connection, work.opening_id, receiver)
        key, _ = reports.add_version(connection, report, NOW, [version.id], "0" * 64, office.actor.person_id)
        file = instance.files.put(io.BytesIO(b"a compiled workbook"))
        reports.add_file(connection, key, "xlsx", "tong-hop.xlsx", file, NOW)
    destroyed(instance, sent)
    with pytest.raises(Destroyed):
        instance.files.read(file.sha)
    with instance.store.read() as connection:
        assert {one.text for one in submissions.explanations(connection, [version.id])[version.id]} == {""}
    with pytest.raises(DBAPIError), instance.store.write() as connection:
        connection.execute(text("UPDATE explanation SET text = 'khác'"))
    if instance.store.is_sqlite:
        with instance.store.engine.connect() as connection:
            connection.commit()
            connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        held = Path(instance.store.url.removeprefix("sqlite:///")).read_bytes()
        assert "Vì một việc mật".encode() not in held
    for login in ("easup", "ld.easup", "vpub"):
        assert signed_in(login).get(f"/viec/{work.assignment_id}").status_code == 200
    assert signed_in("vpub").get("/ky-bao-cao/KTXH/202610").status_code == 200
