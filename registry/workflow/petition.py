"""How a petition (kiến nghị, đề xuất) travels: from its unit to whom it is addressed, and what became of it."""

from __future__ import annotations

from enum import StrEnum

from registry.workflow.policy import Action


class PetitionState(StrEnum):
    """Where it stands."""

    ASKED = "asked"  # Chưa trả lời
    DOING = "doing"  # Đang xử lý
    DONE = "done"  # Đã giải quyết
    DECLINED = "declined"  # Không xem xét
    WITHDRAWN = "withdrawn"  # Đã rút


_OPEN = (PetitionState.ASKED, PetitionState.DOING)
_STEPS = {
    PetitionState.DOING: Action.ANSWER_PETITION,
    PetitionState.DONE: Action.ANSWER_PETITION,
    PetitionState.DECLINED: Action.ANSWER_PETITION,
    PetitionState.WITHDRAWN: Action.PETITION,
}


def right_to(state: PetitionState, target: PetitionState) -> Action | None:
    """The right by which a petition goes from one state to another; None where it cannot."""
    return _STEPS.get(target) if state in _OPEN else None
