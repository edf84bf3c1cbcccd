"""The instants of a period: who had how much time, and how each sending stands to it (R28, R48)."""

from datetime import datetime, timedelta

import pytest

from actions import closing, decide, instants, openings, receptions, reports, steps, submit
from actions.desk import NotNow, NotYours, Refusal
from actions.instance import Instance
from registry.periods import WorkingCalendar
from registry.store import instants as stored
from registry.store import notices, sendings
from registry.workflow.period import PeriodAct
from registry.workflow.policy import EVERYWHERE, Action
from registry.workflow.timeliness import Arrival, Sending, judged
from tests.webui import small_province
from tests.webui.conftest import ON_SQLITE, Clock, SignIn
from tests.webui.small_province import NOW, sit, work_of

HOUR = timedelta(hours=1)


def reported(instance: Instance, name: str, at: datetime) -> None:
    """The unit answers its form, handed in and approved an hour before its report is sent at a moment."""
    work, before = work_of(sit(instance, name)), at - HOUR
    submit.nil(sit(instance, name, before), work.assignment_id)
    decide.approve(sit(instance, f"ld.{name}", before), work.assignment_id, work.version + 1)
    reports.send(sit(instance, f"ld.{name}", at), work.opening_id, work.unit_id)


def by_unit(instance: Instance) -> dict[str, Sending]:
    """The communes' sendings, by unit code."""
    with instance.store.read() as connection:
        snapshot = sit(instance, "vpub").snapshot(connection)
        return {snapshot.units_by_id[one.unit_id].code: one for one in sendings.within(connection, EVERYWHERE)}


def arrivals(instance: Instance, now: datetime) -> dict[str, Arrival]:
    return {code: judged(one, now, WorkingCalendar()).arrival for code, one in by_unit(instance).items()}


def test_lateness_is_judged_by_the_deadline_in_force_at_that_moment(instance: Instance) -> None:
    due = work_of(sit(instance, "easup")).due_at
    opening = work_of(sit(instance, "easup")).opening_id
    reported(instance, "bmt", due + HOUR)
    instants.extend(sit(instance, "vpub", due + 2 * HOUR), opening, due + 24 * HOUR, "mưa lũ")
    reported(instance, "easup", due + 3 * HOUR)
    then = arrivals(instance, due + 4 * HOUR)
    assert [then[code] for code in ("24133", "24211", "22015")] == [Arrival.LATE, Arrival.EXTENDED, Arrival.WAITING]
    found = by_unit(instance)["24211"]
    assert (found.first_sent_at, found.sent_at) == (due + 2 * HOUR, due + 3 * HOUR)
    assert (found.due_first, found.due_at) == (due, due + 24 * HOUR)
    assert arrivals(instance, due + 25 * HOUR)["22015"] is Arrival.MISSING
    assert work_of(sit(instance, "bmt")).sending == by_unit(instance)["24133"]


@pytest.fixture
def opening(instance: Instance) -> int:
    return work_of(sit(instance, "easup")).opening_id


def told(instance: Instance, login: str) -> list[str]:
    """The kinds of notice somebody has not put away, newest first."""
    at = sit(instance, login)
    with at.read() as connection:
        return [one.kind for one in notices.unread(connection, at.actor.person_id)]


def test_more_time_is_never_less_and_those_it_touches_are_told(instance: Instance, opening: int) -> None:
    office, work = sit(instance, "vpub"), work_of(sit(instance, "easup"))
    instants.extend(office, opening, work.due_at + 48 * HOUR, "mưa lũ", frozenset({work.unit_id}))
    instants.extend(office, opening, work.due_at + 24 * HOUR, "mất điện")
    assert work_of(sit(instance, "easup")).due_at == work.due_at + 48 * HOUR
    assert work_of(sit(instance, "bmt")).due_at == work.due_at + 24 * HOUR
    assert told(instance, "easup").count("deadline-moved") == 1
    assert told(instance, "ld.bmt").count("deadline-moved") == 1
    with pytest.raises(Refusal, match="muộn hơn"):
        instants.extend(office, opening, work.due_at + HOUR, "mất điện")
    with office.read() as connection:
        kept = stored.history(connection, opening)
    assert {one.change.reason for one in kept} == {"mưa lũ", "mất điện"}
    assert {one.change.old for one in kept} == {work.due_at}


