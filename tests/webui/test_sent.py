"""Being on time is one thing wherever it is told: the first sending of the unit's report, judged (F14, F18)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from actions import (
    chase,
    compiling,
    decide,
    history,
    instants,
    outages,
    pleas,
    receptions,
    reminders,
    reports,
    submit,
    usage,
)
from actions.instance import Instance
from compile.compiled import compiled
from compile.timeliness import Standing, standings
from compile.usage import missing
from registry.periods import parse
from registry.store import board, openings, sendings, submissions
from registry.store import reports as stored_reports
from registry.workflow.plea import PleaStep
from registry.workflow.policy import EVERYWHERE
from registry.workflow.timeliness import NOT_IN_TIME, Arrival, Sending, judged
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, Clock, SignIn
from tests.webui.rights import unit_key
from tests.webui.small_province import BMT, BY_THE_SEA, EASUP, NOW, sit, work_of
from tests.webui.test_told_in_time import at, operator, told
from webui.board_lines import board_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def only_approved(instance: Instance, name: str) -> None:
    """The unit's figures are approved in time; its report stays in draft."""
    work = work_of(sit(instance, name))
    submit.nil(sit(instance, name), work.assignment_id)
    decide.approve(sit(instance, f"ld.{name}"), work.assignment_id, 1)


def send_back(instance: Instance, at: datetime) -> datetime:
    """The office sends Ea Súp's report back; until when it is wanted again."""
    opening_id, unit_id = work_of(sit(instance, "easup")).opening_id, unit_key(instance, EASUP)
    with instance.store.read() as connection:
        (mine,) = [
            one
            for one in stored_reports.receptions(connection, opening_id)
            if (one.unit_id, one.receiver_id) == (unit_id, unit_key(instance, "VPUB"))
        ]
    receptions.take(sit(instance, "vpub", at), opening_id, mine.id, "thiếu phần II")
    return work_of(sit(instance, "easup", at)).due_at


def send_again(instance: Instance, at: datetime) -> None:
    work = work_of(sit(instance, "easup"))
    reports.send(sit(instance, "ld.easup", at), work.opening_id, work.unit_id)


def sending(instance: Instance, code: str = EASUP) -> Sending:
    with instance.store.read() as connection:
        (found,) = sendings.within(connection, EVERYWHERE, unit_id=unit_key(instance, code))
    return found


def arrival(instance: Instance, now: datetime, code: str = EASUP) -> Arrival:
    with instance.store.read() as connection:
        calendar = sit(instance, "vpub").snapshot(connection).calendar
    return judged(sending(instance, code), now, calendar).arrival


def in_annex(instance: Instance, now: datetime) -> dict[str, Standing]:
    desk = sit(instance, "vpub", now)
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        opening = openings.find(connection, "KTXH", "202610")
        assert opening is not None
        counted = submissions.counted(connection, opening.id, snapshot.unit_ids["VPUB"], now)
        order = compiling.gather(desk, connection, snapshot, opening, counted, "VPUB", now, 1, with_narratives=False)
    return {one.unit.code: one for one in standings(compiled(order))}


def test_every_page_list_and_paper_tells_the_same_of_every_unit(instance: Instance) -> None:
    """Ea Súp was sent back and has not sent again, the ward only approved its figures, the others sent nothing."""
    province.carry_through(instance, "easup", "ld.easup")
    only_approved(instance, "bmt")
    due, until = work_of(sit(instance, "bmt")).due_at, send_back(instance, NOW + HOUR)
    for now in (due - HOUR, due + HOUR, until + HOUR):
        desk = sit(instance, "vpub", now)
        with desk.read() as connection:
            snapshot = desk.snapshot(connection)
            opening = openings.find(connection, "KTXH", "202610")
            assert opening is not None
            found = {one.unit_id: one for one in sendings.within(connection, EVERYWHERE, openings=[opening.id])}
            works = openings.work(connection, EVERYWHERE, opening_id=opening.id)
            squares = board.squares(connection, EVERYWHERE, opening.id, snapshot.unit_ids["VPUB"])
            kept = history.own(desk, connection)
        assert all(one.sending == found[one.unit_id] for one in (*works, *squares))
        stands = {unit_id: judged(one, now, snapshot.calendar) for unit_id, one in found.items()}
        assert {snapshot.unit_ids[one.unit.code]: one.standing for one in kept} == stands
        lines = board_of(squares, snapshot.units_by_id, {}, now).lines
        late = {one.squares[0].unit_id for one in lines if "late" in one.states_at(now)}
        assert late == {unit_id for unit_id, one in stands.items() if one.arrival in NOT_IN_TIME}
        unsent = {unit_id for unit_id, one in stands.items() if one.arrival is Arrival.MISSING}
        chased = chase.gather(desk, opening).lines
        assert {one.unit_id for one in chased if one.is_overdue} == unsent
        assert {one.unit_id for one in chased} == {unit_id for unit_id, one in found.items() if one.owed_until}
        assert len(missing(usage.gather(desk, parse("202610"))).rows) == len(unsent)
        annex = in_annex(instance, now)
        assert {snapshot.unit_ids[code]: one.arrival for code, one in annex.items()} == {
            unit_id: one.arrival for unit_id, one in stands.items()
        }
    assert unsent == found.keys()
    assert annex[BMT].words == "Quá hạn, chưa gửi; số liệu đã duyệt, chưa gửi báo cáo"
    assert annex[BY_THE_SEA].words == "Quá hạn, chưa gửi"
    assert annex[EASUP].words == "Quá hạn, chưa gửi; đã bị trả lại, chưa gửi lại"


