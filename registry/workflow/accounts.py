"""How a proposal about an account travels: administrator of the unit, its head, the office (PRACTICE F24)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from registry.catalogue.model import Role
from registry.workflow.policy import Action


class RequestKind(StrEnum):
    """What is asked for."""

    CREATE = "create"  # cấp mới
    CHANGE = "change"  # thay đổi thông tin, vai trò
    WITHDRAW = "withdraw"  # thu hồi
    RESET = "reset"  # cấp lại mật khẩu


class RequestState(StrEnum):
    """Where a proposal stands."""

    PROPOSED = "proposed"  # Chờ thủ trưởng đồng ý
    AGREED = "agreed"  # Chờ Văn phòng cấp
    DECLINED = "declined"  # Thủ trưởng không đồng ý
    REFUSED = "refused"  # Văn phòng từ chối
    CANCELLED = "cancelled"  # Đã rút
    DONE = "done"  # Đã thực hiện


class RequestStep(StrEnum):
    """What somebody does with a proposal."""

    PROPOSE = "propose"
    CANCEL = "cancel"
    AGREE = "agree"
    AGREE_ON_PAPER = "agree-on-paper"  # the head signed a document; the administrator records it
    DECLINE = "decline"
    ISSUE = "issue"
    REFUSE = "refuse"
    ACT = "act"  # the office by itself, for a unit without an administrator, by a document


@dataclass(frozen=True, slots=True)
class Transition:
    """One allowed step: from where (None: before it exists) to where, the policy's action, and what has to be said."""

    source: RequestState | None
    step: RequestStep
    target: RequestState
    action: Action
    reason: bool = False
    document: bool = False


TRANSITIONS = (
    Transition(None, RequestStep.PROPOSE, RequestState.PROPOSED, Action.PROPOSE_ACCOUNT),
    Transition(RequestState.PROPOSED, RequestStep.CANCEL, RequestState.CANCELLED, Action.PROPOSE_ACCOUNT),
    Transition(RequestState.PROPOSED, RequestStep.AGREE, RequestState.AGREED, Action.AGREE_ACCOUNT),
    Transition(
        RequestState.PROPOSED,
        RequestStep.AGREE_ON_PAPER,
        RequestState.AGREED,
        Action.PROPOSE_ACCOUNT,
        document=True,
    ),
    Transition(RequestState.PROPOSED, RequestStep.DECLINE, RequestState.DECLINED, Action.AGREE_ACCOUNT, reason=True),
    Transition(RequestState.AGREED, RequestStep.ISSUE, RequestState.DONE, Action.DECIDE_ACCOUNT),
    Transition(RequestState.AGREED, RequestStep.REFUSE, RequestState.REFUSED, Action.DECIDE_ACCOUNT, reason=True),
    Transition(None, RequestStep.ACT, RequestState.DONE, Action.DECIDE_ACCOUNT, document=True),
)
_TABLE = {(one.source, one.step): one for one in TRANSITIONS}

OPEN = (RequestState.PROPOSED, RequestState.AGREED)
# Roles a unit asks for; the others are the office's alone to think of.
ASKED_BY_UNITS = (Role.CLERK, Role.LEADER, Role.RECEIVER, Role.UNIT_ADMIN)


def transition(state: RequestState | None, step: RequestStep) -> Transition | None:
    """The transition a step makes from a state, None where it is not allowed."""
    return _TABLE.get((state, step))


def steps_from(state: RequestState) -> tuple[Transition, ...]:
    """What can be done with a proposal in a state, by whom the policy lets."""
    return tuple(one for one in TRANSITIONS if one.source is state)
