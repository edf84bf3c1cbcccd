"""What pages refuse: other sites, other receivers, impossible numbers and moments, broken files."""

import io
import zipfile

import pytest
from flask import Flask
from flask.testing import FlaskClient

from actions import receptions, reports
from actions.desk import NotNow, NotYours
from actions.instance import Instance
from actions.kept import Unfit
from registry.store import audit
from registry.store import reports as stored_reports
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, SignIn, app_of
from tests.webui.small_province import WORD, sit, work_of
from webui import tickets

BOARD = "/ky-bao-cao/KTXH/202610"


@ON_SQLITE
def test_what_was_withdrawn_or_returned_can_be_put_forward_again(instance: Instance, signed_in: SignIn) -> None:
    number = province.submitted(sit(instance, "easup"))
    url = f"/viec/{work_of(sit(instance, 'easup')).assignment_id}"
    clerk, button = signed_in("easup"), f'action="/tep/{number}/trinh-duyet"'
    assert button not in clerk.get(f"/tep/{number}").text
    clerk.post(f"{url}/thu-hoi")
    assert button in clerk.get(f"/tep/{number}").text


@pytest.mark.parametrize("wanted", ["/\t/evil.com", "/\n/evil.com", "//evil.com", "/\\evil.com", "/a\\b", "/\x7f"])
@ON_SQLITE
def test_a_way_on_that_a_browser_would_bend_leads_home(client: FlaskClient, wanted: str) -> None:
    answer = client.post("/dang-nhap", data={"login": "easup", "password": WORD, "next": wanted})
    assert answer.location == "/"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"unit": "99999"}, "Không có đơn vị"),
        ({"due": "2026-10-15T08:59"}, "sau lúc này"),
        ({"due": "2032-01-01T00:00"}, "sau lúc này"),
        ({"due": "0001-01-01T00:00"}, "sau lúc này"),
        ({"due": "9" * 40}, "Chưa đọc được thời điểm"),
    ],
)
@ON_SQLITE
def test_more_time_is_for_a_unit_there_is_until_a_moment_to_come(
    instance: Instance, signed_in: SignIn, changed: dict[str, str], words: str
) -> None:
    before = work_of(sit(instance, "easup")).due_at
    posted = {"due": "2026-10-20T17:00", "reason": "mưa lũ", "unit": ""} | changed
    answer = signed_in("vpub").post(f"{BOARD}/gia-han", data=posted)
    assert answer.status_code == 400
    assert words in answer.text
    assert work_of(sit(instance, "easup")).due_at == before


@ON_SQLITE
def test_a_receiver_decides_for_itself_only_and_a_return_is_final(instance: Instance) -> None:
    own = province.carry_through(instance, "easup", "ld.easup")
    stc, office = sit(instance, "nhan.stc"), sit(instance, "vpub")
    with instance.store.read() as connection:
        vpub = office.snapshot(connection).unit_ids["VPUB"]
        found = next(one for one in stored_reports.receptions(connection, own.opening_id) if one.receiver_id == vpub)
    for reason in (None, "thiếu"):
        with pytest.raises(NotYours):
            receptions.take(stc, own.opening_id, found.id, reason)
    receptions.take(office, own.opening_id, found.id, "thiếu")
    with pytest.raises(NotNow):
        receptions.take(office, own.opening_id, found.id, "thiếu nữa")


@ON_SQLITE
def test_a_refused_narrative_leaves_nothing_on_the_disk(instance: Instance) -> None:
    clerk = sit(instance, "easup")
    work = work_of(clerk)

    def kept() -> list[object]:
        return [path for path in instance.settings.files_root.rglob("*") if path.is_file()]

    before = kept()
    with pytest.raises(Unfit):
        reports.attach_narrative(clerk, work.opening_id, work.unit_id, io.BytesIO(b"secret"), "a.docx")
    with pytest.raises(NotYours):
        reports.attach_narrative(clerk, work.opening_id, 999, province.narrative(), "a.docx")
    assert kept() == before


@ON_SQLITE
def test_no_address_takes_a_number_larger_than_a_key(app: Flask, signed_in: SignIn) -> None:
    office, asked = signed_in("vpub"), 0
    for rule in app.url_map.iter_rules():
        if "<int:" not in rule.rule:
            continue
        parts = rule.rule.replace("<regime>", "KTXH").replace("<period>", "202610").replace("<kind>", "xlsx")
        for number in ("999999999999999999999", "2147483648", "9" * 5000):
            url = "".join(number if "int:" in one else one for one in parts.replace(">", "<").split("<"))
            method = "POST" if "POST" in (rule.methods or ()) else "GET"
            assert office.open(url, method=method).status_code == 404, url[:80]
            asked += 1
    assert asked > 30


