"""How a sending stands to its deadline: the classes people are measured by (R48; PRACTICE F18).

What is measured is sending (gửi: the unit's report goes to its receivers for the first time), against the deadline in
force at that moment. A return by the receiver makes nobody late who sends again within the time the receiver set.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from registry.periods import WorkingCalendar
from vietnamese.dates import HO_CHI_MINH, civil, day_of_due


class Arrival(StrEnum):
    """How a unit stands to a deadline (WORDS)."""

    EARLY = "early"  # Trước hạn: on a day before the deadline's
    ON_TIME = "on_time"  # Đúng hạn
    EXTENDED = "extended"  # Trong thời gian gia hạn
    LATE = "late"  # Gửi trễ hạn (n ngày làm việc)
    MISSING = "missing"  # Quá hạn, chưa gửi
    WAITING = "waiting"  # Chưa đến hạn


_DAYS_TO_SEND_AGAIN = 2
SENT_IN_TIME = frozenset({Arrival.EARLY, Arrival.ON_TIME, Arrival.EXTENDED})
_ANY_DAYS = WorkingCalendar()  # enough to tell late from in time
NOT_IN_TIME = frozenset({Arrival.LATE, Arrival.MISSING})


@dataclass(frozen=True, slots=True)
class Sending:
    """What a unit was to send of a period, and when it did."""

    unit_id: int
    regime: str
    period: str
    opening_id: int
    due_at: datetime  # in force when it was sent; while it is not, the one in force now
    due_first: datetime  # without anybody's favour: as opened, with the minutes the server was not ready added
    first_sent_at: datetime | None  # nộp lần đầu: all of it had been handed in inside the unit once
    sent_at: datetime | None  # gửi: the unit's report was sent for the first time; the moment that is measured
    given_until: datetime | None = None  # to send again what was sent back last, with the time given since
    resent_at: datetime | None = None  # when it was sent again after that
    excused_at: datetime | None = None  # when the last dispute that was accepted was raised: until then all was on time

    @property
    def owed_until(self) -> datetime | None:
        """The deadline it has still to meet; None while nothing of it is to be sent."""
        if self.sent_at is None:
            return self.due_at
        return self.given_until if self.resent_at is None else None


@dataclass(frozen=True, slots=True)
class Standing:
    """A sending as it stands at a moment; ``days_late`` in working days, 0 unless it was late."""

    arrival: Arrival
    days_late: int = 0

    @property
    def is_in_time(self) -> bool:
        """Sent, and not late."""
        return self.arrival in SENT_IN_TIME


def judged(sending: Sending, now: datetime, calendar: WorkingCalendar) -> Standing:
    """How a sending stands at ``now``: later moments of it have not happened yet."""
    if sending.sent_at is None or sending.sent_at > now:
        return Standing(Arrival.MISSING if now > sending.due_at else Arrival.WAITING)
    first = _excused(sending, sending.sent_at, measured(sending.sent_at, sending.due_at, sending.due_first, calendar))
    again = _again(sending, now, calendar)
    if again is None or (again.arrival is Arrival.LATE and again.days_late < first.days_late):
        return first
    return again


def is_late(sending: Sending, now: datetime) -> bool:
    """Sent late, or not sent though its deadline is past."""
    return judged(sending, now, _ANY_DAYS).arrival in NOT_IN_TIME


def measured(sent: datetime, due_at: datetime, due_first: datetime, calendar: WorkingCalendar) -> Standing:
    """How a moment stands to the deadline in force then and to the first one."""
    if sent <= due_first:
        return Standing(Arrival.EARLY if civil(sent).date() < day_of_due(due_first) else Arrival.ON_TIME)
    if sent <= due_at:
        return Standing(Arrival.EXTENDED)
    return Standing(Arrival.LATE, days_late(sent, due_at, calendar))


def days_late(sent: datetime, due: datetime, calendar: WorkingCalendar) -> int:
    """Working days after the deadline's day up to that of sending; 1 for hours on the same day or over rest days."""
    return max(1, calendar.working_days_between(day_of_due(due), civil(sent).date()))


def time_to_send_again(returned: datetime, calendar: WorkingCalendar) -> datetime:
    """Until when what was sent back is due, unless its receiver names a moment: to the end of two working days."""
    day = calendar.add_working_days(civil(returned).date(), _DAYS_TO_SEND_AGAIN)
    return datetime.combine(day + timedelta(days=1), time(), HO_CHI_MINH)


def _excused(sending: Sending, sent: datetime, found: Standing) -> Standing:
    """A dispute that was accepted excuses what had been sent when it was raised."""
    is_excused = sending.excused_at is not None and sending.excused_at >= sent
    return Standing(Arrival.ON_TIME) if is_excused and not found.is_in_time else found


def _again(sending: Sending, now: datetime, calendar: WorkingCalendar) -> Standing | None:
    until, again = sending.given_until, sending.resent_at
    if until is None or (again is not None and again <= until):
        return None
    if again is not None and again <= now:
        late = _excused(sending, again, Standing(Arrival.LATE, days_late(again, until, calendar)))
        return None if late.is_in_time else late
    return Standing(Arrival.MISSING) if now > until else None
