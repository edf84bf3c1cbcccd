"""Sample figures of II.06a: dossiers received, settled and pending, by field; the identities of the form hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from registry.catalogue.forms import View
from registry.catalogue.model import CommuneEntry, Frequency, HistoryFigure, Row, RowKind, Unit
from registry.catalogue.values import CellKey, CellValue, SeriesKey, State
from registry.periods import Period, PeriodKind, parse, previous
from registry.rules.background import Background
from registry.sample.sources import base, chance, communes, form

FORM = "II.06a"
_CARRIED = "c06"
_COMMON = {"HT": 30, "CT": 38, "DD": 22, "HKD": 8}  # fields most people come with; others get 2
_A_COMMUNES_QUARTER, _A_DEPARTMENTS_QUARTER = 2350, 10800  # SAMPLE_CATALOGUE 5.9: magnitude


@dataclass(frozen=True, slots=True)
class Dossiers:
    """Counts of one field of one unit in one period, by number of column."""

    counts: dict[int, int]

    @classmethod
    def of(cls, unit: str, row: Row, period: Period, carried: int | None = None) -> Dossiers:
        """(4)…(13) with (3) = (4)+(5)+(6) = (7)+(11)."""
        received, online = received_in(unit, row, period)
        carried = pending_at_end(unit, row, _before(period)) if carried is None else carried
        pending = pending_at_end(unit, row, period)
        settled = received + carried - pending
        late = settled * int(chance("late", unit, row.code, period.code) * 20) // 1000
        early = (settled - late) * (60 + int(chance("early", unit, row.code, period.code) * 25)) // 100
        overdue = pending * int(chance("overdue", unit, row.code, period.code) * 12) // 100
        return cls(
            {
                3: received + carried,
                4: online,
                5: received - online,
                6: carried,
                7: settled,
                8: early,
                9: settled - late - early,
                10: late,
                11: pending,
                12: pending - overdue,
                13: overdue,
            }
        )


def received_in(unit: str, row: Row, period: Period) -> tuple[int, int]:
    """Dossiers received in a period and how many of them online; a year is its four quarters."""
    if period.kind is PeriodKind.YEAR:
        quarters = [_received(unit, row, f"{period.year}{quarter}") for quarter in (1, 2, 3, 4)]
        return sum(one for one, _ in quarters), sum(online for _, online in quarters)
    return _received(unit, row, period.code)


def _received(unit: str, row: Row, quarter: str) -> tuple[int, int]:
    share = Fraction(_COMMON.get(row.code, 2), 120)
    whole = _A_COMMUNES_QUARTER if unit in communes() else _A_DEPARTMENTS_QUARTER
    usual = whole * share if unit in communes() else Fraction(whole, 4)
    received = int(usual * (Fraction(6, 10) + chance("size", unit, row.code) * Fraction(8, 10)))
    received = int(received * (Fraction(92, 100) + chance("quarter", unit, row.code, quarter) * Fraction(16, 100)))
    online = received * (45 + int(chance("online", unit, row.code, quarter) * 40)) // 100
    return received, online


def pending_at_end(unit: str, row: Row, period: Period) -> int:
    """Dossiers not settled when a period ends: always fewer than a quarter's."""
    quarter = f"{period.year}4" if period.kind is PeriodKind.YEAR else period.code
    received, _ = _received(unit, row, quarter)
    return received * (2 + int(chance("pending", unit, row.code, quarter) * 7)) // 100


def _before(period: Period) -> Period:
    return previous(period, Frequency.QUARTERS_AND_YEAR)


def inputs(view: View, unit: Unit, period: Period, background: Background) -> dict[CellKey, CellValue]:
    """What is typed in II.06a; zeros are printed in this form."""
    typed: dict[CellKey, CellValue] = {}
    by_code = {row.code: row for row, _ in view.rows}
    numbers = {column.code: int(column.number) for column in view.columns}
    counted: dict[str, Dossiers] = {}
    for key, _ in view.inputs.items():
        if key.row not in counted:
            carried = _carried(view, key.row, period, background)
            counted[key.row] = Dossiers.of(unit.code, by_code[key.row], period, carried)
        count = counted[key.row].counts[numbers[key.column]]
        typed[key] = CellValue(State.VALUE if count else State.ZERO, Decimal(count))
    return typed


def _carried(view: View, row: str, period: Period, background: Background) -> int | None:
    """Pending dossiers the warehouse knows from the period before."""
    spec = view.inputs.get(CellKey(row, _CARRIED))
    known = background.get(spec.series, _before(period).code) if spec and spec.series else None
    return known.mantissa if known and known.state.is_number else None


def history(periods: tuple[str, ...] = ("2025", "20261")) -> Iterator[HistoryFigure]:
    """Every field of every reporting unit in earlier periods."""
    columns = {int(column.number): column.indicator or "" for column in form(FORM).columns}
    for code in periods:
        for unit in _reporters():
            for row in _rows_of(unit):
                member = "=".join(row.member or ())
                for number, count in Dossiers.of(unit.code, row, parse(code)).counts.items():
                    if number != 6:
                        series = SeriesKey(columns[number], members=member)
                        yield HistoryFigure(*series, code, unit.code, unit.code, Decimal(count), row.measure)


def _reporters() -> Iterator[Unit]:
    reporters = next(one for one in base().regimes if FORM in one.forms).reporters
    return (
        unit
        for unit in base().units
        if unit.valid_to is None and (unit.code in reporters or unit.kind.value in reporters)
    )


def _rows_of(unit: Unit) -> Iterator[Row]:
    for row in form(FORM).rows:
        enters = unit.kind.is_commune and row.commune_entry is CommuneEntry.ENTERS
        if row.kind is RowKind.DATA and (enters or unit.code in row.suppliers):
            yield row
