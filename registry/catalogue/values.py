"""What one cell of a form can hold once it has been understood."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    """States of a cell (PRACTICE F10); the sign beside each is what officials type and read."""

    VALUE = "value"
    ZERO = "zero"  # 0
    NIL = "nil"  # "-" không phát sinh
    NOT_APPLICABLE = "not_applicable"  # "x", only where the form closes the cell
    NOT_AVAILABLE = "not_available"  # "…" chưa có số liệu
    BLANK = "blank"  # chưa nhập

    __hash__ = str.__hash__  # a key of many tables; that of Enum is written in Python

    @property
    def is_number(self) -> bool:
        """True where the cell counts in a sum: không phát sinh counts as 0."""
        return self in (State.VALUE, State.ZERO, State.NIL)


class Nature(StrEnum):
    """Nature of a figure (PRACTICE F3), weakest first."""

    ESTIMATE = "ước"
    PRELIMINARY = "sơ bộ"
    OFFICIAL = "chính thức"


class Aspect(StrEnum):
    """What side of an indicator a series holds."""

    ACTUAL = "actual"  # thực hiện trong kỳ, or at the point in time
    CUMULATIVE = "cumulative"  # lũy kế từ đầu năm (LK) or from the season's start (MV, NV)
    PLAN_CENTRAL = "plan-central"  # trung ương giao
    PLAN_COUNCIL = "plan-council"  # HĐND giao (also season plan, kế hoạch vốn)
    SCENARIO = "scenario"  # kịch bản điều hành, of a quarter, 6 or 9 months, or the year
    YEAR_ESTIMATE = "year-estimate"  # ước cả năm
    NEXT_YEAR_PLAN = "next-year-plan"  # kế hoạch năm sau
    INDEX_MONTH = "index-month"  # chỉ số: tháng so tháng trước
    INDEX_YEAR = "index-year"  # chỉ số: tháng so cùng kỳ
    INDEX_CUMULATIVE = "index-cumulative"  # chỉ số: lũy kế so cùng kỳ

    __hash__ = str.__hash__  # a key of many tables; that of Enum is written in Python


PLANS = (Aspect.PLAN_CENTRAL, Aspect.PLAN_COUNCIL, Aspect.SCENARIO)  # given by a decision that holds from a day on


class SeriesKey(NamedTuple):
    """The identity of a series in the warehouse; ``members`` is ``breakdown=member`` pairs joined by ``;`` or empty."""

    indicator: str
    aspect: Aspect = Aspect.ACTUAL
    members: str = ""


class CellKey(NamedTuple):
    """A cell of a form version: its row and column codes, and the line of a list table."""

    row: str
    column: str
    line: int | None = None


class CellValue(NamedTuple):
    """A cell as it will be stored: ``number`` is in the measure the workbook shows for it."""

    state: State
    number: Decimal | None = None
    text: str | None = None

    @property
    def amount(self) -> Decimal | None:
        """The number a sum takes: 0 for không phát sinh, None where there is nothing to add."""
        if self.state is State.VALUE:
            return self.number
        return _NOUGHT if self.state is State.NIL or self.state is State.ZERO else None


_NOUGHT = Decimal(0)
BLANK = CellValue(State.BLANK)
HIDDEN = CellValue(State.VALUE, None, "•••••")  # stands for what the reader may not see


@dataclass(frozen=True, slots=True)
class Known:
    """A figure the warehouse knows: exact mantissa in the indicator's canonical measure."""

    mantissa: int
    nature: Nature
    state: State = State.VALUE
