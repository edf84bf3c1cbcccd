"""The table by which drafts travel: every step from every state, and who may write meanwhile."""

from registry.workflow.draft import TRANSITIONS, By, DraftState, DraftStep, draft_step, may_write
from registry.workflow.policy import Action

S, T = DraftState, DraftStep
ALLOWED = {
    (S.WRITING, T.ASK): S.ASKED,
    (S.ASKED, T.ASK): S.ASKED,
    (S.WRITING, T.SUBMIT): S.DIVISION,
    (S.ASKED, T.SUBMIT): S.DIVISION,
    (S.DIVISION, T.APPROVE): S.OFFICE,
    (S.OFFICE, T.APPROVE): S.PROVINCE,
    (S.PROVINCE, T.APPROVE): S.DONE,
    (S.DIVISION, T.RETURN): S.WRITING,
    (S.OFFICE, T.RETURN): S.WRITING,
    (S.PROVINCE, T.RETURN): S.WRITING,
    (S.DIVISION, T.WITHDRAW): S.WRITING,
    (S.OFFICE, T.WITHDRAW): S.WRITING,
    (S.PROVINCE, T.WITHDRAW): S.WRITING,
    (S.DONE, T.UPDATE): S.WRITING,
    **{(one, T.COMMENT): one for one in S if one is not S.DONE},
}


def test_every_step_from_every_state() -> None:
    found = {
        (state, step): transition.target
        for state in S
        for step in T
        if (transition := draft_step(state, step, of_province=True)) is not None
    }
    assert found == ALLOWED


def test_of_another_unit_its_own_head_is_the_last_to_approve() -> None:
    last = draft_step(S.OFFICE, T.APPROVE, of_province=False)
    assert last is not None
    assert (last.target, last.addressed) == (S.DONE, False)
    first = draft_step(S.DIVISION, T.APPROVE, of_province=False)
    assert first is not None
    assert (first.target, first.addressed) == (S.OFFICE, True)


def test_who_gives_back_says_why_and_who_passes_on_says_to_whom() -> None:
    assert {one.step for one in TRANSITIONS if one.words} == {T.RETURN, T.WITHDRAW, T.COMMENT, T.UPDATE}
    assert {one.step for one in TRANSITIONS if one.addressed} == {T.SUBMIT, T.APPROVE}
    assert {one.step for one in TRANSITIONS if one.by is By.HOLDER} == {T.APPROVE, T.RETURN}
    assert {one.action for one in TRANSITIONS if one.by is By.CHIEF} == {Action.RUN_DRAFT}


def test_owners_write_until_it_is_submitted_then_whoever_it_is_with() -> None:
    for state in S:
        is_written = state in (S.WRITING, S.ASKED)
        is_submitted = state in (S.DIVISION, S.OFFICE, S.PROVINCE)
        assert may_write(state, is_owner=True, is_chief=False, is_holder=False) is is_written
        assert may_write(state, is_owner=False, is_chief=True, is_holder=False) is is_written
        assert may_write(state, is_owner=False, is_chief=False, is_holder=True) is is_submitted
        assert not may_write(state, is_owner=False, is_chief=False, is_holder=False)
