"""The month over HTTP, without a browser: distribute, upload, verdict, explain, approve, receive."""

import io
import re
import zipfile
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from actions.instance import Instance
from actions.work import run_one
from registry.catalogue.values import CellValue, State
from registry.store import openings as stored
from registry.workflow.policy import Action
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, Clock, SignIn
from tests.webui.small_province import filled, sit, work_of

BOARD = "/ky-bao-cao/KTXH/202610"
SCRIPT = {"Accept": "application/json"}


def unit_of(instance: Instance, login: str = "easup") -> int:
    return work_of(sit(instance, login)).unit_id


def upload(browser: FlaskClient, instance: Instance, data: bytes, name: str = "biểu.xlsx", **more: object):  # type: ignore[no-untyped-def]
    posted = {"don_vi": str(unit_of(instance)), "tep": (io.BytesIO(data), name)}
    return browser.post("/tai-len", data=posted, **more)


@ON_SQLITE
def test_the_clerk_downloads_the_workbook_of_the_month(instance: Instance, signed_in: SignIn) -> None:
    work = work_of(sit(instance, "easup"))
    browser = signed_in("easup")
    assert f"/bieu-mau/{work.assignment_id}.xlsx" in browser.get("/").text
    answer = browser.get(f"/bieu-mau/{work.assignment_id}.xlsx", buffered=True)
    assert answer.mimetype.endswith("spreadsheetml.sheet")
    assert answer.headers["Content-Disposition"] == "attachment; filename=KTXH-01_202610_24211_ea-sup_v1.xlsx"
    assert zipfile.ZipFile(io.BytesIO(answer.data)).testzip() is None


@ON_SQLITE
def test_an_upload_answers_a_person_with_its_page_and_a_script_with_its_number(
    instance: Instance, signed_in: SignIn
) -> None:
    browser = signed_in("easup")
    _, data = filled(sit(instance, "easup"))
    answer = upload(browser, instance, data)
    assert answer.status_code == 302
    number = int(answer.location.rsplit("/", 1)[-1])
    told = upload(browser, instance, data, headers=SCRIPT)
    assert told.status_code == 201
    assert told.json == {
        "number": number,
        "url": f"/tep/{number}",
        "name": "biểu.xlsx",
        "same": "",
        "uploads": [{"number": number, "url": f"/tep/{number}", "name": "biểu.xlsx"}],
    }


@ON_SQLITE
def test_several_files_are_taken_at_once(instance: Instance, signed_in: SignIn) -> None:
    browser = signed_in("easup")
    files = [(io.BytesIO(f"tệp {n}".encode()), f"{n}.xlsx") for n in range(3)]
    answer = browser.post("/tai-len", data={"don_vi": str(unit_of(instance)), "tep": files}, follow_redirects=True)
    assert "Đã nhận 3 tệp" in answer.text


@ON_SQLITE
def test_choosing_no_file_is_explained(instance: Instance, signed_in: SignIn) -> None:
    answer = signed_in("easup").post("/tai-len", data={"don_vi": str(unit_of(instance))})
    assert answer.status_code == 400
    assert "chưa chọn tệp" in answer.text


@ON_SQLITE
def test_while_a_file_is_checked_the_page_waits_and_says_so(instance: Instance, signed_in: SignIn) -> None:
    browser = signed_in("easup")
    _, data = filled(sit(instance, "easup"))
    url = upload(browser, instance, data).location
    page = browser.get(url).text
    assert "Đang kiểm tra" in page
    assert f'data-poll="{url}.json"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    told = browser.get(f"{url}.json").json
    assert told is not None
    assert (told["state"], told["status"]) == ("waiting", None)


