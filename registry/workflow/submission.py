"""How a submission and a report travel: tables of (from, action, to) and the one function that reads them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from registry.workflow.policy import Action


class State(StrEnum):
    """States of a submission's figures (WORDS)."""

    EMPTY = "empty"  # Chưa nhập
    DRAFT = "draft"  # Đang nhập
    PENDING = "pending"  # Chờ duyệt số liệu
    RETURNED = "returned"  # Bị trả lại
    APPROVED = "approved"  # Đã duyệt số liệu


class ReportState(StrEnum):
    """States of a unit's report (WORDS)."""

    DRAFT = "draft"  # Dự thảo
    SENT = "sent"  # Đã gửi


class ReceptionState(StrEnum):
    """States of a sent report at one receiver (WORDS)."""

    SENT = "sent"  # Đã gửi
    RECEIVED = "received"  # Đã tiếp nhận
    RETURNED = "returned"  # Trả lại, yêu cầu bổ sung


@dataclass(frozen=True, slots=True)
class Transition:
    """One allowed step; ``reason`` says whether it needs one."""

    source: State
    action: Action
    target: State
    reason: bool = False


TRANSITIONS = (
    Transition(State.EMPTY, Action.UPLOAD, State.DRAFT),
    Transition(State.DRAFT, Action.UPLOAD, State.DRAFT),
    Transition(State.RETURNED, Action.UPLOAD, State.RETURNED),
    Transition(State.EMPTY, Action.SUBMIT, State.PENDING),
    Transition(State.DRAFT, Action.SUBMIT, State.PENDING),
    Transition(State.RETURNED, Action.SUBMIT, State.PENDING),
    Transition(State.PENDING, Action.WITHDRAW, State.DRAFT),
    Transition(State.PENDING, Action.APPROVE, State.APPROVED),
    Transition(State.PENDING, Action.RETURN, State.RETURNED, reason=True),
    Transition(State.APPROVED, Action.REOPEN, State.RETURNED, reason=True),
)
_TABLE = {(step.source, step.action): step for step in TRANSITIONS}


def step(state: State, action: Action) -> Transition | None:
    """The transition an action makes from a state, None where it is not allowed."""
    return _TABLE.get((state, action))
