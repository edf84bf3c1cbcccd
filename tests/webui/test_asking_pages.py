"""The five-minute form, the browser entry and the look before opening, over HTTP and without any script."""

import io
import re
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from actions import decide, previews, receive, requests
from actions import openings as opened
from actions.answers import Answer, _headings, _total, _views, answers
from actions.compile_orders import COMPILE
from actions.desk import Refusal
from actions.instance import Instance
from actions.work import run_one
from registry.catalogue.model import Catalogue, CellKind, Column, Member
from registry.catalogue.values import CellKey, CellValue, State
from registry.periods import parse
from registry.store import audit, definitions, openings, submissions
from registry.store.tables import person
from registry.workflow.policy import Action
from tests.webui import asking
from tests.webui import small_province as province
from tests.webui.asking import DUE, HALLS, answered, asked, form, work_on
from tests.webui.conftest import ON_SQLITE, Clock, SignIn
from tests.webui.small_province import NOW, sit, work_of
from vietnamese.dates import HO_CHI_MINH


@pytest.fixture(autouse=True)
def _with_admins(instance: Instance) -> None:
    asking.put_admins(instance)


def test_from_the_five_minute_form_to_the_table_that_fills(instance: Instance, signed_in: SignIn) -> None:
    admin = signed_in("qt.snnmt")
    assert "Yêu cầu đột xuất" in admin.get("/").text
    assert "Luật Thống kê" in admin.get("/yeu-cau/moi").text
    look = admin.post("/yeu-cau/moi", **form())  # Enter in a field
    assert look.status_code == 200
    assert "Xã Ea Súp" in look.text
    assert "16:00 ngày 17/10/2026" in look.text
    with instance.store.read() as connection:
        assert not sit(instance, "vpub").snapshot(connection).requests.keys() - {"DX"}
    sent = admin.post("/yeu-cau/moi", **form(do="ask"))
    assert sent.location == "/yeu-cau/DX-2026-001/2026DX001"

    with instance.store.read() as connection:
        opening = openings.find(connection, "DX-2026-001", "2026DX001")
    assert opening is not None
    work = work_on(instance, opening)
    clerk, address = signed_in("easup"), f"/viec/{work.assignment_id}/nhap"
    assert f'href="{address}"' in clerk.get("/").text
    page = clerk.get(address)
    assert "1234/SNNMT-VP" in page.text
    wrong = clerk.post(address, data={"o:D01:c01": "mười hai", "o:D01:c02": "3", "o:D01:c03": "còn 2", "do": "submit"})
    assert wrong.status_code == 422
    for kept in ("mười hai", 'value="3"', "còn 2", 'aria-invalid="true"'):
        assert kept in wrong.text, kept
    right = {"o:D01:c01": "12", "o:D01:c02": "3", "o:D02:c01": "1.150,5", "o:D02:c02": "-", "o:D01:c03": "còn 2"}
    kept_draft = clerk.post(address, data=right | {"do": "save"})
    assert kept_draft.location == address
    assert 'value="1.150,5"' in clerk.get(address).text
    assert clerk.post(address, data=right | {"do": "submit"}).location == f"/viec/{work.assignment_id}"
    leader = signed_in("ld.easup")
    leader.post(f"/viec/{work.assignment_id}/duyet", data={"version": "1", "send": "1", "lock": "0"})

    board = admin.get(sent.location).text
    assert "Đã có 1/3 đơn vị trả lời" in board
    assert "1.150,50" in board
    taken = re.search(r"/yeu-cau/DX-2026-001/2026DX001/tiep-nhan/\d+", board)
    assert taken is not None
    assert admin.post(taken[0], data={"do": "receive"}).status_code == 302
    assert admin.post(f"{sent.location}/tong-hop").status_code == 302
    assert admin.get(f"{sent.location}/tong-hop.json").get_json()["state"] == "waiting"
    assert run_one(instance, (COMPILE,))
    files = re.findall(r'href="(/bao-cao/\d+/tep/[^"]+)"', admin.get(sent.location).text)
    workbook = admin.get(next(one for one in files if one.endswith("xlsx")), buffered=True)
    assert load_workbook(io.BytesIO(workbook.data)).sheetnames
    assert signed_in("qt.easup").get(sent.location).status_code == 404
    assert signed_in("qt.easup").get(files[0]).status_code == 404


@ON_SQLITE
def test_nothing_typed_into_the_five_minute_form_is_lost(signed_in: SignIn) -> None:
    admin = signed_in("qt.snnmt")
    refused = admin.post("/yeu-cau/moi", **form(do="preview", measure="cây cầu"))
    assert refused.status_code == 400
    more = admin.post("/yeu-cau/moi", **form(do="more"))
    no_day = admin.post("/yeu-cau/moi", **form(do="preview", dated="hôm kia"))
    assert no_day.status_code == 400
    assert "hôm kia" in no_day.text
    for page in (refused, more, no_day):
        for kept in (HALLS.name, "1234/SNNMT-VP", "Nhà văn hóa thôn", "Cần sửa"):
            assert kept in page.text, kept
    assert more.text.count('name="row"') > refused.text.count('name="row"')