@ON_SQLITE
def test_the_verdict_shows_each_finding_with_its_cell_and_marks_the_table(
    instance: Instance, signed_in: SignIn
) -> None:
    number = province.sent(sit(instance, "easup"), NN14_c06=CellValue(State.BLANK, None, "một trăm"))
    page = signed_in("easup").get(f"/tep/{number}").text
    assert "Có lỗi phải sửa" in page
    assert "một trăm" in page
    assert "Cách xử lý" in page
    assert 'id="o-NN14-c06"' in page
    assert re.search(r'class="pointer[^"]*" href="#phat-hien-', page)
    assert "Trình duyệt</button>" not in page


@ON_SQLITE
def test_a_file_of_another_kind_is_refused_with_advice(instance: Instance, signed_in: SignIn) -> None:
    browser = signed_in("easup")
    url = upload(browser, instance, b"PK nothing", "bao-cao.docx").location
    browser.post(f"{url}/kiem-tra-lai")
    page = browser.get(url).text
    assert "Không nhận được tệp này" in page
    assert "Cách xử lý" in page


@ON_SQLITE
def test_the_original_comes_back_byte_for_byte(instance: Instance, signed_in: SignIn) -> None:
    browser = signed_in("easup")
    url = upload(browser, instance, b"any bytes", "số liệu.xlsx").location
    answer = browser.get(f"{url}/tai-ve", buffered=True)
    assert answer.data == b"any bytes"
    assert answer.mimetype == "application/octet-stream"
    assert "filename*=UTF-8''s%E1%BB%91%20li%E1%BB%87u.xlsx" in answer.headers["Content-Disposition"]


@pytest.fixture
def unusual(instance: Instance, clock: Clock) -> int:
    """A file of November whose official October figure differs much from the estimate; needs explaining."""
    province.carry_through(instance, "easup", "ld.easup")
    province.openings.open_period(sit(instance, "vpub"), "KTXH", "202611")
    clerk = sit(instance, "easup")
    return province.sent(clerk, "130", "202611", NN14_c05=CellValue(State.VALUE, province.Decimal(240)))


def places(page: str) -> list[str]:
    return sorted({part.split('"')[0] for part in page.split('name="giai-trinh-')[1:]})


@ON_SQLITE
def test_warnings_must_be_explained_and_nothing_typed_is_lost(
    instance: Instance, signed_in: SignIn, unusual: int
) -> None:
    browser = signed_in("easup")
    asked = places(browser.get(f"/tep/{unusual}").text)
    assert asked
    first = {f"giai-trinh-{asked[0]}": "Đàn tăng do nhập giống"}
    if len(asked) > 1:
        refused = browser.post(f"/tep/{unusual}/trinh-duyet", data=first)
        assert refused.status_code == 400
        assert "Đàn tăng do nhập giống" in refused.text
        assert "chưa có giải trình" in refused.text
    every = {f"giai-trinh-{place}": "Đàn tăng do nhập giống" for place in asked}
    done = browser.post(f"/tep/{unusual}/trinh-duyet", data=every, follow_redirects=True)
    assert "Đã trình lãnh đạo duyệt." in done.text
    leader = signed_in("ld.easup")
    assert "Xem và duyệt" in leader.get("/").text
    page = leader.get(done.request.path).text
    assert "Đàn tăng do nhập giống" in page
    assert "Đều đã có giải trình." in page


@ON_SQLITE
def test_the_leader_approves_the_version_seen_and_sends_the_report(instance: Instance, signed_in: SignIn) -> None:
    province.submitted(sit(instance, "easup"))
    work = work_of(sit(instance, "easup"))
    leader = signed_in("ld.easup")
    url = f"/viec/{work.assignment_id}"
    assert 'name="version" value="1"' in leader.get(url).text
    assert leader.post(f"{url}/duyet", data={"version": "7"}).status_code == 409
    [lock] = re.findall(r'name="lock" value="(\d+)"', leader.get(url).text)
    done = leader.post(f"{url}/duyet", data={"version": "1", "send": "1", "lock": lock}, follow_redirects=True)
    assert "Đã duyệt số liệu." in done.text
    assert "gửi đến cơ quan nhận" in done.text
    assert leader.post(f"{url}/duyet", data={"version": "1"}).status_code == 409
    board = signed_in("vpub").get(BOARD).text
    assert "Đã có số liệu 1/3 xã, phường" in board
    assert "còn thiếu: Phường Tuy Hòa, Phường Buôn Ma Thuột." in board


