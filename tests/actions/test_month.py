"""The whole month through the actions, as the people of one commune and the office live it."""

import io
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from actions import catalogues, decide, distribute, instants, openings, receive, receptions, reports, submit
from actions.cases import Situation, situation
from actions.console import open_desk
from actions.desk import Changed, Desk, NotNow, NotYours, Refusal
from actions.instance import Instance
from registry.catalogue.model import Catalogue
from registry.catalogue.values import Aspect, CellKey, CellValue, SeriesKey, State
from registry.findings import Severity, fix, message
from registry.rules.background import Need
from registry.sample import catalogue
from registry.store import audit, figures, submissions, uploads
from registry.store import openings as stored
from registry.store import reports as stored_reports
from registry.store.openings import Work
from registry.store.uploads import NewVerdict
from registry.workflow.policy import Action
from registry.workflow.report import ReceptionState
from registry.workflow.submission import State as Submission
from tests.actions.conftest import NOW, As
from tests.webui.conftest import ON_SQLITE

EASUP = "24211"


@pytest.fixture
def opening(at_desk: As) -> int:
    return openings.open_period(at_desk("vpub"), "KTXH", "202610")


def work_of(desk: Desk) -> Work:
    with desk.read() as connection:
        return stored.work(connection, desk.scope(Action.SEE_WORK))[0]


def situated(desk: Desk) -> Situation:
    with desk.read() as connection:
        return situation(connection, desk.snapshot(connection), stored.work(connection, desk.scope(Action.SEE_WORK))[0])


def filled(desk: Desk, number: str = "120", **changed: CellValue) -> tuple[str, bytes]:
    """The commune's workbook with every figure 120 except those named ``NN01_c06``."""
    one = situated(desk)
    answers = {key: CellValue(State.VALUE, Decimal(number)) for key in one.view.inputs}
    for name, value in changed.items():
        answers[CellKey(*name.split("_"))] = value
    with desk.read() as connection:
        made = distribute.make(desk, desk.snapshot(connection), one, answers)
    return made.name, made.data


def sent(desk: Desk, number: str = "120", **changed: CellValue) -> int:
    name, data = filled(desk, number, **changed)
    upload = receive.receive(desk, io.BytesIO(data), name, work_of(desk).unit_id)
    receive.judge_upload(desk, upload)
    return upload


def submitted(desk: Desk, number: str = "120", **changed: CellValue) -> int:
    upload = sent(desk, number, **changed)
    with desk.read() as connection:
        verdict = uploads.newest_verdict(connection, upload)
    assert verdict is not None
    assert verdict.can_be_submitted, verdict.findings
    texts = {at: "đã đối chiếu" for at, one in enumerate(verdict.findings) if one.severity is Severity.WARNING}
    submit.submit(desk, upload, texts)
    return upload


def known(desk: Desk, indicator: str, period: str = "202610") -> int | None:
    with desk.read() as connection:
        unit = desk.snapshot(connection).unit_ids[EASUP]
        need = Need(SeriesKey(indicator, Aspect.ACTUAL, ""), period)
        figure = figures.backgrounds(connection, [unit], [need])[unit].get(need.series, period)
    return figure.mantissa if figure else None


@ON_SQLITE
def test_a_commune_fills_submits_and_its_leader_approves_into_the_warehouse(at_desk: As, opening: int) -> None:
    clerk, leader = at_desk("easup"), at_desk("ld.easup")
    submitted(clerk)
    assert work_of(leader).state is Submission.PENDING
    assert known(leader, "NN14") is None
    decide.approve(leader, work_of(leader).assignment_id, 1)
    assert work_of(leader).state is Submission.APPROVED
    assert known(leader, "NN14") == 120
    assert known(leader, "NN14", "202609") == 120  # "chính thức tháng trước" writes the earlier month
    with leader.read() as connection:
        assert audit.verify(connection)[1] is None


@ON_SQLITE
def test_a_rejected_file_cannot_be_submitted_and_a_mended_one_can(at_desk: As, opening: int) -> None:
    clerk = at_desk("easup")
    upload = sent(clerk, NN14_c06=CellValue(State.BLANK, None, "một trăm"))
    with clerk.read() as connection:
        verdict = uploads.newest_verdict(connection, upload)
    assert verdict is not None
    assert verdict.status == "rejected"
    assert [(found.code, found.cell is not None) for found in verdict.findings if found.severity == "error"] == [
        ("number-is-text", True)
    ]
    with pytest.raises(NotNow):
        submit.submit(clerk, upload)
    submitted(clerk)


