"""Minutes in which the server was not ready are given back to the deadlines they touch (R48, F18)."""

from collections import Counter
from datetime import timedelta

import pytest

from actions import instants, outages
from actions.desk import NotNow, NotYours, Refusal
from actions.instance import Instance, now
from actions.work import Worker
from registry.store import instants as instants_kept
from registry.store import outages as stored
from registry.store.outages import Outage
from registry.workflow.outage import OutageState, Span
from registry.workflow.timeliness import Arrival
from tests.webui.conftest import ON_SQLITE, Clock, SignIn
from tests.webui.small_province import NOW, sit, work_of
from tests.webui.test_instants import HOUR, arrivals, reported, told

MINUTE = timedelta(minutes=1)


def kept(instance: Instance) -> list[Outage]:
    with instance.store.read() as connection:
        return stored.listing(connection)


def test_a_confirmed_outage_moves_what_it_touched_also_for_who_sent_since(instance: Instance) -> None:
    work = work_of(sit(instance, "easup"))
    due = work.due_at
    ward = frozenset({work_of(sit(instance, "bmt")).unit_id})
    instants.extend(sit(instance, "vpub"), work.opening_id, due + 48 * HOUR, "mưa lũ", ward)
    reported(instance, "easup", due + 30 * MINUTE)
    assert arrivals(instance, due + HOUR)["24211"] is Arrival.LATE
    office = sit(instance, "vpub", due + 2 * HOUR)
    number = outages.enter(office, due - HOUR, due, "mất điện phòng máy chủ")
    assert outages.decide(office, number, "mất điện phòng máy chủ", is_confirmed=True) > 1
    then = arrivals(instance, due + 2 * HOUR)
    assert (then["24211"], then["22015"]) == (Arrival.ON_TIME, Arrival.MISSING)
    assert work_of(sit(instance, "easup")).due_at == due + HOUR
    assert work_of(sit(instance, "bmt")).due_at == due + 48 * HOUR  # far from the outage
    assert "deadline-moved" in told(instance, "ld.easup")
    with pytest.raises(NotNow):
        outages.decide(office, number, "nhầm", is_confirmed=False)
    again = outages.enter(office, due - 30 * MINUTE, due, "ghi trùng")
    with pytest.raises(NotNow, match="trùng"):
        outages.decide(office, again, "ghi trùng", is_confirmed=True)
    assert outages.decide(office, again, "ghi trùng", is_confirmed=False) == 0
    assert work_of(sit(instance, "easup")).due_at == due + HOUR


def test_a_silence_is_proposed_and_credits_nothing_until_the_office_confirms(instance: Instance) -> None:
    assert outages.beat(instance, NOW) is None
    assert outages.beat(instance, NOW + 5 * MINUTE) is None
    assert outages.beat(instance, NOW + 12 * MINUTE) is not None
    assert outages.beat(instance, NOW + 13 * MINUTE) is None
    (found,) = kept(instance)
    assert (found.span, found.state) == (Span(NOW + 5 * MINUTE, NOW + 12 * MINUTE), OutageState.PROPOSED)
    assert found.by_name is None


@ON_SQLITE
def test_a_worker_keeps_the_heart_beating(instance: Instance) -> None:
    worker = Worker(instance)
    worker.start()
    worker.stop()
    assert outages.beat(instance, now() + 6 * MINUTE) is not None


@ON_SQLITE
def test_only_the_office_records_outages_and_only_past_ones(instance: Instance) -> None:
    for began, ended in ((NOW, NOW), (NOW - HOUR, NOW + MINUTE), (NOW, NOW - HOUR)):
        with pytest.raises(Refusal, match="đã qua"):
            outages.enter(sit(instance, "vpub"), began, ended, "mất điện")
    with pytest.raises(Refusal, match="nguyên nhân"):
        outages.enter(sit(instance, "vpub"), NOW - HOUR, NOW, " ")
    with pytest.raises(NotYours):
        outages.enter(sit(instance, "nhan.stc"), NOW - HOUR, NOW, "mất điện")


