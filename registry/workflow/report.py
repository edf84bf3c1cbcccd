"""How a unit's report and its reception travel: two tables of (from, step, to, who, needs) and what reads them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from registry.workflow.policy import Action


class ReportState(StrEnum):
    """States of a unit's report (WORDS)."""

    DRAFT = "draft"  # Dự thảo
    PENDING = "pending"  # Chờ duyệt báo cáo
    RETURNED = "returned"  # Bị trả lại
    APPROVED = "approved"  # Đã duyệt
    SENT = "sent"  # Đã gửi


class ReceptionState(StrEnum):
    """States of a sent report at one receiver (WORDS); each receiver decides for itself."""

    SENT = "sent"  # Đã gửi
    RECEIVED = "received"  # Đã tiếp nhận
    RETURNED = "returned"  # Trả lại, yêu cầu bổ sung
    COMPILED = "compiled"  # Đã tổng hợp


class ReportStep(StrEnum):
    """What is done with a report, as its events name it."""

    ATTACH = "attach"
    FORWARD = "forward"  # trình duyệt báo cáo
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    RETURN = "return"
    SEND = "send"
    SEND_BACK = "send-back"  # by a receiver
    REOPEN = "reopen"  # of its figures


class ReceptionStep(StrEnum):
    """What a receiver does with a report."""

    RECEIVE = "receive"
    RETURN = "return"
    COMPILE = "compile"


class Need(StrEnum):
    """What a step asks for besides the right to do it."""

    REASON = "reason"
    FIGURES = "figures"  # of every form, approved


@dataclass(frozen=True, slots=True)
class ReportTransition:
    """One allowed step of a report; ``who`` is the right it is done by."""

    source: ReportState
    step: ReportStep
    target: ReportState
    who: Action
    needs: Need | None = None


@dataclass(frozen=True, slots=True)
class ReceptionTransition:
    """One allowed step of a reception; ``who`` is the right it is done by."""

    source: ReceptionState
    step: ReceptionStep
    target: ReceptionState
    who: Action
    needs: Need | None = None


REPORT = (
    ReportTransition(ReportState.DRAFT, ReportStep.ATTACH, ReportState.DRAFT, Action.ATTACH_NARRATIVE),
    ReportTransition(ReportState.RETURNED, ReportStep.ATTACH, ReportState.RETURNED, Action.ATTACH_NARRATIVE),
    ReportTransition(ReportState.DRAFT, ReportStep.FORWARD, ReportState.PENDING, Action.ATTACH_NARRATIVE),
    ReportTransition(ReportState.RETURNED, ReportStep.FORWARD, ReportState.PENDING, Action.ATTACH_NARRATIVE),
    ReportTransition(ReportState.PENDING, ReportStep.WITHDRAW, ReportState.DRAFT, Action.ATTACH_NARRATIVE),
    ReportTransition(ReportState.PENDING, ReportStep.APPROVE, ReportState.APPROVED, Action.SEND_REPORT),
    ReportTransition(ReportState.PENDING, ReportStep.RETURN, ReportState.RETURNED, Action.SEND_REPORT, Need.REASON),
    ReportTransition(ReportState.APPROVED, ReportStep.RETURN, ReportState.RETURNED, Action.SEND_REPORT, Need.REASON),
    ReportTransition(ReportState.DRAFT, ReportStep.SEND, ReportState.SENT, Action.SEND_REPORT, Need.FIGURES),
    ReportTransition(ReportState.PENDING, ReportStep.SEND, ReportState.SENT, Action.SEND_REPORT, Need.FIGURES),
    ReportTransition(ReportState.APPROVED, ReportStep.SEND, ReportState.SENT, Action.SEND_REPORT, Need.FIGURES),
    ReportTransition(ReportState.SENT, ReportStep.SEND_BACK, ReportState.DRAFT, Action.RECEIVE_REPORT, Need.REASON),
    ReportTransition(ReportState.SENT, ReportStep.REOPEN, ReportState.DRAFT, Action.REOPEN, Need.REASON),
    ReportTransition(ReportState.APPROVED, ReportStep.REOPEN, ReportState.DRAFT, Action.REOPEN, Need.REASON),
)
RECEPTION = (
    ReceptionTransition(ReceptionState.SENT, ReceptionStep.RECEIVE, ReceptionState.RECEIVED, Action.RECEIVE_REPORT),
    ReceptionTransition(ReceptionState.SENT, ReceptionStep.COMPILE, ReceptionState.COMPILED, Action.COMPILE),
    ReceptionTransition(ReceptionState.RECEIVED, ReceptionStep.COMPILE, ReceptionState.COMPILED, Action.COMPILE),
    *(
        ReceptionTransition(source, ReceptionStep.RETURN, ReceptionState.RETURNED, Action.RECEIVE_REPORT, Need.REASON)
        for source in (ReceptionState.SENT, ReceptionState.RECEIVED, ReceptionState.COMPILED)
    ),
)
_REPORT = {(one.source, one.step): one for one in REPORT}
_RECEPTION = {(one.source, one.step): one for one in RECEPTION}


def report_step(state: ReportState, step: ReportStep) -> ReportTransition | None:
    """The transition a step makes of a report, None where it is not allowed."""
    return _REPORT.get((state, step))


def reception_step(state: ReceptionState, step: ReceptionStep) -> ReceptionTransition | None:
    """The transition a step makes of a reception, None where it is not allowed."""
    return _RECEPTION.get((state, step))
