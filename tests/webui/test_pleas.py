"""Units ask for more time and dispute a recorded lateness; whoever leads the regime decides (R48, F18)."""

from datetime import timedelta

import pytest

from actions import instants, pleas
from actions.desk import NotEntitled, NotNow, NotYours, Refusal
from actions.instance import Instance
from registry.store import board
from registry.store import pleas as stored
from registry.workflow.plea import PleaState, PleaStep
from registry.workflow.policy import EVERYWHERE
from registry.workflow.timeliness import Arrival
from tests.webui.conftest import ON_SQLITE, Clock, SignIn
from tests.webui.small_province import NOW, sit, work_of
from tests.webui.test_instants import HOUR, arrivals, reported, told
from webui.wording import say


def pulse(instance: Instance) -> tuple[int, ...]:
    with instance.store.read() as connection:
        return board.pulse(connection)


def test_more_time_agreed_holds_from_when_it_was_asked(instance: Instance) -> None:
    work = work_of(sit(instance, "easup"))
    due = work.due_at
    number = pleas.ask_time(sit(instance, "easup", due - HOUR), work.opening_id, work.unit_id, "mưa lũ", due + 5 * HOUR)
    assert told(instance, "nhan.stc") == ["time-asked"]
    assert told(instance, "vpub") == ["time-asked"]
    with pytest.raises(NotNow):
        pleas.ask_time(sit(instance, "ld.easup"), work.opening_id, work.unit_id, "mưa lũ", due + 5 * HOUR)
    reported(instance, "easup", due + HOUR)
    reported(instance, "bmt", due + HOUR)
    assert arrivals(instance, due + 2 * HOUR)["24211"] is Arrival.LATE
    pleas.decide(sit(instance, "nhan.stc", due + 24 * HOUR), number, PleaStep.AGREE)  # the moment asked for is past
    assert arrivals(instance, due + 24 * HOUR)["24211"] is Arrival.EXTENDED
    assert arrivals(instance, due + 24 * HOUR)["24133"] is Arrival.LATE
    assert "time-asked" not in told(instance, "vpub")
    assert "time-agreed" in told(instance, "easup")
    assert "time-agreed" in told(instance, "ld.easup")
    with pytest.raises(NotNow):
        pleas.decide(sit(instance, "vpub"), number, PleaStep.REFUSE, "đã muộn")


@ON_SQLITE
def test_more_time_that_came_otherwise_meanwhile_is_agreed_to_all_the_same(instance: Instance) -> None:
    work = work_of(sit(instance, "easup"))
    due, place = work.due_at, (work.opening_id, work.unit_id)
    number = pleas.ask_time(sit(instance, "easup", due + HOUR), *place, "mưa lũ", due + 5 * HOUR)
    reported(instance, "easup", due + 2 * HOUR)
    office = sit(instance, "vpub", due + 3 * HOUR)
    instants.extend(office, work.opening_id, due + 48 * HOUR, "mọi đơn vị")
    with pytest.raises(Refusal, match="muộn hơn"):
        pleas.decide(office, number, PleaStep.AGREE, due=due + 24 * HOUR)
    pleas.decide(office, number, PleaStep.AGREE)
    (plea,) = _all(instance)
    assert (plea.state, plea.given) == (PleaState.AGREED, due + 48 * HOUR)
    assert work_of(sit(instance, "easup")).due_at == due + 48 * HOUR
    assert arrivals(instance, due + 4 * HOUR)["24211"] is Arrival.EXTENDED  # in force from when it was asked


@ON_SQLITE
def test_who_decides_may_give_another_moment_or_none_with_a_reason(instance: Instance) -> None:
    clerk, lead = sit(instance, "easup"), sit(instance, "nhan.stc")
    work = work_of(clerk)
    wanted = work.due_at + 48 * HOUR
    number = pleas.ask_time(clerk, work.opening_id, work.unit_id, "mưa lũ", wanted)
    pleas.decide(lead, number, PleaStep.AGREE, "gửi sớm hơn", work.due_at + 24 * HOUR)
    assert work_of(clerk).due_at == work.due_at + 24 * HOUR
    number = pleas.ask_time(clerk, work.opening_id, work.unit_id, "vẫn mưa", wanted)
    with pytest.raises(Refusal, match="lý do"):
        pleas.decide(lead, number, PleaStep.REFUSE)
    pleas.decide(lead, number, PleaStep.REFUSE, "đã gia hạn một lần")
    assert work_of(clerk).due_at == work.due_at + 24 * HOUR
    assert "time-refused" in told(instance, "easup")
    number = pleas.ask_time(clerk, work.opening_id, work.unit_id, "mất điện", wanted)
    pleas.withdraw(sit(instance, "ld.easup"), number)
    assert "time-asked" not in told(instance, "nhan.stc")
    with pytest.raises(NotYours):
        pleas.withdraw(sit(instance, "bmt"), number)
    with pytest.raises(NotYours):
        pleas.decide(clerk, number, PleaStep.AGREE)


