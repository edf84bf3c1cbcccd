"""How far things are, as badges: a tone, an icon and words, so that colour never speaks alone (WORDS)."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from actions.measuring import Line
from actions.rule_lab import Mode
from registry.findings import Described, Finding, Severity
from registry.periods import WorkingCalendar
from registry.store.accounts import Account
from registry.store.feedback import Feedback
from registry.store.reports import Reception, Report
from registry.store.uploads import Upload
from registry.workflow.accounts import RequestState
from registry.workflow.draft import DraftState
from registry.workflow.feedback import FeedbackState
from registry.workflow.outage import OutageState
from registry.workflow.period import PeriodState
from registry.workflow.petition import PetitionState
from registry.workflow.plea import PleaState
from registry.workflow.proposals import ProposalState
from registry.workflow.report import ReceptionState, ReportState
from registry.workflow.review import ReviewState
from registry.workflow.submission import State
from registry.workflow.timeliness import Arrival, Sending, Standing, judged
from vietnamese.dates import days_left
from webui.wording import say

_SOON = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Badge:
    """A word about a state; ``tone`` names a colour of the style sheet."""

    tone: str  # quiet | info | wait | good | bad
    icon: str
    text: str


_SUBMISSION = {
    State.EMPTY: ("quiet", "circle"),
    State.DRAFT: ("info", "pencil-fill"),
    State.PENDING: ("wait", "hourglass-split"),
    State.RETURNED: ("bad", "arrow-return-left"),
    State.APPROVED: ("good", "check-circle-fill"),
}
_REPORT = {
    ReportState.DRAFT: ("quiet", "file-earmark-text"),
    ReportState.PENDING: ("wait", "hourglass-split"),
    ReportState.RETURNED: ("bad", "arrow-return-left"),
    ReportState.APPROVED: ("good", "check-circle-fill"),
    ReportState.SENT: ("info", "send-fill"),
}
_DRAFT = {
    DraftState.WRITING: ("info", "pencil-fill"),
    DraftState.ASKED: ("info", "people"),
    DraftState.DIVISION: ("wait", "hourglass-split"),
    DraftState.OFFICE: ("wait", "hourglass-split"),
    DraftState.PROVINCE: ("wait", "hourglass-split"),
    DraftState.DONE: ("good", "check-circle-fill"),
}
_PETITION = {
    PetitionState.ASKED: ("wait", "hourglass-split"),
    PetitionState.DOING: ("info", "pencil-fill"),
    PetitionState.DONE: ("good", "check-circle-fill"),
    PetitionState.DECLINED: ("quiet", "dash-circle"),
    PetitionState.WITHDRAWN: ("quiet", "arrow-return-left"),
}
_RECEPTION = {
    ReceptionState.SENT: ("info", "send-fill"),
    ReceptionState.RECEIVED: ("good", "send-check"),
    ReceptionState.RETURNED: ("bad", "arrow-return-left"),
    ReceptionState.COMPILED: ("good", "collection"),
}
_STATUS = {
    "accepted": ("good", "check-circle-fill"),
    "accepted_with_warnings": ("wait", "exclamation-triangle-fill"),
    "rejected": ("bad", "x-octagon-fill"),
    "refused": ("bad", "dash-circle"),
}
_ACCOUNT = {
    "active": ("good", "check-circle-fill"),
    "new": ("wait", "key"),
    "idle": ("wait", "lock"),
    "disabled": ("quiet", "lock"),
}
_REQUEST = {
    RequestState.PROPOSED: ("wait", "hourglass-split"),
    RequestState.AGREED: ("info", "send-fill"),
    RequestState.DECLINED: ("bad", "arrow-return-left"),
    RequestState.REFUSED: ("bad", "arrow-return-left"),
    RequestState.CANCELLED: ("quiet", "dash-circle"),
    RequestState.DONE: ("good", "check-circle-fill"),
}
_FEEDBACK = {
    FeedbackState.NEW: ("info", "inbox"),
    FeedbackState.WORKING: ("wait", "hourglass-split"),
    FeedbackState.UNIT_ASKS: ("wait", "chat-left-text"),
    FeedbackState.PASSED: ("info", "send-fill"),
    FeedbackState.OFFICE_WORKING: ("wait", "hourglass-split"),
    FeedbackState.OFFICE_ASKS: ("wait", "chat-left-text"),
    FeedbackState.UNIT_ANSWERED: ("good", "check-circle-fill"),
    FeedbackState.ANSWERED: ("good", "check-circle-fill"),
    FeedbackState.CLOSED: ("quiet", "lock"),
}
_SEVERITY = {
    Severity.BLOCK: ("bad", "x-octagon-fill"),
    Severity.ERROR: ("bad", "x-octagon-fill"),
    Severity.WARNING: ("wait", "exclamation-triangle-fill"),
    Severity.NOTE: ("info", "info-circle-fill"),
}

_PLEA = {
    PleaState.ASKED: ("wait", "hourglass-split"),
    PleaState.AGREED: ("good", "check-circle-fill"),
    PleaState.REFUSED: ("bad", "arrow-return-left"),
    PleaState.WITHDRAWN: ("quiet", "dash-circle"),
}
_OUTAGE = {
    OutageState.PROPOSED: ("wait", "hourglass-split"),
    OutageState.CONFIRMED: ("good", "check-circle-fill"),
    OutageState.DISMISSED: ("quiet", "dash-circle"),
    OutageState.TAKEN_BACK: ("quiet", "arrow-counterclockwise"),
}
_PERIOD = {
    PeriodState.OPEN: ("good", "unlock"),
    PeriodState.CLOSED: ("wait", "lock"),
    PeriodState.LOCKED: ("quiet", "shield-lock"),
}
_ARRIVAL = {
    Arrival.EARLY: ("good", "calendar-check"),
    Arrival.ON_TIME: ("good", "calendar-check"),
    Arrival.EXTENDED: ("wait", "clock-history"),
    Arrival.LATE: ("bad", "clock-history"),
    Arrival.MISSING: ("bad", "exclamation-circle-fill"),
    Arrival.WAITING: ("quiet", "clock"),
}
_MODE = {
    Mode.SHADOW: ("quiet", "clock-history"),
    Mode.NOTE: ("info", "info-circle-fill"),
    Mode.WARNING: ("wait", "exclamation-triangle-fill"),
    Mode.ERROR: ("bad", "x-octagon-fill"),
    Mode.BLOCK: ("bad", "dash-circle"),
    Mode.OFF: ("quiet", "circle"),
}


_PROPOSAL = {
    ProposalState.PROPOSED: ("wait", "hourglass-split"),
    ProposalState.DRAFTING: ("info", "pencil-fill"),
    ProposalState.DECLINED: ("bad", "arrow-return-left"),
    ProposalState.WITHDRAWN: ("quiet", "dash-circle"),
    ProposalState.APPLIED: ("good", "check-circle-fill"),
}


def of_proposal(state: ProposalState) -> Badge:
    """Chờ xem xét · Đưa vào dự thảo · Không đưa vào dự thảo · Đã rút · Đã áp dụng."""
    return Badge(*_PROPOSAL[state], say(f"proposal.is.{state}"))


_REVIEW = {
    ReviewState.WAITING: ("wait", "hourglass-split"),
    ReviewState.RECHECK: ("bad", "arrow-return-left"),
    ReviewState.REVIEWED: ("good", "check-circle-fill"),
}


def of_review(state: ReviewState) -> Badge:
    """Đang rà soát · Đề nghị kiểm tra lại · Đã rà soát."""
    return Badge(*_REVIEW[state], say(f"review.{state}"))


def of_mode(mode: Mode) -> Badge:
    """Chạy thử · Lưu ý · Cảnh báo · Lỗi · Chặn · Ngừng áp dụng."""
    return Badge(*_MODE[mode], say(f"lab.mode.{mode}"))


def of_check(line: Line) -> Badge:
    """Đang dùng · Tắt vì báo quá nhiều, of a check of plausibility."""
    if line.is_off:
        return Badge("wait", "dash-circle", say("doubts.off"))
    return Badge("good", "check-lg", say("doubts.on"))


def of_submission(state: State) -> Badge:
    """Chưa nhập · Đang nhập · Chờ duyệt số liệu · Bị trả lại · Đã duyệt số liệu."""
    return Badge(*_SUBMISSION[state], say(f"state.{state}"))


def of_report(report: Report, receptions: Sequence[Reception] = ()) -> Badge:
    """Dự thảo · Chờ duyệt · Đã gửi · Đã tiếp nhận · …: once it is sent the receivers' word outweighs the sender's."""
    return of_report_at(report.state, {one.state for one in receptions})


def of_report_at(state: ReportState, receptions: Set[ReceptionState]) -> Badge:
    """The same, of the states alone."""
    if ReceptionState.RETURNED in receptions and state in (ReportState.DRAFT, ReportState.SENT):
        return of_reception(ReceptionState.RETURNED)
    if state is ReportState.SENT and receptions and ReceptionState.SENT not in receptions:
        received = ReceptionState.RECEIVED in receptions
        return of_reception(ReceptionState.RECEIVED if received else ReceptionState.COMPILED)
    return Badge(*_REPORT[state], say(f"report.{state}"))


def of_reception(state: ReceptionState) -> Badge:
    """How one receiver took a report."""
    return Badge(*_RECEPTION[state], say(f"reception.{state}"))


def of_status(status: str | None) -> Badge:
    """A verdict's status; None while the file is being checked."""
    return Badge(*_STATUS.get(status or "", ("info", "clock")), say(f"status.{status or 'waiting'}"))


