"""How trouble and feedback travel: the unit's administrator first, then the office (phản ánh, sự cố; PRACTICE F25)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from registry.periods.deadline import LOCAL
from registry.periods.holidays import WorkingCalendar
from registry.workflow.policy import Action


class FeedbackKind(StrEnum):
    """What somebody writes about."""

    TROUBLE = "trouble"  # sự cố kỹ thuật
    DIFFICULTY = "difficulty"  # khó khăn, vướng mắc
    PROPOSAL = "proposal"  # góp ý
    QUESTION = "question"  # hỏi cách làm


class FeedbackState(StrEnum):
    """Where it stands."""

    NEW = "new"  # Mới gửi, at the unit's administrator
    WORKING = "working"  # Đơn vị đang xử lý
    UNIT_ASKS = "unit-asks"  # Đơn vị hỏi lại
    PASSED = "passed"  # Đã chuyển Văn phòng
    OFFICE_WORKING = "office-working"  # Văn phòng đang xử lý
    OFFICE_ASKS = "office-asks"  # Văn phòng hỏi lại
    UNIT_ANSWERED = "unit-answered"  # Đơn vị đã trả lời
    ANSWERED = "answered"  # Văn phòng đã trả lời
    CLOSED = "closed"  # Đã đóng


class FeedbackStep(StrEnum):
    """What somebody does with it."""

    SEND = "send"
    SEND_TO_OFFICE = "send-to-office"  # where the unit has no administrator but the sender
    TAKE = "take"  # Nhận xử lý
    ASK = "ask"  # Hỏi lại người gửi
    REPLY = "reply"
    HAND_ON = "hand-on"  # Chuyển Văn phòng UBND
    FETCH = "fetch"  # the office takes over what lies with a unit
    ANSWER = "answer"
    CLOSE = "close"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class Transition:
    """One allowed step: from where (None: before it exists) to where, the policy's action, whether it needs words.

    ``arrives``: it reaches a desk, whose time to answer begins.
    """

    source: FeedbackState | None
    step: FeedbackStep
    target: FeedbackState
    action: Action
    says: bool = False
    arrives: bool = False


_S, _T = FeedbackState, FeedbackStep
# The sender, an administrator of the sender's unit, the office.
_SENDER, _UNIT, _OFFICE = Action.GIVE_FEEDBACK, Action.HANDLE_FEEDBACK, Action.SETTLE_FEEDBACK
TRANSITIONS = (
    Transition(None, _T.SEND, _S.NEW, _SENDER, says=True, arrives=True),
    Transition(None, _T.SEND_TO_OFFICE, _S.PASSED, _SENDER, says=True, arrives=True),
    Transition(_S.NEW, _T.TAKE, _S.WORKING, _UNIT),
    Transition(_S.NEW, _T.ASK, _S.UNIT_ASKS, _UNIT, says=True),
    Transition(_S.WORKING, _T.ASK, _S.UNIT_ASKS, _UNIT, says=True),
    Transition(_S.UNIT_ASKS, _T.REPLY, _S.WORKING, _SENDER, says=True, arrives=True),
    Transition(_S.NEW, _T.ANSWER, _S.UNIT_ANSWERED, _UNIT, says=True),
    Transition(_S.WORKING, _T.ANSWER, _S.UNIT_ANSWERED, _UNIT, says=True),
    Transition(_S.NEW, _T.HAND_ON, _S.PASSED, _UNIT, says=True, arrives=True),
    Transition(_S.WORKING, _T.HAND_ON, _S.PASSED, _UNIT, says=True, arrives=True),
    Transition(_S.UNIT_ASKS, _T.HAND_ON, _S.PASSED, _UNIT, says=True, arrives=True),
    Transition(_S.NEW, _T.FETCH, _S.OFFICE_WORKING, _OFFICE, arrives=True),
    Transition(_S.WORKING, _T.FETCH, _S.OFFICE_WORKING, _OFFICE, arrives=True),
    Transition(_S.UNIT_ASKS, _T.FETCH, _S.OFFICE_WORKING, _OFFICE, arrives=True),
    Transition(_S.PASSED, _T.TAKE, _S.OFFICE_WORKING, _OFFICE),
    Transition(_S.PASSED, _T.ASK, _S.OFFICE_ASKS, _OFFICE, says=True),
    Transition(_S.OFFICE_WORKING, _T.ASK, _S.OFFICE_ASKS, _OFFICE, says=True),
    Transition(_S.OFFICE_ASKS, _T.REPLY, _S.OFFICE_WORKING, _SENDER, says=True, arrives=True),
    Transition(_S.PASSED, _T.ANSWER, _S.ANSWERED, _OFFICE, says=True),
    Transition(_S.OFFICE_WORKING, _T.ANSWER, _S.ANSWERED, _OFFICE, says=True),
    *(Transition(one, _T.CLOSE, _S.CLOSED, _SENDER) for one in _S if one is not _S.CLOSED),
    Transition(_S.UNIT_ANSWERED, _T.CLOSE, _S.CLOSED, _UNIT),
    Transition(_S.ANSWERED, _T.CLOSE, _S.CLOSED, _OFFICE),
    Transition(_S.UNIT_ANSWERED, _T.REOPEN, _S.WORKING, _SENDER, says=True, arrives=True),
    Transition(_S.ANSWERED, _T.REOPEN, _S.OFFICE_WORKING, _SENDER, says=True, arrives=True),
    Transition(_S.CLOSED, _T.REOPEN, _S.PASSED, _SENDER, says=True, arrives=True),
)
_TABLE = {(one.source, one.step, one.action): one for one in TRANSITIONS}

WAITING_AT_UNIT = (_S.NEW, _S.WORKING)
WAITING_AT_OFFICE = (_S.PASSED, _S.OFFICE_WORKING)
WAITING = WAITING_AT_UNIT + WAITING_AT_OFFICE  # for an answer
ASKED = (_S.UNIT_ASKS, _S.OFFICE_ASKS)  # for a word of the sender
OPEN = WAITING + ASKED
ANSWERED = (_S.UNIT_ANSWERED, _S.ANSWERED)


def transition(state: FeedbackState | None, step: FeedbackStep, action: Action) -> Transition | None:
    """The transition a step makes from a state when it is taken as that action, None where it is not allowed."""
    return _TABLE.get((state, step, action))


def steps_of(state: FeedbackState, action: Action) -> tuple[Transition, ...]:
    """What can be done with it in a state as that action."""
    return tuple(one for one in TRANSITIONS if one.source is state and one.action is action)


@dataclass(frozen=True, slots=True)
class About:
    """What the page was about from which somebody writes; only what the writer may see."""

    page: str = ""  # the endpoint
    upload: int | None = None
    assignment: int | None = None
    regime: str = ""
    period: str = ""
    form: str = ""
    unit: int | None = None
    finding: str = ""  # its code
    place: int | None = None  # of the finding in the upload's verdict, from 1


@dataclass(frozen=True, slots=True)
class FeedbackRules:
    """How soon an answer is expected, and how long it may be questioned; the office may change both."""

    answer_days: int = 3  # working days at each desk
    reopen_days: int = 10  # after the answer, once

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> FeedbackRules:
        """From whole numbers by name; a name not given keeps its default. Raises ValueError."""
        rules = replace(cls(), **{one.name: int(stored[one.name]) for one in fields(cls) if one.name in stored})
        for name, (least, most) in BOUNDS.items():
            if not least <= getattr(rules, name) <= most:
                raise ValueError(name)
        return rules

    def due(self, arrived: date, calendar: WorkingCalendar) -> datetime:
        """The end of the last working day on which an answer is in time."""
        last = calendar.add_working_days(arrived, self.answer_days)
        return datetime.combine(last + timedelta(days=1), time(), LOCAL)

    def may_reopen(self, answered_at: datetime, reopened: int, moment: datetime) -> bool:
        """Once, within the days after the answer."""
        return not reopened and moment <= answered_at + timedelta(days=self.reopen_days)


BOUNDS = {"answer_days": (1, 30), "reopen_days": (1, 90)}