@ON_SQLITE
def test_a_return_needs_a_reason_and_the_clerk_reads_it(instance: Instance, signed_in: SignIn) -> None:
    province.submitted(sit(instance, "easup"))
    url = f"/viec/{work_of(sit(instance, 'easup')).assignment_id}"
    leader = signed_in("ld.easup")
    assert leader.post(f"{url}/tra-lai", data={"version": "1", "reason": "  "}).status_code == 400
    leader.post(f"{url}/tra-lai", data={"version": "1", "reason": "Dòng 7 sai đơn vị tính"})
    clerk = signed_in("easup")
    assert "Xem lý do, sửa lại" in clerk.get("/").text
    assert "Dòng 7 sai đơn vị tính" in clerk.get(url).text


@ON_SQLITE
def test_withdrawing_and_reporting_nil(instance: Instance, signed_in: SignIn) -> None:
    url = f"/viec/{work_of(sit(instance, 'easup')).assignment_id}"
    clerk = signed_in("easup")
    assert "Báo cáo không phát sinh" in clerk.get(url).text
    assert "Chờ duyệt số liệu" in clerk.post(f"{url}/khong-phat-sinh", follow_redirects=True).text
    assert "Đang nhập" in clerk.post(f"{url}/thu-hoi", follow_redirects=True).text
    assert clerk.post(f"{url}/thu-hoi").status_code == 409


@ON_SQLITE
def test_of_many_files_the_newest_three_are_seen_and_the_others_folded(instance: Instance, signed_in: SignIn) -> None:
    url = f"/viec/{work_of(sit(instance, 'easup')).assignment_id}"
    clerk = signed_in("easup")
    for number in ("101", "102", "103"):
        province.sent(sit(instance, "easup"), number)
    assert "tệp trước" not in clerk.get(url).text
    newest = province.sent(sit(instance, "easup"), "104")
    page = clerk.get(url).text
    seen, folded = page.split("1 tệp trước</summary>")
    assert f"Tệp số {newest}" in seen
    assert f"Tệp số {newest - 3}" in folded
    assert f"Tệp số {newest - 2}" not in folded


@ON_SQLITE
def test_the_narrative_goes_into_its_slot_and_comes_back(instance: Instance, signed_in: SignIn) -> None:
    work = work_of(sit(instance, "easup"))
    url = f"/bao-cao-don-vi/{work.opening_id}/{work.unit_id}/thuyet-minh"
    clerk = signed_in("easup")
    document = province.narrative().getvalue()
    done = clerk.post(url, data={"thuyet_minh": (io.BytesIO(document), "Thuyết minh.docx")}, follow_redirects=True)
    assert "Đã đính kèm phần thuyết minh" in done.text
    assert clerk.get(url, buffered=True).data == document
    refused = clerk.post(url, data={"thuyet_minh": (io.BytesIO(b"x"), "a.docx")})
    assert refused.status_code == 400
    assert "Chưa nhận được phần thuyết minh" in refused.text


@ON_SQLITE
def test_the_receiver_takes_a_report_or_sends_it_back(instance: Instance, signed_in: SignIn) -> None:
    own = province.carry_through(instance, "easup", "ld.easup")
    office = signed_in("vpub")
    page = office.get(BOARD).text
    take = page.split("/tiep-nhan/")[1].split('"')[0]
    url = f"{BOARD}/tiep-nhan/{take}"
    assert "Đã tiếp nhận báo cáo." in office.post(url, data={"do": "receive"}, follow_redirects=True).text
    assert office.post(url, data={"do": "return", "reason": " "}).status_code == 400
    office.post(url, data={"do": "return", "reason": "Thiếu phần phương hướng"})
    clerk = signed_in("easup").get("/").text
    assert "Thiếu phần phương hướng" in clerk
    assert "Trả lại, yêu cầu bổ sung" in clerk
    assert own.unit_id