@ON_SQLITE
def test_a_request_is_asked_anew_in_one_step(instance: Instance, signed_in: SignIn) -> None:
    opening = asked(instance)
    page = signed_in("qt.snnmt").get(f"/yeu-cau/moi?tu={opening.regime}").text
    assert HALLS.name in page
    assert "Nhà văn hóa thôn" in page
    assert "1234/SNNMT-VP" not in page
    assert signed_in("qt.easup").get(f"/yeu-cau/moi?tu={opening.regime}").status_code == 404
    once_more = signed_in("qt.snnmt").post(
        f"/yeu-cau/{opening.regime}/{opening.period}/ky-tiep", data={"due": "2026-10-19T07:00"}
    )
    assert once_more.location == "/yeu-cau/DX-2026-001/2026DX002"


@ON_SQLITE
def test_a_round_keeps_the_form_it_was_opened_with_on_every_page(instance: Instance, signed_in: SignIn) -> None:
    opening = asked(instance)
    answered(instance, opening, D01_c01="1", D01_c02="2", D02_c01="777", D02_c02="-")
    with instance.store.write() as connection:
        snapshot = definitions.snapshot(connection, NOW.date())
        old = snapshot.form_versions[opening.regime].form
        narrower = replace(old, version=2, title="BIỂU VẼ LẠI", rows=old.rows[:1])
        definitions.load(connection, replace(Catalogue(), forms=(narrower,)), "test", NOW)
        assert definitions.snapshot(connection, NOW.date()).form_versions[opening.regime].form.title == "BIỂU VẼ LẠI"
    board = signed_in("qt.snnmt").get(f"/yeu-cau/{opening.regime}/{opening.period}").text
    assert "777" in board
    home = signed_in("bmt").get("/").text.casefold()
    assert old.title.casefold() in home
    assert "biểu vẽ lại" not in home


@ON_SQLITE
def test_figures_shown_in_different_measures_are_not_added_up(instance: Instance) -> None:
    desk = sit(instance, "vpub")
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        works = openings.work(connection, desk.scope(Action.SEE_BOARD), regime="KTXH", period_code="202610")
        form = snapshot.form_versions["KTXH-01"].form
        table = answers(desk, connection, snapshot, form, works, [])
        headings = _headings(form, list({view.row_set: view for view in _views(snapshot, form, works)}.values()))
    assert table is None  # too wide for a page
    differing = [one for one in headings if len(one.measures) > 1]
    assert differing
    line = Answer(
        snapshot.units["24211"], works[0], _views(snapshot, form, works)[0], (CellValue(State.VALUE, Decimal(5)),)
    )
    for one in differing:
        assert _total(snapshot, 0, one, (line,)) is None


@ON_SQLITE
def test_choices_days_and_units_are_filled_on_the_page_and_read_by_the_judge(
    instance: Instance, signed_in: SignIn
) -> None:
    first = asked(instance)
    with instance.store.write() as connection:
        old = definitions.snapshot(connection, NOW.date()).form_versions[first.regime].form
        worded = (
            Column("c03", "3", ("Lý do",), CellKind.CHOICE, choices="lydo"),
            Column("c04", "4", ("Ngày",), CellKind.DATE),
            Column("c05", "5", ("Xã",), CellKind.UNIT, choices="xã"),
        )
        members = (*old.members, Member("lydo", "a", "Xuống cấp", 1), Member("lydo", "b", "Thiếu đất", 2))
        form = replace(old, version=2, rows=old.rows[:1], columns=(*old.columns[:2], *worded), members=members)
        definitions.load(connection, replace(Catalogue(), forms=(form,)), "test", NOW)
    second = requests.next_round(sit(instance, "qt.snnmt"), first.regime, DUE)
    work = work_on(instance, second)
    browser, address = signed_in("easup"), f"/viec/{work.assignment_id}/nhap"
    page = browser.get(address).text
    assert re.search(r'<select[^>]*name="o:D01:c03"', page)
    assert "<option>Thiếu đất</option>" in page
    assert re.search(r'<select[^>]*name="o:D01:c05".*?<option>Xã Ea Súp</option>', page, re.DOTALL)
    given = {"o:D01:c01": "3", "o:D01:c02": "-", "o:D01:c04": "31/2/2026", "do": "submit"}
    lost = browser.post(address, data=given | {"o:D01:c03": "Thiếu đất", "o:D01:c05": "Xã Ea Súp"})
    assert lost.status_code == 422
    assert "31/2/2026" in lost.text
    assert "<option selected>Thiếu đất</option>" in lost.text
    right = given | {"o:D01:c03": "Thiếu đất", "o:D01:c05": "Xã Ea Súp", "o:D01:c04": "1/10/2026"}
    assert browser.post(address, data=right).location == f"/viec/{work.assignment_id}"
    with instance.store.read() as connection:
        version = submissions.newest(connection, work.submission_id)
    assert version is not None
    said = {key.column: value.text for key, value in version.values.items() if key.row == "D01"}
    assert (said["c03"], said["c04"], said["c05"]) == ("Thiếu đất", "2026-10-01", "24211")


