"""A unit's report before its leader, on its way up and at those who receive it."""

import io
import re
from datetime import datetime, timedelta

import docx
import pytest
from sqlalchemy import update

from actions import amending, closing, compiling, decide, papers, receptions, reopening, reports, submit
from actions.desk import Changed, NotNow, NotYours, Refusal
from actions.instance import Instance
from registry.store import amendments, figures, notices, reopenings, submissions
from registry.store import papers as stored_papers
from registry.store import reports as stored
from registry.store.papers import NewPaper
from registry.store.reports import Reception, Report
from registry.store.tables import opening
from registry.workflow.period import PeriodAct
from registry.workflow.policy import EVERYWHERE
from registry.workflow.report import ReceptionState, ReportState
from registry.workflow.submission import State
from tests.webui import rights
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, AtOnce, SignIn
from tests.webui.small_province import BMT, EASUP, NOW, Things, sit


def report_of(instance: Instance, login: str = "easup") -> Report:
    work = province.work_of(sit(instance, login))
    with instance.store.read() as connection:
        found = stored.find(connection, EVERYWHERE, work.opening_id, work.unit_id)
    assert found is not None
    return found


def told(instance: Instance, login: str) -> list[str]:
    """Kinds of notices somebody has not put away, newest first."""
    desk = sit(instance, login)
    with instance.store.read() as connection:
        return [one.kind for one in notices.unread(connection, desk.actor.person_id)]


def taken_by(instance: Instance, opening_id: int) -> dict[tuple[str, str], Reception]:
    """How each receiver took each unit's newest report, by (unit, receiver)."""
    desk = sit(instance, "vpub")
    with instance.store.read() as connection:
        units = desk.snapshot(connection).units_by_id
        found = stored.receptions(connection, opening_id)
    return {(units[one.unit_id].code, units[one.receiver_id].code): one for one in found}


def counted_by(instance: Instance, opening_id: int, receiver: str) -> set[str]:
    """Units whose figures count for a receiver."""
    desk = sit(instance, "vpub")
    with instance.store.read() as connection:
        snapshot = desk.snapshot(connection)
        found = submissions.counted(connection, opening_id, snapshot.unit_ids[receiver], NOW)
    return {snapshot.units_by_id[one.unit_id].code for one in found}


def with_narrative(instance: Instance) -> Report:
    clerk = sit(instance, "easup")
    work = province.work_of(clerk)
    reports.attach_narrative(clerk, work.opening_id, work.unit_id, province.narrative(), "thuyết minh.docx")
    return report_of(instance)


def test_text_and_figures_are_approved_apart_and_the_report_is_sent_when_both_are(instance: Instance) -> None:
    clerk, leader = sit(instance, "easup"), sit(instance, "ld.easup")
    report = with_narrative(instance)
    where = report.opening_id, report.unit_id
    reports.forward(clerk, *where)
    assert told(instance, "ld.easup")[0] == "report-waits"
    with pytest.raises(NotNow, match="Thu hồi trước"):
        reports.attach_narrative(clerk, *where, province.narrative(), "khác.docx")
    with pytest.raises(Changed):
        reports.approve(leader, *where, report.lock)  # looked at before it was put forward
    seen = report_of(instance).lock
    with pytest.raises(Refusal, match="lý do"):
        reports.give_back(leader, *where, seen, "  ")
    reports.give_back(leader, *where, seen, "thiếu đánh giá")
    assert report_of(instance).state is ReportState.RETURNED
    assert told(instance, "easup")[0] == "report-given-back"
    reports.forward(clerk, *where)
    reports.approve(leader, *where, report_of(instance).lock)
    with pytest.raises(NotNow, match="chưa được duyệt"):
        reports.send(leader, *where)
    province.submitted(clerk)
    decide.approve(leader, province.work_of(clerk).assignment_id, 1)
    reports.send(leader, *where)
    assert report_of(instance).state is ReportState.SENT
    with instance.store.read() as connection:
        steps = [str(one.step) for one in stored.events(connection, report.id)]
    assert steps == ["send", "approve", "forward", "return", "forward"]
    decide.reopen(sit(instance, "vpub"), province.work_of(clerk).assignment_id, "sai số")
    assert report_of(instance).state is ReportState.DRAFT


