"""The office tells everybody: announcements on top of pages, the schedule of reminders, the log of what was sent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from actions import announcements, mailing, submit
from actions.desk import Refusal
from actions.instance import Instance
from actions.mailing import Letter
from registry.store import mail_wishes
from registry.store.announcements import New
from tests.webui import rights
from tests.webui.conftest import ON_SQLITE, Clock, SignIn
from tests.webui.small_province import NOW, sit, work_of

HOUR = timedelta(hours=1)


def test_an_announcement_stands_on_every_page_until_it_is_put_away_or_over(
    instance: Instance, clock: Clock, signed_in: SignIn
) -> None:
    office, clerk, leader = signed_in("vpub"), signed_in("easup"), signed_in("ld.easup")
    words = "Hệ thống bảo trì từ 22 giờ."
    data = {"noi-dung": f" {words} ", "loai": "warning", "tu": "2026-10-15T09:10", "den": "2026-10-16T10:00"}
    assert office.post("/thong-bao-chung", data=data).status_code == 302
    assert words not in clerk.get("/").text
    clock.now = NOW + HOUR / 5
    assert words in clerk.get("/tai-khoan").text
    answer = clerk.post("/thong-bao-chung/1/da-xem", data={"next": "/tai-khoan"})
    assert answer.headers["Location"] == "/tai-khoan"
    clerk.post("/thong-bao-chung/1/da-xem")  # again: nothing happens
    assert words not in clerk.get("/").text
    assert words in leader.get("/").text
    office = signed_in("vpub")
    office.post("/thong-bao-chung/1/go")
    assert words not in leader.get("/").text
    assert "Đã gỡ" in office.get("/thong-bao-chung").text
    assert office.post("/thong-bao-chung/1/go").status_code == 409


@ON_SQLITE
@pytest.mark.usefixtures("clock")
def test_an_announcement_needs_words_and_time(instance: Instance, signed_in: SignIn) -> None:
    office = sit(instance, "vpub")
    for text, tone, first, last in (
        ("", "warning", NOW, NOW + HOUR),
        ("x" * 301, "warning", NOW, NOW + HOUR),
        ("Bảo trì", "blink", NOW, NOW + HOUR),
        ("Bảo trì", "warning", NOW, NOW),
        ("Bảo trì", "warning", NOW - 2 * HOUR, NOW - HOUR),
    ):
        with pytest.raises(Refusal):
            announcements.announce(office, New(text, tone, first, last))
    assert announcements.announce(office, New("x" * 300, "danger", NOW, NOW + HOUR)) == 1
    page = signed_in("vpub").post("/thong-bao-chung", data={"noi-dung": "Bảo trì", "loai": "warning", "tu": "mai"})
    assert (page.status_code, "Bảo trì" in page.text) == (400, True)


@ON_SQLITE
@pytest.mark.usefixtures("clock")
def test_moments_out_of_all_reach_are_refused_in_words(instance: Instance, signed_in: SignIn) -> None:
    office = signed_in("vpub")
    near, far = "2026-10-16T10:00", ("0001-01-01T00:00", "9999-12-31T23:59")
    for first, last in ((far[0], near), ("2026-10-15T09:10", far[1])):
        page = office.post(
            "/thong-bao-chung", data={"noi-dung": "Bảo trì", "loai": "message", "tu": first, "den": last}
        )
        assert (page.status_code, "Chưa đọc được thời điểm" in page.text) == (400, True)
    assert {office.get(f"/nhat-ky-gui?ngay={one[:10]}").status_code for one in far} == {200}


@ON_SQLITE
@pytest.mark.usefixtures("clock")
def test_the_schedule_is_set_on_its_page(instance: Instance, signed_in: SignIn) -> None:
    office = signed_in("vpub")
    assert "3, 1" in office.get("/lich-nhac").text
    data = {"che-do": "KTXH", "truoc": "2,5", "sau": "", "gio": "9", "dung-ngay": "1"}
    assert office.post("/lich-nhac", data=data).status_code == 302
    assert 'value="5, 2"' in office.get("/lich-nhac").text
    wrong = office.post("/lich-nhac", data=data | {"truoc": "hai ngày"})
    assert (wrong.status_code, "Lịch nhắc chưa đúng" in wrong.text) == (400, True)
    office.post("/lich-nhac", data={"che-do": "KTXH", "bo": "1"})
    assert 'value="5, 2"' not in office.get("/lich-nhac").text


@pytest.mark.usefixtures("clock")
def test_what_was_sent_is_logged_without_its_words(instance: Instance, signed_in: SignIn) -> None:
    clerk, office = sit(instance, "easup"), signed_in("vpub")
    submit.nil(clerk, work_of(clerk).assignment_id)
    with instance.store.write() as connection:
        mailing.post(instance, connection, "ai@example.vn", Letter("Việc mới", "https://bí-mật/một-lần"), "k", NOW)
    page = office.get("/nhat-ky-gui").text
    assert "Số liệu chờ duyệt" in page
    assert "ld.easup" in page
    assert ("ai@example.vn" in page, "Chờ gửi" in page, "bí-mật" in page) == (True, True, False)
    assert "ld.easup" not in office.get("/nhat-ky-gui?nguoi=bmt").text
    assert "ld.easup" in office.get("/nhat-ky-gui?don-vi=24211").text
    assert "ld.easup" not in office.get("/nhat-ky-gui?ngay=2026-10-14").text


@ON_SQLITE
@pytest.mark.usefixtures("clock")
def test_everybody_chooses_how_to_be_told_by_mail(instance: Instance, signed_in: SignIn) -> None:
    clerk = signed_in("easup")
    assert "chưa nối máy chủ thư" in clerk.get("/thong-bao/thu-dien-tu").text
    assert clerk.post("/thong-bao/thu-dien-tu", data={"cach": "urgent", "gio": "6"}).status_code == 302
    assert clerk.post("/thong-bao/thu-dien-tu", data={"cach": "often", "gio": "6"}).status_code == 400
    assert clerk.post("/thong-bao/thu-dien-tu", data={"cach": "off", "gio": "25"}).status_code == 400
    with instance.store.read() as connection:
        found = mail_wishes.get(connection, rights.key_of(instance, "easup"))
    assert (found.how, found.hour) == ("urgent", 6)