def test_the_same_look_sent_twice_asks_once(instance: Instance, signed_in: SignIn) -> None:
    admin = signed_in("qt.snnmt")
    look = admin.post("/yeu-cau/moi", **form(do="preview")).text
    seen = re.search(r'name="looked" value="([^"]+)"', look)
    assert seen is not None
    first, second = (admin.post("/yeu-cau/moi", **form(do="ask", looked=seen[1])) for _ in range(2))
    assert first.location == "/yeu-cau/DX-2026-001/2026DX001"
    assert "không gửi lần nữa" in admin.get(second.location).text
    with instance.store.read() as connection:
        assert openings.find(connection, "DX-2026-002", "2026DX002") is None


def test_a_trial_is_written_down_and_shows_figures_only_to_whom_they_may_be_shown(
    instance: Instance, signed_in: SignIn
) -> None:
    opening = asked(instance, asking.STORM)
    answered(instance, opening, D01_c02="4321", D02_c02="-")
    desk = sit(instance, "qt.snnmt")
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        regime, period = snapshot.regimes[opening.regime], parse("2026DX002")
        planned = opened.planned(snapshot, regime, period, DUE)
        own = previews.trial_for(desk, connection, snapshot, regime, period, planned, "24211")
    office = signed_in("vpub").get(f"/ky-bao-cao/{opening.regime}/2026DX002/ban-thu/24211/{opening.regime}.xlsx")
    for data, is_shown in ((own.data, False), (office.data, True)):
        cells = [cell.value for sheet in load_workbook(io.BytesIO(data)) for row in sheet for cell in row]
        assert (4321 in cells) is is_shown
    with instance.store.read() as connection:
        noted = [one.object for one in audit.latest(connection) if one.action == "download"]
    assert noted == [f"trial {opening.regime} 2026DX002 24211 {opening.regime}"] * 2


@ON_SQLITE
def test_a_trial_workbook_is_marked_and_is_no_return(instance: Instance, signed_in: SignIn) -> None:
    trials = [
        signed_in("qt.snnmt").post("/yeu-cau/moi", **form(do="trial", thu="24211")),
        signed_in("vpub").get("/ky-bao-cao/KTXH/202611/ban-thu/24211/KTXH-01.xlsx"),
    ]
    desk = sit(instance, "easup")
    for answer in trials:
        assert answer.status_code == 200
        assert "BAN-THU_" in answer.headers["Content-Disposition"]
        book = load_workbook(io.BytesIO(answer.data))
        shown = " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value)
        assert "BẢN THỬ" in shown
        number = receive.receive(desk, io.BytesIO(answer.data), "thu.xlsx", work_of(desk).unit_id, queue=False)
        verdict = receive.judge_upload(desk, number)
        assert [one.code for one in verdict.findings if one.severity == "block"] == ["identity-trial"]


@ON_SQLITE
def test_the_look_before_opening_says_who_gets_what_and_who_has_nobody(instance: Instance, signed_in: SignIn) -> None:
    office = signed_in("vpub")
    page = office.get("/ky-bao-cao/KTXH/202611/xem-truoc").text
    assert "Xã Ea Súp" in page
    assert page.count("</svg> chưa có") == 1  # the customs office answers by a document (F23)
    with instance.store.write() as connection:
        connection.execute(update(person).where(person.c.login == "ld.22015").values(state="disabled"))
    page = office.get("/ky-bao-cao/KTXH/202611/xem-truoc").text
    assert "chưa có lãnh đạo đơn vị" in page
    chosen = office.post("/ky-bao-cao/xem-truoc", data={"period": "KTXH 202611"})
    assert chosen.location == "/ky-bao-cao/KTXH/202611/xem-truoc"
    other = office.post("/ky-bao-cao/xem-truoc", data={"regime": "KTXH", "period": "202612"})
    assert other.location == "/ky-bao-cao/KTXH/202612/xem-truoc"
    assert office.post("/ky-bao-cao", data={"period": "KTXH 202611"}).status_code == 302
    assert "Kỳ này đã mở" in office.get("/ky-bao-cao/KTXH/202611/xem-truoc").text


