"""A locked period is shut at every door, whatever way leads to it (PRACTICE F17)."""

from __future__ import annotations

import pytest

from actions import amending, closing, decide, receptions, reopening, reports, submit
from actions.desk import NotNow, Refusal
from actions.instance import Instance
from registry.store import reports as stored_reports
from registry.store import submissions
from registry.store.openings import Work
from registry.store.reports import Reception
from registry.workflow.period import PeriodAct
from registry.workflow.policy import EVERYWHERE
from registry.workflow.report import ReportState
from registry.workflow.submission import State
from tests.webui import small_province as province
from tests.webui import test_reviewing as reviewing
from tests.webui.conftest import ON_SQLITE, SignIn
from tests.webui.small_province import NOW, sit, work_of

REASON = "Sai số liệu"


def lock(instance: Instance, opening_id: int) -> None:
    office = sit(instance, "vpub")
    closing.take(office, opening_id, PeriodAct.CLOSE)
    closing.take(office, opening_id, PeriodAct.LOCK)


def approved(instance: Instance) -> Work:
    province.submitted(sit(instance, "easup"))
    work = work_of(sit(instance, "easup"))
    decide.approve(sit(instance, "ld.easup"), work.assignment_id, 1)
    return work


def before(instance: Instance, opening_id: int, receiver: str = "VPUB") -> Reception:
    """The report before a receiver."""
    with instance.store.read() as connection:
        key = sit(instance, "vpub").snapshot(connection).unit_ids[receiver]
        return next(one for one in stored_reports.receptions(connection, opening_id) if one.receiver_id == key)


def state_of(instance: Instance, opening_id: int, unit_id: int) -> ReportState:
    with instance.store.read() as connection:
        report = stored_reports.find(connection, EVERYWHERE, opening_id, unit_id)
    assert report is not None
    return report.state


@ON_SQLITE
def test_a_report_is_not_sent_back_and_stays_in_the_totals(instance: Instance) -> None:
    things = province.carry_through(instance, "easup", "ld.easup")
    lock(instance, things.opening_id)
    due, taken = work_of(sit(instance, "easup")).due_at, before(instance, things.opening_id)
    with pytest.raises(NotNow):
        receptions.take(sit(instance, "vpub"), things.opening_id, taken.id, REASON)
    with instance.store.read() as connection:
        assert submissions.counted(connection, things.opening_id, taken.receiver_id, NOW)
    assert work_of(sit(instance, "easup")).due_at == due
    receptions.take(sit(instance, "vpub"), things.opening_id, taken.id)  # received: no figure changes by that


@ON_SQLITE
def test_nothing_is_reviewed_in_it(instance: Instance) -> None:
    easup = reviewing.handed_in(instance, "easup", "ld.easup")
    lock(instance, easup.opening_id)
    rechecked = {easup.assignment_id: frozenset({reviewing.PIGS})}
    for chosen in ({}, rechecked):
        with pytest.raises(NotNow):
            reviewing.reviewed(instance, [easup], chosen, reviewing.REASON)
    assert work_of(sit(instance, "easup")).state is State.APPROVED


@ON_SQLITE
def test_a_report_takes_no_step_and_its_pages_offer_none(instance: Instance, signed_in: SignIn) -> None:
    things = approved(instance)
    here = (things.opening_id, things.unit_id)
    leader = signed_in("ld.easup")
    address = f"/bao-cao-don-vi/{things.opening_id}/{things.unit_id}"
    assert f'{address}/gui"' in leader.get(address).text
    assert f'{address}/gui"' in leader.get("/").text
    lock(instance, things.opening_id)
    for page in (address, "/", f"/viec/{things.assignment_id}"):
        assert f'{address}/gui"' not in leader.get(page).text
    with pytest.raises(NotNow):
        reports.send(sit(instance, "ld.easup"), *here)
    with pytest.raises(NotNow):
        reports.attach_narrative(sit(instance, "easup"), *here, province.narrative(), "x.docx")
    assert state_of(instance, *here) is ReportState.DRAFT


@ON_SQLITE
def test_a_corrected_report_is_sent_again(instance: Instance) -> None:
    things = province.carry_through(instance, "easup", "ld.easup")
    here = (things.opening_id, things.unit_id)
    lock(instance, things.opening_id)
    amending.begin(sit(instance, "vpub"), things.assignment_id, "12/VPUB-TH", REASON)
    assert state_of(instance, *here) is ReportState.DRAFT
    clerk, leader = sit(instance, "easup"), sit(instance, "ld.easup")
    submit.submit(clerk, province.sent(clerk, "131"))
    decide.approve(leader, things.assignment_id, 2)
    reports.send(leader, *here)
    assert state_of(instance, *here) is ReportState.SENT


@ON_SQLITE
def test_a_request_to_reopen_is_refused_though_locked(instance: Instance, signed_in: SignIn) -> None:
    things = province.carry_through(instance, "easup", "ld.easup")
    number = reopening.ask(sit(instance, "easup"), things.assignment_id, REASON)
    lock(instance, things.opening_id)
    page = signed_in("vpub").get("/de-nghi-mo-lai").text
    assert 'value="refuse"' in page
    assert 'value="grant"' not in page
    with pytest.raises(NotNow):
        reopening.answer(sit(instance, "vpub"), number, grant=True)
    reopening.answer(sit(instance, "vpub"), number, "Kỳ đã khóa", grant=False)


@ON_SQLITE
def test_a_request_answered_by_another_way_stays_answered(instance: Instance) -> None:
    things = province.carry_through(instance, "easup", "ld.easup")
    clerk, office = sit(instance, "easup"), sit(instance, "vpub")
    reopening.ask(clerk, things.assignment_id, REASON)
    decide.reopen(office, things.assignment_id, "Mở trực tiếp")
    submit.submit(clerk, province.sent(clerk, "131"))
    decide.approve(sit(instance, "ld.easup"), things.assignment_id, 2)
    with instance.store.read() as connection:
        assert reopening.waiting(office, connection) == []


@ON_SQLITE
def test_reasons_have_an_end(instance: Instance) -> None:
    things = province.carry_through(instance, "easup", "ld.easup")
    taken = before(instance, things.opening_id)
    too_long = "x" * 2001
    with pytest.raises(Refusal, match="2000"):
        receptions.take(sit(instance, "vpub"), things.opening_id, taken.id, too_long)
    with pytest.raises(Refusal, match="2000"):
        decide.reopen(sit(instance, "vpub"), things.assignment_id, too_long)
    decide.reopen(sit(instance, "vpub"), things.assignment_id, "x" * 2000)
