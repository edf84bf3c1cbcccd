"""How a proposal about an account travels."""

from registry.workflow.accounts import OPEN, TRANSITIONS, RequestState, RequestStep, steps_from, transition
from registry.workflow.policy import MATRIX, Action


def test_nothing_reaches_the_office_that_the_head_of_the_unit_has_not_seen() -> None:
    before = {one.source for one in TRANSITIONS if one.step is RequestStep.ISSUE}
    assert before == {RequestState.AGREED}
    heads = {one.action for one in TRANSITIONS if one.target is RequestState.AGREED and not one.document}
    assert heads == {Action.AGREE_ACCOUNT}


def test_only_the_office_carries_anything_out() -> None:
    assert {one.action for one in TRANSITIONS if one.target is RequestState.DONE} == {Action.DECIDE_ACCOUNT}
    assert [role.value for role in MATRIX[Action.DECIDE_ACCOUNT]] == ["office"]


def test_who_says_no_says_why_and_who_goes_around_a_step_names_a_document() -> None:
    assert {one.step for one in TRANSITIONS if one.reason} == {RequestStep.DECLINE, RequestStep.REFUSE}
    assert {one.step for one in TRANSITIONS if one.document} == {RequestStep.AGREE_ON_PAPER, RequestStep.ACT}


def test_what_is_over_cannot_be_taken_up_again() -> None:
    for state in RequestState:
        assert bool(steps_from(state)) == (state in OPEN)
    assert transition(RequestState.DONE, RequestStep.ISSUE) is None
