"""Who has sent, when, and how that stands to the deadline (R29, F18); computed, never stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from compile.compiled import Compiled
from compile.coverage import copy
from registry.catalogue.model import Unit
from registry.periods import WorkingCalendar
from registry.workflow.timeliness import Arrival, judged
from vietnamese.dates import format_date


@dataclass(frozen=True, slots=True)
class Standing:
    """One unit's row: what it owes, what of it counts, when its report was sent."""

    unit: Unit
    forms_owed: tuple[str, ...]
    forms_counted: tuple[str, ...]  # whose figures count
    has_narrative: bool
    due_at: datetime | None
    sent_at: datetime | None  # the first time; None while it was not
    arrival: Arrival
    days_late: int = 0  # working days
    documents: tuple[tuple[str, date], ...] = ()  # number and day of those by which others entered for it (F23)

    @property
    def missing(self) -> tuple[str, ...]:
        """Forms still owed, in the order of the report."""
        return tuple(form for form in self.forms_owed if form not in self.forms_counted)

    @property
    def words(self) -> str:
        """The result as the annex prints it."""
        by_documents = (
            copy("timeliness.by_document", number=number, day=format_date(day)) for number, day in self.documents
        )
        return "; ".join((self._result, *by_documents))

    @property
    def _result(self) -> str:
        late = self.arrival is Arrival.LATE
        standing = copy("timeliness.late_days" if late else f"timeliness.{self.arrival.value}", days=self.days_late)
        if self.sent_at is not None:
            return copy("timeliness.sent_back", standing=standing) if self.missing else standing
        if self.due_at is None or not self.forms_counted:
            return standing
        key = "timeliness.part" if self.missing else "timeliness.figures"
        return copy(key, standing=standing, forms=", ".join(self.forms_counted))


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
    counted = tuple(form for form in owed if form in came)
    documents = tuple(sorted({source.by_document for source in came.values() if source.by_document}))
    has_narrative = any(narrative.unit.code == unit.code for narrative in report.order.narratives)
    sending, as_of = report.order.sendings.get(unit.code), report.order.as_of
    if sending is None:
        arrival = Arrival.ON_TIME if len(counted) == len(owed) else Arrival.WAITING
        return Standing(unit, tuple(owed), counted, has_narrative, None, None, arrival, documents=documents)
    stands = judged(sending, as_of, report.order.calendar or WorkingCalendar())
    sent_at = sending.sent_at if sending.sent_at is not None and sending.sent_at <= as_of else None
    found = (sending.due_at, sent_at, stands.arrival, stands.days_late)
    return Standing(unit, tuple(owed), counted, has_narrative, *found, documents)
