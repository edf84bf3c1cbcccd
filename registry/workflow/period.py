"""The life of an open period (kỳ): đang mở → đã chốt → đã khóa, as one table (R47; PRACTICE F17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class PeriodState(StrEnum):
    """States of a period of a regime."""

    OPEN = "open"  # Đang mở
    CLOSED = "closed"  # Đã chốt: what is sent is still taken, and marked
    LOCKED = "locked"  # Đã khóa: only a correction (đính chính) changes it


class PeriodAct(StrEnum):
    """What is done to a period; also the kind of the change on record."""

    CLOSE = "period-close"  # chốt
    LOCK = "period-lock"  # khóa kỳ
    UNLOCK = "period-unlock"  # mở khóa
    OPEN = "period-open"  # bỏ chốt


@dataclass(frozen=True, slots=True)
class Transition:
    """One allowed step; ``reason`` says whether it needs one."""

    source: PeriodState
    act: PeriodAct
    target: PeriodState
    reason: bool = False


TRANSITIONS = (
    Transition(PeriodState.OPEN, PeriodAct.CLOSE, PeriodState.CLOSED),
    Transition(PeriodState.CLOSED, PeriodAct.LOCK, PeriodState.LOCKED),
    Transition(PeriodState.CLOSED, PeriodAct.OPEN, PeriodState.OPEN, reason=True),
    Transition(PeriodState.LOCKED, PeriodAct.UNLOCK, PeriodState.CLOSED, reason=True),
)
_TABLE = {(step.source, step.act): step for step in TRANSITIONS}


def step(state: PeriodState, act: PeriodAct) -> Transition | None:
    """The transition an act makes from a state, None where it is not allowed."""
    return _TABLE.get((state, act))


def state_of(closed_at: datetime | None, locked_at: datetime | None) -> PeriodState:
    """The state its two moments say."""
    if locked_at is not None:
        return PeriodState.LOCKED
    return PeriodState.OPEN if closed_at is None else PeriodState.CLOSED