def test_what_an_outage_gave_is_taken_back_beside_it_and_who_relied_on_it_keeps_it(instance: Instance) -> None:
    work = work_of(sit(instance, "easup"))
    due, opening, office = work.due_at, work.opening_id, sit(instance, "vpub", work.due_at + HOUR)
    reported(instance, "bmt", due + 30 * MINUTE)
    number = outages.enter(office, due - 2 * HOUR, due, "mất điện")
    with pytest.raises(NotNow, match="rút lại"):
        outages.take_back(office, number, "nhầm")
    units = outages.decide(office, number, "mất điện", is_confirmed=True)
    reported(instance, "easup", due + 90 * MINUTE)
    later = sit(instance, "vpub", due + 3 * HOUR)
    second = outages.enter(later, due + HOUR, due + 2 * HOUR, "mất mạng")
    outages.decide(later, second, "mất mạng", is_confirmed=True)
    with pytest.raises(NotNow, match="lần đó trước"):
        outages.take_back(later, number, "nhầm")
    for one in (second, number):
        assert outages.take_back(later, one, "ghi nhầm ngày") == units
    assert work_of(sit(instance, "easup")).due_at == due
    then = arrivals(instance, due + 3 * HOUR)
    assert [then[code] for code in ("24211", "24133", "22015")] == [Arrival.EXTENDED, Arrival.LATE, Arrival.MISSING]
    with instance.store.read() as connection:
        kinds = Counter(one.change.kind for one in instants_kept.history(connection, opening))
    assert kinds["outage-back"] == kinds["outage"] > 0
    again = outages.enter(later, due - 2 * HOUR, due - HOUR, "đúng ra là")
    assert outages.decide(later, again, "đúng ra là", is_confirmed=True) == units
    assert work_of(sit(instance, "easup")).due_at == due + HOUR


@ON_SQLITE
def test_a_slip_of_the_year_moves_no_deadline(instance: Instance) -> None:
    due = work_of(sit(instance, "easup")).due_at
    office = sit(instance, "vpub", due)
    with pytest.raises(Refusal, match="xem lại ngày, năm"):
        outages.enter(office, due - 365 * 24 * HOUR, due - HOUR, "mất điện")
    assert outages.beat(instance, due - 73 * HOUR) is None
    number = outages.beat(instance, due - MINUTE)
    assert number is not None
    with pytest.raises(Refusal, match="nhiều phần"):
        outages.decide(office, number, "mất điện", is_confirmed=True)
    assert outages.decide(office, number, "mất điện", is_confirmed=False) == 0
    three_days = outages.enter(office, due - 72 * HOUR - MINUTE, due - MINUTE, "mất điện")
    assert outages.decide(office, three_days, "mất điện", is_confirmed=True) > 1


@ON_SQLITE
def test_the_page_enters_and_confirms(instance: Instance, signed_in: SignIn, clock: Clock) -> None:
    clock.now = work_of(sit(instance, "easup")).due_at + HOUR
    office = signed_in("vpub")
    posted = {"began": "2026-10-16T16:00", "ended": "2026-10-16T16:40", "cause": "mất điện"}
    assert "Đã ghi nhận" in office.post("/gian-doan", data=posted, follow_redirects=True).text
    (found,) = kept(instance)
    waiting = office.get("/gian-doan").text
    assert "40 phút" in waiting
    assert "từ 17:00 ngày 16/10/2026 đến 17:40 ngày 16/10/2026" in waiting
    assert "gián đoạn chờ xác nhận" in office.get("/").text
    data = {"do": "confirm", "cause": "mất điện"}
    assert "Đã bù hạn gửi" in office.post(f"/gian-doan/{found.id}", data=data, follow_redirects=True).text
    page = office.get("/ky-bao-cao/KTXH/202610/thoi-han").text
    assert "Bù thời gian hệ thống không sẵn sàng" in page
    assert "17:40 ngày 16/10/2026" in page
    data = {"do": "take-back", "cause": "ghi nhầm"}
    assert "Đã rút lại việc bù" in office.post(f"/gian-doan/{found.id}", data=data, follow_redirects=True).text
    assert "Rút lại việc bù thời gian" in office.get("/ky-bao-cao/KTXH/202610/thoi-han").text
    assert office.post("/gian-doan", data=posted | {"began": "hôm qua"}).status_code == 400