@ON_SQLITE
def test_no_form_takes_a_number_larger_than_a_key(signed_in: SignIn) -> None:
    office, clerk = signed_in("vpub"), signed_in("easup")
    clerk.post("/phan-anh/moi", data={"loai": "trouble", "noi_dung": "Không mở được tệp", "da_xem": "1"})
    for number in (str(10**30), "9" * 5000, "-1", "1e3", "²"):
        invited = {"ky": "KTXH 202611", "bieu": "KTXH-01", "don_vi": number}
        for browser, where, filled in (
            (clerk, "/phan-anh/1", {"do": "close", "version": number}),
            (clerk, "/thong-bao", {"den": number}),
            (clerk, "/tai-len", {"don_vi": number}),
            (office, "/tap-huan/to-chuc", invited),
            (office, "/cap-tai-khoan", {"de_xuat": f"{number} 1"}),
            (office, "/cap-tai-khoan/phieu", {"de_xuat": number, "lan_nhap": number}),
        ):
            assert browser.post(where, data=filled).status_code in (200, 302, 400, 404, 409), (where, number[:40])
        assert clerk.get(f"/phan-anh/moi?trang=uploads.verdict&tep={number}").status_code == 200
    assert "Đã đóng" not in clerk.get("/phan-anh/1").text


def test_letters_no_database_and_no_document_holds_are_read_as_spaces(signed_in: SignIn) -> None:
    clerk = signed_in("easup")
    filled = {"loai": "trouble", "noi_dung": "dòng một\r\ncột\x00hai\x0bba\uffff", "da_xem": "1"}
    sent = clerk.post("/phan-anh/moi", data=filled)
    assert "dòng một\ncột hai ba</p>" in clerk.get(sent.headers["Location"]).text
    assert clerk.get("/phan-anh/dung-chung?tim=%00").status_code == 200
    assert signed_in("vpub").get("/phan-anh/xu-ly?tim=a%00b").status_code == 200
    assert signed_in("vpub").get("/ky-bao-cao/KTXH%00/202610").status_code == 404


def broken_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("units.xlsx", bytes(range(256)) * 40)
    data = bytearray(out.getvalue())
    data[42:60] = b"\xff" * 18
    return bytes(data)


def strange_zip(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return out.getvalue()


@ON_SQLITE
@pytest.mark.parametrize("data", [broken_zip(), strange_zip(), strange_zip("ghi-chu.txt", "anh/a.png")])
@pytest.mark.parametrize("do", ["check", "load"])
def test_a_zip_without_a_sound_workbook_is_refused(signed_in: SignIn, data: bytes, do: str) -> None:
    answer = signed_in("vpub").post("/danh-muc", data={"do": do, "thu_muc": (io.BytesIO(data), "a.zip")})
    assert answer.status_code == 400
    assert "không chứa bảng nào của danh mục" in answer.text


def test_every_file_handed_out_is_named_and_leaves_an_entry(instance: Instance, signed_in: SignIn) -> None:
    own = province.carry_through(instance, "easup", "ld.easup")
    key = province.a_compiled_report(instance, own.opening_id)
    with instance.store.write() as connection:
        connection.exec_driver_sql(f"UPDATE upload SET name = '' WHERE id = {own.upload}")
    office = signed_in("vpub")
    answer = office.get(f"/tep/{own.upload}/tai-ve", buffered=True)
    assert f"filename=tep-{own.upload}.xlsx" in answer.headers["Content-Disposition"]
    narrative = f"/bao-cao-don-vi/{own.opening_id}/{own.unit_id}/thuyet-minh"
    for path in (narrative, f"/bao-cao/{key}/tep/docx", "/danh-muc/tai-ve.zip"):
        assert office.get(path, buffered=True).status_code == 200, path
    with instance.store.read() as connection:
        entries = [one.object for one in audit.latest(connection) if one.action == "download"]
    assert sorted(entries) == sorted(
        [
            f"upload {own.upload}",
            f"narrative of opening {own.opening_id} unit {own.unit_id}",
            f"compiled report {key} docx",
            "catalogue",
        ]
    )


@pytest.mark.parametrize("proxy", [False, True])
@ON_SQLITE
def test_forwarded_headers_are_believed_only_behind_a_proxy(instance: Instance, clock: object, proxy: bool) -> None:
    object.__setattr__(instance.settings, "proxy", proxy)
    browser = app_of(instance).test_client()
    answer = browser.post(
        "/dang-nhap", data={"login": "easup", "password": WORD}, headers={"X-Forwarded-Proto": "https"}
    )
    assert any("Secure" in one for one in answer.headers.getlist("Set-Cookie")) is proxy


def test_a_signed_part_of_an_address_is_good_for_its_own_page_only(app: Flask) -> None:
    with app.app_context():
        ticket = tickets.sign("one page", "a", "b")
        assert tickets.opened("one page", ticket) == ("a", "b")
        for salt, text in (("another page", ticket), ("one page", ticket[:-1]), ("one page", f"x{ticket}")):
            with pytest.raises(NotYours):
                tickets.opened(salt, text)