@ON_SQLITE
def test_last_years_regime_and_forms_are_copied_in_one_step(instance: Instance, signed_in: SignIn) -> None:
    office = signed_in("vpub")
    page = office.get("/danh-muc/sao-chep/KSTT").text
    assert 'value="KSTT-2027"' in page
    assert "Sửa chế độ KSTT: thêm đến “31/12/2026”." in page
    assert "Đổi mã chế độ “KSTT” thành “KSTT-2027”." in page
    assert "01/01/2027" in page
    assert office.post("/danh-muc/sao-chep/KSTT", data={"code": "KTXH", "year": "2027"}).status_code == 409
    assert office.post("/danh-muc/sao-chep/KSTT", data={"code": "KSTT-2027", "year": "2027"}).status_code == 302
    desk = sit(instance, "vpub")
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        assert snapshot.regimes["KSTT-2027"].forms == snapshot.regimes["KSTT"].forms
        assert snapshot.regimes["KSTT"].valid_to == date(2026, 12, 31)
        assert snapshot.form_versions["II.06a"].n == 1  # until the new year
        assert desk.snapshot(connection, date(2027, 1, 5)).form_versions["II.06a"].n == 2
    assert desk.scope(Action.CHANGE_CATALOGUE).units is None
    for regime, period in (("KSTT", "20271"), ("KSTT-2027", "20263")):
        with pytest.raises(Refusal):
            opened.open_period(desk, regime, period)
    opened.open_period(desk, "KSTT-2027", "20271")


@ON_SQLITE
def test_one_returned_cell_is_corrected_on_the_page(instance: Instance, signed_in: SignIn) -> None:
    clerk, leader = sit(instance, "easup"), sit(instance, "ld.easup")
    province.submitted(clerk)
    work = work_of(clerk)
    decide.send_back(leader, work.assignment_id, 1, "Số lợn sai")
    browser, address = signed_in("easup"), f"/viec/{work.assignment_id}/nhap"
    page = browser.get(address).text
    cells = dict(re.findall(r'name="(o:[^"]+)" value="([^"]*)"', page))
    assert set(cells.values()) >= {"120"}
    done = browser.post(address, data=cells | {"o:NN14:c06": "121", "do": "submit"})
    assert done.location == f"/viec/{work.assignment_id}"
    with instance.store.read() as connection:
        newest, first = submissions.versions(connection, work.submission_id)
    assert (newest.n, newest.kind, first.kind) == (2, "browser", "upload")
    assert newest.by_name == clerk.actor.name
    changed = {key for key in newest.values if newest.values[key] != first.values[key]}
    assert CellKey("NN14", "c06") in changed
    assert {key.row for key in changed} == {"NN14"}


@ON_SQLITE
def test_a_form_waiting_for_the_leader_is_not_typed_into(instance: Instance, signed_in: SignIn) -> None:
    province.submitted(sit(instance, "easup"))
    work = work_of(sit(instance, "easup"))
    browser, address = signed_in("easup"), f"/viec/{work.assignment_id}/nhap"
    assert "Lưu và kiểm tra" not in browser.get(address).text
    assert browser.post(address, data={"o:NN14:c06": "1", "do": "save"}).status_code == 409


@ON_SQLITE
def test_a_warning_on_the_page_wants_an_explanation_and_keeps_the_words_given(
    instance: Instance, signed_in: SignIn, clock: Clock
) -> None:
    province.carry_through(instance, "easup", "ld.easup")
    clock.now = datetime(2026, 11, 10, 9, 0, tzinfo=HO_CHI_MINH)
    opened.open_period(sit(instance, "vpub", clock.now), "KTXH", "202611")
    work = work_of(sit(instance, "easup", clock.now), "202611")
    browser, address = signed_in("easup"), f"/viec/{work.assignment_id}/nhap"
    given = dict(re.findall(r'name="(o:[^"]+)" value="([^"]*)"', browser.get(address).text))
    cells = {name: text or "120" for name, text in given.items()} | {"o:NN14:c05": "150", "do": "submit"}
    refused = browser.post(address, data=cells)
    assert refused.status_code == 400
    wanted = re.findall(r'name="(giai-trinh:[^"]+)"', refused.text)
    assert wanted
    kept = browser.post(address, data=cells | {wanted[0]: "Đang chờ số của thôn", "do": "save"})
    assert kept.location == address
    assert "Đang chờ số của thôn" in browser.get(address).text
    half = browser.post(address, data=cells | {wanted[0]: "Tăng đàn theo dự án", "o:NN14:c06": "mười"})
    assert half.status_code == 422
    assert "Tăng đàn theo dự án" in half.text
    done = browser.post(address, data=cells | dict.fromkeys(wanted, "Tăng đàn theo dự án"))
    assert done.location == f"/viec/{work.assignment_id}"
    assert "Tăng đàn theo dự án" in browser.get(done.location).text