@ON_SQLITE
def test_nobody_decides_on_what_he_asked(instance: Instance) -> None:
    from registry.catalogue.model import Role
    from tests.webui import rights

    rights.give(instance, "nhan.stc", Role.CLERK, unit="24211")
    both, work = sit(instance, "nhan.stc"), work_of(sit(instance, "easup"))
    number = pleas.ask_time(both, work.opening_id, work.unit_id, "mưa lũ", work.due_at + HOUR)
    with pytest.raises(NotEntitled, match="không tự quyết định"):
        pleas.decide(both, number, PleaStep.AGREE)


def test_an_accepted_dispute_counts_as_on_time_and_erases_nothing(instance: Instance) -> None:
    work = work_of(sit(instance, "easup"))
    due = work.due_at
    with pytest.raises(NotNow, match="không bị ghi trễ hạn"):
        pleas.dispute(sit(instance, "easup", due + HOUR), work.opening_id, work.unit_id, "mạng hỏng")
    reported(instance, "easup", due + HOUR)
    clerk = sit(instance, "easup", due + 2 * HOUR)
    number = pleas.dispute(clerk, work.opening_id, work.unit_id, "mạng hỏng")
    before = pulse(instance)
    pleas.decide(sit(instance, "vpub", due + 3 * HOUR), number, PleaStep.AGREE, "có biên bản")
    assert pulse(instance) != before
    assert arrivals(instance, due + 4 * HOUR)["24211"] is Arrival.ON_TIME
    sending = work_of(clerk).sending
    assert sending.excused_at == due + 2 * HOUR
    assert sending.sent_at == due + HOUR
    with clerk.read() as connection:
        (kept,) = stored.of_unit(connection, EVERYWHERE, work.opening_id, work.unit_id)
    assert (kept.state, kept.answer, kept.decided_by) == (PleaState.AGREED, "có biên bản", "Đỗ Xuân Tuấn")


def test_what_is_sent_again_in_the_time_given_keeps_its_class(instance: Instance) -> None:
    lead, work = sit(instance, "vpub"), work_of(sit(instance, "easup"))
    reported(instance, "easup", NOW)
    with lead.change("test", "reception 1") as change:
        until = instants.give_time(lead, change, work.opening_id, work.unit_id, "thiếu biểu")
    assert until == NOW.replace(day=20, hour=0)  # Thursday 15/10: to the end of Monday
    assert arrivals(instance, until)["24211"] is Arrival.EARLY
    assert arrivals(instance, until + HOUR)["24211"] is Arrival.MISSING


@ON_SQLITE
def test_the_pages_ask_and_decide(instance: Instance, signed_in: SignIn, clock: Clock) -> None:
    work = work_of(sit(instance, "easup"))
    page = f"/thoi-han/{work.opening_id}/{work.unit_id}"
    clerk, lead = signed_in("easup"), signed_in("nhan.stc")
    assert page in clerk.get("/").text
    assert page in clerk.get(f"/viec/{work.assignment_id}").text
    posted = {"do": "time", "reason": "mưa lũ", "wanted": "2026-10-20T17:00"}
    assert "Đã gửi đề nghị gia hạn" in clerk.post(page, data=posted, follow_redirects=True).text
    assert say("plea.home-waiting", count=1) in lead.get("/").text
    queue = lead.get("/de-nghi").text
    assert "mưa lũ" in queue
    assert "Xã Ea Súp" in queue
    [number] = [one.id for one in _all(instance)]
    assert lead.get(f"/de-nghi/{number}").location.endswith(f"/de-nghi#de-nghi-{number}")
    lead.post(f"/de-nghi/{number}", data={"do": "agree", "due": "2026-10-19T17:00", "answer": "đồng ý một phần"})
    answer = clerk.get(page).text
    for words in ("đồng ý một phần", "17:00 ngày 19/10/2026", "Đồng ý", "Gia hạn"):
        assert words in answer, words
    assert "đồng ý gia hạn" in clerk.get("/").text
    clock.now = NOW + timedelta(days=10)
    reported(instance, "easup", clock.now)
    late = signed_in("easup")
    assert "Khiếu nại về thời hạn" in late.get(page).text
    assert (
        "Đã gửi khiếu nại" in late.post(page, data={"do": "dispute", "reason": "mạng hỏng"}, follow_redirects=True).text
    )
    assert signed_in("bmt").get(page).status_code == 404


def _all(instance: Instance) -> list[stored.Plea]:
    with instance.store.read() as connection:
        return stored.listing(connection, EVERYWHERE)
