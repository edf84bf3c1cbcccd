"""How units kept their deadlines over time (R29): each sending as it was judged, and what that comes to by unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from compile import tables_book
from compile.coverage import copy
from compile.head import stamp
from compile.tables import Align, Cell, RowStyle, Table, TableColumn, TableRow, text_cell
from registry.catalogue.model import Unit
from registry.periods import Period
from registry.workflow.timeliness import SENT_IN_TIME, Arrival, Sending, Standing
from vietnamese.dates import format_moment
from vietnamese.numbers import format_number


@dataclass(frozen=True, slots=True)
class Kept:
    """What a unit was to send of a period and how it did."""

    unit: Unit
    regime: str  # its code
    period: Period
    sending: Sending
    standing: Standing
    extensions: tuple[str, ...] = ()  # reasons of more time given to it or to all
    returns: int = 0  # by receivers

    @property
    def result(self) -> str:
        """Đúng hạn · Gửi trễ hạn (2 ngày làm việc) · …"""
        return copy(f"history.{self.standing.arrival}", days=self.standing.days_late)


@dataclass(frozen=True, slots=True)
class Record:
    """What several sendings come to; waiting ones are not measured yet."""

    counts: Counter[Arrival]
    days_late: int
    extensions: int
    returns: int

    @classmethod
    def of(cls, held: Iterable[Kept]) -> Record:
        """The sum."""
        counts: Counter[Arrival] = Counter()
        days = extended = returned = 0
        for one in held:
            counts[one.standing.arrival] += 1
            days += one.standing.days_late
            extended += len(one.extensions)
            returned += one.returns
        return cls(counts, days, extended, returned)

    @property
    def asked(self) -> int:
        """All of them."""
        return self.counts.total()

    @property
    def measured(self) -> int:
        """Those whose deadline is past, or that came before it."""
        return self.asked - self.counts[Arrival.WAITING]

    @property
    def in_time(self) -> int:
        """Sent, and not late."""
        return sum(self.counts[one] for one in SENT_IN_TIME)

    @property
    def percent(self) -> Decimal | None:
        """Those in time of those measured, one decimal; None where none is measured."""
        if not self.measured:
            return None
        return (Decimal(self.in_time) * 100 / self.measured).quantize(Decimal("0.1"))


@dataclass(frozen=True, slots=True)
class UnitRecord:
    """A unit's record."""

    unit: Unit
    record: Record


def by_unit(held: Iterable[Kept]) -> list[UnitRecord]:
    """One line a unit in official order."""
    mine: dict[Unit, list[Kept]] = {}
    for one in held:
        mine.setdefault(one.unit, []).append(one)
    ordered = sorted(mine, key=lambda unit: (unit.order, unit.code))
    return [UnitRecord(unit, Record.of(mine[unit])) for unit in ordered]


_ORDERS: dict[str, Callable[[UnitRecord], object]] = {
    "ty-le": lambda one: (one.record.percent is None, one.record.percent or 0),
    "tre": lambda one: -one.record.counts[Arrival.LATE],
    "chua-gui": lambda one: -one.record.counts[Arrival.MISSING],
    "ngay": lambda one: -one.record.days_late,
}
ORDERS = ("", *_ORDERS)


def ordered(lines: Sequence[UnitRecord], by: str) -> list[UnitRecord]:
    """By one of ORDERS, the worst first; "" is the official order."""
    order = _ORDERS.get(by)
    return list(lines) if order is None else sorted(lines, key=order)  # type: ignore[arg-type]


# --- tables ----------------------------------------------------------------------------------------------------------

COUNTED = (Arrival.EARLY, Arrival.ON_TIME, Arrival.EXTENDED, Arrival.LATE, Arrival.MISSING, Arrival.WAITING)


def count_cell(number: int) -> Cell:
    """A count."""
    return Cell(str(number), Decimal(number), 0, Align.RIGHT)


def percent_cell(number: Decimal | None) -> Cell:
    """A share with its decimal; a dash where there is none."""
    return Cell("–", align=Align.CENTRE) if number is None else Cell(format_number(number, 1), number, 1, Align.RIGHT)


def columns(*named: tuple[str, float]) -> tuple[TableColumn, ...]:
    """Columns of the copy deck by name and width."""
    return tuple(TableColumn((copy(f"history.{name}"),), "", width) for name, width in named)


def record_columns() -> tuple[TableColumn, ...]:
    """Of `record_cells`."""
    counted = tuple((f"n_{one}", 9.0) for one in COUNTED)
    return columns(("asked", 9), *counted, ("percent", 10), ("days", 11), ("extensions", 9), ("returns", 9))


def record_cells(record: Record) -> tuple[Cell, ...]:
    """A record as cells of a line."""
    counts = (count_cell(record.counts[one]) for one in COUNTED)
    more = (record.days_late, record.extensions, record.returns)
    return count_cell(record.asked), *counts, percent_cell(record.percent), *map(count_cell, more)


def unit_table(lines: Sequence[UnitRecord], all_of: Iterable[Kept]) -> Table:
    """One line a unit, the sum first."""
    rows = [
        TableRow((text_cell(""), text_cell(copy("history.total")), *record_cells(Record.of(all_of))), RowStyle.TOTAL)
    ]
    rows += [
        TableRow((text_cell(str(place), Align.CENTRE), text_cell(one.unit.name), *record_cells(one.record)))
        for place, one in enumerate(lines, 1)
    ]
    return Table(copy("history.by_unit"), (*columns(("ordinal", 5), ("unit", 30)), *record_columns()), tuple(rows))


def detail_table(held: Sequence[Kept]) -> Table:
    """One line a sending, the newest period first."""
    head = columns(
        ("ordinal", 5), ("unit", 28), ("regime", 10), ("period", 18), ("due", 20), ("first_sent", 20), ("sent", 20),
        ("result", 32), ("days", 11), ("extended_why", 40), ("returns", 9),
    )  # fmt: skip
    rows = (
        TableRow(
            (
                text_cell(str(place), Align.CENTRE),
                text_cell(one.unit.name),
                text_cell(one.regime, Align.CENTRE),
                text_cell(one.period.label),
                text_cell(stamp(one.sending.due_at), Align.CENTRE),
                _moment(one.sending.first_sent_at),
                _moment(one.sending.sent_at),
                text_cell(one.result),
                count_cell(one.standing.days_late),
                text_cell("; ".join(one.extensions)),
                count_cell(one.returns),
            )
        )
        for place, one in enumerate(held, 1)
    )
    return Table(copy("history.detail"), head, tuple(rows))


def _moment(at: datetime | None) -> Cell:
    return text_cell(stamp(at) if at else "", Align.CENTRE)


def workbook(held: Sequence[Kept], as_of: datetime) -> bytes:
    """Both tables as xlsx bytes."""
    tables = (("sheet_units", unit_table(by_unit(held), held)), ("sheet_detail", detail_table(held)))
    subtitle = copy("history.as_of", moment=format_moment(as_of))
    return tables_book.build([(copy(f"history.{name}"), table) for name, table in tables], subtitle)