@ON_SQLITE
def test_the_same_file_twice_has_one_number_and_makes_no_second_version(at_desk: As, opening: int) -> None:
    clerk = at_desk("easup")
    name, data = filled(clerk)
    unit = work_of(clerk).unit_id
    first = receive.receive(clerk, io.BytesIO(data), name, unit)
    second = receive.receive(clerk, io.BytesIO(data), "khác tên.xlsx", unit)
    assert first == second
    assert receive.judge_upload(clerk, first) == receive.judge_upload(clerk, second)


@ON_SQLITE
def test_another_units_workbook_is_refused_and_names_nothing_of_theirs(at_desk: As, opening: int) -> None:
    name, data = filled(at_desk("easup"))
    clerk = at_desk("bmt")
    upload = receive.receive(clerk, io.BytesIO(data), name, work_of(clerk).unit_id)
    verdict = receive.judge_upload(clerk, upload)
    assert verdict.status == "refused"
    assert [found.code for found in verdict.findings] == ["identity-other-unit"]
    assert "Súp" not in str(verdict.findings)


@ON_SQLITE
def test_a_file_for_a_closed_period_is_refused(at_desk: As, opening: int) -> None:
    clerk = at_desk("easup")
    instants.set_reception(at_desk("vpub"), opening, is_open=False)
    name, data = filled(clerk)
    later = at_desk("easup", NOW + timedelta(minutes=1))
    verdict = receive.judge_upload(later, receive.receive(later, io.BytesIO(data), name, work_of(later).unit_id))
    assert [found.code for found in verdict.findings] == ["identity-period-not-open"]
    with pytest.raises(NotNow):
        submit.nil(later, work_of(later).assignment_id)


@ON_SQLITE
def test_an_empty_form_is_refused_and_one_click_reports_nil(at_desk: As, opening: int) -> None:
    clerk, leader = at_desk("easup"), at_desk("ld.easup")
    with clerk.read() as connection:
        made = distribute.make(clerk, clerk.snapshot(connection), situated(clerk), {})
    number = receive.receive(clerk, io.BytesIO(made.data), made.name, work_of(clerk).unit_id)
    assert "judge-empty-form" in [found.code for found in receive.judge_upload(clerk, number).findings]
    submit.nil(clerk, work_of(clerk).assignment_id)
    decide.approve(leader, work_of(leader).assignment_id, 1)
    assert known(leader, "NN12") == 0


@ON_SQLITE
def test_warnings_need_an_explanation(at_desk: As, opening: int) -> None:
    clerk = at_desk("easup")
    upload = sent(clerk, NN14_c05=CellValue(State.VALUE, Decimal(100)))
    with clerk.read() as connection:
        verdict = uploads.newest_verdict(connection, upload)
    assert verdict is not None
    if any(found.severity is Severity.WARNING for found in verdict.findings):
        with pytest.raises(Refusal, match="giải trình"):
            submit.submit(clerk, upload)


@ON_SQLITE
def test_a_return_needs_a_reason_and_the_next_version_is_the_second(at_desk: As, opening: int) -> None:
    clerk, leader = at_desk("easup"), at_desk("ld.easup")
    submitted(clerk)
    work = work_of(leader)
    with pytest.raises(Refusal, match="lý do"):
        decide.send_back(leader, work.assignment_id, 1, "  ")
    decide.send_back(leader, work.assignment_id, 1, "xem lại đàn bò")
    assert work_of(clerk).state is Submission.RETURNED
    submitted(clerk, "130")
    assert work_of(clerk).version == 2
    with clerk.read() as connection:
        steps = [(event.n, event.action) for event in submissions.events(connection, work.submission_id)]
    assert steps == [(1, "submit"), (1, "return"), (2, "submit")]


@ON_SQLITE
def test_only_the_version_the_leader_saw_is_approved(at_desk: As, opening: int) -> None:
    clerk, leader = at_desk("easup"), at_desk("ld.easup")
    submitted(clerk)
    submit.withdraw(clerk, work_of(clerk).assignment_id)
    submitted(clerk, "130")
    with pytest.raises(Changed):
        decide.approve(leader, work_of(leader).assignment_id, 1)
    assert known(leader, "NN14") is None


@ON_SQLITE
def test_nobody_decides_for_another_unit(at_desk: As, opening: int) -> None:
    submitted(at_desk("easup"))
    assignment = work_of(at_desk("easup")).assignment_id
    for login in ("ld.bmt", "bmt", "easup", "vpub", "ioc"):
        with pytest.raises(NotYours):
            decide.approve(at_desk(login), assignment, 1)


