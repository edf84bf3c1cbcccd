"""Minutes in which the server was not ready are given back to the deadlines they touch (F18)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

DAY_OF_DEADLINE = timedelta(hours=24)  # before it: minutes lost then are minutes people would have used
LONGEST = timedelta(days=3)  # confirmed as one: more of it is a slip of the pen, or is entered in parts
SILENCE = timedelta(minutes=5)  # without a heartbeat: more of it is proposed as an outage


class OutageState(StrEnum):
    """Where the record of an outage stands."""

    PROPOSED = "proposed"  # Chờ xác nhận
    CONFIRMED = "confirmed"  # Đã xác nhận, hạn gửi được bù
    DISMISSED = "dismissed"  # Không bù
    TAKEN_BACK = "taken-back"  # Đã rút lại việc bù


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when the server was not ready."""

    began: datetime
    ended: datetime

    @property
    def is_too_long(self) -> bool:
        """True when nobody may confirm it as one."""
        return self.length > LONGEST

    @property
    def length(self) -> timedelta:
        """What a deadline is moved by."""
        return self.ended - self.began

    def touches(self, due: datetime) -> bool:
        """True when some of it lies in the 24 hours before a deadline."""
        return self.began < due and self.ended > due - DAY_OF_DEADLINE

    def overlaps(self, other: Span) -> bool:
        """True when they have minutes in common."""
        return self.began < other.ended and other.began < self.ended

    def credited(self, due: datetime) -> datetime:
        """The deadline with the minutes given back, the same where none of them touches it."""
        return due + self.length if self.touches(due) else due
