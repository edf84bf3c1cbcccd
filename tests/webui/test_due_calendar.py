"""The calendar of deadlines: a month of one's own unit or of all, what rolled and why; a feed; a workbook."""

import io
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar as Feed
from openpyxl import load_workbook
from sqlalchemy import select

from actions import due_calendar, feeds, instants
from actions.desk import NotYours
from actions.instance import Instance
from registry.store import accounts, openings
from registry.store.tables import audit, calendar_feed
from tests.webui.conftest import ON_SQLITE, Clock, SignIn
from tests.webui.small_province import NOW, sit
from vietnamese.dates import HO_CHI_MINH, format_due

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)


@ON_SQLITE
def test_a_unit_sees_its_own_deadlines_and_watchers_those_of_every_level(instance: Instance) -> None:
    own = due_calendar.own(sit(instance, "easup"), FIRST, LAST)
    assert [(one.regime, one.period.code, one.level, format_due(one.moment)) for one in own.entries] == [
        ("DTC", "202610", "xã", "17:00 ngày 03/11/2026"),
        ("KTXH", "202611", "xã", "17:00 ngày 16/11/2026"),
        ("HN", "2026", "xã", "24:00 ngày 25/11/2026"),
    ]
    assert own.rest == {date(2026, 11, 24): "Ngày Văn hóa Việt Nam"}
    everything = due_calendar.everything(sit(instance, "ioc"), FIRST, LAST)
    ktxh = [one for one in everything.entries if one.regime == "KTXH"]
    assert [(one.level, f"{one.day:%d}") for one in ktxh] == [
        ("xã", "16"), ("sở", "18"), ("chủ trì", "20"), ("VP UBND", "23"), ("cấp trên", "25"),
    ]  # fmt: skip
    assert [one.why for one in ktxh if one.why] == ["Chuyển qua ngày nghỉ 22/11 (Chủ nhật)."]


@ON_SQLITE
def test_what_is_open_is_told_as_it_was_given_and_moved(instance: Instance) -> None:
    office = sit(instance, "vpub")
    with office.read() as connection:
        unit_id = office.snapshot(connection).unit_ids["24211"]
        opening = openings.find(connection, "KTXH", "202610")
    assert opening is not None
    later = datetime(2026, 10, 21, 9, 0, tzinfo=HO_CHI_MINH)
    instants.extend(office, opening.id, later, "mưa lũ", frozenset({unit_id}))
    (one,) = (
        one
        for one in due_calendar.own(sit(instance, "easup"), date(2026, 10, 1), date(2026, 10, 31)).entries
        if one.regime == "KTXH"
    )
    assert (one.is_open, one.level, one.day) == (True, "xã", date(2026, 10, 21))
    assert one.first == datetime(2026, 10, 16, 17, 0, tzinfo=HO_CHI_MINH)
    everything = due_calendar.everything(office, date(2026, 10, 1), date(2026, 10, 31)).entries
    ktxh = [
        (one.level, one.is_open, one.units > 0, one.first is not None) for one in everything if one.regime == "KTXH"
    ]
    assert ktxh == [
        ("xã", True, True, False),
        ("sở", True, True, False),
        ("chủ trì", True, False, False),
        ("xã", True, True, True),
        ("VP UBND", True, False, False),
        ("cấp trên", True, False, False),
    ]


@ON_SQLITE
def test_the_page_shows_a_month_and_only_watchers_that_of_all(signed_in: SignIn) -> None:
    clerk = signed_in("easup")
    page = clerk.get("/lich-han-gui?thang=2026-11").text
    for words in ("Lịch hạn gửi tháng 11 năm 2026", "Ngày Văn hóa Việt Nam", "17:00 ngày 16/11/2026", "Xã Ea Súp"):
        assert words in page, words
    assert clerk.get("/lich-han-gui?thang=2026-13").status_code == 200
    assert clerk.get("/lich-han-gui/tat-ca").status_code == 404
    assert "Văn phòng UBND tỉnh" in signed_in("ioc").get("/lich-han-gui/tat-ca?thang=2026-11").text


def test_a_feed_is_read_by_its_secret_address_until_it_is_renewed(
    instance: Instance, signed_in: SignIn, clock: Clock
) -> None:
    desk = sit(instance, "easup")
    old, token = feeds.renew(desk), feeds.renew(desk)
    with pytest.raises(NotYours):
        feeds.fetch(instance, old, NOW)
    data = feeds.fetch(instance, token, NOW)
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    read = Feed.from_ical(data)
    assert (read["version"], read["method"]) == ("2.0", "PUBLISH")
    assert read["prodid"]
    events = {str(one["summary"]): one for one in read.walk("VEVENT")}
    (november,) = (one for name, one in events.items() if "tháng 11 năm 2026" in name and "kinh tế" in name)
    assert november.decoded("dtstart") == datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
    assert november.decoded("dtstamp") == NOW
    (poor,) = (one for name, one in events.items() if "hộ nghèo" in name and ", năm 2026" in name)
    assert poor.decoded("dtstart") == date(2026, 11, 25)  # 24:00: an event of the whole day
    uids = [str(one["uid"]) for one in read.walk("VEVENT")]
    assert len(uids) == len(set(uids))
    again = Feed.from_ical(feeds.fetch(instance, token, NOW + timedelta(hours=1)))
    assert [str(one["uid"]) for one in again.walk("VEVENT")] == uids
    with instance.store.read() as connection:
        assert token not in str(connection.execute(select(calendar_feed)).all())
        assert token not in str(connection.execute(select(audit)).all())


@ON_SQLITE
def test_an_address_needs_no_session_and_dies_with_the_account(
    instance: Instance, signed_in: SignIn, client: FlaskClient
) -> None:
    made = signed_in("easup").post("/lich-han-gui/dia-chi").text
    [address] = re.findall(r"http://localhost(/lich-han-gui/[^<]+\.ics)", made)
    fetched = client.get(address)
    assert (fetched.status_code, fetched.mimetype) == (200, "text/calendar")
    assert "Xã Ea Súp" in fetched.text.replace("\r\n ", "")
    assert client.get("/lich-han-gui/khong-co.ics").status_code == 404
    with instance.store.write() as connection:
        accounts.disable(connection, sit(instance, "easup").actor.person_id)
    assert client.get(address).status_code == 404


@ON_SQLITE
def test_a_year_is_taken_as_a_workbook(signed_in: SignIn) -> None:
    taken = signed_in("vpub").get("/lich-han-gui/tat-ca/2026.xlsx")
    sheet = load_workbook(io.BytesIO(taken.data)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][0] == "Lịch hạn gửi báo cáo – toàn tỉnh"
    assert "Chủ nhật" in str([row for row in rows if row[3] == "tháng 11 năm 2026"])
    own = signed_in("easup").get("/lich-han-gui/2026.xlsx")
    assert "Xã Ea Súp" in str(load_workbook(io.BytesIO(own.data)).active["A1"].value)
    assert signed_in("easup").get("/lich-han-gui/tat-ca/2026.xlsx").status_code == 404
    assert signed_in("easup").get("/lich-han-gui/1999.xlsx").status_code == 404