@ON_SQLITE
def test_a_reopened_figure_stays_counted_and_a_report_sent_back_does_not(at_desk: As, opening: int) -> None:
    clerk, leader, office = at_desk("easup"), at_desk("ld.easup"), at_desk("vpub")
    submitted(clerk)
    work = work_of(leader)
    with pytest.raises(NotNow):
        reports.send(leader, opening, work.unit_id)
    decide.approve(leader, work.assignment_id, 1)
    reports.send(leader, opening, work.unit_id)

    def counted() -> list[tuple[int, bool]]:
        with office.read() as connection:
            receiver = office.snapshot(connection).unit_ids["VPUB"]
            found = submissions.counted(connection, opening, receiver, NOW)
        return [(one.n, one.provisional) for one in found]

    assert counted() == [(1, False)]
    decide.reopen(office, work.assignment_id, "đơn vị đề nghị sửa")
    assert counted() == [(1, True)]
    submitted(clerk, "130")
    decide.approve(leader, work.assignment_id, 2)
    reports.send(leader, opening, work.unit_id)
    with office.read() as connection:
        receiver = office.snapshot(connection).unit_ids["VPUB"]
        arrived = [one for one in stored_reports.receptions(connection, opening) if one.receiver_id == receiver]
    assert [one.state for one in arrived] == [ReceptionState.SENT]
    receptions.take(office, opening, arrived[0].id, "thiếu thuyết minh")
    assert counted() == []


@ON_SQLITE
def test_a_period_opens_once_and_only_by_the_office(at_desk: As, opening: int) -> None:
    with pytest.raises(NotNow):
        openings.open_period(at_desk("vpub"), "KTXH", "202610")
    with pytest.raises(NotYours):
        openings.open_period(at_desk("easup"), "KTXH", "202611")
    with pytest.raises(Refusal, match="không hợp lệ"):
        openings.open_period(at_desk("vpub"), "KTXH", "202613")


def test_more_time_keeps_the_first_deadline(at_desk: As, opening: int) -> None:
    before = work_of(at_desk("easup"))
    instants.extend(at_desk("vpub"), opening, before.due_at + timedelta(days=2), "mưa lũ", frozenset({before.unit_id}))
    after = work_of(at_desk("easup"))
    assert (after.due_at, after.due_at_first) == (before.due_at + timedelta(days=2), before.due_at)
    assert work_of(at_desk("bmt")).due_at == before.due_at


@ON_SQLITE
def test_a_workbook_of_an_earlier_form_version_is_refused_with_the_way_to_the_new_one(
    at_desk: As, instance: Instance
) -> None:
    form = next(form for form in catalogue().forms if form.code == "KTXH-01")
    catalogues.put(open_desk(instance, None), Catalogue(forms=(replace(form, legal_basis="Quyết định mới"),)))
    openings.open_period(at_desk("vpub"), "KTXH", "202610")
    clerk = at_desk("easup")
    now = situated(clerk)
    assert now.form.n == 2
    answers = {key: CellValue(State.VALUE, Decimal(1)) for key in now.view.inputs}
    with clerk.read() as connection:
        old = distribute.make(clerk, clerk.snapshot(connection), replace(now, form=replace(now.form, n=1)), answers)
    verdict = receive.judge_upload(clerk, receive.receive(clerk, io.BytesIO(old.data), old.name, now.work.unit_id))
    assert (verdict.status, [found.code for found in verdict.findings]) == ("refused", ["identity-old-form-version"])


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("số liệu.pdf", b"%PDF-1.7\n" + b"0" * 200, "guard-pdf"),
        ("số liệu.csv", "TT;Chỉ tiêu\n1;Lúa\n".encode(), "guard-csv"),
        ("trống.xlsx", b"", "guard-empty-file"),
        ("ảnh.xlsx", b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "guard-image"),
    ],
)
@ON_SQLITE
def test_what_is_no_workbook_is_kept_numbered_and_explained(
    at_desk: As, opening: int, name: str, data: bytes, code: str
) -> None:
    clerk = at_desk("easup")
    number = receive.receive(clerk, io.BytesIO(data), name, work_of(clerk).unit_id)
    verdict = receive.judge_upload(clerk, number)
    assert (verdict.status, [found.code for found in verdict.findings]) == ("refused", [code])
    with clerk.read() as connection:
        kept = uploads.get(connection, number)
    assert kept is not None
    assert clerk.instance.files.read(kept.sha) == data
    assert message(verdict.findings[0])
    assert fix(verdict.findings[0])


