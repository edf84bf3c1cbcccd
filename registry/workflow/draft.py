"""How the draft of a report travels from its editors to its last approval: one table and what reads it (R42, F12)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from registry.workflow.policy import Action


class DraftState(StrEnum):
    """States of a draft."""

    WRITING = "writing"  # Đang soạn
    ASKED = "asked"  # Đang xin ý kiến
    DIVISION = "division"  # Trình phòng
    OFFICE = "office"  # Trình Chánh, Phó Chánh Văn phòng
    PROVINCE = "province"  # Trình lãnh đạo UBND
    DONE = "done"  # Đã thông qua


class DraftStep(StrEnum):
    """What is done with a draft, as its steps name it."""

    BEGIN = "begin"
    ASK = "ask"
    COMMENT = "comment"
    SUBMIT = "submit"
    APPROVE = "approve"
    RETURN = "return"
    WITHDRAW = "withdraw"
    UPDATE = "update"  # after the last approval: bản cập nhật phục vụ phiên họp


class By(StrEnum):
    """Who takes a step, besides holding the right to."""

    CHIEF = "chief"  # chủ biên
    HOLDER = "holder"  # with whom the draft is
    ANYBODY = "anybody"  # of the draft's unit


@dataclass(frozen=True, slots=True)
class Transition:
    """One allowed step: from where to where, by whom, and whether it needs words and somebody to go to."""

    source: DraftState
    step: DraftStep
    target: DraftState
    action: Action
    by: By
    words: bool = False
    addressed: bool = False


WRITTEN = (DraftState.WRITING, DraftState.ASKED)
SUBMITTED = (DraftState.DIVISION, DraftState.OFFICE, DraftState.PROVINCE)
TRANSITIONS = (
    *(Transition(one, DraftStep.ASK, DraftState.ASKED, Action.RUN_DRAFT, By.CHIEF) for one in WRITTEN),
    *(
        Transition(one, DraftStep.SUBMIT, DraftState.DIVISION, Action.RUN_DRAFT, By.CHIEF, addressed=True)
        for one in WRITTEN
    ),
    Transition(
        DraftState.DIVISION, DraftStep.APPROVE, DraftState.OFFICE, Action.APPROVE_DRAFT, By.HOLDER, addressed=True
    ),
    Transition(
        DraftState.OFFICE, DraftStep.APPROVE, DraftState.PROVINCE, Action.APPROVE_DRAFT, By.HOLDER, addressed=True
    ),
    Transition(DraftState.PROVINCE, DraftStep.APPROVE, DraftState.DONE, Action.APPROVE_DRAFT, By.HOLDER),
    *(
        Transition(one, DraftStep.RETURN, DraftState.WRITING, Action.APPROVE_DRAFT, By.HOLDER, words=True)
        for one in SUBMITTED
    ),
    *(
        Transition(one, DraftStep.WITHDRAW, DraftState.WRITING, Action.RUN_DRAFT, By.CHIEF, words=True)
        for one in SUBMITTED
    ),
    *(
        Transition(one, DraftStep.COMMENT, one, Action.WRITE_DRAFT, By.ANYBODY, words=True)
        for one in (*WRITTEN, *SUBMITTED)
    ),
    Transition(DraftState.DONE, DraftStep.UPDATE, DraftState.WRITING, Action.RUN_DRAFT, By.CHIEF, words=True),
)
_TABLE = {(one.source, one.step): one for one in TRANSITIONS}


def draft_step(state: DraftState, step: DraftStep, *, of_province: bool) -> Transition | None:
    """The transition a step makes, None where it is not allowed.

    ``of_province``: the report is the province's; any other unit's own head is the last to approve (state OFFICE).
    """
    found = _TABLE.get((state, step))
    if found is not None and found.target is DraftState.PROVINCE and not of_province:
        return Transition(state, step, DraftState.DONE, found.action, found.by)
    return found


def may_write(state: DraftState, *, is_owner: bool, is_chief: bool, is_holder: bool) -> bool:
    """Whether somebody may change a heading's text: its owner and the chief editor while it is written, afterwards
    only with whom the draft is.
    """
    if state in WRITTEN:
        return is_owner or is_chief
    return state in SUBMITTED and is_holder
