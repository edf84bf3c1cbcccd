"""What a unit asks about its deadline: more time (đề nghị gia hạn), or that a recorded lateness is wrong (F18)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from registry.workflow.policy import Action


class PleaKind(StrEnum):
    """What is asked."""

    TIME = "time"  # Đề nghị gia hạn
    DISPUTE = "dispute"  # Khiếu nại về thời hạn


class PleaState(StrEnum):
    """Where it stands."""

    ASKED = "asked"  # Chờ quyết định
    AGREED = "agreed"  # Đồng ý
    REFUSED = "refused"  # Không đồng ý
    WITHDRAWN = "withdrawn"  # Đã rút


class PleaStep(StrEnum):
    """What is done with it."""

    AGREE = "agree"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Transition:
    """One allowed step: to where, by whom, and whether it needs words."""

    step: PleaStep
    target: PleaState
    action: Action
    reason: bool = False


TRANSITIONS = (
    Transition(PleaStep.AGREE, PleaState.AGREED, Action.RUN_PERIOD),
    Transition(PleaStep.REFUSE, PleaState.REFUSED, Action.RUN_PERIOD, reason=True),
    Transition(PleaStep.WITHDRAW, PleaState.WITHDRAWN, Action.PLEAD),
)
_TABLE = {one.step: one for one in TRANSITIONS}


def step(state: PleaState, taken: PleaStep) -> Transition | None:
    """The transition a step makes: everything starts from what waits for a decision."""
    return _TABLE[taken] if state is PleaState.ASKED else None