@ON_SQLITE
def test_the_board_filters_by_state_and_by_a_name_without_accents(instance: Instance, signed_in: SignIn) -> None:
    province.submitted(sit(instance, "easup"))
    office = signed_in("vpub")

    def shown(query: str) -> list[str]:
        page = office.get(f"{BOARD}?{query}").text
        return [part.split("<br>")[0] for part in page.split('<th scope="row">')[1:]]

    assert shown("q=ea sup") == ["Xã Ea Súp"]
    assert shown("q=EA SÚP") == ["Xã Ea Súp"]
    assert shown("q=24133") == ["Phường Buôn Ma Thuột"]
    assert shown("state=pending") == ["Xã Ea Súp"]
    assert shown("q=khong-co") == []
    assert "Không có đơn vị nào phù hợp." in office.get(f"{BOARD}?q=khong-co").text


@ON_SQLITE
def test_the_office_opens_a_period_extends_and_closes_it(instance: Instance, signed_in: SignIn, clock: Clock) -> None:
    office = signed_in("vpub")
    opened = office.post("/ky-bao-cao", data={"period": "KTXH 202611"}, follow_redirects=True)
    assert "Đã mở kỳ báo cáo" in opened.text
    assert office.post("/ky-bao-cao", data={"regime": "KTXH", "period": "202611"}).status_code == 409
    assert office.post("/ky-bao-cao", data={"regime": "KTXH", "period": "tháng 1"}).status_code == 400
    clock.now += timedelta(days=3)
    office = signed_in("vpub")
    assert "Quá hạn, chưa gửi" in office.get(BOARD).text
    extended = office.post(
        f"{BOARD}/gia-han", data={"due": "2026-10-20T17:00", "reason": "mưa lũ", "unit": "24211"}, follow_redirects=True
    )
    assert "Xã Ea Súp" in extended.text
    assert "Được gia hạn, còn 2 ngày" in office.get(BOARD).text
    assert office.post(f"{BOARD}/gia-han", data={"due": "mai", "reason": "mưa lũ"}).status_code == 400
    assert "Đã đóng nhận báo cáo." in office.post(f"{BOARD}/nhan", data={"open": "0"}, follow_redirects=True).text
    assert "Tải lên" not in signed_in("easup").get(f"/viec/{work_of(sit(instance, 'easup')).assignment_id}").text
    assert office.post(f"{BOARD}/nhan", data={"open": "1"}).status_code == 400
    reopened = office.post(f"{BOARD}/nhan", data={"open": "1", "reason": "gửi bổ sung"}, follow_redirects=True)
    assert "Đã mở nhận báo cáo." in reopened.text


@ON_SQLITE
def test_a_late_report_says_by_how_many_working_days(instance: Instance, signed_in: SignIn, clock: Clock) -> None:
    late = clock.now = province.NOW + timedelta(days=5)  # 20/10/2026, the deadline being 16/10 at 17:00
    work = work_of(sit(instance, "easup"))
    province.submit.nil(sit(instance, "easup", late), work.assignment_id)
    leader, page = sit(instance, "ld.easup", late), f"/viec/{work.assignment_id}"
    province.decide.approve(leader, work.assignment_id, 1)
    assert "Quá hạn, chưa gửi" in signed_in("vpub").get(page).text
    province.reports.send(leader, work.opening_id, work.unit_id)
    assert "Gửi trễ hạn (2 ngày làm việc)" in signed_in("vpub").get(page).text


