"""What users write of trouble travels by one table, and never gets stuck."""

from datetime import date, datetime, timedelta

import pytest

from registry.catalogue.model import Holiday
from registry.periods import WorkingCalendar
from registry.periods.deadline import LOCAL
from registry.workflow.feedback import (
    ANSWERED,
    ASKED,
    OPEN,
    TRANSITIONS,
    WAITING_AT_OFFICE,
    WAITING_AT_UNIT,
    FeedbackRules,
    FeedbackState,
    FeedbackStep,
    steps_of,
    transition,
)
from registry.workflow.policy import Action

SENDER, UNIT, OFFICE = Action.GIVE_FEEDBACK, Action.HANDLE_FEEDBACK, Action.SETTLE_FEEDBACK
CALENDAR = WorkingCalendar([Holiday(date(2026, 11, 24), off=True, name="nghỉ bù")])


def test_a_step_from_a_state_leads_to_one_place() -> None:
    keys = [(one.source, one.step, one.action) for one in TRANSITIONS]
    assert len(keys) == len(set(keys))
    assert {transition(*key) for key in keys} == set(TRANSITIONS)


def test_every_state_can_be_reached_and_left() -> None:
    reached, border = set[FeedbackState](), {one.target for one in TRANSITIONS if one.source is None}
    while border - reached:
        reached |= border
        border = {one.target for one in TRANSITIONS if one.source in reached}
    assert reached == set(FeedbackState)
    assert {one.source for one in TRANSITIONS} == {None, *FeedbackState}


@pytest.mark.parametrize("state", OPEN)
def test_what_is_open_can_be_acted_on_by_who_holds_it_and_the_office_can_always_have_it(state: FeedbackState) -> None:
    holder = SENDER if state in ASKED else UNIT if state in WAITING_AT_UNIT else OFFICE
    assert any(one.target is not FeedbackState.CLOSED for one in steps_of(state, holder))
    if state in WAITING_AT_UNIT or state is FeedbackState.UNIT_ASKS:
        assert [one.step for one in steps_of(state, OFFICE)] == [FeedbackStep.FETCH]
        assert any(one.step is FeedbackStep.HAND_ON for one in steps_of(state, UNIT))


def test_the_unit_never_touches_what_lies_with_the_office_nor_answers_twice() -> None:
    for state in (*WAITING_AT_OFFICE, FeedbackState.OFFICE_ASKS, FeedbackState.ANSWERED):
        assert steps_of(state, UNIT) == ()
    for state in ANSWERED:
        assert not any(one.step is FeedbackStep.ANSWER for action in (UNIT, OFFICE) for one in steps_of(state, action))


def test_reaching_a_desk_starts_its_time_and_what_is_handed_back_and_forth_says_why() -> None:
    desks = {*WAITING_AT_UNIT, *WAITING_AT_OFFICE}
    for one in TRANSITIONS:
        assert one.arrives == (one.target in desks and one.step is not FeedbackStep.TAKE), one
        if one.step not in (FeedbackStep.TAKE, FeedbackStep.FETCH, FeedbackStep.CLOSE):
            assert one.says, one


def test_an_answer_is_due_at_the_end_of_the_last_working_day() -> None:
    friday = date(2026, 11, 20)
    due = FeedbackRules(answer_days=2).due(friday, CALENDAR)  # Monday works, Tuesday is off
    assert due == datetime(2026, 11, 26, tzinfo=LOCAL)


def test_an_answer_is_questioned_once_and_in_time() -> None:
    rules, said = FeedbackRules(reopen_days=10), datetime(2026, 11, 2, 9, tzinfo=LOCAL)
    assert rules.may_reopen(said, 0, said + timedelta(days=10))
    assert not rules.may_reopen(said, 0, said + timedelta(days=10, seconds=1))
    assert not rules.may_reopen(said, 1, said)


@pytest.mark.parametrize(
    ("stored", "why"),
    [({"answer_days": 0}, "answer_days"), ({"answer_days": 31}, "answer_days"), ({"reopen_days": "x"}, "'x'")],
)
def test_rules_out_of_bounds_are_refused(stored: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        FeedbackRules.read(stored)
    assert FeedbackRules.read({"answer_days": "5", "unknown": 9}) == FeedbackRules(answer_days=5)
