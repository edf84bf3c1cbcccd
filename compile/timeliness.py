"""Who has sent, when, and how that stands to the deadline (R29, F18); computed, never stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from compile.compiled import Compiled
from compile.coverage import copy
from registry.catalogue.model import Unit
from registry.periods import WorkingCalendar
from registry.workflow.timeliness import Arrival, Sending, judged
from vietnamese.dates import format_date


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
    days_late: int = 0  # working days
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
        if self.arrival is Arrival.LATE:
            return copy("timeliness.late_days", days=self.days_late)
        if self.missing and self.forms_sent:
            return copy("timeliness.part", forms=", ".join(self.forms_sent))
        return copy(f"timeliness.{self.arrival.value}")


def standings(report: Compiled) -> tuple[Standing, ...]:
    """Every reporter of the report, in official order."""
    return tuple(_standing(unit, report) for unit in report.order.reporters)


def summaries(rows: Iterable[Standing]) -> tuple[str, ...]:
    """``Xã, phường: 97/102 đã gửi, trong đó 90 đúng hạn, 3 trong thời gian gia hạn, 4 trễ hạn; 5 chưa gửi.``"""
    lines = []
    for key, is_commune in (("group.agencies", False), ("group.communes", True)):
        members = [row for row in rows if row.unit.kind.is_commune == is_commune]
        if members:
            lines.append(_summary(copy(key), members))
    return tuple(lines)


def _summary(group: str, members: list[Standing]) -> str:
    count = {arrival: sum(row.arrival is arrival for row in members) for arrival in Arrival}
    missing = count[Arrival.MISSING] + count[Arrival.WAITING]
    extended = count[Arrival.EXTENDED]
    return copy(
        "timeliness.summary" if any(row.due_at for row in members) else "timeliness.summary_undated",
        group=group,
        have=f"{len(members) - missing}/{len(members)}",
        on_time=count[Arrival.EARLY] + count[Arrival.ON_TIME],
        extended=copy("timeliness.summary_extended", n=extended) if extended else "",
        late=count[Arrival.LATE],
        missing=missing,
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
    sending = report.order.sendings.get(unit.code)
    sent_at = max(source.sent_at for source in came.values()) if len(sent) == len(owed) else None
    arrival, days = _arrival(sending, sent_at, report)
    has_narrative = any(narrative.unit.code == unit.code for narrative in report.order.narratives)
    due_at = sending.due_at if sending else None
    return Standing(unit, tuple(owed), sent, has_narrative, due_at, sent_at, arrival, days, documents)


def _arrival(sending: Sending | None, sent_at: datetime | None, report: Compiled) -> tuple[Arrival, int]:
    """As what counts in this report has it: what its receiver sent back is still to come."""
    if sending is None:
        return (Arrival.WAITING if sent_at is None else Arrival.ON_TIME), 0
    until = max(sending.due_at, sending.given_until or sending.due_at) if sent_at is None else sending.due_at
    calendar = report.order.calendar or WorkingCalendar()
    standing = judged(replace(sending, sent_at=sent_at, due_at=until), report.order.as_of, calendar)
    return standing.arrival, standing.days_late
