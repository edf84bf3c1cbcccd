"""Who has sent, when, and how that stands to the deadline (R29, F18); computed, never stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from compile.compiled import Compiled
from compile.coverage import copy
from registry.catalogue.model import Unit
from registry.periods import WorkingCalendar
from registry.periods.deadline import LOCAL
from vietnamese.dates import format_date


class Arrival(StrEnum):
    """How a unit stands at the moment of compiling."""

    ON_TIME = "on_time"
    LATE = "late"
    OVERDUE = "overdue"  # past the deadline, nothing or not all sent
    WAITING = "waiting"  # not sent, the deadline is still to come


@dataclass(frozen=True, slots=True)
class Standing:
    """One unit's row: what it owes, what came, when the last of it came."""

    unit: Unit
    forms_owed: tuple[str, ...]
    forms_sent: tuple[str, ...]
    has_narrative: bool
    due_at: datetime | None
    sent_at: datetime | None  # when the last owed form was sent; None until all are
    arrival: Arrival
    days_late: int | None = None  # working days; None when not counted
    documents: tuple[tuple[str, date], ...] = ()  # number and day of those by which others entered for it (F23)

    @property
    def missing(self) -> tuple[str, ...]:
        """Forms still owed, in the order of the report."""
        return tuple(form for form in self.forms_owed if form not in self.forms_sent)

    @property
    def words(self) -> str:
        """The result as the annex prints it."""
        by_documents = (
            copy("timeliness.by_document", number=number, day=format_date(day)) for number, day in self.documents
        )
        return "; ".join((self._result, *by_documents))

    @property
    def _result(self) -> str:
        if self.arrival is Arrival.LATE and self.days_late:
            return copy("timeliness.late_days", days=self.days_late)
        if self.missing and self.forms_sent:
            return copy("timeliness.part", forms=", ".join(self.forms_sent))
        return copy(f"timeliness.{self.arrival.value}")


def standings(report: Compiled) -> tuple[Standing, ...]:
    """Every reporter of the report, in official order."""
    return tuple(_standing(unit, report) for unit in report.order.reporters)


def summaries(rows: Iterable[Standing]) -> tuple[str, ...]:
    """``Xã, phường: 97/102 đã gửi, trong đó 90 đúng hạn, 7 trễ hạn; 5 chưa gửi.``"""
    lines = []
    for key, is_commune in (("group.agencies", False), ("group.communes", True)):
        members = [row for row in rows if row.unit.kind.is_commune == is_commune]
        if members:
            lines.append(_summary(copy(key), members))
    return tuple(lines)


def _summary(group: str, members: list[Standing]) -> str:
    count = {arrival: sum(row.arrival is arrival for row in members) for arrival in Arrival}
    sent = count[Arrival.ON_TIME] + count[Arrival.LATE]
    dated = any(row.due_at for row in members)
    return copy(
        "timeliness.summary" if dated else "timeliness.summary_undated",
        group=group,
        have=f"{sent}/{len(members)}",
        on_time=count[Arrival.ON_TIME],
        late=count[Arrival.LATE],
        missing=len(members) - sent,
    )


def _standing(unit: Unit, report: Compiled) -> Standing:
    owing = [one for one in report.totals if any(held.unit.code == unit.code for held in one.form_input.expected)]
    owed = [one.view.form.code for one in owing]
    came = {
        one.view.form.code: source
        for one in owing
        for source in one.form_input.sources
        if source.unit.code == unit.code
    }
    sent = tuple(form for form in owed if form in came)
    documents = tuple(sorted({source.by_document for source in came.values() if source.by_document}))
    due_at = report.order.due.get(unit.code)
    sent_at = max(source.sent_at for source in came.values()) if len(sent) == len(owed) else None
    arrival = _arrival(sent_at, due_at, report.order.as_of)
    days = _days_late(sent_at, due_at, report.order.calendar) if arrival is Arrival.LATE else None
    has_narrative = any(narrative.unit.code == unit.code for narrative in report.order.narratives)
    return Standing(unit, tuple(owed), sent, has_narrative, due_at, sent_at, arrival, days, documents)


def _arrival(sent_at: datetime | None, due_at: datetime | None, as_of: datetime) -> Arrival:
    if sent_at is not None:
        return Arrival.LATE if due_at is not None and sent_at > due_at else Arrival.ON_TIME
    return Arrival.OVERDUE if due_at is not None and as_of > due_at else Arrival.WAITING


def _days_late(sent_at: datetime | None, due_at: datetime | None, calendar: WorkingCalendar | None) -> int | None:
    if sent_at is None or due_at is None or calendar is None:
        return None
    last_day = (due_at.astimezone(LOCAL) - timedelta(microseconds=1)).date()  # midnight ends the day before
    return calendar.working_days_between(last_day, sent_at.astimezone(LOCAL).date())