@ON_SQLITE
def test_approved_but_not_sent_is_overdue_on_the_units_own_pages(
    instance: Instance, signed_in: SignIn, clock: Clock
) -> None:
    only_approved(instance, "easup")
    work = work_of(sit(instance, "easup"))
    assert (work.sending.first_sent_at, work.sending.sent_at) == (NOW, None)
    clock.now = work.due_at + HOUR
    clerk = signed_in("easup")
    for page in ("/", f"/viec/{work.assignment_id}", f"/thoi-han/{work.opening_id}/{work.unit_id}"):
        assert "Quá hạn, chưa gửi" in clerk.get(page).text, page
    reports.send(sit(instance, "ld.easup", clock.now), work.opening_id, work.unit_id)
    assert "Gửi trễ hạn (1 ngày làm việc)" in clerk.get(f"/viec/{work.assignment_id}").text


@ON_SQLITE
@pytest.mark.parametrize("how", ["extended", "asked", "outage"])
def test_time_given_after_a_return_counts(instance: Instance, how: str) -> None:
    province.carry_through(instance, "easup", "ld.easup")
    until, unit_id = send_back(instance, NOW + HOUR), unit_key(instance, EASUP)
    opening_id, office = work_of(sit(instance, "easup")).opening_id, sit(instance, "vpub", NOW + 3 * HOUR)
    if how == "extended":
        instants.extend(office, opening_id, until + DAY, "mưa lũ")
    elif how == "asked":
        asked = pleas.ask_time(sit(instance, "easup", NOW + 2 * HOUR), opening_id, unit_id, "mưa lũ", until + DAY)
        pleas.decide(office, asked, PleaStep.AGREE)
    else:
        later = sit(instance, "vpub", until + 2 * HOUR)
        number = outages.enter(later, until - 2 * HOUR, until + 2 * HOUR, "mất điện")
        outages.decide(later, number, "mất điện", is_confirmed=True)
    assert arrival(instance, until + HOUR) is Arrival.EARLY
    send_again(instance, until + 3 * HOUR)
    assert arrival(instance, until + 90 * DAY) is Arrival.EARLY


@ON_SQLITE
def test_an_accepted_dispute_does_not_excuse_what_is_sent_back_later(instance: Instance) -> None:
    work = work_of(sit(instance, "easup"))
    only_approved(instance, "easup")
    send_again(instance, work.due_at + HOUR)
    disputed = pleas.dispute(sit(instance, "easup", work.due_at + 2 * HOUR), work.opening_id, work.unit_id, "mạng hỏng")
    pleas.decide(sit(instance, "vpub", work.due_at + 3 * HOUR), disputed, PleaStep.AGREE)
    until = send_back(instance, work.due_at + 4 * HOUR)
    assert arrival(instance, until) is Arrival.ON_TIME
    assert arrival(instance, until + HOUR) is Arrival.MISSING


@ON_SQLITE
def test_what_was_sent_back_is_reminded_of_by_the_time_set_for_it(instance: Instance) -> None:
    province.carry_through(instance, "easup", "ld.easup")
    send_back(instance, NOW + HOUR)  # Thursday 15/10: wanted by the end of Monday
    reminders.remind(operator(instance, at(16)))
    assert told(instance, "easup") == ["remind-before"]  # three days
    reminders.remind(operator(instance, at(19)))
    assert told(instance, "easup") == ["remind-day"]
