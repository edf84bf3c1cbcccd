"""Taking an approval back shortly after, before anybody counted it: the former version counts again (R22, R23)."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from actions import catalogues, compiling, decide, receive, receptions, reports, submit
from actions.desk import Changed, Desk, NotNow, NotYours, Refusal
from actions.instance import Instance
from compile.compiled import Compiled
from registry.catalogue.model import HistoryFigure
from registry.catalogue.values import Aspect, CellValue, Nature, SeriesKey, State
from registry.findings import Severity
from registry.rules.background import Need
from registry.store import figures, openings, submissions
from registry.store import reports as stored_reports
from registry.workflow.policy import EVERYWHERE
from registry.workflow.submission import State as Standing
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, SignIn
from tests.webui.small_province import EASUP, NOW, sit, work_of


def counted(instance: Instance, hours: float = 24) -> list[tuple[int, bool]]:
    desk, work = sit(instance, "vpub"), work_of(sit(instance, "easup"))
    with instance.store.read() as connection:
        receiver = desk.snapshot(connection).unit_ids["VPUB"]
        found = submissions.counted(connection, work.opening_id, receiver, NOW + timedelta(hours=hours))
    return [(one.n, one.provisional) for one in found]


def known(instance: Instance) -> list[int]:
    """Figures the warehouse holds of the unit now, by the hundred."""
    unit = work_of(sit(instance, "easup")).unit_id
    with instance.store.read() as connection:
        keys = figures.Keys.of(connection)
        needs = [Need(series, "202610") for series in keys.series]
        held = figures.backgrounds(connection, [unit], needs)[unit].figures
    return sorted({one.mantissa for one in held.values()})


def stored(instance: Instance, version: int) -> int:
    with instance.store.read() as connection:
        work = openings.work(connection, EVERYWHERE, assignment_id=work_of(sit(instance, "easup")).assignment_id)[0]
        key = next(one.id for one in submissions.versions(connection, work.submission_id) if one.n == version)
        return len(figures.of_versions(connection, [key]))


def test_the_first_approval_taken_back_leaves_nothing_and_given_again_counts_once(instance: Instance) -> None:
    province.submitted(sit(instance, "easup"))
    work, leader = work_of(sit(instance, "easup")), sit(instance, "ld.easup")
    decide.approve(leader, work.assignment_id, 1)
    before, many = known(instance), stored(instance, 1)
    assert many > 0
    later = replace(leader, moment=NOW + timedelta(hours=1))
    decide.take_back(later, work.assignment_id, 1, "Duyệt nhầm")
    assert work_of(leader).state is Standing.PENDING
    assert work_of(leader).approved_at is None
    assert counted(instance) == []
    assert counted(instance, 0.5) == [(1, False)]  # as it was then
    assert known(instance) == []
    decide.approve(replace(leader, moment=NOW + timedelta(hours=2)), work.assignment_id, 1)
    assert counted(instance) == [(1, False)]
    assert (known(instance), stored(instance, 1)) == (before, many)
    assert work_of(leader).approved_at == NOW + timedelta(hours=2)


def test_the_version_approved_before_counts_again(instance: Instance) -> None:
    province.submitted(sit(instance, "easup"))
    clerk, leader = sit(instance, "easup"), sit(instance, "ld.easup")
    work = work_of(clerk)
    decide.approve(leader, work.assignment_id, 1)
    first, many = known(instance), stored(instance, 1)
    decide.reopen(sit(instance, "vpub"), work.assignment_id, "Số liệu sai")
    province.submitted(clerk, "130")
    decide.approve(leader, work.assignment_id, 2)
    assert known(instance) != first
    decide.take_back(leader, work.assignment_id, 2, "Duyệt nhầm")
    assert counted(instance) == [(1, True)]
    assert (known(instance), stored(instance, 1)) == (first, many)
    decide.send_back(leader, work.assignment_id, 2, "Sai")
    assert counted(instance) == [(1, True)]


@ON_SQLITE
def test_an_approval_somebody_counted_or_made_long_ago_stays(instance: Instance) -> None:
    province.submitted(sit(instance, "easup"))
    work, leader = work_of(sit(instance, "easup")), sit(instance, "ld.easup")
    with pytest.raises(NotNow, match="đã duyệt"):
        decide.take_back(leader, work.assignment_id, 1, "Nhầm")
    decide.approve(leader, work.assignment_id, 1)
    with pytest.raises(NotNow, match="quá thời gian"):
        decide.take_back(replace(leader, moment=NOW + timedelta(hours=25)), work.assignment_id, 1, "Nhầm")
    with pytest.raises(Refusal, match="lý do"):
        decide.take_back(leader, work.assignment_id, 1, " ")
    with pytest.raises(Changed):
        decide.take_back(leader, work.assignment_id, 2, "Nhầm")
    for login in ("easup", "vpub", "ld.bmt"):
        with pytest.raises(NotYours):
            decide.take_back(sit(instance, login), work.assignment_id, 1, "Nhầm")
    compiling.compile_report(sit(instance, "vpub"), "KTXH", "202610")
    with pytest.raises(NotNow, match="đã được tổng hợp"):
        decide.take_back(leader, work.assignment_id, 1, "Nhầm")
    assert work_of(leader).state is Standing.APPROVED


@ON_SQLITE
def test_a_sent_report_keeps_its_approvals(instance: Instance) -> None:
    things = province.carry_through(instance, "easup", "ld.easup")
    with pytest.raises(NotNow, match="đã gửi"):
        decide.take_back(sit(instance, "ld.easup"), things.assignment_id, 1, "Nhầm")


@ON_SQLITE
def test_taken_back_on_the_page_it_can_be_withdrawn_and_sent_anew(instance: Instance, signed_in: SignIn) -> None:
    province.submitted(sit(instance, "easup"))
    work, leader = work_of(sit(instance, "easup")), signed_in("ld.easup")
    address = f"/viec/{work.assignment_id}"
    leader.post(f"{address}/duyet", data={"version": "1"})
    assert "Lý do thu hồi duyệt" in leader.get(address).text
    assert "Lý do thu hồi duyệt" not in signed_in("easup").get(address).text
    done = leader.post(f"{address}/thu-hoi-duyet", data={"version": "1", "reason": "Duyệt nhầm"}, follow_redirects=True)
    assert "Biểu lại chờ duyệt" in done.text
    assert "Duyệt nhầm" in done.text
    submit.withdraw(sit(instance, "easup"), work.assignment_id)
    province.submitted(sit(instance, "easup"), "140")
    decide.approve(sit(instance, "ld.easup"), work.assignment_id, 2)
    reports.send(sit(instance, "ld.easup"), work.opening_id, work.unit_id)
    assert counted(instance) == [(2, False)]


@ON_SQLITE
def test_the_second_approval_of_one_version_taken_back_leaves_the_first(instance: Instance) -> None:
    clerk, leader = sit(instance, "easup"), sit(instance, "ld.easup")
    province.submitted(clerk)
    work = work_of(clerk)
    decide.approve(leader, work.assignment_id, 1)
    before = known(instance)
    decide.reopen(sit(instance, "vpub"), work.assignment_id, "Xem lại")
    with clerk.read() as connection:
        newest = submissions.newest(connection, work.submission_id)
    assert newest is not None
    assert newest.upload_id is not None
    hand_in(clerk, newest.upload_id)  # nothing to mend: the same file once more
    assert work_of(clerk).version == 1
    decide.approve(leader, work.assignment_id, 1)
    assert counted(instance) == [(1, False)]
    decide.take_back(leader, work.assignment_id, 1, "Nhầm")
    assert counted(instance) == [(1, True)]
    assert known(instance) == before


def hand_in(clerk: Desk, upload: int) -> None:
    found = receive.judge_upload(clerk, upload).findings
    warnings = (at for at, one in enumerate(found) if one.severity is Severity.WARNING)
    submit.submit(clerk, upload, dict.fromkeys(warnings, "đã đối chiếu"))


PIGS = SeriesKey("NN15", Aspect.ACTUAL, "")


def imported(instance: Instance, value: str) -> None:
    """The statistical yearbook says something of the herd of October."""
    row = HistoryFigure(
        indicator=PIGS.indicator,
        aspect=PIGS.aspect,
        members=PIGS.members,
        period="202610",
        subject=EASUP,
        reporting=EASUP,
        nature=Nature.ESTIMATE,
        value=Decimal(value),
        measure="con",
    )
    assert catalogues.load_history(sit(instance, "vpub"), [row], f"Niên giám {value}", "Cục Thống kê")


def herd(instance: Instance) -> int | None:
    need = Need(PIGS, "202610")
    with instance.store.read() as connection:
        unit = work_of(sit(instance, "easup")).unit_id
        found = figures.backgrounds(connection, [unit], [need])[unit].figures.get(need)
    return found and found.mantissa


@ON_SQLITE
def test_what_another_source_said_before_counts_again(instance: Instance) -> None:
    clerk, leader = sit(instance, "easup"), sit(instance, "ld.easup")
    imported(instance, "77")
    province.submitted(clerk)
    work = work_of(clerk)
    for _ in range(2):
        decide.approve(leader, work.assignment_id, 1)
        assert herd(instance) not in (None, 77)
        decide.take_back(leader, work.assignment_id, 1, "Nhầm")
        assert herd(instance) == 77


@ON_SQLITE
def test_what_another_source_said_since_stays(instance: Instance) -> None:
    province.submitted(sit(instance, "easup"))
    work, leader = work_of(sit(instance, "easup")), sit(instance, "ld.easup")
    decide.approve(leader, work.assignment_id, 1)
    later = replace(leader, moment=NOW + timedelta(hours=1))
    imported(instance, "77")
    decide.take_back(later, work.assignment_id, 1, "Nhầm")
    assert herd(instance) == 77


@ON_SQLITE
def test_a_cell_a_successor_leaves_blank_falls_back_too(instance: Instance) -> None:
    clerk, leader = sit(instance, "easup"), sit(instance, "ld.easup", NOW + timedelta(hours=1))
    imported(instance, "77")
    province.submitted(clerk)
    work = work_of(clerk)
    decide.approve(leader, work.assignment_id, 1)
    first = herd(instance)
    decide.reopen(sit(instance, "vpub", leader.moment), work.assignment_id, "Chưa có số")
    hand_in(clerk, province.sent(clerk, NN15_c06=CellValue(State.NOT_AVAILABLE)))
    later = replace(leader, moment=NOW + timedelta(hours=2))
    decide.approve(later, work.assignment_id, 2)
    assert herd(instance) == 77
    decide.take_back(later, work.assignment_id, 2, "Nhầm")
    assert herd(instance) == first


@ON_SQLITE
@pytest.mark.parametrize("later", [0, 60])  # seconds
def test_no_compile_rests_on_an_approval_taken_back_meanwhile(
    instance: Instance, monkeypatch: pytest.MonkeyPatch, later: int
) -> None:
    province.submitted(sit(instance, "easup"))
    work, leader = work_of(sit(instance, "easup")), sit(instance, "ld.easup")
    decide.approve(leader, work.assignment_id, 1)
    build = compiling.workbook.build

    def slowly(made: Compiled) -> bytes:
        moment = NOW + timedelta(seconds=later)
        decide.take_back(replace(leader, moment=moment), work.assignment_id, 1, "Nhầm")
        return build(made)

    monkeypatch.setattr(compiling.workbook, "build", slowly)
    with pytest.raises(Changed):
        compiling.compile_report(sit(instance, "vpub"), "KTXH", "202610")
    assert work_of(leader).state is Standing.PENDING


@ON_SQLITE
def test_no_compile_rests_on_a_report_sent_back_meanwhile(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    things = province.carry_through(instance, "easup", "ld.easup")
    office = sit(instance, "vpub")
    with office.read() as connection:
        mine = office.snapshot(connection).unit_ids["VPUB"]
        taken = stored_reports.receptions(connection, things.opening_id)
    reception = next(one for one in taken if one.receiver_id == mine)
    build = compiling.workbook.build

    def slowly(made: Compiled) -> bytes:
        receptions.take(office, things.opening_id, reception.id, "Sai")
        return build(made)

    monkeypatch.setattr(compiling.workbook, "build", slowly)
    with pytest.raises(Changed):
        compiling.compile_report(office, "KTXH", "202610")