def test_a_figure_left_blank_in_the_corrected_version_leaves_the_warehouse(at_desk: As, opening: int) -> None:
    clerk, leader, office = at_desk("easup"), at_desk("ld.easup"), at_desk("vpub")
    submitted(clerk)
    decide.approve(leader, work_of(leader).assignment_id, 1)
    assert known(leader, "NN14") == 120
    decide.reopen(office, work_of(leader).assignment_id, "đơn vị đề nghị sửa")
    submitted(clerk, "120", NN14_c06=CellValue(State.NOT_AVAILABLE))
    decide.approve(leader, work_of(leader).assignment_id, 2)
    assert known(leader, "NN14") is None
    assert known(leader, "NN13") == 120


@ON_SQLITE
def test_approving_the_same_version_again_writes_no_figure_twice(at_desk: As, opening: int) -> None:
    clerk, leader, office = at_desk("easup"), at_desk("ld.easup"), at_desk("vpub")
    upload = submitted(clerk)
    decide.approve(leader, work_of(leader).assignment_id, 1)
    decide.reopen(office, work_of(leader).assignment_id, "xem lại")
    receive.judge_upload(clerk, upload)
    with clerk.read() as connection:
        verdict = uploads.newest_verdict(connection, upload)
    assert verdict is not None
    texts = {at: "đã đối chiếu" for at, one in enumerate(verdict.findings) if one.severity is Severity.WARNING}
    submit.submit(clerk, upload, texts)
    decide.approve(leader, work_of(leader).assignment_id, 1)
    with clerk.read() as connection:
        version = submissions.newest(connection, work_of(clerk).submission_id)
        assert version is not None
        written = figures.of_versions(connection, [version.id])
        told = submissions.explanations(connection, [version.id]).get(version.id, [])
    assert len(written) == len({(one.series, one.period, one.subject_id, one.nature) for one in written})
    assert len(told) == len({(one.code, one.row, one.column) for one in told})


@ON_SQLITE
def test_nothing_is_submitted_after_reception_has_closed(at_desk: As, opening: int) -> None:
    clerk = at_desk("easup")
    upload = sent(clerk)
    instants.set_reception(at_desk("vpub"), opening, is_open=False)
    later = at_desk("easup", NOW + timedelta(minutes=1))
    with pytest.raises(NotNow, match="đóng nhận"):
        submit.submit(later, upload, dict.fromkeys(range(99), "đã đối chiếu"))


@ON_SQLITE
def test_the_newest_judgement_counts_even_when_it_returns_to_an_earlier_one(at_desk: As, opening: int) -> None:
    clerk = at_desk("easup")
    upload = sent(clerk)
    with clerk.read() as connection:
        first = uploads.newest_verdict(connection, upload)
    assert first is not None
    made = NewVerdict("rejected", {}, b"", {}, {}, (), "a", "b", "r")
    for one, status in (("b", "rejected"), ("c", "accepted"), ("b", "rejected")):
        with clerk.instance.store.write() as connection:
            uploads.put_verdict(connection, upload, replace(made, background_sha=one, status=status), None, NOW)
    with clerk.read() as connection:
        newest = uploads.newest_verdict(connection, upload)
    assert newest is not None
    assert (newest.background_sha, newest.status) == ("b", "rejected")


@ON_SQLITE
def test_the_counted_versions_of_a_moment_do_not_change_with_what_happens_later(at_desk: As, opening: int) -> None:
    clerk, leader, office = at_desk("easup"), at_desk("ld.easup"), at_desk("vpub")
    submitted(clerk)
    decide.approve(leader, work_of(leader).assignment_id, 1)
    reports.send(leader, opening, work_of(leader).unit_id)
    later = at_desk("vpub", NOW + timedelta(hours=1))
    with office.read() as connection:
        receiver = office.snapshot(connection).unit_ids["VPUB"]
        arrived = next(one for one in stored_reports.receptions(connection, opening) if one.receiver_id == receiver)
    receptions.take(later, opening, arrived.id, "thiếu thuyết minh")
    with office.read() as connection:
        then = submissions.counted(connection, opening, receiver, NOW)
        now = submissions.counted(connection, opening, receiver, NOW + timedelta(hours=2))
    assert [(one.n, one.provisional) for one in then] == [(1, False)]
    assert now == []