@ON_SQLITE
def test_the_unit_that_leads_a_regime_runs_its_periods_and_no_other(instance: Instance, opening: int) -> None:
    due = work_of(sit(instance, "easup")).due_at
    instants.extend(sit(instance, "nhan.stc"), opening, due + HOUR, "mưa lũ")  # KTXH is led by STC
    other = openings.open_period(sit(instance, "vpub"), "KSTT", "20263")
    with pytest.raises(NotYours):
        instants.extend(sit(instance, "nhan.stc"), other, due + 900 * HOUR, "mưa lũ")
    with pytest.raises(NotYours):
        closing.set_year(sit(instance, "nhan.stc"), "KTXH", 2026, "1/CV", is_locked=True)


@ON_SQLITE
def test_reception_closes_by_itself_at_the_moment_set(instance: Instance, opening: int, clock: Clock) -> None:
    office, closes = sit(instance, "vpub"), NOW + 5 * HOUR
    instants.set_reception(office, opening, is_open=False, at=closes)
    assert "reception-closed" in told(instance, "easup")
    submit.nil(sit(instance, "easup", closes - HOUR), work_of(sit(instance, "easup")).assignment_id)
    with pytest.raises(NotNow, match="đóng nhận"):
        submit.nil(sit(instance, "bmt", closes), work_of(sit(instance, "bmt")).assignment_id)
    with pytest.raises(Refusal, match="lý do"):
        instants.set_reception(office, opening, is_open=True)
    instants.set_reception(office, opening, is_open=True, reason="gửi bổ sung")
    submit.nil(sit(instance, "bmt", closes), work_of(sit(instance, "bmt")).assignment_id)


def test_after_closing_it_is_still_taken_and_marked_once_locked_nothing_moves(
    instance: Instance, opening: int, signed_in: SignIn, clock: Clock
) -> None:
    lead = sit(instance, "nhan.stc")
    closing.take(lead, opening, PeriodAct.CLOSE)
    assert "period-closed" in told(instance, "easup")
    reported(instance, "easup", NOW + 2 * HOUR)
    clock.now = NOW + 3 * HOUR
    work = work_of(sit(instance, "easup"))
    assert "Gửi sau khi chốt" in signed_in("easup").get(f"/viec/{work.assignment_id}").text
    submit.nil(sit(instance, "bmt"), work_of(sit(instance, "bmt")).assignment_id)
    with pytest.raises(NotNow):
        closing.take(lead, opening, PeriodAct.CLOSE)
    closing.take(lead, opening, PeriodAct.LOCK)
    assert "period-locked" in told(instance, "easup")
    pending = work_of(sit(instance, "bmt"))
    for act in (
        lambda: decide.approve(sit(instance, "ld.bmt"), pending.assignment_id, 1),
        lambda: decide.send_back(sit(instance, "ld.bmt"), pending.assignment_id, 1, "sai"),
        lambda: decide.reopen(sit(instance, "vpub"), work.assignment_id, "sai"),
        lambda: submit.withdraw(sit(instance, "bmt"), pending.assignment_id),
        lambda: instants.extend(sit(instance, "vpub"), opening, work.due_at + HOUR, "mưa lũ"),
    ):
        with pytest.raises(NotNow, match="Sở Tài chính"):
            act()
    assert "Sở Tài chính" in signed_in("easup").get(f"/viec/{work.assignment_id}").text
    with pytest.raises(NotNow, match="cơ quan chủ trì cho đính chính"):
        steps.needed(work_of(sit(instance, "easup")), Action.UPLOAD, NOW)
    with pytest.raises(Refusal, match="lý do"):
        closing.take(lead, opening, PeriodAct.UNLOCK)
    closing.take(lead, opening, PeriodAct.UNLOCK, "sửa số liệu")
    decide.approve(sit(instance, "ld.bmt"), pending.assignment_id, 1)


@ON_SQLITE
def test_a_report_of_a_locked_period_is_not_sent_back(instance: Instance) -> None:
    things = small_province.carry_through(instance, "easup", "ld.easup")
    office = sit(instance, "vpub")
    closing.take(office, things.opening_id, PeriodAct.CLOSE)
    closing.take(office, things.opening_id, PeriodAct.LOCK)
    with pytest.raises(NotNow, match="Sở Tài chính"):
        receptions.take(office, things.opening_id, things.reception_id, "thiếu biểu")
    receptions.take(office, things.opening_id, things.reception_id)


