"""A report and its reception travel by two tables, and never get stuck before they are sent."""

from registry.workflow.policy import MATRIX
from registry.workflow.report import (
    RECEPTION,
    REPORT,
    Need,
    ReceptionState,
    ReceptionStep,
    ReportState,
    ReportStep,
    reception_step,
    report_step,
)


def test_a_step_from_a_state_leads_to_one_place() -> None:
    for table in (REPORT, RECEPTION):
        keys = [(one.source, one.step) for one in table]
        assert len(keys) == len(set(keys))


def test_every_step_is_somebodys_right() -> None:
    assert all(MATRIX[one.who] for one in (*REPORT, *RECEPTION))


def test_whoever_sends_something_back_says_why() -> None:
    backwards = {ReportStep.RETURN, ReportStep.SEND_BACK, ReportStep.REOPEN}
    assert {one.step for one in REPORT if one.needs is Need.REASON} == backwards
    assert {one.step for one in RECEPTION if one.needs is Need.REASON} == {ReceptionStep.RETURN}


def test_nothing_is_sent_without_its_figures() -> None:
    assert all(one.needs is Need.FIGURES for one in REPORT if one.target is ReportState.SENT)


def test_a_report_can_be_sent_from_wherever_it_is() -> None:
    reached = {ReportState.SENT}
    while wider := {one.source for one in REPORT if one.target in reached} - reached:
        reached |= wider
    assert reached == set(ReportState)


def test_what_a_receiver_gave_back_is_decided_and_what_it_compiled_may_still_be_given_back() -> None:
    assert not any(one.source is ReceptionState.RETURNED for one in RECEPTION)
    assert reception_step(ReceptionState.COMPILED, ReceptionStep.RETURN) is not None
    assert reception_step(ReceptionState.RECEIVED, ReceptionStep.RECEIVE) is None
    assert report_step(ReportState.PENDING, ReportStep.ATTACH) is None