def nothing_given() -> Badge:
    """A division has not sent its part."""
    return Badge("quiet", "circle", say("parts.nothing-yet"))


def of_upload(upload: Upload, status: str | None) -> Badge:
    """The status of its verdict; of a file whose content was destroyed afterwards, that."""
    if upload.is_kept or status == "refused":
        return of_status(status)
    return Badge("quiet", "archive", say("status.destroyed"))


def of_account(account: Account) -> Badge:
    """Đang sử dụng · Chưa đặt mật khẩu · Tạm khóa · Ngừng sử dụng."""
    state = account.person.state if account.person.state in _ACCOUNT else "disabled"
    state = "new" if state == "active" and not account.has_password else state
    return Badge(*_ACCOUNT[state], say(f"accounts.standing.{state}"))


def of_account_request(state: RequestState) -> Badge:
    """Chờ thủ trưởng · Chờ Văn phòng · Không đồng ý · Từ chối · Đã rút · Đã thực hiện."""
    return Badge(*_REQUEST[state], say(f"accounts.is.{state}"))


def of_feedback(one: Feedback, moment: datetime) -> Badge:
    """Where it stands; what should have been answered before says so."""
    words = say(f"feedback.is.{one.state}")
    if one.is_overdue(moment):
        return Badge("bad", "exclamation-circle-fill", say("feedback.overdue", standing=words))
    return Badge(*_FEEDBACK[one.state], words)


