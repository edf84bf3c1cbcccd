"""The table a submission travels by."""

from registry.catalogue.model import Role
from registry.workflow.policy import MATRIX, Action
from registry.workflow.submission import TRANSITIONS, Need, State


def needing(need: Need) -> set[Action]:
    return {one.action for one in TRANSITIONS if need in one.needs}


def test_a_step_from_a_state_leads_to_one_place() -> None:
    keys = [(one.source, one.action) for one in TRANSITIONS]
    assert len(keys) == len(set(keys))


def test_every_state_can_be_reached_and_left() -> None:
    reached, border = set[State](), {State.EMPTY}
    while border - reached:
        reached |= border
        border = {one.target for one in TRANSITIONS if one.source in reached}
    assert reached == set(State) == {one.source for one in TRANSITIONS}


def test_figures_reach_approval_only_by_their_leader_from_before_him() -> None:
    steps = [one for one in TRANSITIONS if one.target is State.APPROVED]
    assert {(one.source, one.who) for one in steps} == {(State.PENDING, frozenset({Role.LEADER}))}
    assert {one.instead for one in steps} == {Action.APPROVE_ON_BEHALF}


def test_what_enters_figures_needs_the_period_open_and_what_decides_names_what_was_seen() -> None:
    assert needing(Need.OPEN) == {Action.UPLOAD, Action.SUBMIT}
    assert needing(Need.EXPLAINED) == {Action.SUBMIT}
    assert needing(Need.SEEN) == {Action.APPROVE, Action.RETURN, Action.TAKE_BACK, Action.REOPEN}


def test_whoever_takes_a_step_in_others_place_is_let_by_the_policy() -> None:
    assert all(one.instead in MATRIX for one in TRANSITIONS if one.instead is not None)
    assert all(one.who for one in TRANSITIONS)