def bundle_of(browser: FlaskClient, instance: Instance) -> list[str]:
    """Have all workbooks prepared and fetch them; the names in the zip."""
    page = f"{BOARD}/bieu-mau"
    assert browser.get(f"{page}.zip").status_code == 409
    assert "Chuẩn bị tệp nén" in browser.get(page).text
    assert browser.post(page).location == page
    assert browser.get(f"{page}.json").json == {"state": "waiting", "percent": 0, "words": "Đang chờ đến lượt…"}
    assert "Đang chờ đến lượt" in browser.get(page).text
    assert run_one(instance, ["templates"])
    assert browser.get(f"{page}.json").json == {"state": "settled", "percent": 100, "words": ""}
    assert f'href="{page}.zip"' in browser.get(page).text
    answer = browser.get(f"{page}.zip", buffered=True)
    assert answer.headers["Content-Disposition"] == "attachment; filename=bieu-mau_KTXH_202610.zip"
    return zipfile.ZipFile(io.BytesIO(answer.data)).namelist()


def test_all_workbooks_come_in_one_zip_a_folder_for_each_unit(instance: Instance, signed_in: SignIn) -> None:
    office = signed_in("vpub")
    assert f'href="{BOARD}/bieu-mau"' in office.get(BOARD).text
    names = bundle_of(office, instance)
    assert "24211/KTXH-01_202610_24211_ea-sup_v1.xlsx" in names
    assert len([name for name in names if name.endswith(".xlsx")]) == len(stored_work(instance))
    clerk = signed_in("easup")
    workbook, outline = bundle_of(clerk, instance)
    assert workbook == "24211/KTXH-01_202610_24211_ea-sup_v1.xlsx"
    assert outline.startswith("24211/")
    assert outline.endswith("_202610_24211_ea-sup_v1.docx")


def test_every_unit_has_its_workbooks_on_the_page(instance: Instance, signed_in: SignIn) -> None:
    office = signed_in("vpub")
    work = work_of(sit(instance, "easup"))
    assert f"/bieu-mau/{work.assignment_id}.xlsx" in office.get(f"{BOARD}/bieu-mau?q=ea+sup").text
    assert f"/bieu-mau/{work.assignment_id}.xlsx" not in office.get(f"{BOARD}/bieu-mau?q=buon+ma+thuot").text


def stored_work(instance: Instance) -> list[object]:
    desk = sit(instance, "vpub")
    with desk.read() as connection:
        return list(stored.work(connection, desk.scope(Action.SEE_BOARD), period_code="202610"))


@ON_SQLITE
def test_compiled_files_come_down_with_who_took_them_in_their_names(instance: Instance, signed_in: SignIn) -> None:
    key = province.a_compiled_report(instance, work_of(sit(instance, "easup")).opening_id)
    office = signed_in("vpub")
    assert f"/bao-cao/{key}/tep/docx" in office.get(BOARD).text
    answer = office.get(f"/bao-cao/{key}/tep/docx", buffered=True)
    assert answer.data == b"docx"
    assert "bao-cao_cong-vu_vpub_20261015-0900.docx" in answer.headers["Content-Disposition"]
    assert office.get(f"/bao-cao/{key}/exe").status_code == 404


@ON_SQLITE
def test_the_catalogue_goes_out_as_a_zip_and_comes_back_unchanged(instance: Instance, signed_in: SignIn) -> None:
    office = signed_in("vpub")
    data = office.get("/danh-muc/tai-ve.zip", buffered=True).data
    assert "units.xlsx" in zipfile.ZipFile(io.BytesIO(data)).namelist()
    checked = office.post("/danh-muc", data={"do": "check", "thu_muc": (io.BytesIO(data), "danh-muc.zip")})
    assert checked.status_code == 200, checked.text[3000:6000]
    loaded = office.post("/danh-muc", data={"do": "load", "thu_muc": (io.BytesIO(data), "danh-muc.zip")})
    assert "không có gì thay đổi" in loaded.text
    assert office.post("/danh-muc", data={"thu_muc": (io.BytesIO(b"x"), "a.zip")}).status_code == 400


@ON_SQLITE
def test_the_log_verifies(signed_in: SignIn) -> None:
    page = signed_in("vpub").get("/nhat-ky?kiem-tra=1").text
    assert "Nhật ký nguyên vẹn" in page
    assert "Đăng nhập" in page
