"""How a proposal about an indicator travels: a unit's administrator, who leads the regime, the office (R18)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from registry.workflow.policy import Action


class ProposalKind(StrEnum):
    """What is proposed."""

    NEW = "new"  # thêm chỉ tiêu
    NAME = "name"  # đổi tên
    MEASURE = "measure"  # đổi đơn vị tính
    METHOD = "method"  # đổi khái niệm, cách tính
    END = "end"  # thôi thu thập

    @property
    def is_simple(self) -> bool:
        """True of what the office applies by the press of a button: a dated version of the indicator says it all."""
        return self in (ProposalKind.NAME, ProposalKind.METHOD)


class ProposalState(StrEnum):
    """Where it stands."""

    PROPOSED = "proposed"  # Chờ xem xét
    DRAFTING = "drafting"  # Đưa vào dự thảo
    DECLINED = "declined"  # Không đưa vào dự thảo
    WITHDRAWN = "withdrawn"  # Đã rút
    APPLIED = "applied"  # Đã áp dụng


class ProposalStep(StrEnum):
    """What somebody does with it."""

    PROPOSE = "propose"
    WITHDRAW = "withdraw"
    ACCEPT = "accept"
    DECLINE = "decline"
    APPLY = "apply"


@dataclass(frozen=True, slots=True)
class Transition:
    """One allowed step: from where (None: before it exists) to where, the policy's action, whether it needs a reason
    or the deciding document.
    """

    source: ProposalState | None
    step: ProposalStep
    target: ProposalState
    action: Action
    reason: bool = False
    document: bool = False


_S, _T = ProposalState, ProposalStep
TRANSITIONS = (
    Transition(None, _T.PROPOSE, _S.PROPOSED, Action.PROPOSE_INDICATOR, reason=True),
    Transition(_S.PROPOSED, _T.WITHDRAW, _S.WITHDRAWN, Action.PROPOSE_INDICATOR),
    Transition(_S.PROPOSED, _T.ACCEPT, _S.DRAFTING, Action.DRAFT_INDICATORS),
    Transition(_S.PROPOSED, _T.DECLINE, _S.DECLINED, Action.DRAFT_INDICATORS, reason=True),
    Transition(_S.DRAFTING, _T.DECLINE, _S.DECLINED, Action.DRAFT_INDICATORS, reason=True),
    Transition(_S.DRAFTING, _T.APPLY, _S.APPLIED, Action.CHANGE_CATALOGUE, document=True),
)
_TABLE = {(one.source, one.step): one for one in TRANSITIONS}


def proposal_step(state: ProposalState | None, step: ProposalStep) -> Transition | None:
    """The transition a step makes, None where it is not allowed."""
    return _TABLE.get((state, step))
