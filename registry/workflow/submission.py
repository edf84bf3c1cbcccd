"""How a submission travels: the table of (from, action, to, who, needs), read by `actions.steps`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from registry.catalogue.model import Role
from registry.workflow.policy import MATRIX, Action


class State(StrEnum):
    """States of a submission's figures (WORDS)."""

    EMPTY = "empty"  # Chưa nhập
    DRAFT = "draft"  # Đang nhập
    PENDING = "pending"  # Chờ duyệt số liệu
    RETURNED = "returned"  # Bị trả lại
    APPROVED = "approved"  # Đã duyệt số liệu


class Need(StrEnum):
    """What a step asks for beside the state it starts from."""

    OPEN = "open"  # the period takes figures
    EXPLAINED = "explained"  # every warning has the clerk's words
    SEEN = "seen"  # the version decided on is the one that was looked at
    REASON = "reason"  # in writing (Điều 12.4a)
    RECENT = "recent"  # shortly after the approval
    UNCOUNTED = "uncounted"  # no report that was sent or compiled rests on it


@dataclass(frozen=True, slots=True)
class Transition:
    """One allowed step: whoever the policy lets do ``action``, for others' entry on the unit's behalf ``instead``."""

    source: State
    action: Action
    target: State
    instead: Action | None = None
    needs: frozenset[Need] = frozenset()

    @property
    def reason(self) -> bool:
        """True when it needs one."""
        return Need.REASON in self.needs

    @property
    def who(self) -> frozenset[Role]:
        """The roles that take the step."""
        return frozenset(MATRIX[self.action])


def _steps(
    sources: Iterable[State], action: Action, target: State, *needs: Need, instead: Action | None = None
) -> Iterator[Transition]:
    return (Transition(one, action, target, instead, frozenset(needs)) for one in sources)


_ENTERED, _DECIDED = Action.ENTER_ON_BEHALF, Action.APPROVE_ON_BEHALF
TRANSITIONS = (
    *_steps([State.EMPTY, State.DRAFT], Action.UPLOAD, State.DRAFT, Need.OPEN, instead=_ENTERED),
    *_steps([State.RETURNED], Action.UPLOAD, State.RETURNED, Need.OPEN, instead=_ENTERED),
    *_steps(
        [State.EMPTY, State.DRAFT, State.RETURNED],
        Action.SUBMIT,
        State.PENDING,
        Need.OPEN,
        Need.EXPLAINED,
        instead=_ENTERED,
    ),
    *_steps([State.PENDING], Action.WITHDRAW, State.DRAFT, instead=_ENTERED),
    *_steps([State.PENDING], Action.APPROVE, State.APPROVED, Need.SEEN, instead=_DECIDED),
    *_steps([State.PENDING], Action.RETURN, State.RETURNED, Need.SEEN, Need.REASON, instead=_DECIDED),
    *_steps(
        [State.APPROVED],
        Action.TAKE_BACK,
        State.PENDING,
        Need.SEEN,
        Need.REASON,
        Need.RECENT,
        Need.UNCOUNTED,
        instead=_DECIDED,
    ),
    *_steps([State.APPROVED], Action.REOPEN, State.RETURNED, Need.SEEN, Need.REASON),
)
_TABLE = {(step.source, step.action): step for step in TRANSITIONS}


def step(state: State, action: Action) -> Transition | None:
    """The transition an action makes from a state, None where it is not allowed."""
    return _TABLE.get((state, action))