def of_finding(found: Finding | Described) -> Badge:
    """Lỗi · Cảnh báo · Lưu ý."""
    return Badge(*_SEVERITY[found.severity], say(f"severity.{found.severity}"))


def of_draft(state: DraftState) -> Badge:
    """Đang soạn · Đang xin ý kiến · Trình phòng · Trình Chánh Văn phòng · Trình lãnh đạo UBND · Đã thông qua."""
    return Badge(*_DRAFT[state], say(f"drafting.is.{state}"))


def of_petition(state: PetitionState) -> Badge:
    """Chưa trả lời · Đang xử lý · Đã giải quyết · Không xem xét · Đã rút."""
    return Badge(*_PETITION[state], say(f"petition.is.{state}"))


def of_report_state(state: ReportState | None) -> Badge:
    """How far a unit's report is, whoever received it; Chưa có báo cáo."""
    if state is None:
        return Badge("quiet", "circle", say("drafting.no-report"))
    return Badge(*_REPORT[state], say(f"report.{state}"))


def of_plea(state: PleaState) -> Badge:
    """Chờ quyết định · Đồng ý · Không đồng ý · Đã rút."""
    return Badge(*_PLEA[state], say(f"plea.is.{state}"))


def of_outage(state: OutageState) -> Badge:
    """Chờ xác nhận · Đã bù · Không bù."""
    return Badge(*_OUTAGE[state], say(f"outage.is.{state}"))


def of_period(state: PeriodState) -> Badge:
    """Đang mở · Đã chốt · Đã khóa."""
    return Badge(*_PERIOD[state], say(f"period.is.{state}"))


def after_closing() -> Badge:
    """Gửi sau khi chốt, of what came after its period was closed."""
    return Badge("wait", "lock", say("period.is.after-closing"))


class Measured(Protocol):
    """A form asked of a unit, measured as the unit's report is."""

    @property
    def sending(self) -> Sending:
        """When that was due and sent."""


def of_deadline(work: Measured, at: datetime, calendar: WorkingCalendar) -> Badge:
    """Days left, or how the unit's report was sent: for the first time, against the deadline in force then."""
    sending = work.sending
    stands = judged(sending, at, calendar)
    if stands.arrival is not Arrival.WAITING:
        return of_arrival(stands)
    left = days_left(at, sending.due_at)
    if at > sending.due_first:
        return Badge("wait", "clock-history", say("deadline.grace-left", left=left))
    return Badge("wait" if sending.due_at - at <= _SOON else "quiet", "clock", left)


def of_arrival(stands: Standing) -> Badge:
    """Trước hạn · Đúng hạn · Trong thời gian gia hạn · Gửi trễ hạn (n ngày làm việc) · Quá hạn, chưa gửi."""
    return Badge(*_ARRIVAL[stands.arrival], say(f"deadline.{stands.arrival}", days=stands.days_late))