def test_of_two_leaders_at_once_one_decides(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    report = with_narrative(instance)
    where = report.opening_id, report.unit_id
    reports.forward(sit(instance, "easup"), *where)
    seen, first = report_of(instance), sit(instance, "ld.easup")

    def beaten(*_: object) -> Report:
        monkeypatch.undo()
        reports.give_back(sit(instance, "ld.easup"), *where, seen.lock, "sai")
        return seen

    if instance.store.is_sqlite:  # has one writer at a time: who comes second reads what the first did
        reports.give_back(first, *where, seen.lock, "sai")
    else:
        monkeypatch.setattr(stored, "find", beaten)
    with pytest.raises(Changed):
        reports.approve(first, *where, seen.lock)
    after = report_of(instance)
    assert (after.state, after.lock) == (ReportState.RETURNED, seen.lock + 1)


@ON_SQLITE
def test_a_report_is_sent_with_the_text_its_leader_saw(instance: Instance, signed_in: SignIn) -> None:
    clerk, leader = sit(instance, "easup"), signed_in("ld.easup")
    province.submitted(clerk)
    work = province.work_of(clerk)
    form, address = f"/viec/{work.assignment_id}", f"/bao-cao-don-vi/{work.opening_id}/{work.unit_id}"

    def replaced_behind(url: str) -> str:
        [*_, lock] = re.findall(r'name="lock" value="(\d+)"', leader.get(url).text)
        reports.attach_narrative(clerk, work.opening_id, work.unit_id, province.narrative(), "doi.docx")
        return lock

    posted = {"version": "1", "send": "1", "lock": replaced_behind(form)}
    assert "người khác" in leader.post(f"{form}/duyet", data=posted, follow_redirects=True).text
    assert province.work_of(clerk).state is State.APPROVED
    for page in ("/", form, address):
        assert leader.post(f"{address}/gui", data={"lock": replaced_behind(page)}).status_code == 409
    assert leader.post(f"{address}/gui").status_code == 409
    assert report_of(instance).state is ReportState.DRAFT
    assert leader.post(f"{address}/gui", data={"lock": report_of(instance).lock}).status_code == 302
    assert report_of(instance).state is ReportState.SENT


@ON_SQLITE
def test_a_text_sent_back_leaves_the_receivers_document_and_no_others(instance: Instance) -> None:
    own = province.carry_through(instance, "easup", "ld.easup")
    receptions.take(sit(instance, "vpub"), own.opening_id, taken_by(instance, own.opening_id)[EASUP, "VPUB"].id, "sai")

    def texts(receiver: str, at: datetime = NOW) -> list[int]:
        with instance.store.read() as connection:
            found = stored.narratives(connection, own.opening_id, rights.unit_key(instance, receiver), at)
        return [one.unit_id for one in found]

    assert (texts("VPUB"), texts("STC")) == ([], [own.unit_id])
    later = NOW + timedelta(hours=1)
    reports.send(sit(instance, "ld.easup", later), own.opening_id, own.unit_id)
    assert texts("VPUB", later) == [own.unit_id]


@ON_SQLITE
def test_the_page_of_a_report_offers_each_what_is_theirs(instance: Instance, signed_in: SignIn) -> None:
    report = with_narrative(instance)
    address = f"/bao-cao-don-vi/{report.opening_id}/{report.unit_id}"
    clerk, leader = signed_in("easup"), signed_in("ld.easup")
    assert "Trình duyệt báo cáo" in clerk.get(address).text
    assert "Duyệt phần thuyết minh" not in leader.get(address).text
    assert clerk.post(f"{address}/trinh-duyet").status_code == 302
    assert address in leader.get("/").text  # the notice leads there
    assert "Thu hồi" in clerk.get(address).text
    assert leader.post(f"{address}/duyet", data={"lock": "0"}).status_code == 409
    seen = str(report_of(instance).lock)
    assert leader.post(f"{address}/duyet", data={"lock": seen, "do": "return", "reason": "Thiếu"}).status_code == 302
    page = clerk.get(address).text
    assert "Bị trả lại" in page
    assert "Thiếu" in page
    clerk.post(f"{address}/trinh-duyet")
    clerk.post(f"{address}/trinh-duyet", data={"do": "withdraw"})
    assert report_of(instance).state is ReportState.DRAFT
    clerk.post(f"{address}/trinh-duyet")
    leader.post(f"{address}/duyet", data={"lock": str(report_of(instance).lock)})
    assert report_of(instance).state is ReportState.APPROVED
    assert signed_in("ld.bmt").get(address).status_code == 404


def test_each_receiver_decides_for_itself_and_the_unit_is_told(instance: Instance) -> None:
    own = province.carry_through(instance, "easup", "ld.easup")
    office, stc = sit(instance, "vpub"), sit(instance, "nhan.stc")
    before = taken_by(instance, own.opening_id)
    receptions.take(stc, own.opening_id, before[EASUP, "STC"].id)
    until = NOW + timedelta(days=3)
    receptions.take(office, own.opening_id, before[EASUP, "VPUB"].id, "thiếu thuyết minh", until)
    after = taken_by(instance, own.opening_id)
    assert (after[EASUP, "STC"].state, after[EASUP, "VPUB"].state) == (ReceptionState.RECEIVED, ReceptionState.RETURNED)
    assert after[EASUP, "VPUB"].resend_by == until
    assert report_of(instance).state is ReportState.DRAFT
    assert (counted_by(instance, own.opening_id, "VPUB"), counted_by(instance, own.opening_id, "STC")) == (
        set(),
        {EASUP},
    )
    assert told(instance, "easup")[0] == "report-returned"
    receptions.take(stc, own.opening_id, before[EASUP, "STC"].id, "sai đơn vị tính")
    reports.send(sit(instance, "ld.easup"), own.opening_id, own.unit_id)
    assert counted_by(instance, own.opening_id, "VPUB") == {EASUP} == counted_by(instance, own.opening_id, "STC")


def test_all_that_is_listed_is_received_at_once_and_what_was_compiled_says_so(instance: Instance) -> None:
    own = province.carry_through(instance, "easup", "ld.easup")
    province.carry_through(instance, "bmt", "ld.bmt")
    office, stc = sit(instance, "vpub"), sit(instance, "nhan.stc")
    listed = taken_by(instance, own.opening_id)
    mine = {one.id for (_, receiver), one in listed.items() if receiver == "VPUB"}
    with pytest.raises(NotYours):
        receptions.take_all(stc, own.opening_id, mine)
    receptions.take(office, own.opening_id, listed[EASUP, "VPUB"].id)
    assert receptions.take_all(office, own.opening_id, mine) == 1
    assert receptions.take_all(office, own.opening_id, mine) == 0
    receptions.take(office, own.opening_id, listed[BMT, "VPUB"].id, "thiếu")
    compiling.compile_report(office, "KTXH", "202610")
    states = {key: one.state for key, one in taken_by(instance, own.opening_id).items()}
    assert states == {
        (EASUP, "VPUB"): ReceptionState.COMPILED,
        (EASUP, "STC"): ReceptionState.SENT,
        (BMT, "VPUB"): ReceptionState.RETURNED,
        (BMT, "STC"): ReceptionState.SENT,
    }
    assert told(instance, "easup")[0] == "report-compiled"
    assert told(instance, "bmt")[0] == "report-returned"


@ON_SQLITE
def test_the_board_receives_all_it_shows_and_the_report_tells_its_story(instance: Instance, signed_in: SignIn) -> None:
    own = province.carry_through(instance, "easup", "ld.easup")
    province.carry_through(instance, "bmt", "ld.bmt")
    office = signed_in("vpub")
    board = office.get("/ky-bao-cao/KTXH/202610").text
    assert "Tiếp nhận tất cả (2)" in board
    listed = taken_by(instance, own.opening_id)
    office.post("/ky-bao-cao/KTXH/202610/tiep-nhan", data={"bao_cao": [listed[EASUP, "VPUB"].id]})
    answer = office.post(
        f"/ky-bao-cao/KTXH/202610/tiep-nhan/{listed[EASUP, 'VPUB'].id}",
        data={"do": "return", "reason": "Thiếu phụ lục", "resend_by": "2026-10-16T17:00"},
    )
    assert answer.status_code == 302
    page = signed_in("easup").get(f"/bao-cao-don-vi/{own.opening_id}/{own.unit_id}").text
    assert "Văn phòng UBND tỉnh: Trả lại, yêu cầu bổ sung" in page
    assert "gửi lại trước" in page


def test_what_a_unit_asks_to_reopen_is_granted_or_refused_and_stays_counted(instance: Instance) -> None:
    own = province.carry_through(instance, "easup", "ld.easup")
    clerk, leader, office = sit(instance, "easup"), sit(instance, "ld.easup"), sit(instance, "vpub")
    with pytest.raises(Refusal, match="lý do"):
        reopening.ask(clerk, own.assignment_id, " ")
    with pytest.raises(NotYours):
        reopening.ask(sit(instance, "bmt"), own.assignment_id, "sai")
    first = reopening.ask(clerk, own.assignment_id, "gõ nhầm diện tích")
    assert told(instance, "vpub")[0] == "reopening-asked"
    with pytest.raises(NotNow, match="đang chờ"):
        reopening.ask(leader, own.assignment_id, "gõ nhầm")
    with pytest.raises(Refusal, match="lý do"):
        reopening.answer(office, first, grant=False)
    reopening.answer(office, first, "đã quá hạn", grant=False)
    assert told(instance, "easup")[0] == "reopening-refused"
    with pytest.raises(Changed):
        reopening.answer(sit(instance, "nhan.stc"), first, grant=True)
    second = reopening.ask(leader, own.assignment_id, "gõ nhầm diện tích")
    reopening.answer(sit(instance, "nhan.stc"), second, grant=True)
    assert (province.work_of(clerk).state, report_of(instance).state) == (State.RETURNED, ReportState.DRAFT)
    assert counted_by(instance, own.opening_id, "VPUB") == {EASUP}
    with instance.store.read() as connection:
        vpub = office.snapshot(connection).unit_ids["VPUB"]
        (held,) = submissions.counted(connection, own.opening_id, vpub, NOW)
        assert (held.n, held.provisional) == (1, True)
        assert reopening.waiting(office, connection) == []
    province.submitted(clerk, "130")
    decide.approve(leader, own.assignment_id, 2)
    with instance.store.read() as connection:
        (held,) = submissions.counted(connection, own.opening_id, vpub, NOW)
    assert (held.n, held.provisional) == (2, False)


def test_of_two_answers_at_once_one_counts(instance: Instance, at_once: AtOnce) -> None:
    own = province.carry_through(instance, "easup", "ld.easup")
    number = reopening.ask(sit(instance, "easup"), own.assignment_id, "sai")
    answers = iter((True, False))
    given = at_once(
        reopenings, "get", lambda: reopening.answer(sit(instance, "vpub"), number, "vì", grant=next(answers))
    )
    assert sorted(type(one).__name__ for one in given) == ["Changed", "Reopening"]


@ON_SQLITE
def test_a_request_to_reopen_is_seen_by_both_sides_and_what_was_compiled_by_its_clerk(
    instance: Instance, signed_in: SignIn
) -> None:
    own = province.carry_through(instance, "easup", "ld.easup")
    form = f"/viec/{own.assignment_id}"
    clerk, office = signed_in("easup"), signed_in("vpub")
    assert "Chưa được dùng" in clerk.get(form).text
    compiling.compile_report(sit(instance, "vpub"), "KTXH", "202610")
    page = clerk.get(form).text
    assert "Số liệu này đã vào: báo cáo của Văn phòng UBND tỉnh lần 1" in page
    assert clerk.post(f"{form}/de-nghi-mo-lai", data={"reason": "Gõ nhầm"}).status_code == 302
    assert "Đơn vị đã đề nghị mở lại" in clerk.get(form).text
    assert "1 đề nghị mở lại" in office.get("/").text
    queue = office.get("/de-nghi-mo-lai").text
    number = re.search(r'action="/de-nghi-mo-lai/(\d+)"', queue)
    assert number is not None
    assert office.post(f"/de-nghi-mo-lai/{number[1]}", data={"do": "grant"}).status_code == 302
    assert "Đồng ý mở lại" in office.get("/de-nghi-mo-lai").text
    assert "vẫn được tính (tạm)" in clerk.get(form).text
    assert "(tạm)" in office.get("/ky-bao-cao/KTXH/202610").text


def test_a_locked_period_is_not_reopened(instance: Instance) -> None:
    own = province.carry_through(instance, "easup", "ld.easup")
    office = sit(instance, "vpub")
    number = reopening.ask(sit(instance, "easup"), own.assignment_id, "sai")
    with instance.store.write() as connection:
        connection.execute(update(opening).where(opening.c.id == own.opening_id).values(closed_at=NOW, locked_at=NOW))
    with pytest.raises(NotNow, match="đã khóa"):
        reopening.answer(office, number, grant=True)
    with pytest.raises(NotNow, match="đã khóa"):
        decide.reopen(office, own.assignment_id, "sai")
    assert told(instance, "vpub")[0] == "reopening-asked"  # nothing half done


def locked(instance: Instance) -> Things:
    """Ea Súp's month, sent and compiled, in a period that was locked."""
    own = province.carry_through(instance, "easup", "ld.easup")
    compiling.compile_report(sit(instance, "vpub"), "KTXH", "202610")
    for act in (PeriodAct.CLOSE, PeriodAct.LOCK):
        closing.take(sit(instance, "vpub"), own.opening_id, act)
    return own


def test_figures_of_a_locked_period_are_corrected_by_a_document_and_every_report_of_the_wrong_ones_is_named(
    instance: Instance,
) -> None:
    own = locked(instance)
    later = NOW + timedelta(minutes=1)
    clerk, leader, office = (sit(instance, login, later) for login in ("easup", "ld.easup", "vpub"))
    with pytest.raises(NotYours):
        amending.begin(leader, own.assignment_id, "12/CV", "gõ nhầm")
    with pytest.raises(Refusal, match="văn bản"):
        amending.begin(office, own.assignment_id, " ", "gõ nhầm")
    with pytest.raises(NotNow, match="đã khóa"):
        decide.reopen(office, own.assignment_id, "gõ nhầm")
    assert amending.begin(office, own.assignment_id, "12/UBND-VP ngày 20/10/2026", "gõ nhầm") == 1
    with pytest.raises(NotNow):
        amending.begin(office, own.assignment_id, "12/UBND-VP", "lần nữa")
    province.submitted(clerk, "130")
    decide.approve(leader, own.assignment_id, 2)
    with instance.store.read() as connection:
        (one,) = amendments.of_opening(connection, own.opening_id)
        resting = amendments.resting_on(connection, one.old_version_id, one.new_version_id)
        wrong, right = (
            figures.of_versions(connection, [version or 0]) for version in (one.old_version_id, one.new_version_id)
        )
    assert [(each.kind, each.n, each.anew) for each in resting] == [("own", 1, None), ("compiled", 1, None)]
    assert wrong
    assert right
    assert "figures-corrected" in told(instance, "nhan.stc")
    reports.send(leader, own.opening_id, own.unit_id)
    made = compiling.compile_report(sit(instance, "vpub", later + timedelta(minutes=1)), "KTXH", "202610")
    printed = "".join(docx.Document(io.BytesIO(made.files[1].data)).element.itertext())
    assert "Bản này thay thế bản tổng hợp lần 1" in printed
    assert ", nay là 130" in printed
    assert "đính chính số 1 theo 12/UBND-VP ngày 20/10/2026" in printed
    with instance.store.read() as connection:
        resting = amendments.resting_on(connection, one.old_version_id, one.new_version_id)
    assert [(each.kind, each.anew) for each in resting] == [("own", 2), ("compiled", 2)]
    with pytest.raises(NotNow):
        submit.nil(clerk, own.assignment_id)  # locked again


@ON_SQLITE
def test_a_correction_is_begun_on_the_forms_page_and_listed_with_what_it_touches(
    instance: Instance, signed_in: SignIn
) -> None:
    own = locked(instance)
    form, office = f"/viec/{own.assignment_id}", signed_in("vpub")
    assert "Mở đính chính" in office.get(form).text
    assert "Mở đính chính" not in signed_in("ld.easup").get(form).text
    office.post(f"{form}/dinh-chinh", data={"document": "12/UBND-VP", "reason": "gõ nhầm diện tích"})
    page = office.get("/ky-bao-cao/KTXH/202610/dinh-chinh").text
    assert "Đính chính lần 1" in page
    assert "Đơn vị chưa duyệt số liệu đúng" in page
    province.submitted(sit(instance, "easup"), "130")
    decide.approve(sit(instance, "ld.easup"), own.assignment_id, 2)
    page = office.get("/ky-bao-cao/KTXH/202610/dinh-chinh").text
    assert "<del>120" in page
    assert "<strong>130" in page
    assert page.count("Chưa làm lại") == 2
    assert "Đính chính lần 1 theo văn bản 12/UBND-VP" in signed_in("easup").get(form).text


@ON_SQLITE
def test_the_signed_document_is_recorded_as_it_came_back_and_shown(instance: Instance, signed_in: SignIn) -> None:
    own = province.carry_through(instance, "easup", "ld.easup")
    rights.sign(instance, "ld.easup", "direct", EASUP)
    address, clerk = f"/bao-cao-don-vi/{own.opening_id}/{own.unit_id}", signed_in("easup")
    page = clerk.get(address).text
    assert "Chưa ghi số, ngày văn bản" in page
    assert "Duyệt trên hệ thống" in page
    key = re.search(r'<option value="(\d+)">[^<]*', page)
    assert key is not None
    told_of = {"number": "0247/BC-UBND", "dated": "2026-10-15", "capacity": key[1], "recipients": "VP UBND tỉnh"}
    scan = {"file": (province.narrative(), "bao-cao-ky.docx")}
    for wrong in ({"number": "BC-UBND"}, {"dated": "2026-10-16"}, {"capacity": "0"}, {"dated": "hôm nay"}):
        assert clerk.post(f"{address}/van-ban", data=told_of | wrong).status_code == 400, wrong
    assert clerk.post(f"{address}/van-ban", data=told_of | scan).status_code == 302
    page = clerk.get(address).text
    assert "Số 0247/BC-UBND, ngày 15/10/2026" in page
    assert "bao-cao-ky.docx" in page
    scanned = re.search(rf"{address}/van-ban/\d+", page)
    assert scanned is not None
    assert signed_in("vpub").get(scanned[0], buffered=True).status_code == 200
    assert signed_in("bmt").get(scanned[0]).status_code == 404
    assert "0247/BC-UBND" in signed_in("vpub").get("/ky-bao-cao/KTXH/202610").text
    assert "0247/BC-UBND" in clerk.get(f"/phieu/{own.receipt}").text
    mine = taken_by(instance, own.opening_id)[EASUP, "VPUB"]
    receptions.take(sit(instance, "vpub"), own.opening_id, mine.id, "thiếu")
    assert clerk.post(f"{address}/van-ban", data=told_of).status_code == 409


def test_a_signed_document_of_a_version_sent_before_is_not_that_of_the_next(instance: Instance) -> None:
    own = province.carry_through(instance, "easup", "ld.easup")
    capacity = rights.sign(instance, "ld.easup", "direct", EASUP)
    new = NewPaper("0247/BC-UBND", NOW.date(), capacity, "")
    papers.record(sit(instance, "easup"), own.opening_id, own.unit_id, new)
    with instance.store.read() as connection:
        assert stored_papers.of_opening(connection, own.opening_id, [own.unit_id])[own.unit_id].number == new.number
    mine = taken_by(instance, own.opening_id)[EASUP, "VPUB"]
    receptions.take(sit(instance, "vpub"), own.opening_id, mine.id, "thiếu")
    reports.send(sit(instance, "ld.easup"), own.opening_id, own.unit_id)
    with instance.store.read() as connection:
        assert stored_papers.of_opening(connection, own.opening_id, [own.unit_id]) == {}
        assert [one.n for one in stored_papers.of_report(connection, report_of(instance).id)] == [1]


def test_a_report_sent_twice_at_once_is_sent_once(instance: Instance, at_once: AtOnce) -> None:
    clerk, leader = sit(instance, "easup"), sit(instance, "ld.easup")
    work = province.work_of(clerk)
    submit.nil(clerk, work.assignment_id)
    decide.approve(leader, work.assignment_id, 1)
    given = at_once(reports, "report_step", lambda: reports.send(leader, work.opening_id, work.unit_id))
    assert sorted(type(one).__name__ for one in given) == ["NoneType", "NotNow"]
    assert report_of(instance).version == 1
