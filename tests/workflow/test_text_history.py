"""Who passed the text a compiled report prints."""

from datetime import UTC, datetime, timedelta

from registry.workflow.draft import DraftState, DraftStep
from registry.workflow.text_history import Round, Taken, TextState, text_state

BEGAN = datetime(2026, 10, 20, tzinfo=UTC)


def at(hour: int) -> datetime:
    return BEGAN + timedelta(hours=hour)


def taken(hour: int, step: DraftStep, state: DraftState, by: str = "Lan") -> Taken:
    return Taken(step, state, by, at(hour))


STEPS = [
    taken(0, DraftStep.BEGIN, DraftState.WRITING),
    taken(1, DraftStep.SUBMIT, DraftState.DIVISION),
    taken(2, DraftStep.APPROVE, DraftState.OFFICE, "Hùng"),
    taken(3, DraftStep.RETURN, DraftState.WRITING, "Minh"),
    taken(4, DraftStep.SUBMIT, DraftState.DIVISION),
    taken(5, DraftStep.APPROVE, DraftState.OFFICE, "Hùng"),
    taken(6, DraftStep.COMMENT, DraftState.OFFICE),
    taken(7, DraftStep.APPROVE, DraftState.DONE, "Minh"),
    taken(8, DraftStep.UPDATE, DraftState.WRITING),
    taken(9, DraftStep.SUBMIT, DraftState.DIVISION),
]
HUNG, MINH = Round(DraftState.DIVISION, "Hùng", at(5)), Round(DraftState.OFFICE, "Minh", at(7))


def test_a_text_that_was_passed_names_each_round_and_an_update_being_written_does_not_undo_it() -> None:
    assert text_state(STEPS, at(7)) == TextState(DraftState.DONE, 1, (HUNG, MINH))
    assert text_state(STEPS, at(9)) == TextState(DraftState.DIVISION, 1, (HUNG, MINH))


def test_before_the_last_round_the_rounds_behind_it_stand_and_a_return_takes_them_away() -> None:
    assert text_state(STEPS, at(6)) == TextState(DraftState.OFFICE, 0, (HUNG,))
    assert text_state(STEPS, at(3)) == TextState(DraftState.WRITING, 0, ())


def test_before_it_was_begun_there_is_nothing() -> None:
    assert text_state(STEPS, BEGAN - timedelta(hours=1)) is None