@ON_SQLITE
def test_a_locked_year_is_neither_opened_nor_changed(instance: Instance, opening: int) -> None:
    office = sit(instance, "vpub")
    with pytest.raises(Refusal, match="văn bản"):
        closing.set_year(office, "KTXH", 2026, " ", is_locked=True)
    closing.set_year(office, "KTXH", 2026, "12/CV-VPUB", is_locked=True)
    with pytest.raises(NotNow, match="biểu điều chỉnh"):
        openings.open_period(office, "KTXH", "202611")
    with pytest.raises(NotNow, match="biểu điều chỉnh"):
        closing.take(office, opening, PeriodAct.UNLOCK, "sửa")
    with pytest.raises(NotNow, match="đã khóa số liệu"):
        submit.nil(sit(instance, "easup"), work_of(sit(instance, "easup")).assignment_id)
    openings.open_period(office, "DTC", "202611")
    with pytest.raises(NotNow):
        closing.set_year(office, "KTXH", 2026, "12/CV-VPUB", is_locked=True)
    closing.set_year(office, "KTXH", 2026, "13/CV-VPUB", is_locked=False)
    openings.open_period(office, "KTXH", "202611")
    with pytest.raises(NotNow, match="Sở Tài chính"):
        submit.nil(sit(instance, "easup"), work_of(sit(instance, "easup")).assignment_id)


@ON_SQLITE
def test_the_page_tells_the_instants_and_their_history(instance: Instance, signed_in: SignIn) -> None:
    page = "/ky-bao-cao/KTXH/202610/thoi-han"
    office = signed_in("vpub")
    office.post("/ky-bao-cao/KTXH/202610/gia-han", data={"due": "2026-10-20T17:00", "reason": "mưa lũ"})
    office.post("/ky-bao-cao/KTXH/202610/trang-thai", data={"do": "period-close"})
    text = office.get(page).text
    for words in ("đến hết ngày 14/10/2026", "17:00 ngày 20/10/2026", "17:00 ngày 16/10/2026", "mưa lũ", "Chốt kỳ"):
        assert words in text, words
    more = {"due": "2026-10-21T17:00", "reason": "mất điện"}
    office.post("/ky-bao-cao/KTXH/202610/gia-han", data=more | {"unit": ["24211", "24133"]})
    office.post("/ky-bao-cao/KTXH/202610/gia-han", data=more | {"due": "2026-10-22T17:00", "nhom": "loai=phường"})
    with instance.store.read() as connection:
        snapshot = sit(instance, "vpub").snapshot(connection)
        dues = stored.dues(connection, work_of(sit(instance, "easup")).opening_id)
    days = {code: dues[snapshot.unit_ids[code]].now.astimezone(NOW.tzinfo).day for code in ("24211", "24133", "22015")}
    assert days == {"24211": 21, "24133": 22, "22015": 22}
    assert "Gia hạn</button>" not in signed_in("ioc").get(page).text
    assert office.post("/ky-bao-cao/KTXH/202610/trang-thai", data={"do": "xyz"}).status_code == 404
    assert (
        "Đã khóa năm"
        in office.post(
            "/ky-bao-cao/KTXH/202610/khoa-nam", data={"do": "lock", "document": "12/CV"}, follow_redirects=True
        ).text
    )


@ON_SQLITE
def test_a_group_and_units_named_beside_it_all_get_more_time(
    instance: Instance, signed_in: SignIn, opening: int
) -> None:
    with instance.store.read() as connection:
        snapshot = sit(instance, "vpub").snapshot(connection)
        asked = [snapshot.units_by_id[one] for one in stored.dues(connection, opening)]
    code, name = next(pair for unit in asked for pair in unit.groups)
    group = f"{code}={name}"
    inside = {unit.code for unit in asked if unit.answers_to(group)}
    other = next(unit.code for unit in asked if unit.code not in inside)
    data = {"due": "2026-10-20T17:00", "reason": "mưa lũ", "nhom": group, "unit": other}
    signed_in("vpub").post("/ky-bao-cao/KTXH/202610/gia-han", data=data)
    with instance.store.read() as connection:
        found = stored.dues(connection, opening)
    assert {snapshot.units_by_id[key].code for key, one in found.items() if one.now != one.first} == {*inside, other}


@ON_SQLITE
def test_of_several_deadlines_only_the_last_is_new(instance: Instance, opening: int) -> None:
    due = work_of(sit(instance, "easup")).due_at
    for days in (1, 2, 3):
        instants.extend(sit(instance, "vpub"), opening, due + days * 24 * HOUR, f"lần {days}")
    with instance.store.read() as connection:
        unread = notices.unread(connection, sit(instance, "easup").actor.person_id)
    assert [one.values["why"] for one in unread if one.kind == "deadline-moved"] == ["lần 3"]
